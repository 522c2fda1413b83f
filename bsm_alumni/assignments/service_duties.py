"""What the clock does: the one reminder before a deadline, and the end of an invitation nobody answered."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from bsm_alumni.assignments import letters
from bsm_alumni.assignments.enums import AssignmentState as State
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.moving import get_locked, move
from bsm_alumni.assignments.rules import REMIND_BEFORE, Mover, remind_at
from bsm_alumni.assignments.service import send_reminder
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now


def _each(ids: list[int], step: Callable[[int], bool]) -> int:
    """Run ``step`` for each in a transaction of its own; one that fails stops no other. Returns how many did."""
    count = 0
    for assignment_id in ids:
        try:
            with writing():
                count += step(assignment_id)
                db.session.commit()
        except Exception:
            db.session.rollback()
            current_app.logger.exception("Assignment %s was left for the next sweep", assignment_id)
    return count


def _ids(*conditions: sa.ColumnElement[bool]) -> list[int]:
    found = sa.select(Assignment.id).where(Assignment.state == State.INVITED, *conditions).order_by(Assignment.id)
    ids = list(db.session.scalars(found))
    # What follows must begin a transaction of its own, that takes the write lock first.
    db.session.rollback()
    return ids


def expire_due() -> int:
    """End every invitation whose deadline has passed: the seat is free again. Returns how many."""
    return _each(_ids(Assignment.answer_by <= utc_now()), _expire)


def _expire(assignment_id: int) -> bool:
    assignment = get_locked(assignment_id)
    # It may have been answered, or given more time, since it was found.
    if assignment.state is not State.INVITED or assignment.answer_by is None or assignment.answer_by > utc_now():
        return False
    letters.take_back_letters(assignment)
    move(assignment, State.EXPIRED, Mover.SYSTEM)
    return True


def remind_due() -> int:
    """Remind those whose deadline comes near, once. Returns how many."""
    now = utc_now()
    near = Assignment.answer_by <= now + REMIND_BEFORE
    return _each(_ids(Assignment.reminded_at.is_(None), Assignment.answer_by > now, near), _remind)


def _is_due(invited_at: datetime | None, answer_by: datetime | None, now: datetime) -> bool:
    return invited_at is not None and answer_by is not None and remind_at(invited_at, answer_by) <= now < answer_by


def _remind(assignment_id: int) -> bool:
    assignment = get_locked(assignment_id)
    if assignment.state is not State.INVITED or assignment.reminded_at is not None:
        return False
    if not _is_due(assignment.invited_at, assignment.answer_by, utc_now()):
        return False
    send_reminder(assignment)
    return True
