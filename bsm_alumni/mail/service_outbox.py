"""What staff do with a mail in the outbox: look at it, hold it back, let it go, send it again."""

from collections.abc import Mapping

from flask import current_app
from flask_babel import gettext as _

from bsm_alumni.audit.service import record
from bsm_alumni.extensions import utc_now
from bsm_alumni.jobs.service import wake_worker_after_commit
from bsm_alumni.mail.enums import MailState
from bsm_alumni.mail.message import Message
from bsm_alumni.mail.models import Mail
from bsm_alumni.mail.queries import get_mail
from bsm_alumni.mail.service import Renderer, post
from bsm_alumni.web.errors import Refused

WAITING = frozenset({MailState.HELD, MailState.QUEUED})


def preview(mail: Mail) -> Message | None:
    """The mail in the words it would be sent with now; None when there is nothing to say any more."""
    renderers: Mapping[str, Renderer] = current_app.extensions["bsm_mail_renderers"]
    renderer = renderers.get(mail.kind)
    return renderer(mail) if renderer else None


def _change(mail: Mail, state: MailState, verb: str) -> None:
    before = mail.state
    mail.state = state
    record(verb, mail, before={"state": before}, after={"state": state})


def cancel_mail(mail_id: int) -> Mail:
    """Do not send a mail that waits; raises LookupError, and Refused when it has left."""
    mail = get_mail(mail_id)
    if mail.state not in WAITING and mail.state is not MailState.FAILED:
        raise Refused(_("This mail has left or was cancelled already; it cannot be held back."))
    _change(mail, MailState.CANCELLED, "mail.cancelled")
    return mail


def release_mail(mail_id: int) -> Mail:
    """Let a held mail go; raises LookupError, and Refused when it is not held."""
    mail = get_mail(mail_id)
    if mail.state is not MailState.HELD:
        raise Refused(_("This mail is not held."))
    mail.not_before = utc_now()
    _change(mail, MailState.QUEUED, "mail.released")
    wake_worker_after_commit()
    return mail


def send_again(mail_id: int) -> Mail:
    """Put a mail that failed back into the queue, or write one that was sent anew; returns the one that waits.

    Raises LookupError, and Refused when it waits already or there is nothing to say any more.
    """
    mail = get_mail(mail_id)
    if mail.state in WAITING:
        raise Refused(_("This mail waits to be sent already."))
    if preview(mail) is None:
        raise Refused(_("There is nothing to send: what this mail says is no longer so."))
    if mail.state is MailState.FAILED:
        mail.attempts, mail.last_error, mail.not_before = 0, "", utc_now()
        _change(mail, MailState.QUEUED, "mail.queued")
        wake_worker_after_commit()
        return mail
    again = post(
        mail.kind,
        mail.to_address,
        mail.params,
        alumnus_id=mail.alumnus_id,
        subject_kind=mail.subject_kind,
        subject_id=mail.subject_id,
    )
    assert again is not None
    record("mail.sent_again", again, before={"mail": mail.id}, after={"state": again.state})
    return again
