"""Seats that are held or were given up, put straight into the database for pages to show."""

from datetime import timedelta
from typing import Any

from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment, AssignmentMove
from bsm_alumni.events.models import Slot
from bsm_alumni.extensions import db, utc_now


def hold(
    slot: Slot, alumnus: Alumnus, state: AssignmentState = AssignmentState.INVITED, seat: int = 1, **fields: Any
) -> Assignment:
    """A committed assignment with one step in its history."""
    now = utc_now()
    row = Assignment(
        **{
            "slot_id": slot.id,
            "event_id": slot.event_id,
            "alumnus_id": alumnus.id,
            "seat": seat,
            "state": state,
            "invited_at": now,
            "answer_by": now + timedelta(days=5),
            "answered_at": None if state is AssignmentState.INVITED else now,
            **fields,
        }
    )
    db.session.add(row)
    db.session.flush()
    db.session.add(AssignmentMove(assignment_id=row.id, to_state=state, actor="Officer", at=now))
    db.session.commit()
    return row
