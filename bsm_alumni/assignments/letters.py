"""Putting mails about assignments into the outbox. The words are made when they are sent: see `mails`."""

from typing import Any

from bsm_alumni.assignments.models import Assignment, InvitationLink
from bsm_alumni.audit.service import current_actor
from bsm_alumni.mail.models import Mail
from bsm_alumni.mail.service import post, take_back, was_tried

ABOUT = "assignment"

INVITATION = "invitation"
REMINDER = "reminder"
MOVED = "moved"
ACCEPTED = "accepted"
WITHDRAWN = "withdrawn"
CANCELLED = "cancelled"


def write_letter(
    kind: str,
    assignment: Assignment,
    link: InvitationLink | None = None,
    *,
    reason: str = "",
    dedupe_key: str | None = None,
    held: bool = False,
) -> Mail | None:
    """Post one mail to the person's first address; None when they have none, or it was posted already."""
    emails = assignment.alumnus.emails
    if not emails:
        return None
    params: dict[str, Any] = {"assignment": assignment.id, "revision": assignment.event.revision}
    params |= {"link": link.id} if link else {}
    actor_id, actor = current_actor()
    # The person reads who asks them; the program by itself has no name worth reading.
    params |= {"asked_by": actor} if link and actor_id else {}
    params |= {"reason": reason} if reason else {}
    return post(
        kind,
        emails[0].address,
        params,
        alumnus_id=assignment.alumnus_id,
        subject_kind=ABOUT,
        subject_id=assignment.id,
        dedupe_key=dedupe_key,
        held=held,
    )


def take_back_letters(assignment: Assignment) -> None:
    """Cancel the mails about it that have not left."""
    take_back(ABOUT, assignment.id)


def was_told(assignment: Assignment) -> bool:
    """True when the person may have read of it, so that its end must be told too."""
    return was_tried(ABOUT, assignment.id)
