"""What the pages on which an invitation is answered show, by link and after signing in."""

from typing import Any

from bsm_alumni.assignments.calendar import zone_of_person
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.queries import asked_by
from bsm_alumni.assignments.rules import withdraw_until
from bsm_alumni.assignments.words import REASONS
from bsm_alumni.events.words import ROLES
from bsm_alumni.extensions import utc_now


def invitation_page(assignment: Assignment) -> dict[str, Any]:
    """The names that templates/assignments/_answer.html works with."""
    event = assignment.event
    until = withdraw_until(event.starts_at)
    return {
        "assignment": assignment,
        "event": event,
        "zone": zone_of_person(assignment),
        "role": ROLES[assignment.slot.role],
        "minutes": int((event.ends_at - event.starts_at).total_seconds() // 60),
        "asked_by": asked_by(assignment),
        "reasons": REASONS.items(),
        "withdraw_until": until,
        "may_withdraw": utc_now() < until,
        "has_begun": event.starts_at <= utc_now(),
    }
