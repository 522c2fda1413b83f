"""Finding assignments: for the person, for a session, for the desk. Each is one query whatever the number of rows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from bsm_alumni.assignments.enums import AssignmentState as State
from bsm_alumni.assignments.models import Assignment, AssignmentMove
from bsm_alumni.assignments.rules import LOST, SEAT_HOLDING
from bsm_alumni.events.models import Event, Slot
from bsm_alumni.extensions import db, utc_now


@dataclass(slots=True)
class SlotSeats:
    """A slot with who holds each of its seats (None where it is free) and who was asked before them."""

    slot: Slot
    seats: list[Assignment | None]
    past: list[Assignment] = field(default_factory=list)


def find_assignment(assignment_id: int) -> Assignment | None:
    """The assignment; None when there is none."""
    return db.session.get(Assignment, assignment_id)


def find_own(assignment_id: int, alumnus_id: int) -> Assignment | None:
    """The assignment if it is this person's; None otherwise, as for a missing one."""
    return db.session.scalar(
        sa.select(Assignment).where(Assignment.id == assignment_id, Assignment.alumnus_id == alumnus_id)
    )


def _with_event() -> sa.Select[Assignment]:
    """Assignments joined with their events, with slot and person at hand."""
    return (
        sa.select(Assignment)
        .join(Assignment.event)
        .options(contains_eager(Assignment.event), joinedload(Assignment.slot), joinedload(Assignment.alumnus))
    )


def asked_of(alumnus_id: int, limit: int = 50) -> Sequence[Assignment]:
    """Invitations that wait for this person's answer, the nearest deadline first."""
    return db.session.scalars(
        _with_event()
        .where(
            Assignment.alumnus_id == alumnus_id,
            Assignment.state == State.INVITED,
            Assignment.answer_by > utc_now(),
            Event.starts_at > utc_now(),
        )
        .order_by(Assignment.answer_by, Assignment.id)
        .limit(limit)
    ).all()


def coming_for(alumnus_id: int, limit: int = 50) -> Sequence[Assignment]:
    """Sessions this person said yes to that are not over, the nearest first."""
    return db.session.scalars(
        _with_event()
        .where(Assignment.alumnus_id == alumnus_id, Assignment.state == State.ACCEPTED, Event.ends_at > utc_now())
        .order_by(Event.starts_at, Assignment.id)
        .limit(limit)
    ).all()


def past_for(alumnus_id: int, limit: int = 50) -> Sequence[Assignment]:
    """What this person was asked before: sessions that are over and seats that were freed, the latest first."""
    over = Assignment.state.in_([State.DELIVERED, State.NO_SHOW, *LOST]) | (
        Assignment.state.in_([State.ACCEPTED, State.INVITED]) & (Event.ends_at <= utc_now())
    )
    # A seat that was proposed and given up before anybody asked is not theirs to see.
    told = Assignment.invited_at.is_not(None)
    return db.session.scalars(
        _with_event()
        .where(Assignment.alumnus_id == alumnus_id, over, told)
        .order_by(Event.starts_at.desc(), Assignment.id.desc())
        .limit(limit)
    ).all()


def all_of_person(alumnus_id: int, limit: int = 100) -> Sequence[Assignment]:
    """Everything staff asked of a person, the latest session first."""
    return db.session.scalars(
        _with_event()
        .where(Assignment.alumnus_id == alumnus_id)
        .order_by(Event.starts_at.desc(), Assignment.id.desc())
        .limit(limit)
    ).all()


def live_by_event(event_ids: Sequence[int]) -> dict[int, list[Assignment]]:
    """Who holds a seat in each of these events, in order of slot and seat; events without anybody are left out."""
    found: defaultdict[int, list[Assignment]] = defaultdict(list)
    rows = db.session.scalars(
        sa.select(Assignment)
        .options(joinedload(Assignment.alumnus))
        .where(Assignment.event_id.in_(event_ids), Assignment.state.in_(SEAT_HOLDING))
        .order_by(Assignment.event_id, Assignment.slot_id, Assignment.seat)
    )
    for row in rows:
        found[row.event_id].append(row)
    return dict(found)


def seats_of_event(event_id: int) -> list[SlotSeats]:
    """The slots of an event with the holder of every seat and those asked before. Three queries."""
    slots = db.session.scalars(
        sa.select(Slot)
        .options(joinedload(Slot.theme))
        .where(Slot.event_id == event_id)
        .order_by(Slot.position, Slot.id)
    ).all()
    rows = db.session.scalars(
        sa.select(Assignment)
        .options(joinedload(Assignment.alumnus), selectinload(Assignment.moves))
        .where(Assignment.event_id == event_id)
        .order_by(Assignment.id)
    ).all()
    found = {slot.id: SlotSeats(slot, [None] * slot.seats) for slot in slots}
    for row in rows:
        place = found[row.slot_id]
        if row.state not in SEAT_HOLDING:
            place.past.append(row)
            continue
        # A slot whose seats were cut below a held one still shows its holder.
        place.seats.extend([None] * (row.seat - len(place.seats)))
        place.seats[row.seat - 1] = row
    return list(found.values())


def find_accepted_overlap(assignment: Assignment) -> Event | None:
    """Another session at the same time that this person said yes to; None when there is none."""
    event = assignment.event
    return db.session.scalar(
        sa.select(Event)
        .join(Assignment, Assignment.event_id == Event.id)
        .where(
            Assignment.alumnus_id == assignment.alumnus_id,
            Assignment.state == State.ACCEPTED,
            Event.id != event.id,
            Event.starts_at < event.ends_at,
            Event.ends_at > event.starts_at,
        )
        .limit(1)
    )


def asked_by(assignment: Assignment) -> str:
    """The name of who asked the person last; empty when it was the program."""
    name = db.session.scalar(
        sa.select(AssignmentMove.actor)
        .where(
            AssignmentMove.assignment_id == assignment.id,
            AssignmentMove.to_state == State.INVITED,
            AssignmentMove.actor_id.is_not(None),
        )
        .order_by(AssignmentMove.id.desc())
        .limit(1)
    )
    return name or ""
