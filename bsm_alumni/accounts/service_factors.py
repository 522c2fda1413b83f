"""Second factors: showing one, adding, removing and resetting them. What changes is put down and told by mail."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import current_app, request
from flask_babel import gettext as _

from bsm_alumni.accounts import service_passkeys, service_recovery, service_totp
from bsm_alumni.accounts.enums import Awaits, SessionEnd, SignInMethod
from bsm_alumni.accounts.mails import Notice, notify
from bsm_alumni.accounts.models import Passkey, User, UserSession
from bsm_alumni.accounts.rules import DEMO_DOMAIN, Guess
from bsm_alumni.accounts.rules_passkeys import MOST_PASSKEYS
from bsm_alumni.accounts.rules_recovery import FEW
from bsm_alumni.accounts.rules_sessions import awaited
from bsm_alumni.accounts.service_limits import account_key, check_limit, clear, count_failure, network_key
from bsm_alumni.accounts.service_sessions import (
    end_sessions_of,
    has_second_factor,
    rotate_token,
    show_factor,
    start_session,
)
from bsm_alumni.audit.service import record
from bsm_alumni.audit.service_denials import note_denied
from bsm_alumni.extensions import db
from bsm_alumni.web.errors import FieldErrors, NotThere, Refused


@dataclass(frozen=True, slots=True)
class Factors:
    """What a user has set up."""

    app_since: datetime | None
    passkeys: list[Passkey]
    codes_left: int
    # True where the role works without a second factor, so that the last one may go too.
    may_do_without: bool
    passkeys_work_here: bool

    @property
    def any(self) -> bool:
        return self.app_since is not None or bool(self.passkeys)

    @property
    def is_last(self) -> bool:
        """True when there is one factor only."""
        return (self.app_since is not None) + len(self.passkeys) == 1

    @property
    def codes_run_out(self) -> bool:
        return self.any and self.codes_left <= FEW

    @property
    def takes_more_passkeys(self) -> bool:
        return self.passkeys_work_here and len(self.passkeys) < MOST_PASSKEYS


def factors_of(user: User) -> Factors:
    """What the user has set up. Two queries."""
    return Factors(
        user.totp_confirmed_at,
        service_passkeys.passkeys_of(user),
        service_recovery.count_codes(user),
        not _is_required(user),
        service_passkeys.find_party() is not None,
    )


# ---- Showing a factor -------------------------------------------------------------------


def show_code(row: UserSession, code: str) -> None:
    """Complete the session with a code of the app. Raises FieldErrors and TooManyTries."""
    if not _guess(Guess.FACTOR, row.user, lambda: service_totp.take_code(row.user, code)):
        raise FieldErrors({"code": _wrong_code()})
    _complete(row, "app")


def show_recovery_code(row: UserSession, code: str) -> int:
    """Complete the session with a recovery code; returns how many are left. Raises FieldErrors and TooManyTries."""
    user = row.user
    if not _guess(Guess.RECOVERY, user, lambda: service_recovery.take_recovery_code(user, code)):
        raise FieldErrors({"recovery_code": _("This code is not one of those you have left. Write another one.")})
    record("user.recovery_code_used", user)
    notify(user, Notice.RECOVERY_CODE_USED)
    _complete(row, "recovery")
    return service_recovery.count_codes(user)


def show_passkey(row: UserSession, answer: str) -> None:
    """Complete the session with a passkey. Raises PasskeyRefused."""
    with _refusal_put_down():
        service_passkeys.prove_with_passkey(row.user, answer)
    _complete(row, "passkey")


def sign_in_with_passkey(answer: str) -> User:
    """Sign the passkey's owner in: the device asked for a PIN or a finger, so both factors were shown at once.

    Raises PasskeyRefused.
    """
    with _refusal_put_down():
        user = service_passkeys.user_by_passkey(answer)
        if user.email.endswith(DEMO_DOMAIN) and not _is_demo():
            raise service_passkeys.PasskeyRefused
    start_session(user, SignInMethod.PASSKEY, factor_shown=True)
    record("user.signed_in", user, after={"method": SignInMethod.PASSKEY})
    return user


# ---- Adding and removing ------------------------------------------------------------------


def confirm_app(row: UserSession, code: str) -> list[str]:
    """Let the app count whose secret was shown. Returns recovery codes to show now, when there were none.

    Raises FieldErrors, TooManyTries, and NotThere for somebody who has to show another factor first.
    """
    user = _locked_user(row)
    if not _guess(Guess.FACTOR, user, lambda: service_totp.confirm_app(user, code)):
        raise FieldErrors({"code": _wrong_code()})
    record("user.app_added", user)
    return _added(row, "app")


def add_passkey(row: UserSession, answer: str, name: str) -> list[str]:
    """Keep a passkey the browser made. Returns recovery codes to show now, when there were none.

    Raises PasskeyRefused, and NotThere for somebody who has to show another factor first.
    """
    user = _locked_user(row)
    number = len(service_passkeys.passkeys_of(user)) + 1
    kept = service_passkeys.keep_passkey(user, answer, name.strip() or _("Passkey %(number)s", number=number))
    record("user.passkey_added", user, after={"passkey": kept.name})
    return _added(row, "passkey")


def rename_passkey(user: User, passkey_id: int, name: str) -> None:
    """Give one of the user's passkeys another name. Raises NotThere."""
    kept = service_passkeys.find_passkey_of(user, passkey_id)
    if kept is None:
        raise NotThere
    before, kept.name = kept.name, name.strip()
    db.session.flush()
    record("user.passkey_renamed", user, before={"passkey": before}, after={"passkey": kept.name})


def remove_passkey(row: UserSession, passkey_id: int) -> None:
    """Let a passkey count no more. Raises NotThere, and Refused for the last factor of those who need one."""
    user = _locked_user(row)
    kept = service_passkeys.find_passkey_of(user, passkey_id)
    if kept is None:
        raise NotThere
    _keep_one(user)
    record("user.passkey_removed", user, before={"passkey": kept.name})
    db.session.delete(kept)
    db.session.flush()
    _removed(row, "passkey")


def remove_app(row: UserSession) -> None:
    """Let the app count no more. Raises NotThere, and Refused for the last factor of those who need one."""
    user = _locked_user(row)
    if user.totp_confirmed_at is None:
        raise NotThere
    _keep_one(user)
    service_totp.forget_app(user)
    record("user.app_removed", user)
    _removed(row, "app")


def new_recovery_codes(row: UserSession) -> list[str]:
    """Ten new recovery codes to show now; the old ones stop working. Raises Refused for those without a factor."""
    user = _locked_user(row)
    if not has_second_factor(user):
        raise Refused(_("Set up an app or a passkey first. Recovery codes stand in for them."))
    codes = service_recovery.make_codes(user)
    record("user.recovery_codes_made", user)
    notify(user, Notice.FACTOR_ADDED, factor="recovery")
    return codes


def reset_factors(user: User) -> None:
    """Take all second factors from a user who lost them, and end all their sessions; they set up new ones."""
    db.session.execute(sa.select(User.id).where(User.id == user.id).with_for_update())
    before = factors_of(user)
    service_totp.forget_app(user)
    service_passkeys.forget_passkeys(user)
    service_recovery.forget_codes(user)
    end_sessions_of(user.id, SessionEnd.FACTOR_CHANGED)
    record(
        "user.factors_reset",
        user,
        before={"app": before.app_since is not None, "passkeys": [row.name for row in before.passkeys]},
    )
    notify(user, Notice.FACTOR_REMOVED, factor="all")


# ---- Inside -------------------------------------------------------------------------------


def _guess(kind: Guess, user: User, is_right: Callable[[], bool]) -> bool:
    """Look at one guess, unless there were too many; a wrong one is counted for the account and the network."""
    keys = (account_key(user.email), network_key(request.remote_addr or ""))
    check_limit(kind, keys)
    if is_right():
        clear(kind, keys)
        return True
    count_failure(kind, keys)
    record("user.second_factor_failed", user, after={"factor": kind})
    return False


@contextmanager
def _refusal_put_down() -> Iterator[None]:
    """Enter a passkey that was refused into the trail, whatever becomes of the request."""
    try:
        yield
    except service_passkeys.PasskeyRefused:
        note_denied("passkey")
        raise


def _complete(row: UserSession, factor: str) -> None:
    rotate_token(row)
    show_factor(row)
    record("user.second_factor_shown", row.user, after={"factor": factor})


def _locked_user(row: UserSession) -> User:
    """The session's user, with nobody else changing their factors meanwhile.

    A session that awaits a factor may set up the first one and nothing else: had somebody else set one up in the
    meantime, it would have to be shown.
    """
    db.session.execute(sa.select(User.id).where(User.id == row.user_id).with_for_update())
    db.session.refresh(row)
    db.session.refresh(row.user)
    if row.ended_at is not None or (row.second_factor_at is None and has_second_factor(row.user)):
        raise NotThere
    return row.user


def _added(row: UserSession, factor: str) -> list[str]:
    user = row.user
    end_sessions_of(user.id, SessionEnd.FACTOR_CHANGED, but=row)
    notify(user, Notice.FACTOR_ADDED, factor=factor)
    codes = [] if service_recovery.count_codes(user) else service_recovery.make_codes(user)
    _complete(row, factor)
    return codes


def _removed(row: UserSession, factor: str) -> None:
    if not has_second_factor(row.user):
        service_recovery.forget_codes(row.user)
    end_sessions_of(row.user_id, SessionEnd.FACTOR_CHANGED, but=row)
    notify(row.user, Notice.FACTOR_REMOVED, factor=factor)


def _keep_one(user: User) -> None:
    found = factors_of(user)
    if found.is_last and not found.may_do_without:
        raise Refused(_("This is your last second factor, and your role needs one. Add another one first."))


def _is_demo() -> bool:
    return bool(current_app.extensions["bsm_settings"].is_demo)


def _is_required(user: User) -> bool:
    return awaited(user.role, False, False, not _is_demo()) is not Awaits.NOTHING


def _wrong_code() -> str:
    return _("This code does not count. Wait for the next one in the app and write that.")
