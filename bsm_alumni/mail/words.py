"""What states and kinds of mail are called in the page's language."""

from typing import Any

from flask_babel import lazy_gettext as _l

from bsm_alumni.mail.enums import MailState

STATES: dict[MailState, Any] = {
    MailState.HELD: _l("Held for review"),
    MailState.QUEUED: _l("Waiting to be sent"),
    MailState.SENT: _l("Sent"),
    MailState.FAILED: _l("Failed"),
    MailState.CANCELLED: _l("Cancelled"),
}
# How each looks: the classes of templates/macros/states.html.
LOOKS: dict[MailState, str] = {
    MailState.HELD: "waiting",
    MailState.QUEUED: "waiting",
    MailState.SENT: "accepted",
    MailState.FAILED: "declined",
    MailState.CANCELLED: "proposed",
}
KINDS: dict[str, Any] = {
    "invitation": _l("Invitation"),
    "reminder": _l("Reminder"),
    "moved": _l("New time"),
    "accepted": _l("Confirmation"),
    "withdrawn": _l("Stepped back"),
    "cancelled": _l("Cancellation"),
    "user_invitation": _l("Invitation to sign in"),
    "audit_head": _l("End of the audit trail"),
    "sharing.confirm": _l("Question about sharing"),
    "sharing.put_down": _l("Consent that staff put down"),
    "sharing.taken_back": _l("Sharing taken back by staff"),
    "rights_answer": _l("Answer to a request"),
    "erasure_farewell": _l("Last mail before an erasure"),
    "erasure_notice": _l("Erasure: delete your copies"),
    "retention_stay": _l("Do you want to stay?"),
}
