"""Signing in with address and password, and signing out."""

from flask import current_app

from bsm_alumni.accounts.enums import SessionEnd, SignInMethod
from bsm_alumni.accounts.errors import SignInRefused
from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.queries import find_user
from bsm_alumni.accounts.rules import DEMO_DOMAIN, DEMO_PASSWORD, Guess, network_of
from bsm_alumni.accounts.service_devices import find_known_device
from bsm_alumni.accounts.service_limits import (
    account_key,
    check_limit,
    clear,
    count_failure,
    device_key,
    keyed_hash,
    network_key,
)
from bsm_alumni.accounts.service_passwords import password_fits
from bsm_alumni.accounts.service_sessions import end_session, find_current_session, leave, start_session
from bsm_alumni.audit.service import Change, record, record_many

VISITOR = "visitor"


def sign_in(email: str, password: str, network_address: str) -> User:
    """Sign the person in on this request's browser. Raises SignInRefused and TooManyTries.

    An address without an account costs the same work and gets the same answer as a wrong password.
    """
    email = email.strip().lower()
    user = find_user(email)
    device = find_known_device(user)
    keys = [device_key(device) if device else account_key(email), network_key(network_address)]
    check_limit(Guess.PASSWORD, keys)
    fits = password_fits(user, password)
    if user is None or not fits or _is_demo_elsewhere(email, password):
        count_failure(Guess.PASSWORD, keys)
        note_failed_sign_in(user, email, SignInMethod.PASSWORD, network_address)
        raise SignInRefused
    clear(Guess.PASSWORD, keys)
    start_session(user, SignInMethod.PASSWORD)
    record("user.signed_in", user, after={"method": SignInMethod.PASSWORD})
    return user


def note_failed_sign_in(user: User | None, email: str, method: SignInMethod, network_address: str) -> None:
    """Enter a failed sign-in into the trail; of an address without an account only a keyed hash is kept."""
    about = {"method": method, "network": network_of(network_address)}
    if user is None:
        change = Change("user.sign_in_failed", "addresses", keyed_hash(account_key(email)), {}, about)
    else:
        change = Change("user.sign_in_failed", "users", user.id, {}, about, user.alumnus_id)
    record_many([change], VISITOR)


def sign_out(user: User) -> None:
    """End this browser's session, for copies of its cookie too."""
    record("user.signed_out", user)
    row = find_current_session()
    if row is not None:
        end_session(row, SessionEnd.SIGNED_OUT)
    leave()


def _is_demo_elsewhere(email: str, password: str) -> bool:
    is_demo = bool(current_app.extensions["bsm_settings"].is_demo)
    return not is_demo and (email.endswith(DEMO_DOMAIN) or password == DEMO_PASSWORD)
