"""A plan as a board: by week, by person, with what became of each seat since. Each in a bounded number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries import visible
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.rules import LOST
from bsm_alumni.events.models import Event, Slot
from bsm_alumni.extensions import db
from bsm_alumni.planning.enums import MarkKind
from bsm_alumni.planning.models import Plan, PlanMark, PlanSeat, PlanShort
from bsm_alumni.planning.queries import marks_of, people_of
from bsm_alumni.planning.shapes import BoardEvent, BoardSeat, BoardSlot, BoardWeek, MarkRow, PersonSeats
from bsm_alumni.planning.words import short_words
from bsm_alumni.web.pagination import PAGE_SIZE, Page, page_of


def weeks_of_plan(plan: Plan, viewer: Viewer) -> list[date]:
    """The Mondays, by the viewer's clock, of the weeks in which the plan has sessions."""
    return sorted({_monday(starts_at, viewer) for _event_id, starts_at in _starts_of(plan)})


def board_by_week(plan: Plan, viewer: Viewer, since: date | None = None, most: int | None = None) -> list[BoardWeek]:
    """Every session of the plan by week, with its seats, those left free and why. Weeks without any are left out.

    `since` leaves out weeks before that Monday, `most` is the number of weeks at most.
    """
    weeks: defaultdict[date, list[int]] = defaultdict(list)
    for event_id, starts_at in _starts_of(plan):
        weeks[_monday(starts_at, viewer)].append(event_id)
    mondays = [monday for monday in sorted(weeks) if since is None or monday >= since][:most]
    shown = [event_id for monday in mondays for event_id in weeks[monday]]
    events = {event.id: event for event in db.session.scalars(sa.select(Event).where(Event.id.in_(shown)))}
    slots = _slots_of(plan, shown, viewer)
    return [
        BoardWeek(
            monday,
            monday + timedelta(days=6),
            tuple(BoardEvent(events[event_id], tuple(slots.get(event_id, ()))) for event_id in weeks[monday]),
        )
        for monday in mondays
    ]


def board_of_event(plan: Plan, event_id: int, viewer: Viewer) -> BoardEvent | None:
    """One session of the board; None when the plan does not have it."""
    event = db.session.get(Event, event_id)
    slots = _slots_of(plan, [event_id], viewer)
    return BoardEvent(event, tuple(slots[event_id])) if event is not None and event_id in slots else None


def board_by_person(
    plan: Plan, viewer: Viewer, after: str | None = None, before: str | None = None, size: int = PAGE_SIZE
) -> Page[PersonSeats]:
    """The people of the plan by name, each with their seats, the earliest first."""
    seated = sa.select(PlanSeat.alumnus_id).where(PlanSeat.plan_id == plan.id)
    page = page_of(
        visible(viewer).where(Alumnus.id.in_(seated)),
        [Alumnus.sort_name, Alumnus.id],
        after=after,
        before=before,
        size=size,
    )
    people: Sequence[Alumnus] = page.rows
    seats = db.session.scalars(_seats(plan).where(PlanSeat.alumnus_id.in_([person.id for person in people]))).all()
    mine: defaultdict[int, list[BoardSeat]] = defaultdict(list)
    for seat in _as_board(plan, seats, {person.id: person for person in people}):
        mine[seat.seat.alumnus_id].append(seat)
    rows = [PersonSeats(person, tuple(mine[person.id])) for person in people]
    return Page(rows, page.next_key, page.previous_key)


def live_seats(plan: Plan, viewer: Viewer) -> list[BoardSeat]:
    """Seats of the plan that were lost since it was applied (declined, expired, withdrawn, cancelled), the earliest
    session first."""
    lost = sa.select(Assignment.id).where(
        Assignment.slot_id == PlanSeat.slot_id,
        Assignment.alumnus_id == PlanSeat.alumnus_id,
        Assignment.state.in_(LOST),
    )
    seats = db.session.scalars(_seats(plan).where(lost.exists())).all()
    return _as_board(plan, seats, people_of(viewer, [seat.alumnus_id for seat in seats]))


def mark_rows(plan: Plan, viewer: Viewer) -> list[MarkRow]:
    """Every mark of the plan, the earliest session first. Two queries."""
    seated = sa.select(PlanSeat.id).where(
        PlanSeat.plan_id == plan.id,
        PlanSeat.event_id == PlanMark.event_id,
        PlanSeat.alumnus_id == PlanMark.alumnus_id,
        sa.or_(PlanMark.slot_id.is_(None), PlanSeat.slot_id == PlanMark.slot_id),
    )
    rows = db.session.execute(
        sa.select(PlanMark, Event, seated.exists().label("seated"))
        .join(Event, Event.id == PlanMark.event_id)
        .where(PlanMark.plan_id == plan.id)
        .order_by(Event.starts_at, Event.id, PlanMark.id)
    ).all()
    people = people_of(viewer, [mark.alumnus_id for mark, _event, _seated in rows])
    return [
        MarkRow(mark, event, people.get(mark.alumnus_id), holds=(mark.kind is MarkKind.LOCK) == bool(is_seated))
        for mark, event, is_seated in rows
    ]


def _monday(starts_at: datetime, viewer: Viewer) -> date:
    day = starts_at.astimezone(ZoneInfo(viewer.zone)).date()
    return day - timedelta(days=day.weekday())


def _starts_of(plan: Plan) -> Sequence[sa.Row[int, datetime]]:
    """Number and start of each session of the plan, the earliest first."""
    in_plan = sa.union(
        sa.select(PlanSeat.event_id).where(PlanSeat.plan_id == plan.id),
        sa.select(PlanShort.event_id).where(PlanShort.plan_id == plan.id),
    )
    return db.session.execute(
        sa.select(Event.id, Event.starts_at).where(Event.id.in_(in_plan)).order_by(Event.starts_at, Event.id)
    ).all()


def _seats(plan: Plan) -> sa.Select[PlanSeat]:
    """Seats of the plan in the order of sessions and slots."""
    return (
        sa.select(PlanSeat)
        .join(PlanSeat.event)
        .join(PlanSeat.slot)
        .options(joinedload(PlanSeat.event), joinedload(PlanSeat.slot).joinedload(Slot.theme))
        .where(PlanSeat.plan_id == plan.id)
        .order_by(Event.starts_at, Event.id, Slot.position, Slot.id, PlanSeat.id)
    )


def _slots_of(plan: Plan, event_ids: Sequence[int], viewer: Viewer) -> dict[int, list[BoardSlot]]:
    seats = db.session.scalars(_seats(plan).where(PlanSeat.event_id.in_(event_ids))).all()
    shorts = db.session.scalars(
        sa.select(PlanShort)
        .options(joinedload(PlanShort.slot).joinedload(Slot.theme))
        .where(PlanShort.plan_id == plan.id, PlanShort.event_id.in_(event_ids))
    ).all()
    people = people_of(viewer, [seat.alumnus_id for seat in seats])
    by_slot: defaultdict[int, list[BoardSeat]] = defaultdict(list)
    for seat in _as_board(plan, seats, people):
        by_slot[seat.seat.slot_id].append(seat)
    short = {row.slot_id: row for row in shorts}
    slots = {seat.slot_id: seat.slot for seat in seats} | {row.slot_id: row.slot for row in shorts}
    found: defaultdict[int, list[BoardSlot]] = defaultdict(list)
    for slot in sorted(slots.values(), key=lambda slot: (slot.event_id, slot.position, slot.id)):
        row = short.get(slot.id)
        found[slot.event_id].append(
            BoardSlot(slot, tuple(by_slot[slot.id]), row.missing if row else 0, short_words(row.why) if row else ())
        )
    return dict(found)


def _as_board(plan: Plan, seats: Sequence[PlanSeat], people: dict[int, Alumnus]) -> list[BoardSeat]:
    marks: dict[tuple[int | None, int, int], PlanMark] = {
        (mark.slot_id, mark.event_id, mark.alumnus_id): mark for mark in marks_of(plan)
    }
    mine = (
        sa.select(Assignment)
        .join(PlanSeat, sa.and_(PlanSeat.slot_id == Assignment.slot_id, PlanSeat.alumnus_id == Assignment.alumnus_id))
        .where(PlanSeat.plan_id == plan.id, PlanSeat.id.in_([seat.id for seat in seats]))
    )
    assignments = {(row.slot_id, row.alumnus_id): row for row in db.session.scalars(mine)}
    return [
        BoardSeat(
            seat,
            people.get(seat.alumnus_id),
            marks.get((seat.slot_id, seat.event_id, seat.alumnus_id))
            or marks.get((None, seat.event_id, seat.alumnus_id)),
            assignments.get((seat.slot_id, seat.alumnus_id)),
        )
        for seat in seats
    ]
