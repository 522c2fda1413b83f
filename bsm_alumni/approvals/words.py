"""How a request stands, in words."""

from datetime import datetime

from flask_babel import gettext as _

from bsm_alumni.approvals.enums import Decision
from bsm_alumni.approvals.models import Approval
from bsm_alumni.approvals.rules import is_open, is_usable


def standing_words(approval: Approval, now: datetime) -> tuple[str, str]:
    """The look of a badge (see macros/states.html) and its words."""
    if is_open(approval.decision, approval.expires_at, now):
        return "waiting", _("Waiting for a second person")
    if approval.decision is None:
        return "declined", _("Nobody decided in time")
    if approval.decision is Decision.WITHDRAWN:
        return "declined", _("Taken back")
    if approval.decision is Decision.REFUSED:
        return "declined", _("Refused")
    if approval.used_at is not None:
        return "accepted", _("Granted and done")
    if is_usable(approval.decision, approval.decided_at, approval.used_at, now):
        return "accepted", _("Granted, not done yet")
    return "declined", _("Granted, not done in time")
