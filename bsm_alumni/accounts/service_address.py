"""Changing the address that one signs in with: the new one confirms, the old one can undo it for a week."""

import secrets
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from bsm_alumni.accounts.enums import SessionEnd, TokenKind
from bsm_alumni.accounts.errors import TokenClosed
from bsm_alumni.accounts.mails import Notice, notify
from bsm_alumni.accounts.models import OneTimeToken, User, UserSession
from bsm_alumni.accounts.queries import find_user
from bsm_alumni.accounts.rules import DEMO_DOMAIN, Guess
from bsm_alumni.accounts.service_limits import account_key, check_limit, count_failure
from bsm_alumni.accounts.service_sessions import end_sessions_of
from bsm_alumni.accounts.service_tokens import make_token, open_token, revoke_tokens, use_token
from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db
from bsm_alumni.web.errors import FieldErrors, Refused

CONFIRM_WITHIN = timedelta(hours=24)
UNDO_WITHIN = timedelta(days=7)
RESET_WITHIN = timedelta(hours=1)


def ask_new_address(user: User, address: str) -> None:
    """Send a link to the new address; nothing changes until it is opened. Raises FieldErrors and TooManyTries.

    The answer does not tell whether the address has an account: if it has, its owner is told instead.
    """
    address = address.strip().lower()
    if address == user.email:
        raise FieldErrors({"email": _("This is your address already.")})
    name, _at, domain = address.partition("@")
    if not name or "." not in domain.strip(".") or any(sign.isspace() for sign in address):
        raise FieldErrors({"email": _("Write the address as name@domain.")})
    if address.endswith(DEMO_DOMAIN):
        raise FieldErrors({"email": _("Addresses of the demo are not for real accounts.")})
    keys = [account_key(user.email)]
    check_limit(Guess.LINK, keys)
    count_failure(Guess.LINK, keys)
    token = make_token(user, TokenKind.ADDRESS_CHANGE, CONFIRM_WITHIN, {"address": address})
    owner = find_user(address)
    if owner is None:
        notify(user, Notice.ADDRESS_LINK, to_address=address, token=token)
    else:
        notify(owner, Notice.ADDRESS_TAKEN)
    record("user.address_asked", user)


def pending_address(user: User, token: str) -> str:
    """The address that a link is to confirm. Raises LookupError, also for another's link, and TokenClosed."""
    return str(_own(open_token(TokenKind.ADDRESS_CHANGE, token), user).params["address"])


def confirm_address(user: User, token: str, row: UserSession) -> None:
    """Sign in with the new address from now on; all sessions end but this one. The old address is told.

    Only the user confirms, signed in: a link that went to a stranger by a slip of the pen gives them nothing.
    Raises LookupError, TokenClosed, and Refused when somebody else has the address by now.
    """
    used = _own(use_token(TokenKind.ADDRESS_CHANGE, token), user)
    old, new = user.email, str(used.params["address"])
    _set_address(user, new)
    end_sessions_of(user.id, SessionEnd.ADDRESS_CHANGED, but=row)
    # Links under way went to the old address.
    revoke_tokens(user.id, TokenKind.SIGN_IN, TokenKind.PASSWORD_RESET, TokenKind.CONFIRM)
    record("user.address_changed", user, before={"email": old}, after={"email": new})
    # Whoever changes the address again and again does not close the way back to the first one.
    undo = make_token(user, TokenKind.ADDRESS_UNDO, UNDO_WITHIN, {"address": old}, keep_earlier=True)
    notify(user, Notice.ADDRESS_CHANGED, to_address=old, token=undo, address=new)


def undoing(token: str) -> str:
    """The address that a link would bring back. Raises LookupError and TokenClosed."""
    return str(open_token(TokenKind.ADDRESS_UNDO, token).params["address"])


def undo_address(token: str) -> OneTimeToken:
    """Bring the old address back and let nobody in until a new password is chosen; returns the link to choose one.

    Whoever changed the address may know the password. Raises LookupError, TokenClosed and Refused.
    """
    used = use_token(TokenKind.ADDRESS_UNDO, token)
    user = db.session.get_one(User, used.user_id)
    if not user.active:
        raise TokenClosed
    wrong, address = user.email, str(used.params["address"])
    _set_address(user, address)
    user.password, user.fs_uniquifier = None, secrets.token_hex(32)
    end_sessions_of(user.id, SessionEnd.ADDRESS_CHANGED)
    # The way back to an address before this one stays open: it may be the true owner's.
    revoke_tokens(user.id, *(kind for kind in TokenKind if kind is not TokenKind.ADDRESS_UNDO))
    revoke_tokens(user.id, TokenKind.ADDRESS_UNDO, after_id=used.id)
    record("user.address_restored", user, before={"email": wrong}, after={"email": address}, actor=user.name or address)
    notify(user, Notice.ADDRESS_RESTORED)
    return make_token(user, TokenKind.PASSWORD_RESET, RESET_WITHIN)


def _own(row: OneTimeToken, user: User) -> OneTimeToken:
    if row.user_id != user.id:
        raise LookupError("This link is somebody else's.")
    return row


def _set_address(user: User, address: str) -> None:
    try:
        with db.session.begin_nested():
            user.email = address
            db.session.flush()
    except IntegrityError as taken:
        raise Refused(_("This address has an account by now, so nothing was changed.")) from taken
