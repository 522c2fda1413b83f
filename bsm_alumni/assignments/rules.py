"""The life of an assignment: which moves there are, who makes them, which states hold a seat. Pure."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bsm_alumni.assignments.enums import AssignmentState as State


class Mover(enum.StrEnum):
    """Who makes a move: a programme officer, the person asked, or the program by the clock or a moved event."""

    STAFF = "staff"
    ALUMNUS = "alumnus"
    SYSTEM = "system"


# (from, to) → who may. Nothing else changes a state. The two moves back to ``invited`` are made when the event
# was moved, so that its people are asked again (docs/adr/0003-moved-events-ask-again.md).
MOVES: dict[tuple[State | None, State], frozenset[Mover]] = {
    (None, State.PROPOSED): frozenset({Mover.STAFF, Mover.SYSTEM}),
    (State.PROPOSED, State.INVITED): frozenset({Mover.STAFF}),
    (State.INVITED, State.ACCEPTED): frozenset({Mover.ALUMNUS}),
    (State.INVITED, State.DECLINED): frozenset({Mover.ALUMNUS}),
    (State.INVITED, State.EXPIRED): frozenset({Mover.SYSTEM}),
    (State.ACCEPTED, State.WITHDRAWN): frozenset({Mover.ALUMNUS}),
    (State.ACCEPTED, State.DELIVERED): frozenset({Mover.STAFF}),
    (State.ACCEPTED, State.NO_SHOW): frozenset({Mover.STAFF}),
    (State.PROPOSED, State.CANCELLED): frozenset({Mover.STAFF, Mover.SYSTEM}),
    (State.INVITED, State.CANCELLED): frozenset({Mover.STAFF, Mover.SYSTEM}),
    (State.ACCEPTED, State.CANCELLED): frozenset({Mover.STAFF, Mover.SYSTEM}),
    # Only while nobody wrote to the person: see `was_told`.
    (State.CANCELLED, State.PROPOSED): frozenset({Mover.STAFF}),
    (State.ACCEPTED, State.INVITED): frozenset({Mover.SYSTEM}),
    (State.INVITED, State.INVITED): frozenset({Mover.SYSTEM}),
}

# As the partial unique indexes on the table have it.
SEAT_HOLDING = frozenset({State.PROPOSED, State.INVITED, State.ACCEPTED, State.DELIVERED, State.NO_SHOW})
# Held for a session still to come; these can be cancelled.
OPEN = frozenset({State.PROPOSED, State.INVITED, State.ACCEPTED})
LOST = frozenset({State.DECLINED, State.EXPIRED, State.WITHDRAWN, State.CANCELLED})

LONGEST_TO_ANSWER = timedelta(days=10)
REMIND_BEFORE = timedelta(days=2)
# Later than this the programme must be told by a person, not by a button.
WITHDRAW_BEFORE = timedelta(days=1)


class IllegalMove(Exception):
    """A move that the table does not have, or not for this mover."""


def may_move(before: State | None, after: State, mover: Mover) -> bool:
    """True when the table has the move and lets ``mover`` make it. ``before`` is None for a new record."""
    return mover in MOVES.get((before, after), frozenset())


def check_move(before: State | None, after: State, mover: Mover) -> None:
    """Raise IllegalMove unless ``may_move``."""
    if not may_move(before, after, mover):
        raise IllegalMove(f"{before.value if before else 'nothing'} → {after.value} is not a move of {mover.value}.")


def was_told(state: State, invited_at: datetime | None) -> bool:
    """False for a proposal that was taken back before anybody wrote to the person: it can be made again."""
    return state is not State.CANCELLED or invited_at is not None


def holds_seat(state: State) -> bool:
    """True while nobody else can have the seat."""
    return state in SEAT_HOLDING


def lowest_free_seat(taken: Iterable[int], seats: int) -> int | None:
    """The lowest seat from 1 to ``seats`` that is not taken; None when all are."""
    held = set(taken)
    return next((seat for seat in range(1, seats + 1) if seat not in held), None)


def default_answer_by(now: datetime, starts_at: datetime) -> datetime:
    """The deadline when none is given: ten days, or half the time left when that is sooner."""
    return now + min(LONGEST_TO_ANSWER, (starts_at - now) / 2)


def remind_at(invited_at: datetime, answer_by: datetime) -> datetime:
    """When the one reminder is due: two days before the deadline, or half way when there were fewer than four."""
    return answer_by - min(REMIND_BEFORE, (answer_by - invited_at) / 2)


def withdraw_until(starts_at: datetime) -> datetime:
    """Until when a person who accepted can step back by themselves: a day before the session."""
    return starts_at - WITHDRAW_BEFORE


def overlaps(start: datetime, end: datetime, other_start: datetime, other_end: datetime) -> bool:
    """True when two sessions share time; touching ends do not."""
    return start < other_end and other_start < end


class Obstacle(enum.StrEnum):
    """Why a person cannot be asked now, in the order in which it is told."""

    NOT_OPEN = "not_open"
    STARTED = "started"
    STATUS = "status"
    RESTRICTED = "restricted"
    ADDRESS = "address"
    ASKED = "asked"
    SEATED = "seated"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Session:
    """What the rules know of an event."""

    starts_at: datetime
    ends_at: datetime
    is_open: bool


@dataclass(frozen=True, slots=True)
class Person:
    """What the rules know of a person: standing, and the other sessions in which they hold a seat."""

    is_active: bool
    is_restricted: bool
    has_address: bool
    was_asked: bool = False
    is_seated: bool = False
    held: Sequence[tuple[datetime, datetime]] = ()


def find_obstacle(person: Person, session: Session, now: datetime) -> Obstacle | None:
    """The first hard rule in the way of asking this person for this session; None when there is none.

    The same rules take people out of the ranking; here they hold whoever is asked by name.
    """
    clash = any(overlaps(session.starts_at, session.ends_at, start, end) for start, end in person.held)
    tests = {
        Obstacle.NOT_OPEN: not session.is_open,
        Obstacle.STARTED: session.starts_at <= now,
        Obstacle.STATUS: not person.is_active,
        Obstacle.RESTRICTED: person.is_restricted,
        Obstacle.ADDRESS: not person.has_address,
        Obstacle.ASKED: person.was_asked,
        Obstacle.SEATED: person.is_seated,
        Obstacle.OVERLAP: clash,
    }
    return next((obstacle for obstacle, found in tests.items() if found), None)
