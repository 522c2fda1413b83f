"""The words of mails about assignments, made when they are sent, in the reader's language and zone."""

from flask_babel import gettext as _

from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.assignments import letters, links
from bsm_alumni.assignments.calendar import session_ics, zone_of_person
from bsm_alumni.assignments.enums import AssignmentState as State
from bsm_alumni.assignments.models import Assignment, InvitationLink
from bsm_alumni.assignments.rules import withdraw_until
from bsm_alumni.events.words import ROLES
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.message import Attachment, Message
from bsm_alumni.mail.models import Mail
from bsm_alumni.mail.rendering import in_language_of, rendered
from bsm_alumni.mail.service import Renderer

# Which state an assignment must be in for the mail to be true still.
TRUE_IN: dict[str, State] = {
    letters.INVITATION: State.INVITED,
    letters.REMINDER: State.INVITED,
    letters.MOVED: State.INVITED,
    letters.ACCEPTED: State.ACCEPTED,
    letters.WITHDRAWN: State.WITHDRAWN,
    letters.CANCELLED: State.CANCELLED,
}
ASKING = frozenset({letters.INVITATION, letters.REMINDER, letters.MOVED})
ENDING = frozenset({letters.WITHDRAWN, letters.CANCELLED})


def _subject(kind: str, title: str) -> str:
    match kind:
        case letters.INVITATION:
            return _("Will you present? %(title)s", title=title)
        case letters.REMINDER:
            return _("Please answer: %(title)s", title=title)
        case letters.MOVED:
            return _("New time, please answer again: %(title)s", title=title)
        case letters.ACCEPTED:
            return _("You will present: %(title)s", title=title)
        case letters.WITHDRAWN:
            return _("You have stepped back: %(title)s", title=title)
        case _other:
            return _("Cancelled: %(title)s", title=title)


def _link_of(mail: Mail) -> InvitationLink | None:
    link_id = mail.params.get("link")
    return db.session.get(InvitationLink, link_id) if link_id is not None else None


def render(mail: Mail) -> Message | None:
    """The mail as it is to be sent now; None when it is no longer true, or its link was closed."""
    assignment = db.session.get(Assignment, mail.params["assignment"])
    if assignment is None or assignment.state is not TRUE_IN[mail.kind]:
        return None
    link, alumnus = _link_of(mail), assignment.alumnus
    if mail.kind in ASKING:
        if link is None or links.is_closed(link, utc_now()):
            return None
        # Nobody is asked who was restricted or left since the mail was written.
        if alumnus.restricted or alumnus.status is not AlumnusStatus.ACTIVE:
            return None
    with in_language_of(alumnus.locale) as language:
        return _words(mail, assignment, link, language)


def _words(mail: Mail, assignment: Assignment, link: InvitationLink | None, language: str) -> Message:
    token = links.token_of(link) if link is not None and link.revoked_at is None else ""
    event = assignment.event
    values = {
        "event": event,
        "name": assignment.alumnus.display_name,
        "role": str(ROLES[assignment.slot.role]),
        "language": assignment.slot.language_code,
        "zone": zone_of_person(assignment),
        "minutes": int((event.ends_at - event.starts_at).total_seconds() // 60),
        "answer_by": assignment.answer_by,
        "withdraw_until": withdraw_until(event.starts_at),
        "asked_by": mail.params.get("asked_by", ""),
        "reason": mail.params.get("reason", ""),
        "url": links.url_of(token) if token else "",
    }
    method = "CANCEL" if mail.kind in ENDING else "REQUEST"
    return rendered(
        mail.kind,
        _subject(mail.kind, event.title),
        language,
        values,
        attachments=(
            Attachment(
                "session.ics",
                f"text/calendar; method={method}; charset=utf-8",
                session_ics(assignment, method, mail.to_address),
            ),
        ),
        secrets=(token,) if token else (),
    )


RENDERERS: dict[str, Renderer] = dict.fromkeys(TRUE_IN, render)
