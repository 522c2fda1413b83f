"""Mails about requests: to those who may decide, and back to the one who asked. Words are made when they are sent."""

from flask_babel import gettext as _

from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.queries import find_user
from bsm_alumni.approvals.enums import Decision
from bsm_alumni.approvals.kinds import Kind, all_kinds
from bsm_alumni.approvals.models import Approval
from bsm_alumni.approvals.queries import users_with_role
from bsm_alumni.approvals.rules import is_open
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.message import Message
from bsm_alumni.mail.models import Mail
from bsm_alumni.mail.rendering import in_language_of, page_url, rendered
from bsm_alumni.mail.service import Renderer, post

ABOUT = "approval"

ASKED = "approval_asked"
DECIDED = "approval_decided"


def tell_deciders(approval: Approval, kind: Kind) -> None:
    """Write to everyone who may decide, but not to the one who asked."""
    for user in users_with_role(kind.decided_by):
        if user.id != approval.asked_by_id:
            _post(ASKED, approval, user)


def tell_asker(approval: Approval) -> None:
    """Write to the one who asked what was decided."""
    _post(DECIDED, approval, approval.asked_by)


def _post(kind: str, approval: Approval, user: User) -> None:
    post(kind, user.email, {"approval": approval.id}, subject_kind=ABOUT, subject_id=approval.id)


def render(mail: Mail) -> Message | None:
    """The mail as it is to be sent now; None when it is no longer true, or no longer for its reader."""
    approval = db.session.get(Approval, mail.params["approval"])
    user = find_user(mail.to_address)
    if approval is None or user is None or not user.active:
        return None
    if mail.kind == ASKED:
        deciding = all_kinds()[approval.kind].decided_by
        if user.role not in deciding or not is_open(approval.decision, approval.expires_at, utc_now()):
            return None
    elif user.id != approval.asked_by_id:
        return None
    with in_language_of(user.locale) as language:
        return _words(mail.kind, approval, user, language)


def _words(kind: str, approval: Approval, user: User, language: str) -> Message:
    described = all_kinds()[approval.kind]
    granted = approval.decision is Decision.GRANTED
    if kind == ASKED:
        subject = _("A second person is needed: %(title)s", title=described.title)
    elif granted:
        subject = _("Granted: %(title)s", title=described.title)
    else:
        subject = _("Refused: %(title)s", title=described.title)
    values = {
        "approval": approval,
        "name": user.name or user.email,
        "zone": user.zone,
        "granted": granted,
        "to_be_done": granted and described.run is None,
        "url": page_url(f"/staff/approvals/{approval.id}"),
    }
    return rendered(kind, subject, language, values)


RENDERERS: dict[str, Renderer] = {ASKED: render, DECIDED: render}
