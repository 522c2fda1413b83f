"""Invitations by mail: who is made without a password gets a link that works once, and comes in by it."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.accounts.enums import Role, SessionEnd, SignInMethod, TokenKind
from bsm_alumni.accounts.mails_invitation import post_invitation
from bsm_alumni.accounts.models import OneTimeToken, User
from bsm_alumni.accounts.queries import find_user
from bsm_alumni.accounts.service import create_user
from bsm_alumni.accounts.service_passwords import own_words, set_password, weakness_words
from bsm_alumni.accounts.service_sessions import end_sessions_of, start_session
from bsm_alumni.accounts.service_tokens import make_token, open_token, revoke_tokens, use_token
from bsm_alumni.accounts.service_users import can_sign_in, locked_administrators
from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db
from bsm_alumni.web.errors import FieldErrors, Refused

INVITATION_LIFETIME = timedelta(days=7)
FIRST_ADMINISTRATOR_LIFETIME = timedelta(hours=1)
# Any number that nothing else locks; it means 'who is the first administrator'.
_FIRST_LOCK = 7_041_984


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the page behind a link needs to know of the person: nothing that is not theirs."""

    email: str
    name: str
    role: Role
    may_skip_password: bool


def invite(user: User, invited_by: str = "") -> OneTimeToken:
    """Write to the user with a link that works once, for a week; an earlier link stops working.

    Raises Refused for somebody who was let in already or no longer is.
    """
    if not user.active:
        raise Refused(_("%(email)s may not sign in. Let them in again first.", email=user.email))
    if user.last_sign_in_at is not None:
        raise Refused(_("%(email)s has signed in already and needs no invitation.", email=user.email))
    token = make_token(user, TokenKind.INVITATION, INVITATION_LIFETIME)
    user.invited_until = token.expires_at
    post_invitation(user, token, invited_by)
    record("user.invited", user)
    return token


def welcome(kind: TokenKind, token: str) -> Welcome:
    """What the page behind a link shows. Raises LookupError and TokenClosed."""
    user = _user_of(open_token(kind, token))
    return Welcome(user.email, user.name, user.role, _may_skip(user))


def accept(kind: TokenKind, token: str, password: str | None) -> User:
    """Take an invitation up: keep the password and sign the person in on this browser.

    Alumni may do without a password, since a link in a mail lets them in each time. Raises LookupError and TokenClosed
    for a link that does not work, FieldErrors for a password that will not do.
    """
    user = _user_of(open_token(kind, token))
    if not password and not _may_skip(user):
        raise FieldErrors({"password": _("Write a password.")})
    if password and (weak := weakness_words(password, own_words(user))):
        raise FieldErrors({"password": weak})
    use_token(kind, token)
    user.invited_until = None
    if password:
        set_password(user, password)
    record("user.invitation_accepted", user, after={"password": bool(password)}, actor=user.name or user.email)
    start_session(user, SignInMethod.LINK)
    record("user.signed_in", user, after={"method": SignInMethod.LINK})
    return user


def invite_first_administrator(email: str, name: str = "") -> OneTimeToken:
    """Make the first administrator and a link that works once, for an hour.

    Works only while no administrator could sign in. Run again before the link was used it makes a new link, also for
    another address; the earlier one stops working. Raises Refused, and FieldErrors for an address that will not do.
    """
    # Two operators at once: the second waits here and then finds the first one's administrator. SQLite is locked.
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_FIRST_LOCK)))
    admins = locked_administrators()
    if any(can_sign_in(admin) for admin in admins):
        raise Refused("There is an administrator already. Ask them, or use `bsm-alumni user create --role admin`.")
    email = email.strip().lower()
    for admin in admins:
        if admin.email != email:
            _put_away(admin)
    user = find_user(email)
    if user is None:
        user = create_user(email, Role.ADMIN, name=name)
    elif user.role is not Role.ADMIN or not user.active:
        raise FieldErrors({"email": f"{email} has another account already. Give another address."})
    token = make_token(user, TokenKind.FIRST_ADMINISTRATOR, FIRST_ADMINISTRATOR_LIFETIME)
    user.invited_until = token.expires_at
    record("user.first_administrator", user)
    return token


def _put_away(admin: User) -> None:
    """An administrator who was named and never came makes room for another."""
    admin.active, admin.invited_until = False, None
    revoke_tokens(admin.id, *TokenKind)
    end_sessions_of(admin.id, SessionEnd.DEACTIVATED)
    db.session.flush()
    record("user.deactivated", admin)


def _user_of(row: OneTimeToken) -> User:
    user = db.session.get(User, row.user_id)
    if user is None or not user.active:
        raise LookupError("Nobody is invited by this link.")
    return user


def _may_skip(user: User) -> bool:
    return user.role is Role.ALUMNUS
