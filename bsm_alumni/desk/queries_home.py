"""The staff's work lists: what needs people, who has not answered, what was lost, what comes next.

Each list is cut and counted in the database; the number of queries does not depend on the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from bsm_alumni.alumni.enums import AlumnusStatus, PeriodKind
from bsm_alumni.alumni.models import Alumnus, AvailabilityPeriod
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.queries import waiting_for_answer
from bsm_alumni.assignments.rules import SEAT_HOLDING
from bsm_alumni.consent.models import SharedWith, SharingStatement
from bsm_alumni.desk.rules_home import Risk, Standing, Week, by_week, find_risk, next_weeks
from bsm_alumni.events.enums import EventStatus
from bsm_alumni.events.models import Event, Slot, event_partners
from bsm_alumni.events.queries_seats import Seats, open_seats_of, seats_of
from bsm_alumni.extensions import db
from bsm_alumni.matching.clock import local_days

Row = TypeVar("Row")

SHOWN = 8
MOST_WATCHED = 500
MOST_COMING = 100
STAFFED = (EventStatus.PLANNED, EventStatus.CONFIRMED)
LOST = (AssignmentState.DECLINED, AssignmentState.EXPIRED, AssignmentState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Counted(Generic[Row]):
    """The first rows of a list and how many there are in all."""

    rows: Sequence[Row]
    total: int


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A seat that was accepted, and what changed since."""

    assignment: Assignment
    risk: Risk


@dataclass(frozen=True, slots=True)
class WeekOfEvents:
    """Seven days and what happens in them."""

    week: Week
    events: Sequence[Event]


@dataclass(frozen=True, slots=True)
class WorkList:
    """Everything on the first page of staff. ``seats`` holds the seats of every event on it."""

    needing: Counted[Event]
    waiting: Counted[Assignment]
    lost: Counted[Assignment]
    at_risk: Counted[AtRisk]
    weeks: Sequence[WeekOfEvents]
    seats: dict[int, Seats]


def work_list(now: datetime, zone: str) -> WorkList:
    """The work list at an instant; weeks are cut by the clock of ``zone``."""
    needing, weeks = _needing_people(now), _coming(now, zone)
    shown = {event.id for event in needing.rows} | {event.id for week in weeks for event in week.events}
    return WorkList(needing, _waiting(), _lost(now), _at_risk(now), weeks, seats_of(sorted(shown)))


def _needing_people(now: datetime) -> Counted[Event]:
    """Sessions to come with a seat that nobody holds, or without any slot yet."""
    no_slots = ~sa.select(Slot.id).where(Slot.event_id == Event.id).exists()
    wanted = (Event.starts_at > now, Event.status.in_(STAFFED), sa.or_(no_slots, open_seats_of(Event.id) > 0))
    rows = db.session.scalars(sa.select(Event).where(*wanted).order_by(Event.starts_at, Event.id).limit(SHOWN)).all()
    return Counted(rows, _count(sa.select(Event.id).where(*wanted)))


def _waiting() -> Counted[Assignment]:
    invited = sa.select(Assignment.id).where(Assignment.state == AssignmentState.INVITED)
    return Counted(waiting_for_answer(SHOWN), _count(invited))


def _lost(now: datetime) -> Counted[Assignment]:
    """People lost to a session still to come, while their slot has a seat that nobody took."""
    taken = sa.orm.aliased(Assignment)
    held = (
        sa.select(sa.func.count())
        .where(taken.slot_id == Assignment.slot_id, taken.state.in_(SEAT_HOLDING))
        .correlate(Assignment)
        .scalar_subquery()
    )
    wanted = (Assignment.state.in_(LOST), Event.starts_at > now, Event.status.in_(STAFFED), Slot.seats > held)
    joined = sa.select(Assignment).join(Assignment.event).join(Assignment.slot).where(*wanted)
    rows = db.session.scalars(
        joined.options(
            contains_eager(Assignment.event), contains_eager(Assignment.slot), joinedload(Assignment.alumnus)
        )
        .order_by(Assignment.updated_at.desc(), Assignment.id.desc())
        .limit(SHOWN)
    ).all()
    return Counted(rows, _count(joined.with_only_columns(Assignment.id)))


def _at_risk(now: datetime) -> Counted[AtRisk]:
    """Accepted seats whose person has changed since. Candidates come from the database, days are compared here."""
    shared = sa.select(SharedWith.organisation_id).where(SharedWith.alumnus_id == Assignment.alumnus_id)
    unseen = (
        sa.select(sa.literal(1))
        .where(
            event_partners.c.event_id == Assignment.event_id,
            event_partners.c.organisation_id.not_in(shared.correlate(Assignment)),
        )
        .correlate(Assignment)
        .exists()
    )
    answered_since = (
        sa.select(sa.literal(1))
        .where(
            SharingStatement.alumnus_id == Assignment.alumnus_id,
            SharingStatement.answered_at > Assignment.answered_at,
        )
        .correlate(Assignment)
        .exists()
    )
    hidden = sa.and_(answered_since, unseen)
    periods = sa.select(sa.literal(1)).where(AvailabilityPeriod.alumnus_id == Assignment.alumnus_id)
    has_periods = periods.correlate(Assignment).exists()
    rows = db.session.execute(
        sa.select(Assignment, hidden.label("hidden"))
        .join(Assignment.event)
        .join(Assignment.alumnus)
        .where(
            Assignment.state == AssignmentState.ACCEPTED,
            Event.starts_at > now,
            sa.or_(Alumnus.status != AlumnusStatus.ACTIVE, Alumnus.restricted.is_(True), has_periods, hidden),
        )
        .options(
            contains_eager(Assignment.event),
            contains_eager(Assignment.alumnus).selectinload(Alumnus.periods),
            joinedload(Assignment.slot),
        )
        .order_by(Event.starts_at, Assignment.id)
        .limit(MOST_WATCHED)
    )
    found = []
    for assignment, is_hidden in rows:
        risk = find_risk(_standing(assignment.alumnus, bool(is_hidden)), *_days_of(assignment))
        if risk is not None:
            found.append(AtRisk(assignment, risk))
    return Counted(found[:SHOWN], len(found))


def _standing(alumnus: Alumnus, hidden: bool) -> Standing:
    periods: dict[PeriodKind, list[tuple[date, date]]] = {kind: [] for kind in PeriodKind}
    for period in alumnus.periods:
        periods[period.kind].append((period.starts_on, period.ends_on))
    return Standing(
        is_active=alumnus.status is AlumnusStatus.ACTIVE,
        is_restricted=alumnus.restricted,
        blackouts=periods[PeriodKind.BLACKOUT],
        windows=periods[PeriodKind.WINDOW],
        hidden=hidden,
    )


def _days_of(assignment: Assignment) -> tuple[date, date]:
    event = assignment.event
    first, last = local_days(assignment.alumnus.zone, event.starts_at, event.ends_at)
    return date.fromordinal(first), date.fromordinal(last)


def _coming(now: datetime, zone: str) -> Sequence[WeekOfEvents]:
    weeks = next_weeks(now, zone)
    events = db.session.scalars(
        sa.select(Event)
        .where(
            Event.starts_at >= max(weeks[0].begins, now - timedelta(days=1)),
            Event.starts_at < weeks[-1].ends,
            Event.status.not_in([EventStatus.CANCELLED, EventStatus.ARCHIVED]),
        )
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_COMING)
    ).all()
    places = by_week([event.starts_at for event in events], weeks)
    return [WeekOfEvents(week, [events[n] for n in chosen]) for week, chosen in zip(weeks, places, strict=True)]


def _count(select: sa.Select[int]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(select.subquery())) or 0
