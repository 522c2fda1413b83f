"""What the person who was asked does: accept, decline, step back. By the link in the mail or after signing in."""

from flask_babel import gettext as _

from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.assignments import letters, links
from bsm_alumni.assignments.enums import AssignmentState as State
from bsm_alumni.assignments.enums import Reason
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.moving import all_or_nothing, get_locked, move
from bsm_alumni.assignments.queries import find_accepted_overlap
from bsm_alumni.assignments.rules import LOST, Mover, withdraw_until
from bsm_alumni.assignments.service import CLOSED
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.errors import Refused


def _refuse_if_over(assignment: Assignment) -> None:
    """What stands in the way of any answer, said plainly."""
    event = assignment.event
    if assignment.state is State.CANCELLED or event.status in CLOSED:
        raise Refused(_("Nothing to answer any more: the session was cancelled or your place was given up."))
    if assignment.state is State.EXPIRED:
        raise Refused(_("The time to answer is over and the place is free for somebody else."))
    if assignment.state in LOST or assignment.state in (State.DELIVERED, State.NO_SHOW):
        raise Refused(_("You have answered already. Write to the programme if something has changed."))
    if event.starts_at <= utc_now():
        raise Refused(_("The session has begun or is over."))


def _refuse_if_moved_or_late(assignment: Assignment) -> None:
    if assignment.event_revision != assignment.event.revision:
        raise Refused(_("The session was moved after you were asked. A new mail with the new time is on its way."))
    if assignment.answer_by is not None and assignment.answer_by <= utc_now():
        raise Refused(_("The time to answer is over. Write to the programme if you would still like to present."))


@all_or_nothing
def accept(assignment_id: int, *, actor: str | None = None) -> Assignment:
    """Say yes. Raises LookupError, and Refused with plain words when it is too late or was said before.

    ``actor`` names the person when they came by the link and are not signed in.
    """
    assignment = get_locked(assignment_id)
    if assignment.state is State.ACCEPTED:
        raise Refused(_("You have said yes already; nothing more is needed."))
    _refuse_if_over(assignment)
    _refuse_if_moved_or_late(assignment)
    if assignment.alumnus.restricted or assignment.alumnus.status is not AlumnusStatus.ACTIVE:
        raise Refused(_("This invitation is no longer open. Write to the programme if you have questions."))
    if other := find_accepted_overlap(assignment):
        raise Refused(_("You have said yes to another session at that time: %(title)s.", title=other.title))
    assignment.answered_at = utc_now()
    move(assignment, State.ACCEPTED, Mover.ALUMNUS, actor=actor)
    link = links.find_current_link(assignment.id)
    if link is not None:
        # The same link now shows what happens next, and takes the answer back.
        link.expires_at = assignment.event.ends_at
    letters.take_back_letters(assignment)
    letters.write_letter(letters.ACCEPTED, assignment, link)
    return assignment


@all_or_nothing
def decline(
    assignment_id: int, reason: Reason | None = None, text: str = "", *, actor: str | None = None
) -> Assignment:
    """Say no; reason and words are optional. Raises LookupError and Refused as ``accept``."""
    assignment = get_locked(assignment_id)
    if assignment.state is State.ACCEPTED:
        raise Refused(_("You have said yes already. Step back from the session instead."))
    _refuse_if_over(assignment)
    _keep_answer(assignment, reason, text)
    move(assignment, State.DECLINED, Mover.ALUMNUS, reason=_told(reason, text), actor=actor)
    letters.take_back_letters(assignment)
    return assignment


@all_or_nothing
def withdraw(
    assignment_id: int, reason: Reason | None = None, text: str = "", *, actor: str | None = None
) -> Assignment:
    """Step back after saying yes, until a day before. Raises LookupError and Refused as ``accept``."""
    assignment = get_locked(assignment_id)
    _refuse_if_over(assignment)
    if assignment.state is not State.ACCEPTED:
        raise Refused(_("You have not said yes to this session, so there is nothing to take back."))
    if withdraw_until(assignment.event.starts_at) <= utc_now():
        raise Refused(_("The session is less than a day away. Please tell the programme directly."))
    _keep_answer(assignment, reason, text)
    move(assignment, State.WITHDRAWN, Mover.ALUMNUS, reason=_told(reason, text), actor=actor)
    letters.take_back_letters(assignment)
    letters.write_letter(letters.WITHDRAWN, assignment)
    return assignment


def _keep_answer(assignment: Assignment, reason: Reason | None, text: str) -> None:
    assignment.answered_at = utc_now()
    assignment.reason, assignment.reason_text = reason, text.strip()[:500]
    db.session.flush()


def _told(reason: Reason | None, text: str) -> str:
    return ": ".join(part for part in (reason.value if reason else "", text.strip()) if part)
