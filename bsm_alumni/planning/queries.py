"""Finding plans, their weights and marks, and what there is to be planned."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries import visible
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.events.enums import EventStatus
from bsm_alumni.events.models import Event, Slot
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.planning.enums import PlanState
from bsm_alumni.planning.models import Plan, PlanMark, PlanSeat, PlanShort, PlanWeight
from bsm_alumni.planning.weights import complete_plan_weights
from bsm_alumni.web.errors import NotThere
from bsm_alumni.web.pagination import PAGE_SIZE, Page, page_of

WHOLE_PROGRAMME = 0
"""The series id under which the programme's own weights are kept."""
PLANNED = (EventStatus.PLANNED, EventStatus.CONFIRMED)
USABLE = (PlanState.READY, PlanState.STOPPED, PlanState.APPLIED)
"""A plan with seats that is in nobody's way."""


def get_plan(plan_id: int) -> Plan:
    """The plan; raises NotThere."""
    plan = db.session.get(Plan, plan_id)
    if plan is None:
        raise NotThere(f"There is no plan {plan_id}.")
    return plan


def plans_page(after: str | None = None, before: str | None = None, size: int = PAGE_SIZE) -> Page[Plan]:
    """Plans, the latest first. One query."""
    return page_of(sa.select(Plan), [Plan.id], after=after, before=before, size=size, descending=True)


def others_to_compare(plan: Plan, limit: int = 20) -> Sequence[Plan]:
    """Other plans with seats for days that this one has too, the one it was made from first, then the latest."""
    wanted = (
        Plan.id != plan.id,
        Plan.state.in_([*USABLE, PlanState.SUPERSEDED]),
        Plan.first_day <= plan.last_day,
        Plan.last_day >= plan.first_day,
    )
    base = sa.case((Plan.id == plan.base_plan_id, 0), else_=1)
    return db.session.scalars(sa.select(Plan).where(*wanted).order_by(base, Plan.id.desc()).limit(limit)).all()


def latest_applied(slot_id: int) -> Plan | None:
    """The plan applied last that gave seats of this slot or left some free; None when there is none."""
    has = sa.select(Slot.event_id).where(Slot.id == slot_id).scalar_subquery()
    return db.session.scalar(
        sa.select(Plan)
        .where(
            Plan.state == PlanState.APPLIED,
            sa.select(PlanSeat.id).where(PlanSeat.plan_id == Plan.id, PlanSeat.event_id == has).exists(),
        )
        .order_by(Plan.applied_at.desc(), Plan.id.desc())
        .limit(1)
    )


def saved_plan_weights(series_id: int) -> dict[str, float]:
    """The rows saved for a series itself, by the weight's name."""
    rows = db.session.execute(sa.select(PlanWeight.weight, PlanWeight.value).where(PlanWeight.series_id == series_id))
    return {row.weight: row.value for row in rows}


def plan_weights_of(series_id: int | None) -> dict[str, float]:
    """The weights in force for a series: its own, else the whole programme's, else the defaults."""
    rows = db.session.execute(
        sa.select(PlanWeight.series_id, PlanWeight.weight, PlanWeight.value).where(
            PlanWeight.series_id.in_({WHOLE_PROGRAMME, series_id or WHOLE_PROGRAMME})
        )
    ).all()
    programme = {name: value for series, name, value in rows if series == WHOLE_PROGRAMME}
    own = {name: value for series, name, value in rows if series == series_id}
    return complete_plan_weights({**programme, **own})


def events_to_plan(first: date, last: date, series_id: int | None = None) -> list[int]:
    """Sessions to come that have slots and begin in these days by their own clocks, the earliest first."""
    begins, ends = (datetime.combine(day, time(), UTC) for day in (first, last))
    has_slots = sa.select(Slot.id).where(Slot.event_id == Event.id).exists()
    wanted = [
        Event.starts_at > utc_now(),
        # No zone is a whole day away from UTC.
        Event.starts_at >= begins - timedelta(days=1),
        Event.starts_at < ends + timedelta(days=2),
        Event.status.in_(PLANNED),
        has_slots,
    ]
    if series_id is not None:
        wanted.append(Event.series_id == series_id)
    rows = db.session.execute(
        sa.select(Event.id, Event.starts_at, Event.zone).where(*wanted).order_by(Event.starts_at, Event.id)
    )
    return [row.id for row in rows if first <= row.starts_at.astimezone(ZoneInfo(row.zone)).date() <= last]


def event_choices(first: date, last: date, series_id: int | None = None) -> Sequence[Event]:
    """The sessions that a plan for these days can have, the earliest first."""
    ids = events_to_plan(first, last, series_id)
    return db.session.scalars(sa.select(Event).where(Event.id.in_(ids)).order_by(Event.starts_at, Event.id)).all()


def marks_of(plan: Plan) -> Sequence[PlanMark]:
    """The marks of a plan, in the order in which they were set."""
    return db.session.scalars(sa.select(PlanMark).where(PlanMark.plan_id == plan.id).order_by(PlanMark.id)).all()


def proposals_of(plan: Plan, viewer: Viewer) -> Sequence[Assignment]:
    """Proposals of an applied plan that wait to be invited, with event, slot and person at hand, the earliest first.

    Of people whom the viewer may not see there are none.
    """
    return db.session.scalars(
        sa.select(Assignment)
        .join(Assignment.event)
        .options(contains_eager(Assignment.event), joinedload(Assignment.slot), joinedload(Assignment.alumnus))
        .where(Assignment.id.in_(_proposals(plan, viewer)))
        .order_by(Event.starts_at, Event.id, Assignment.slot_id, Assignment.seat)
    ).all()


def count_proposals(plan: Plan, viewer: Viewer) -> int:
    """How many `proposals_of` has."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(_proposals(plan, viewer).subquery())) or 0


def _proposals(plan: Plan, viewer: Viewer) -> sa.Select[int]:
    return (
        sa.select(Assignment.id)
        .join(Assignment.event)
        .join(
            PlanSeat,
            sa.and_(PlanSeat.slot_id == Assignment.slot_id, PlanSeat.alumnus_id == Assignment.alumnus_id),
        )
        .where(
            PlanSeat.plan_id == plan.id,
            Assignment.state == AssignmentState.PROPOSED,
            Event.starts_at > utc_now(),
            Assignment.alumnus_id.in_(visible(viewer).with_only_columns(Alumnus.id)),
        )
    )


def seats_of_plan(plan_id: int) -> Sequence[PlanSeat]:
    """Every seat of a plan, in order of event, slot and id."""
    return db.session.scalars(
        sa.select(PlanSeat)
        .where(PlanSeat.plan_id == plan_id)
        .order_by(PlanSeat.event_id, PlanSeat.slot_id, PlanSeat.id)
    ).all()


def get_seat(plan: Plan, seat_id: int) -> PlanSeat:
    """The seat, if it is one of the plan's; raises NotThere."""
    seat = db.session.scalar(sa.select(PlanSeat).where(PlanSeat.id == seat_id, PlanSeat.plan_id == plan.id))
    if seat is None:
        raise NotThere(f"Plan {plan.id} has no seat {seat_id}.")
    return seat


def get_slot_of_plan(plan: Plan, slot_id: int) -> Slot:
    """The slot, if the plan has a seat in it or leaves one free; raises NotThere."""
    slot = db.session.scalar(
        sa.select(Slot).where(
            Slot.id == slot_id,
            sa.or_(
                *(
                    sa.select(table.id).where(table.plan_id == plan.id, table.slot_id == slot_id).exists()
                    for table in (PlanSeat, PlanShort)
                )
            ),
        )
    )
    if slot is None:
        raise NotThere(f"Plan {plan.id} has no slot {slot_id}.")
    return slot


def people_of(viewer: Viewer, alumnus_ids: Sequence[int]) -> dict[int, Alumnus]:
    """The people with these ids whom the viewer may see."""
    return {person.id: person for person in db.session.scalars(visible(viewer).where(Alumnus.id.in_(alumnus_ids)))}
