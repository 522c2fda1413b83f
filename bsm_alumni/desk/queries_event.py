"""One event with everything that its page shows. The number of queries does not depend on its size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.letters import ABOUT
from bsm_alumni.assignments.models import Assignment, AssignmentMove
from bsm_alumni.assignments.queries import SlotSeats
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.audit.queries import history_of
from bsm_alumni.events.models import Event
from bsm_alumni.extensions import db
from bsm_alumni.mail.models import Mail
from bsm_alumni.mail.queries import mails_about

MOST_HISTORY = 100


@dataclass(frozen=True, slots=True)
class Happening:
    """A line of an event's history: an entry of the trail, or a step of one person."""

    at: datetime
    actor: str
    entry: AuditEntry | None = None
    move: AssignmentMove | None = None


def find_event_with_parts(event_id: int) -> Event | None:
    """The event with what is about it; None when there is none. Six queries."""
    return db.session.scalar(
        sa.select(Event)
        .where(Event.id == event_id)
        .options(
            joinedload(Event.series),
            selectinload(Event.languages),
            selectinload(Event.countries),
            selectinload(Event.principles),
            selectinload(Event.themes),
            selectinload(Event.partners),
        )
    )


def slot_in_hand(places: Sequence[SlotSeats], wanted: int | None) -> SlotSeats | None:
    """The slot asked for; without one the first with a free seat, else the first."""
    for place in places:
        if place.slot.id == wanted:
            return place
    return next((place for place in places if None in place.seats), places[0] if places else None)


def since(assignment: Assignment) -> datetime:
    """When the assignment came to its present state."""
    return assignment.moves[-1].at if assignment.moves else assignment.created_at


def letters_of(places: Sequence[SlotSeats]) -> list[tuple[Mail, Assignment]]:
    """The mails to the people of an event, newest first, each with whom it was about. One query."""
    people = {holder.id: holder for place in places for holder in [*place.seats, *place.past] if holder is not None}
    mails = mails_about(ABOUT, sorted(people))
    return [(mail, people[mail.subject_id]) for mail in mails if mail.subject_id in people]


def event_history(event: Event) -> list[Happening]:
    """What was done to the event and with its people, the latest first. Two queries."""
    entries = history_of(Event.__tablename__, event.id, MOST_HISTORY)
    moves = db.session.scalars(
        sa.select(AssignmentMove)
        .join(AssignmentMove.assignment)
        .where(Assignment.event_id == event.id)
        .options(joinedload(AssignmentMove.assignment).joinedload(Assignment.alumnus))
        .order_by(AssignmentMove.id.desc())
        .limit(MOST_HISTORY)
    )
    lines = [Happening(entry.at, entry.actor, entry=entry) for entry in entries]
    lines += [Happening(move.at, move.actor, move=move) for move in moves]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:MOST_HISTORY]


def count_told(event_id: int) -> int:
    """How many people were asked and hold a seat: those who hear of a move or a cancellation."""
    told = (AssignmentState.INVITED, AssignmentState.ACCEPTED)
    return (
        db.session.scalar(sa.select(sa.func.count()).where(Assignment.event_id == event_id, Assignment.state.in_(told)))
        or 0
    )
