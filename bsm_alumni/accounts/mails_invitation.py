"""The mail that invites somebody to sign in. Its words are made when it is sent."""

from flask_babel import gettext as _

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.mails import Words, to_user
from bsm_alumni.accounts.models import OneTimeToken, User
from bsm_alumni.accounts.service_tokens import is_open
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.message import Message
from bsm_alumni.mail.models import Mail
from bsm_alumni.mail.rendering import in_language_of
from bsm_alumni.mail.service import Renderer, post

KIND = "user_invitation"


def post_invitation(user: User, token: OneTimeToken, invited_by: str = "") -> None:
    """Put the invitation into the outbox; ``invited_by`` is the name of the person who invites."""
    params = {"token": token.id, "invited_by": invited_by}
    post(KIND, user.email, params, alumnus_id=user.alumnus_id, subject_kind="users", subject_id=user.id)


def render(mail: Mail) -> Message | None:
    """The mail as it is to be sent now; None when its link was closed or the user may not sign in."""
    token = db.session.get(OneTimeToken, mail.params["token"])
    user = db.session.get(User, token.user_id) if token is not None else None
    if token is None or user is None or not user.active or not is_open(token, utc_now()):
        return None
    with in_language_of(user.locale) as language:
        return to_user(user, _words(user, str(mail.params.get("invited_by", ""))), language, token)


def _words(user: User, invited_by: str) -> Words:
    if user.role is Role.ALUMNUS:
        told = _(
            "You are invited to your own page in the registry of the Border Security and Management programme. There "
            "you see what the programme holds about you and who may see it, and you can change both."
        )
    elif invited_by:
        told = _(
            "%(person)s invites you to BSM Alumni, the registry of the Border Security and Management programme. "
            "You choose a password, and then set up a second step for signing in.",
            person=invited_by,
        )
    else:
        told = _(
            "You are invited to BSM Alumni, the registry of the Border Security and Management programme. You choose "
            "a password, and then set up a second step for signing in."
        )
    otherwise = _("The link works once and is for you alone. If it does not work any more, ask whoever invited you.")
    return Words(_("Your invitation to BSM Alumni"), told, _("Accept the invitation"), otherwise)


RENDERERS: dict[str, Renderer] = {KIND: render}
