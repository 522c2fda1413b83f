"""The outbox: what was said to whom, what waits, and what can be done about it."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, staff_read, staff_write
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.audit.service import note
from bsm_alumni.audit.service_reads import note_list
from bsm_alumni.mail.enums import MailState
from bsm_alumni.mail.models import Mail
from bsm_alumni.mail.queries import counts_by_state, get_mail, outbox_page
from bsm_alumni.mail.service_outbox import WAITING, cancel_mail, preview, release_mail, send_again
from bsm_alumni.mail.words import KINDS, LOOKS, STATES
from bsm_alumni.web.errors import Refused

bp = Blueprint("mail_staff", __name__)


def _mail_or_404(mail_id: int) -> Mail:
    try:
        return get_mail(mail_id)
    except LookupError:
        abort(404)


@bp.get("/mail")
@access(staff_read)
def outbox() -> ResponseReturnValue:
    """Mails, newest first, by state and address."""
    chosen = request.args.get("state", "")
    state = MailState(chosen) if chosen in [member.value for member in MailState] else None
    address = request.args.get("q", "").strip()[:100]
    page = outbox_page(state, address, after=request.args.get("after"), before=request.args.get("before"))
    note_list("mail.listed", "mails", len(page.rows), {"state": chosen, "q": address})
    return render_template(
        "mail/staff_outbox.html",
        page=page,
        state=state,
        address=address,
        counts=counts_by_state(),
        states=STATES,
        looks=LOOKS,
        kinds=KINDS,
    )


@bp.get("/mail/<int:mail_id>")
@access(staff_read)
def mail(mail_id: int) -> ResponseReturnValue:
    """One mail as it was sent, or as it would be sent now; the link in it is left out."""
    found = _mail_or_404(mail_id)
    note("mail.read", "mails", mail_id, about_id=found.alumnus_id)
    message = preview(found) if found.state is not MailState.SENT else None
    return render_template(
        "mail/staff_mail.html",
        mail=found,
        subject=found.sent_subject or (message.subject if message else ""),
        text=found.sent_text or (message.kept_text() if message else ""),
        attachments=[attachment.filename for attachment in message.attachments] if message else [],
        may_write=current_viewer().may_write,
        is_waiting=found.state in WAITING,
        states=STATES,
        looks=LOOKS,
        kinds=KINDS,
    )


def _do(mail_id: int, step: Callable[[int], Mail], done: str) -> ResponseReturnValue:
    shown = mail_id
    try:
        shown = step(mail_id).id
        flash(done, "success")
    except LookupError:
        abort(404)
    except Refused as refusal:
        flash(refusal.words, "error")
    return redirect(url_for(".mail", mail_id=shown))


@bp.post("/mail/<int:mail_id>/cancel")
@access(staff_write)
def cancel(mail_id: int) -> ResponseReturnValue:
    """Do not send it."""
    return _do(mail_id, cancel_mail, _("The mail will not be sent."))


@bp.post("/mail/<int:mail_id>/release")
@access(staff_write)
def release(mail_id: int) -> ResponseReturnValue:
    """Let a held mail go."""
    return _do(mail_id, release_mail, _("The mail is on its way."))


@bp.post("/mail/<int:mail_id>/send-again")
@access(staff_write)
def again(mail_id: int) -> ResponseReturnValue:
    """Send it once more."""
    return _do(mail_id, send_again, _("The mail is on its way again."))
