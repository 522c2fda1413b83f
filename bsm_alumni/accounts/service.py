"""Making users, signing them in and out."""

import secrets

import sqlalchemy as sa
from flask import current_app
from flask_security.utils import hash_password, verify_and_update_password

from bsm_alumni.accounts.enums import Role, SessionEnd, SignInMethod
from bsm_alumni.accounts.errors import DemoAccountRefused, SignInRefused
from bsm_alumni.accounts.models import SignInFailure, User
from bsm_alumni.accounts.queries import find_user
from bsm_alumni.accounts.rules import (
    DEMO_DOMAIN,
    DEMO_PASSWORD,
    FREE_TRIES,
    FREE_TRIES_PER_NETWORK,
    count_failure,
    is_blocked,
)
from bsm_alumni.accounts.service_sessions import end_session, find_current_session, leave, start_session
from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.errors import FieldErrors

SHORTEST_PASSWORD = 12


def create_user(
    email: str,
    role: Role,
    *,
    password: str | None = None,
    name: str = "",
    organisation_id: int | None = None,
    alumnus_id: int | None = None,
    zone: str = "UTC",
    locale: str = "en",
) -> User:
    """Make a user. Raises FieldErrors: address taken, password short, partner without organisation."""
    email = email.strip().lower()
    errors: dict[str, str] = {}
    if "@" not in email:
        errors["email"] = f"{email!r} has no @. Write it as name@domain."
    elif find_user(email) is not None:
        errors["email"] = f"{email} has an account already."
    if role is Role.PARTNER and organisation_id is None:
        errors["organisation"] = "A partner user needs an organisation. Give its code."
    if (role is Role.ALUMNUS) != (alumnus_id is not None):
        errors["role"] = "An alumnus's user belongs to a profile, and only an alumnus's does."
    if password == DEMO_PASSWORD and not _is_demo():
        errors |= {"password": "This password is known to everyone. Choose another."}
    if password is not None and len(password) < SHORTEST_PASSWORD:
        errors["password"] = f"Use at least {SHORTEST_PASSWORD} characters."
    if errors:
        raise FieldErrors(errors)
    user = User(
        email=email,
        name=name,
        role=role,
        organisation_id=organisation_id,
        alumnus_id=alumnus_id,
        zone=zone,
        locale=locale,
        fs_uniquifier=secrets.token_hex(32),
        password=hash_password(password) if password else None,
    )
    db.session.add(user)
    db.session.flush()
    record("user.created", user, after={"email": email, "role": role, "organisation": organisation_id})
    return user


def _is_demo() -> bool:
    return bool(current_app.extensions["bsm_settings"].is_demo)


def _failures(key: str) -> SignInFailure | None:
    return db.session.get(SignInFailure, key)


def _count_failure(key: str) -> None:
    now, row = utc_now(), _failures(key)
    if row is None:
        db.session.add(SignInFailure(key=key, failures=1, last_at=now))
    else:
        row.failures, row.last_at = count_failure(row.failures, row.last_at, now), now
    db.session.flush()


def sign_in(email: str, password: str, network_address: str) -> User:
    """Sign the person in on this request's session, or raise SignInRefused.

    A wrong address costs as much time as a wrong password. Failures are counted per account and per network
    address, in the database, so that all servers count together.
    """
    email = email.strip().lower()
    keys = {f"account:{email}"[:80]: FREE_TRIES, f"network:{network_address}"[:80]: FREE_TRIES_PER_NETWORK}
    now = utc_now()
    for key, free in keys.items():
        row = _failures(key)
        if row is not None and is_blocked(row.failures, row.last_at, now, free):
            raise SignInRefused(too_many=True)
    user = find_user(email)
    if (email.endswith(DEMO_DOMAIN) or password == DEMO_PASSWORD) and not _is_demo():
        raise DemoAccountRefused
    if user is None or not user.password:
        hash_password(password)
        matches = False
    else:
        matches = verify_and_update_password(password, user) and user.active
    if not matches or user is None:
        for key in keys:
            _count_failure(key)
        raise SignInRefused
    db.session.execute(sa.delete(SignInFailure).where(SignInFailure.key == f"account:{email}"[:80]))
    start_session(user, SignInMethod.PASSWORD)
    record("user.signed_in", user)
    return user


def sign_out(user: User) -> None:
    """End this browser's session, for copies of its cookie too."""
    record("user.signed_out", user)
    row = find_current_session()
    if row is not None:
        end_session(row, SessionEnd.SIGNED_OUT)
    leave()
