"""Links that somebody asks for by writing an address: to sign in, and to choose a new password.

Whether the address has an account shows neither in the answer nor in its time: the request looks the address up and
puts one row down either way, and the worker does the rest after the commit.
"""

from datetime import timedelta
from typing import Any

from bsm_alumni.accounts.enums import Role, SessionEnd, SignInMethod, TokenKind
from bsm_alumni.accounts.mails import Notice, notify
from bsm_alumni.accounts.models import OneTimeToken, User
from bsm_alumni.accounts.queries import find_active_user, find_user
from bsm_alumni.accounts.rules import Guess
from bsm_alumni.accounts.service_devices import find_known_device
from bsm_alumni.accounts.service_limits import account_key, check_limit, count_failure, device_key, network_key
from bsm_alumni.accounts.service_passwords import own_words, set_password, weakness_words
from bsm_alumni.accounts.service_sessions import end_sessions_of, start_session
from bsm_alumni.accounts.service_tokens import make_token, revoke_tokens, use_token
from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db
from bsm_alumni.jobs.models import Job
from bsm_alumni.jobs.service import enqueue
from bsm_alumni.web.errors import FieldErrors

JOB = "account.link"
NOTICES = {TokenKind.SIGN_IN: Notice.SIGN_IN_LINK, TokenKind.PASSWORD_RESET: Notice.PASSWORD_LINK}
LIFETIMES = {TokenKind.SIGN_IN: timedelta(minutes=20), TokenKind.PASSWORD_RESET: timedelta(hours=1)}


def ask_link(kind: TokenKind, email: str, network_address: str) -> None:
    """Have a link sent to the address if it belongs to somebody who may use one. Raises TooManyTries."""
    user = find_user(email)
    device = find_known_device(user)
    keys = [device_key(device) if device else account_key(email), network_key(network_address)]
    check_limit(Guess.LINK, keys)
    count_failure(Guess.LINK, keys)
    # 0 for an address without an account: the row is put down all the same.
    enqueue(JOB, {"user": user.id if user else 0, "kind": kind.value})


def send_link(job: Job) -> dict[str, Any] | None:
    """Make the link that was asked for and put its mail into the outbox. For the worker."""
    user, kind = find_active_user(int(job.params["user"])), TokenKind(job.params["kind"])
    if user is None or not may_use(user, kind):
        return None
    token = make_token(user, kind, LIFETIMES[kind])
    notify(user, NOTICES[kind], token=token)
    record("user.link_sent", user, after={"kind": kind})
    return None


def may_use(user: User, kind: TokenKind) -> bool:
    """Links to sign in are for alumni alone; those who come through their organisation's sign-in have no password."""
    if kind is TokenKind.SIGN_IN:
        return user.role is Role.ALUMNUS
    return bool(user.password) or user.oidc_subject is None


def sign_in_by_link(token: str) -> User:
    """Use the link up and sign its owner in on this request's browser. Raises LookupError and TokenClosed."""
    user = _user_of(use_token(TokenKind.SIGN_IN, token), TokenKind.SIGN_IN)
    start_session(user, SignInMethod.LINK)
    record("user.signed_in", user, after={"method": SignInMethod.LINK})
    return user


def reset_password(token: str, password: str) -> User:
    """Use the link up and keep a new password; every session of the user ends.

    Raises FieldErrors for a weak password, which leaves the link open, LookupError and TokenClosed.
    """
    user = _user_of(use_token(TokenKind.PASSWORD_RESET, token), TokenKind.PASSWORD_RESET)
    if weak := weakness_words(password, own_words(user)):
        # The answer is a refusal, so the use of the link is rolled back with it.
        raise FieldErrors({"password": weak})
    set_password(user, password)
    end_sessions_of(user.id, SessionEnd.PASSWORD_CHANGED)
    # Whoever asked for one of these may have been somebody else. The way back to the old address stays open.
    revoke_tokens(user.id, TokenKind.SIGN_IN, TokenKind.ADDRESS_CHANGE, TokenKind.CONFIRM, TokenKind.INVITATION)
    record("user.password_reset", user, actor=user.name or user.email)
    notify(user, Notice.PASSWORD_CHANGED)
    return user


def _user_of(row: OneTimeToken, kind: TokenKind) -> User:
    user = db.session.get(User, row.user_id)
    if user is None or not user.active or not may_use(user, kind):
        raise LookupError("There is nobody behind this link.")
    return user


JOB_HANDLERS = {JOB: send_link}
