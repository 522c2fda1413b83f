"""People as partners see them. Rows of the database stay inside: what leaves are projections.

Everything starts from `visible(viewer)`, and each part of a person from those of whom that part is shown: every
statement asks again, so a person who withdrew is gone with the next one.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.accounts.enums import Role
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries import shown_groups, shows, visible
from bsm_alumni.alumni.queries_roster import narrowed
from bsm_alumni.alumni.rules_roster import RosterFilter
from bsm_alumni.cohorts.models import Cohort, Enrolment
from bsm_alumni.consent.queries import agreed_groups
from bsm_alumni.desk.projections import PartnerAlumnus
from bsm_alumni.desk.queries_partner_parts import LISTED, projected
from bsm_alumni.extensions import db
from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.organisations.rules import ALL_GROUPS
from bsm_alumni.web.pagination import PAGE_SIZE, Page, page_of

# The status is nobody's to know: partners see active people only, and filtering by it would tell it.
_NEEDS = {
    FieldGroup.PROFESSIONAL: ("language", "level", "theme", "cohort"),
    FieldGroup.AVAILABILITY: ("free_from", "free_to"),
}
MOST_COHORTS = 200
BATCH = 500

_COLUMNS: tuple[Any, ...] = (
    Alumnus.id,
    Alumnus.shown_sort,
    Alumnus.display_name,
    Alumnus.latin_name,
    Alumnus.country_code,
    Alumnus.agency,
    Alumnus.position,
    Alumnus.phone,
    Alumnus.zone,
    Alumnus.notice_days,
    Alumnus.quarter_limit,
)


def groups_covered(viewer: Viewer) -> frozenset[FieldGroup]:
    """The parts of people that this viewer can be shown at all: for a partner, what its agreement covers."""
    if viewer.role is Role.PARTNER:
        return agreed_groups(viewer.organisation_id or 0)
    return ALL_GROUPS if viewer.is_staff or viewer.role is Role.ALUMNUS else frozenset()


def agreed(narrow: RosterFilter, covered: frozenset[FieldGroup]) -> RosterFilter:
    """The filter without what the agreement does not cover, nor anything that partners are never told."""
    left_out = [name for group, names in _NEEDS.items() if group not in covered for name in names]
    return narrow.without("status", *left_out)


def count_shared(viewer: Viewer, narrow: RosterFilter) -> int:
    """How many of the people this viewer may see the filter leaves."""
    people = narrowed(viewer, narrow.without("status")).with_only_columns(Alumnus.id).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(people)) or 0


def shared_page(
    viewer: Viewer,
    narrow: RosterFilter,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE_SIZE,
    parts: frozenset[FieldGroup] = LISTED,
) -> Page[PartnerAlumnus]:
    """A page of the people this viewer may see, by name, with those of ``parts`` that are shown. Four queries."""
    select = narrowed(viewer, narrow.without("status"))
    keys = [Alumnus.shown_sort, Alumnus.id]
    page = page_of(_seen(viewer, select), keys, after=after, before=before, size=size, scalars=False)
    return Page(projected(viewer, page.rows, parts), page.next_key, page.previous_key)


def each_shared(
    viewer: Viewer, narrow: RosterFilter, batch: int = BATCH, parts: frozenset[FieldGroup] = ALL_GROUPS
) -> Iterator[PartnerAlumnus]:
    """Everyone of ``shared_page``, read in batches so that a long list stays light."""
    after: str | None = None
    while True:
        page = shared_page(viewer, narrow, after=after, size=batch, parts=parts)
        yield from page.rows
        if page.next_key is None:
            return
        after = page.next_key


def find_shared(viewer: Viewer, alumnus_id: int) -> PartnerAlumnus | None:
    """The person as this viewer sees them, every part that is shown; None for nobody or nobody they may see."""
    select = visible(viewer).where(Alumnus.id == alumnus_id)
    rows = db.session.execute(_seen(viewer, select)).all()
    return next(iter(projected(viewer, rows, ALL_GROUPS)), None)


def shared_cohorts(viewer: Viewer) -> Sequence[tuple[int, str]]:
    """(id, code) of the latest cohorts of which this viewer is told that somebody took part, by code."""
    somebody = (
        visible(viewer)
        .with_only_columns(Alumnus.id)
        .where(
            Enrolment.alumnus_id == Alumnus.id,
            Enrolment.cohort_id == Cohort.id,
            shows(viewer, FieldGroup.PROFESSIONAL),
        )
        .correlate(Cohort)
    )
    latest = sa.select(Cohort.id, Cohort.code).where(somebody.exists())
    latest = latest.order_by(Cohort.starts_on.desc().nulls_last(), Cohort.id.desc()).limit(MOST_COHORTS)
    return sorted([(cohort_id, code) for cohort_id, code in db.session.execute(latest)], key=lambda choice: choice[1])


def still_shown(viewer: Viewer, people: Sequence[PartnerAlumnus]) -> list[PartnerAlumnus]:
    """Those of the people who are still shown at this moment with all the parts they are shown with here.

    For what was read a while ago: whoever has withdrawn anything since is left out as a whole.
    """
    now: dict[int, int] = {}
    for start in range(0, len(people), BATCH):
        ids = [person.id for person in people[start : start + BATCH]]
        select = visible(viewer).where(Alumnus.id.in_(ids)).with_only_columns(Alumnus.id, shown_groups(viewer))
        now.update((alumnus_id, mask) for alumnus_id, mask in db.session.execute(select))
    return [
        person for person in people if person.id in now and all(now[person.id] & group.bit for group in person.groups)
    ]


def _seen(viewer: Viewer, select: sa.Select[Any]) -> sa.Select[Any]:
    return select.with_only_columns(*_COLUMNS, shown_groups(viewer).label("mask"))
