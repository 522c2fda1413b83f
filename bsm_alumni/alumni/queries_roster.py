"""The staff's roster: people narrowed by a filter, a page at a time, and what each row says beside the profile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.alumni.enums import AlumnusStatus, PeriodKind
from bsm_alumni.alumni.models import Alumnus, AlumnusLanguage, AvailabilityPeriod, SavedFilter, alumnus_themes
from bsm_alumni.alumni.queries import matching_text, shows, visible
from bsm_alumni.alumni.rules_roster import RosterFilter
from bsm_alumni.extensions import UtcDateTime, db
from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.web.pagination import PAGE_SIZE, Page, page_of

# Tables of higher rooms, named and not imported.
_enrolments = sa.table("enrolments", sa.column("alumnus_id", sa.Integer), sa.column("cohort_id", sa.Integer))
_cohorts = sa.table("cohorts", sa.column("id", sa.Integer), sa.column("code", sa.String))
_assignments = sa.table(
    "assignments",
    sa.column("alumnus_id", sa.Integer),
    sa.column("event_id", sa.Integer),
    sa.column("state", sa.String),
    sa.column("invited_at", UtcDateTime),
    sa.column("answered_at", UtcDateTime),
)
_events = sa.table("events", sa.column("id", sa.Integer), sa.column("starts_at", UtcDateTime))

HOLDING = ("proposed", "invited", "accepted", "delivered", "no_show")
MOST_COHORTS = 100


@dataclass(frozen=True, slots=True)
class Work:
    """What a person did and does: last session given, seats held this quarter, invitations answered of sent."""

    last_presented: datetime | None = None
    held: int = 0
    asked: int = 0
    answered: int = 0


def narrowed(viewer: Viewer, narrow: RosterFilter) -> sa.Select[Alumnus]:
    """The people behind the one door whom the filter leaves, in no order.

    A filter over a part of the profile leaves only people of whom the viewer is shown that part.
    """
    select = matching_text(visible(viewer), narrow.q, viewer)
    if narrow.status:
        select = select.where(Alumnus.status == AlumnusStatus(narrow.status))
    else:
        select = select.where(Alumnus.status != AlumnusStatus.ARCHIVED)
    if narrow.place:
        select = select.where(Alumnus.country_code.in_(narrow.countries))
    if narrow.language:
        spoken = sa.select(AlumnusLanguage.alumnus_id).where(AlumnusLanguage.language_code == narrow.language)
        if narrow.level:
            spoken = spoken.where(AlumnusLanguage.level >= narrow.level)
        select = select.where(Alumnus.id.in_(spoken))
    if narrow.theme:
        knowing = sa.select(alumnus_themes.c.alumnus_id).where(alumnus_themes.c.theme_id == narrow.theme)
        select = select.where(Alumnus.id.in_(knowing))
    if narrow.cohort:
        taking = sa.select(_enrolments.c.alumnus_id).where(_enrolments.c.cohort_id == narrow.cohort)
        select = select.where(Alumnus.id.in_(taking))
    if narrow.language or narrow.theme or narrow.cohort:
        select = select.where(shows(viewer, FieldGroup.PROFESSIONAL))
    if narrow.free_days:
        select = select.where(_is_free(*narrow.free_days), shows(viewer, FieldGroup.AVAILABILITY))
    return select


def _is_free(first: date, last: date) -> sa.ColumnElement[bool]:
    """No blackout touches the days, and a window holds them all where the person gave any window."""
    period = AvailabilityPeriod
    own = sa.select(sa.literal(1)).where(period.alumnus_id == Alumnus.id)
    windows = own.where(period.kind == PeriodKind.WINDOW)
    blackouts = own.where(period.kind == PeriodKind.BLACKOUT)
    return sa.and_(
        ~blackouts.where(period.starts_on <= last, period.ends_on >= first).exists(),
        sa.or_(~windows.exists(), windows.where(period.starts_on <= first, period.ends_on >= last).exists()),
    )


def count_roster(viewer: Viewer, narrow: RosterFilter) -> int:
    """How many people the filter leaves."""
    people = narrowed(viewer, narrow).with_only_columns(Alumnus.id).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(people)) or 0


def roster_page(
    viewer: Viewer,
    narrow: RosterFilter,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[Alumnus]:
    """A page of the roster by name, languages and themes loaded. Three queries."""
    select = narrowed(viewer, narrow).options(selectinload(Alumnus.languages), selectinload(Alumnus.themes))
    return page_of(select, [Alumnus.sort_name, Alumnus.id], after=after, before=before, size=size)


def work_of(alumnus_ids: Sequence[int], quarter: tuple[datetime, datetime]) -> dict[int, Work]:
    """What each of these people did, from one query. ``quarter`` runs from its first instant to the next one's."""
    a, e = _assignments.c, _events.c
    held = a.state.in_(HOLDING) & (e.starts_at >= quarter[0]) & (e.starts_at < quarter[1])
    rows = db.session.execute(
        sa.select(
            a.alumnus_id,
            sa.func.max(sa.case((a.state == "delivered", e.starts_at)), type_=UtcDateTime),
            sa.func.count(sa.case((held, 1))),
            sa.func.count(a.invited_at),
            sa.func.count(sa.case((a.invited_at.is_not(None), a.answered_at))),
        )
        .select_from(_assignments.join(_events, a.event_id == e.id))
        .where(a.alumnus_id.in_(alumnus_ids))
        .group_by(a.alumnus_id)
    )
    return {alumnus_id: Work(last, number, asked, answered) for alumnus_id, last, number, asked, answered in rows}


def cohort_codes(keep: int = 0) -> Sequence[tuple[int, str]]:
    """The latest cohorts that somebody was enrolled in, by code, to choose from, and ``keep`` in any case."""
    taken = sa.select(sa.literal(1)).where(_enrolments.c.cohort_id == _cohorts.c.id).correlate(_cohorts).exists()
    rows = db.session.execute(
        sa.select(_cohorts.c.id, _cohorts.c.code)
        .where(sa.or_(taken, _cohorts.c.id == keep))
        .order_by((_cohorts.c.id == keep).desc(), _cohorts.c.id.desc())
        .limit(MOST_COHORTS)
    )
    return sorted(((cohort_id, code) for cohort_id, code in rows), key=lambda item: item[1])


def saved_filters(viewer: Viewer, page: str) -> Sequence[SavedFilter]:
    """The viewer's own saved filters for a page, by name."""
    return db.session.scalars(
        sa.select(SavedFilter)
        .where(SavedFilter.user_id == viewer.user_id, SavedFilter.page == page)
        .order_by(SavedFilter.name)
        .limit(20)
    ).all()
