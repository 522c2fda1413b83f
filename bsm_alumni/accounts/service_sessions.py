"""Sessions live in the database: the cookie holds a random token, and a session that is ended is over everywhere."""

import secrets
from collections.abc import Callable

import sqlalchemy as sa
from flask import current_app, g, has_request_context, request, session
from flask_login import current_user

from bsm_alumni.accounts.enums import Awaits, SessionEnd, SignInMethod
from bsm_alumni.accounts.mails import Notice, notify
from bsm_alumni.accounts.models import Passkey, User, UserSession
from bsm_alumni.accounts.rules_sessions import SEEN_EVERY, awaited, is_alive
from bsm_alumni.accounts.service_devices import find_known_device, remember_device
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.edge import write_anyway
from bsm_alumni.web.tokens import hash_of

# Kept when a session begins or ends; everything else in the cookie goes.
KEPT_KEYS = ("locale",)


def has_second_factor(user: User) -> bool:
    """True when the user set up an authenticator app or a passkey."""
    if user.totp_confirmed_at is not None:
        return True
    return db.session.scalar(sa.select(Passkey.id).where(Passkey.user_id == user.id).limit(1)) is not None


def start_session(user: User, method: SignInMethod, *, factor_shown: bool = False) -> UserSession:
    """Sign the user in on this request's browser, with a new token and nothing left of the session before.

    The session opens nothing while it ``awaits`` a second factor.
    """
    now = utc_now()
    required = not current_app.extensions["bsm_settings"].is_demo
    token = secrets.token_urlsafe(32)
    row = UserSession(
        token_hash=hash_of(token),
        user_id=user.id,
        method=method,
        awaits=awaited(user.role, has_second_factor(user), factor_shown, required),
        created_at=now,
        seen_at=now,
        fresh_at=now,
        second_factor_at=now if factor_shown else None,
        network=(request.remote_addr or "")[:45],
        device=(request.user_agent.string or "")[:200],
    )
    before = find_current_session()
    if before is not None:
        # Whoever signs in anew in the same browser leaves no second session behind that nobody uses.
        end_session(before, SessionEnd.REPLACED)
    db.session.add(row)
    _empty_cookie()
    session["_user_id"] = token
    db.session.flush()
    _set_current(user, row)
    if row.awaits is Awaits.NOTHING:
        _came_in(row)
    return row


def show_factor(row: UserSession) -> None:
    """The second factor was shown in this session: it opens what the user may see, and its proof is fresh."""
    was_half = row.awaits is not Awaits.NOTHING
    row.awaits, row.second_factor_at, row.fresh_at = Awaits.NOTHING, utc_now(), utc_now()
    if was_half:
        _came_in(row)
    db.session.flush()


def prove_fresh(row: UserSession) -> None:
    """Who is at this browser was proved again, so what is sensitive opens for a while; not for older copies of the
    cookie. The rest of the cookie stays, since forms may be open in other windows.
    """
    token = secrets.token_urlsafe(32)
    row.token_hash, row.fresh_at = hash_of(token), utc_now()
    session["_user_id"] = token
    db.session.flush()


def rotate_token(row: UserSession) -> None:
    """Give this browser's session a new token: a cookie copied before the second factor was shown opens nothing."""
    token = secrets.token_urlsafe(32)
    row.token_hash = hash_of(token)
    _empty_cookie()
    session["_user_id"] = token
    db.session.flush()


def owes_a_factor(row: UserSession) -> bool:
    """True while the session opens nothing: a second factor has still to be shown, or set up and then shown.

    A session that began in the demo without one owes it as well, once the same database is no demo any more.
    """
    if row.awaits is not Awaits.NOTHING:
        return True
    required = not current_app.extensions["bsm_settings"].is_demo
    return row.second_factor_at is None and awaited(row.user.role, False, False, required) is not Awaits.NOTHING


def end_session(row: UserSession, why: SessionEnd) -> None:
    """End one session, on whatever device it is."""
    if row.ended_at is None:
        row.ended_at, row.ended_why = utc_now(), why
        db.session.flush()


def end_sessions_of(user_id: int, why: SessionEnd, but: UserSession | None = None) -> int:
    """End every session of a user, ``but`` one; returns how many were open."""
    found = sa.update(UserSession).where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
    if but is not None:
        found = found.where(UserSession.id != but.id)
    ended = db.session.execute(found.values(ended_at=utc_now(), ended_why=why))
    return int(ended.rowcount)  # type: ignore[attr-defined]


def leave() -> None:
    """Take the session out of this browser's cookie; ``end_session`` ends it for copies of the cookie too."""
    _empty_cookie()
    _set_current(None, None)


def find_current_session() -> UserSession | None:
    """The session of this request, complete or not; None for visitors."""
    # Loading the user is what finds the session.
    if not has_request_context() or not current_user.is_authenticated:  # type: ignore[attr-defined]
        return None
    row: UserSession | None = g.get("user_session")
    return row


def get_current_session() -> UserSession:
    """The session of this request; raises LookupError for visitors."""
    row = find_current_session()
    if row is None:
        raise LookupError("Nobody is signed in.")
    return row


def load_user(token: str) -> User | None:
    """The user behind a cookie's token; None when the session is over or the user was let in no more."""
    row = db.session.scalar(sa.select(UserSession).where(UserSession.token_hash == hash_of(token)))
    now = utc_now()
    if row is None or row.ended_at is not None or not row.user.active:
        return None
    if not is_alive(row.user.role, row.created_at, row.seen_at, now, row.awaits):
        return None
    if now - row.seen_at >= SEEN_EVERY:
        write_anyway(_seen(row.id))
    g.user_session = row
    return row.user


def _seen(session_id: int) -> Callable[[], None]:
    def write() -> None:
        db.session.execute(sa.update(UserSession).where(UserSession.id == session_id).values(seen_at=utc_now()))

    return write


def _came_in(row: UserSession) -> None:
    """The sign-in is complete: the device is known from now on, and the user hears of one that was not."""
    user = row.user
    if user.last_sign_in_at is not None and find_known_device(user) is None:
        notify(user, Notice.NEW_DEVICE, device=row.device, network=row.network)
    user.last_sign_in_at = utc_now()
    remember_device(user)
    db.session.flush()


def _empty_cookie() -> None:
    kept = {key: session[key] for key in KEPT_KEYS if key in session}
    session.clear()
    session.update(kept)
    # The token of the forms went with the rest; a page made in this same request needs the next one.
    g.pop("csrf_token", None)


def _set_current(user: User | None, row: UserSession | None) -> None:
    g.user_session = row
    g._login_user = user if user is not None else current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
