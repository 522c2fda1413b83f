"""The one place where an assignment changes its state, and the locks that are taken before."""

import functools
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment, AssignmentMove
from bsm_alumni.assignments.rules import IllegalMove, Mover, check_move
from bsm_alumni.assignments.words import STATES
from bsm_alumni.audit.service import current_actor, record
from bsm_alumni.events.models import Slot
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.errors import Refused

Step = TypeVar("Step", bound=Callable[..., Any])


def all_or_nothing(step: Step) -> Step:
    """What a refused step had already written is taken back, though the page goes on and commits."""

    @functools.wraps(step)
    def run(*args: Any, **kwargs: Any) -> Any:
        with db.session.begin_nested():
            return step(*args, **kwargs)

    return cast(Step, run)


def lock_seats(slot_ids: Iterable[int], alumnus_ids: Iterable[int]) -> None:
    """Wait for everyone else who changes seats of these slots or of these people, until this transaction ends.

    Slots before people and each in order of id, so that two transactions never wait for each other. On SQLite
    the transaction holds the one write lock already.
    """
    for column, ids in ((Slot.id, slot_ids), (Alumnus.id, alumnus_ids)):
        if wanted := sorted(set(ids)):
            # Not against mere references to the row: other rows may point at it meanwhile.
            db.session.execute(
                sa.select(column).where(column.in_(wanted)).order_by(column).with_for_update(key_share=True)
            )


def get_locked(assignment_id: int) -> Assignment:
    """The assignment as it is now, with its slot and person locked; raises LookupError."""
    ids = db.session.execute(
        sa.select(Assignment.slot_id, Assignment.alumnus_id).where(Assignment.id == assignment_id)
    ).one_or_none()
    if ids is None:
        raise LookupError(f"There is no assignment {assignment_id}.")
    lock_seats([ids.slot_id], [ids.alumnus_id])
    return refreshed(assignment_id)


def refreshed(assignment_id: int) -> Assignment:
    """The assignment, its event and its person read again from the database."""
    assignment = db.session.get_one(Assignment, assignment_id, populate_existing=True)
    db.session.refresh(assignment.event)
    db.session.refresh(assignment.alumnus)
    return assignment


def move(
    assignment: Assignment, after: AssignmentState, mover: Mover, *, reason: str = "", actor: str | None = None
) -> AssignmentMove:
    """Change the state and write the step and the trail; raises Refused when the table has no such move.

    ``actor`` names a person who is not signed in.
    """
    before = assignment.state
    try:
        check_move(before, after, mover)
    except IllegalMove as error:
        words = _(
            "This cannot be done: the invitation is at “%(state)s” by now. Look at it again.", state=STATES[before]
        )
        raise Refused(words) from error
    assignment.state = after
    return write_step(assignment, before, reason, actor)


def write_step(
    assignment: Assignment, before: AssignmentState | None, reason: str, actor: str | None
) -> AssignmentMove:
    """Put down one step that was just made. The assignment must have its id."""
    actor_id, actor_name = (None, actor) if actor else current_actor()
    step = AssignmentMove(
        assignment_id=assignment.id,
        from_state=before,
        to_state=assignment.state,
        actor_id=actor_id,
        actor=actor_name,
        reason=reason[:500],
        at=utc_now(),
    )
    db.session.add(step)
    db.session.flush()
    record(
        f"assignment.{assignment.state.value}",
        assignment,
        before={"state": before} if before else {},
        after=facts_of(assignment) | ({"reason": reason[:500]} if reason else {}),
        actor=actor,
    )
    return step


def facts_of(assignment: Assignment) -> dict[str, Any]:
    """What the trail keeps of an assignment."""
    deadline: datetime | None = assignment.answer_by
    return {
        "state": assignment.state,
        "slot": assignment.slot_id,
        "seat": assignment.seat,
        "alumnus": assignment.alumnus_id,
        "answer_by": deadline,
    }
