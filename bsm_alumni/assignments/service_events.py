"""What a moved or a cancelled session does to its people."""

from collections.abc import Sequence

import sqlalchemy as sa

from bsm_alumni.assignments import letters, links
from bsm_alumni.assignments.enums import AssignmentState as State
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.moving import lock_seats, move, refreshed
from bsm_alumni.assignments.rules import OPEN, Mover, default_answer_by
from bsm_alumni.assignments.service import cancel
from bsm_alumni.extensions import db, utc_now


def lock_people_of_event(event_id: int) -> Sequence[int]:
    """Lock the slots and people of a session's open assignments; their ids.

    Call it before anything of the same transaction writes to the trail, so that no two transactions wait for
    each other.
    """
    rows = db.session.execute(
        sa.select(Assignment.id, Assignment.slot_id, Assignment.alumnus_id)
        .where(Assignment.event_id == event_id, Assignment.state.in_(OPEN))
        .order_by(Assignment.id)
    ).all()
    lock_seats([row.slot_id for row in rows], [row.alumnus_id for row in rows])
    return [row.id for row in rows]


def ask_again_after_move(event_id: int) -> int:
    """Ask the invited and accepted people of a moved session again; returns how many.

    Each goes back to ``invited`` with a fresh link and deadline and keeps the seat meanwhile; the old link
    closes. Those who were only proposed follow the session silently.
    """
    count = 0
    for assignment_id in lock_people_of_event(event_id):
        assignment = refreshed(assignment_id)
        if assignment.state not in OPEN or assignment.event_revision == assignment.event.revision:
            continue
        assignment.event_revision = assignment.event.revision
        if assignment.state is State.PROPOSED:
            continue
        was_told = letters.was_told(assignment)
        letters.take_back_letters(assignment)
        now = utc_now()
        assignment.invited_at, assignment.reminded_at, assignment.answered_at = now, None, None
        assignment.answer_by = default_answer_by(now, assignment.event.starts_at)
        move(assignment, State.INVITED, Mover.SYSTEM, reason="session moved")
        link = links.make_link(assignment, assignment.answer_by)
        # Whoever never got the first mail is simply invited, to the new time.
        kind = letters.MOVED if was_told else letters.INVITATION
        letters.write_letter(kind, assignment, link)
        count += 1
    db.session.flush()
    return count


def cancel_for_event(event_id: int, reason: str = "") -> int:
    """Cancel every open assignment of a session; those who know of it are told. Returns how many."""
    ids = lock_people_of_event(event_id)
    return sum(cancel(assignment_id, reason, mover=Mover.SYSTEM).state is State.CANCELLED for assignment_id in ids)
