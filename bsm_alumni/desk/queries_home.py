"""The staff's work lists: what needs people, who has not answered, what was lost, what comes next.

Each list is cut and counted in the database; the number of queries does not depend on the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from bsm_alumni.alumni.enums import AlumnusStatus, PeriodKind
from bsm_alumni.alumni.models import Alumnus, AvailabilityPeriod
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.rules import SEAT_HOLDING
from bsm_alumni.consent.models import SharedWith, SharingStatement
from bsm_alumni.desk.rules_home import Risk, Standing, Week, by_week, find_risk, next_weeks
from bsm_alumni.events.enums import EventStatus
from bsm_alumni.events.models import Event, Slot, event_partners
from bsm_alumni.events.queries_seats import Seats, open_seats_of, seats_of
from bsm_alumni.extensions import UtcDateTime, db
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


# The lists' queries are written once: to write them anew for each request costs more time than the answer does.
_now = sa.bindparam("now", type_=UtcDateTime())


def work_list(now: datetime, zone: str) -> WorkList:
    """The work list at an instant; weeks are cut by the clock of ``zone``."""
    needing, weeks = _counted(_needing_people(), now), _coming(now, zone)
    waiting: Counted[Assignment] = _counted(_waiting(), now)
    shown = {event.id for event in needing.rows} | {event.id for week in weeks for event in week.events}
    return WorkList(needing, waiting, _counted(_lost(), now), _at_risk(now), weeks, seats_of(sorted(shown)))


@cache
def _needing_people() -> sa.Select[Any]:
    """Sessions to come with a seat that nobody holds, or without any slot yet."""
    no_slots = ~sa.select(Slot.id).where(Slot.event_id == Event.id).exists()
    return (
        sa.select(Event)
        .where(Event.starts_at > _now, Event.status.in_(STAFFED), sa.or_(no_slots, open_seats_of(Event.id) > 0))
        .order_by(Event.starts_at, Event.id)
    )


@cache
def _waiting() -> sa.Select[Any]:
    """Invitations nobody has answered, the nearest deadline first."""
    return (
        _with_person().where(Assignment.state == AssignmentState.INVITED).order_by(Assignment.answer_by, Assignment.id)
    )


@cache
def _lost() -> sa.Select[Any]:
    """People lost to a session still to come, while their slot has a seat that nobody took."""
    taken = sa.orm.aliased(Assignment)
    held = (
        sa.select(sa.func.count())
        .where(taken.slot_id == Assignment.slot_id, taken.state.in_(SEAT_HOLDING))
        .correlate(Assignment)
        .scalar_subquery()
    )
    return (
        _with_person()
        .where(Assignment.state.in_(LOST), Event.starts_at > _now, Event.status.in_(STAFFED), Slot.seats > held)
        .order_by(Assignment.updated_at.desc(), Assignment.id.desc())
    )


def _with_person() -> sa.Select[Any]:
    return (
        sa.select(Assignment)
        .join(Assignment.event)
        .join(Assignment.slot)
        .options(contains_eager(Assignment.event), contains_eager(Assignment.slot), joinedload(Assignment.alumnus))
    )


@cache
def _changed_since() -> sa.Select[Assignment, bool]:
    """Accepted seats whose person may have changed since, and whether they are now hidden from a partner."""
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
    return (
        sa.select(Assignment, hidden.label("hidden"))
        .join(Assignment.event)
        .join(Assignment.alumnus)
        .where(
            Assignment.state == AssignmentState.ACCEPTED,
            Event.starts_at > _now,
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


def _counted(select: sa.Select[Any], now: datetime) -> Counted[Any]:
    """The first rows of a list, and how many it has, in one query."""
    found = db.session.execute(select.add_columns(sa.func.count().over()).limit(SHOWN), {"now": now}).all()
    return Counted([row for row, _ in found], found[0][1] if found else 0)


def _at_risk(now: datetime) -> Counted[AtRisk]:
    """Accepted seats whose person has changed since. Candidates come from the database, days are compared here."""
    found = []
    for assignment, is_hidden in db.session.execute(_changed_since(), {"now": now}):
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
