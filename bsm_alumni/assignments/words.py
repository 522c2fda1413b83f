"""What people are told when a move is refused, and the names of reasons."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bsm_alumni.assignments.enums import AssignmentState, Reason
from bsm_alumni.assignments.rules import Obstacle

REASONS: dict[Reason, Any] = {
    Reason.BUSY: _l("I am busy then"),
    Reason.NOT_ALLOWED: _l("My service does not release me"),
    Reason.OTHER_TIME: _l("Another time would suit me"),
    Reason.SUGGEST: _l("I suggest a colleague"),
    Reason.OTHER: _l("Another reason"),
}

STATES: dict[AssignmentState, Any] = {
    AssignmentState.PROPOSED: _l("Proposed"),
    AssignmentState.INVITED: _l("Invited"),
    AssignmentState.ACCEPTED: _l("Accepted"),
    AssignmentState.DECLINED: _l("Declined"),
    AssignmentState.EXPIRED: _l("No answer in time"),
    AssignmentState.WITHDRAWN: _l("Withdrawn"),
    AssignmentState.CANCELLED: _l("Cancelled"),
    AssignmentState.DELIVERED: _l("Delivered"),
    AssignmentState.NO_SHOW: _l("Did not come"),
}

SEAT_TAKEN = _l("That seat was taken a moment ago. Look at the session again before you ask somebody else.")


def obstacle_words(obstacle: Obstacle, name: str) -> str:
    """Why the person called ``name`` cannot be asked."""
    match obstacle:
        case Obstacle.NOT_OPEN:
            return _("This session is closed; nobody can be asked for it.")
        case Obstacle.STARTED:
            return _("This session has begun or is over; nobody can be asked for it.")
        case Obstacle.STATUS:
            return _("%(name)s is not an active alumnus and cannot be asked.", name=name)
        case Obstacle.RESTRICTED:
            return _("%(name)s is restricted and cannot be asked.", name=name)
        case Obstacle.ADDRESS:
            return _("%(name)s has no address that mail can be sent to. Add one to the profile first.", name=name)
        case Obstacle.ASKED:
            return _("%(name)s was asked for this slot before.", name=name)
        case Obstacle.SEATED:
            return _("%(name)s holds another seat in this session.", name=name)
        case Obstacle.OVERLAP:
            return _("%(name)s holds a seat in another session at the same time.", name=name)
