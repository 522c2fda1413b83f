"""What can be done next with a seat, as buttons: by the state of whoever holds it, and by who looks."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.assignments.enums import AssignmentState as State
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.desk.links import find_url


@dataclass(frozen=True, slots=True)
class Step:
    """A button that posts to ``url``."""

    words: str
    url: str
    kind: str = "secondary"


def next_steps(assignment: Assignment, viewer: Viewer, now: datetime) -> list[Step]:
    """The steps that the state allows and the viewer may take, the likeliest first."""
    begun = assignment.event.starts_at <= now
    steps: list[tuple[str, str, str]] = []
    if assignment.state is State.PROPOSED and not begun:
        steps.append((_("Invite"), "invite", "primary"))
    if assignment.state is State.INVITED and not begun:
        steps += [(_("Remind"), "remind", "secondary"), (_("Send a new link"), "renew_link", "secondary")]
    if assignment.state is State.ACCEPTED and begun:
        steps += [
            (_("Presented"), "delivered", "primary"),
            (_("Did not come"), "no_show", "secondary"),
        ]
    if assignment.state in (State.PROPOSED, State.INVITED, State.ACCEPTED) and not begun:
        steps.append((_("Take off"), "cancel", "outline-danger"))
    found = [
        (words, find_url(f"assignments_staff.{name}", assignment_id=assignment.id), kind) for words, name, kind in steps
    ]
    return [Step(words, url, kind) for words, url, kind in found if url and viewer.may_write]
