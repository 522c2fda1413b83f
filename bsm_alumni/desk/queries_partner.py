"""People as partners see them. Rows of the database stay inside: what leaves are projections.

Everything starts from `visible(viewer)`, so a person who withdrew is gone with the next query.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.alumni.models import Alumnus, AlumnusLanguage, alumnus_themes
from bsm_alumni.alumni.queries import visible
from bsm_alumni.alumni.queries_roster import narrowed
from bsm_alumni.alumni.rules_roster import RosterFilter
from bsm_alumni.cohorts.models import Cohort, Enrolment
from bsm_alumni.desk.projections import PartnerAlumnus
from bsm_alumni.extensions import db
from bsm_alumni.reference.models import Theme
from bsm_alumni.web.pagination import PAGE_SIZE, Page, page_of

# Status and free days are not among the agreed fields: filtering by them would tell them.
NOT_AGREED = ("status", "free_from", "free_to")
MOST_COHORTS = 200
BATCH = 500

_COLUMNS: tuple[Any, ...] = (
    Alumnus.id,
    Alumnus.sort_name,
    Alumnus.display_name,
    Alumnus.latin_name,
    Alumnus.country_code,
    Alumnus.agency,
    Alumnus.position,
)


def agreed(narrow: RosterFilter) -> RosterFilter:
    """The filter without what would tell a partner more than was agreed."""
    return narrow.without(*NOT_AGREED)


def count_shared(viewer: Viewer, narrow: RosterFilter) -> int:
    """How many of the people this viewer may see the filter leaves."""
    people = narrowed(viewer, agreed(narrow)).with_only_columns(Alumnus.id).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(people)) or 0


def shared_page(
    viewer: Viewer,
    narrow: RosterFilter,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[PartnerAlumnus]:
    """A page of the people this viewer may see, by name. Four queries."""
    select = narrowed(viewer, agreed(narrow)).with_only_columns(*_COLUMNS)
    keys = [Alumnus.sort_name, Alumnus.id]
    page = page_of(select, keys, after=after, before=before, size=size, scalars=False)
    return Page(_projected(page.rows), page.next_key, page.previous_key)


def each_shared(viewer: Viewer, narrow: RosterFilter, batch: int = BATCH) -> Iterator[PartnerAlumnus]:
    """Everyone of ``shared_page``, read in batches so that a long list stays light."""
    after: str | None = None
    while True:
        page = shared_page(viewer, narrow, after=after, size=batch)
        yield from page.rows
        if page.next_key is None:
            return
        after = page.next_key


def find_shared(viewer: Viewer, alumnus_id: int) -> PartnerAlumnus | None:
    """The person as this viewer sees them; None when there is nobody or nobody they may see."""
    select = visible(viewer).where(Alumnus.id == alumnus_id).with_only_columns(*_COLUMNS)
    return next(iter(_projected(db.session.execute(select).all())), None)


def shared_cohorts(viewer: Viewer) -> Sequence[tuple[int, str]]:
    """(id, code) of the latest cohorts in which this viewer may see at least one person, by code."""
    somebody = (
        visible(viewer)
        .with_only_columns(Alumnus.id)
        .where(Enrolment.alumnus_id == Alumnus.id, Enrolment.cohort_id == Cohort.id)
        .correlate(Cohort)
    )
    latest = sa.select(Cohort.id, Cohort.code).where(somebody.exists())
    latest = latest.order_by(Cohort.starts_on.desc().nulls_last(), Cohort.id.desc()).limit(MOST_COHORTS)
    return sorted([(cohort_id, code) for cohort_id, code in db.session.execute(latest)], key=lambda choice: choice[1])


def _projected(rows: Sequence[Any]) -> list[PartnerAlumnus]:
    ids = [row.id for row in rows]
    languages = _grouped(
        sa.select(AlumnusLanguage.alumnus_id, AlumnusLanguage.language_code, AlumnusLanguage.level)
        .where(AlumnusLanguage.alumnus_id.in_(ids))
        .order_by(AlumnusLanguage.level.desc(), AlumnusLanguage.language_code)
    )
    themes = _grouped(
        sa.select(alumnus_themes.c.alumnus_id, Theme.name)
        .join(Theme, Theme.id == alumnus_themes.c.theme_id)
        .where(alumnus_themes.c.alumnus_id.in_(ids))
        .order_by(Theme.name)
    )
    cohorts = _grouped(
        sa.select(Enrolment.alumnus_id, Cohort.code)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.alumnus_id.in_(ids))
        .order_by(Cohort.code)
    )
    return [
        PartnerAlumnus(
            id=row.id,
            display_name=row.display_name,
            latin_name=row.latin_name,
            country_code=row.country_code,
            agency=row.agency,
            position=row.position,
            languages=tuple((code, level) for code, level in languages[row.id]),
            themes=tuple(name for (name,) in themes[row.id]),
            cohorts=tuple(code for (code,) in cohorts[row.id]),
        )
        for row in rows
    ]


def _grouped(select: Any) -> defaultdict[int, list[tuple[Any, ...]]]:
    found: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for alumnus_id, *values in db.session.execute(select):
        found[alumnus_id].append(tuple(values))
    return found
