"""What people do with their own account: prove who they are, change the password, look at sessions and end them."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from flask import session
from flask_babel import gettext as _

from bsm_alumni.accounts.enums import SessionEnd, SignInMethod, TokenKind
from bsm_alumni.accounts.mails import Notice, notify
from bsm_alumni.accounts.models import User, UserSession
from bsm_alumni.accounts.rules import Guess
from bsm_alumni.accounts.rules_sessions import is_alive
from bsm_alumni.accounts.service_limits import account_key, check_limit, clear, count_failure, network_key
from bsm_alumni.accounts.service_passwords import own_words, password_fits, set_password, weakness_words
from bsm_alumni.accounts.service_sessions import end_session, end_sessions_of, prove_fresh
from bsm_alumni.accounts.service_sign_in import note_failed_sign_in
from bsm_alumni.accounts.service_tokens import make_token, open_token, revoke_tokens, use_token
from bsm_alumni.audit.rules import changed
from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.errors import FieldErrors, NotThere

CONFIRM_WITHIN = timedelta(minutes=20)


def confirm_by_password(row: UserSession, password: str, network_address: str) -> None:
    """Prove anew who is at this browser. Raises FieldErrors for a wrong password, and TooManyTries."""
    _check_password(row.user, "password", password, network_address)
    prove_fresh(row)


def _check_password(user: User, field: str, password: str, network_address: str) -> None:
    keys = [account_key(user.email), network_key(network_address)]
    check_limit(Guess.PASSWORD, keys)
    if not password_fits(user, password):
        count_failure(Guess.PASSWORD, keys)
        note_failed_sign_in(user, user.email, SignInMethod.PASSWORD, network_address)
        raise FieldErrors({field: _("This is not your password. Write it again.")})
    clear(Guess.PASSWORD, keys)


def ask_confirm_link(row: UserSession) -> None:
    """Send a link that proves who is at this browser, for those without a password. Raises TooManyTries."""
    keys = [account_key(row.user.email)]
    check_limit(Guess.LINK, keys)
    count_failure(Guess.LINK, keys)
    token = make_token(row.user, TokenKind.CONFIRM, CONFIRM_WITHIN, {"session": row.id})
    notify(row.user, Notice.CONFIRM_LINK, token=token)


def check_confirm_link(row: UserSession, token: str) -> None:
    """Raise LookupError and TokenClosed for a link that would prove nothing in this browser."""
    if open_token(TokenKind.CONFIRM, token).params.get("session") != row.id:
        raise LookupError("The link was asked for in another browser.")


def confirm_by_link(row: UserSession, token: str) -> None:
    """Use the link up. It proves something only in the session that asked: a copied cookie gains nothing by it.

    Raises LookupError and TokenClosed.
    """
    check_confirm_link(row, token)
    use_token(TokenKind.CONFIRM, token)
    prove_fresh(row)


def change_password(row: UserSession, current: str | None, password: str, network_address: str) -> None:
    """Keep a new password; all sessions end but this one. Whoever has none yet needs no ``current`` one.

    Raises FieldErrors for a wrong or a weak one, and TooManyTries. The caller keeps what was counted.
    """
    user = row.user
    if user.password:
        _check_password(user, "current", current or "", network_address)
    if weak := weakness_words(password, own_words(user)):
        raise FieldErrors({"password": weak})
    set_password(user, password)
    end_sessions_of(user.id, SessionEnd.PASSWORD_CHANGED, but=row)
    revoke_tokens(user.id, TokenKind.PASSWORD_RESET, TokenKind.SIGN_IN, TokenKind.CONFIRM, TokenKind.INVITATION)
    record("user.password_changed", user)
    notify(user, Notice.PASSWORD_CHANGED)


def open_sessions(user: User) -> Sequence[UserSession]:
    """The user's sessions that are not over, last seen first."""
    now = utc_now()
    rows = db.session.scalars(
        sa.select(UserSession)
        .where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
        .order_by(UserSession.seen_at.desc(), UserSession.id.desc())
    )
    return [row for row in rows if is_alive(user.role, row.created_at, row.seen_at, now, row.awaits)]


def end_own_session(user: User, session_id: int) -> None:
    """End one of the user's sessions; raises NotThere for one that is not theirs."""
    row = db.session.get(UserSession, session_id)
    if row is None or row.user_id != user.id:
        raise NotThere
    if row.ended_at is None:
        end_session(row, SessionEnd.ENDED_BY_USER)
        record("user.session_ended", user, after={"session": row.id})


def end_other_sessions(row: UserSession) -> int:
    """End all sessions of the user but this one; returns how many were open."""
    ended = end_sessions_of(row.user_id, SessionEnd.ENDED_BY_USER, but=row)
    record("user.sessions_ended", row.user, after={"sessions": ended})
    return ended


def set_preferences(user: User, locale: str, zone: str) -> None:
    """Keep the language and the time zone of the user's pages and mails."""
    before, after = changed({"locale": user.locale, "zone": user.zone}, {"locale": locale, "zone": zone})
    user.locale, user.zone = locale, zone
    # A language chosen for this browser would hide the one just chosen.
    session.pop("locale", None)
    db.session.flush()
    if after:
        record("user.preferences_changed", user, before=before, after=after)
