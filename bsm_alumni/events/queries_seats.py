"""How many seats events have, and how many of them are held. Who holds them is known in a higher room."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bsm_alumni.events.models import Slot
from bsm_alumni.extensions import db

# A table of a higher room, named and not imported.
_assignments = sa.table(
    "assignments",
    sa.column("slot_id", sa.Integer),
    sa.column("seat", sa.Integer),
    sa.column("state", sa.String),
)

FILLED = ("accepted", "delivered")
HOLDING = (*FILLED, "proposed", "invited", "no_show")


@dataclass(frozen=True, slots=True)
class Seats:
    """Seats asked for, held by somebody in any live state, and filled by people who said yes."""

    total: int = 0
    held: int = 0
    filled: int = 0

    @property
    def waiting(self) -> int:
        """Seats that are held by somebody who has not said yes."""
        return self.held - self.filled

    @property
    def open(self) -> int:
        """Seats that nobody holds."""
        return max(self.total - self.held, 0)


def seats_of(event_ids: Sequence[int]) -> dict[int, Seats]:
    """The seats of each event; events without slots are left out. Two queries."""
    totals = db.session.execute(
        sa.select(Slot.event_id, sa.func.sum(Slot.seats)).where(Slot.event_id.in_(event_ids)).group_by(Slot.event_id)
    )
    a = _assignments.c
    held: dict[int, tuple[int, int]] = {
        event_id: (number, filled)
        for event_id, number, filled in db.session.execute(
            sa.select(Slot.event_id, sa.func.count(), sa.func.count(sa.case((a.state.in_(FILLED), 1))))
            .join(_assignments, a.slot_id == Slot.id)
            .where(Slot.event_id.in_(event_ids), a.state.in_(HOLDING))
            .group_by(Slot.event_id)
        )
    }
    return {event_id: Seats(int(total), *held.get(event_id, (0, 0))) for event_id, total in totals}


def open_seats_of(event_id: Any) -> sa.ColumnElement[int]:
    """A column: the seats of the event in the column ``event_id`` that nobody holds."""
    a = _assignments.c
    total = sa.select(sa.func.coalesce(sa.func.sum(Slot.seats), 0)).where(Slot.event_id == event_id).scalar_subquery()
    held = (
        # By way of the slots, whose assignments are found by an index on both databases.
        sa.select(sa.func.count())
        .select_from(Slot)
        .join(_assignments, a.slot_id == Slot.id)
        .where(Slot.event_id == event_id, a.state.in_(HOLDING))
        .scalar_subquery()
    )
    return total - held


def highest_held_seat(slot_id: int) -> int:
    """The highest seat of the slot that somebody holds; 0 when all are free."""
    a = _assignments.c
    held = sa.select(sa.func.max(a.seat)).where(a.slot_id == slot_id, a.state.in_(HOLDING))
    return db.session.scalar(held) or 0


def was_ever_asked(slot_id: int) -> bool:
    """True when somebody was asked for the slot, whatever came of it."""
    return (
        db.session.scalar(sa.select(_assignments.c.slot_id).where(_assignments.c.slot_id == slot_id).limit(1))
        is not None
    )
