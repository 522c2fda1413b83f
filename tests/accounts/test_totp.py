"""Codes of an authenticator app: as RFC 6238 has them, near now, each once; the secret is never in clear."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from bsm_alumni.accounts import service_totp
from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.rules_totp import (
    base32_of,
    code_at,
    digits_of,
    in_groups,
    matching_step,
    provisioning_uri,
    step_at,
)
from bsm_alumni.extensions import db, utc_now
from tests.accounts.signing import code_now, give_app, secret_of, wrong_code
from tests.factories import Factory

SECRET = b"12345678901234567890"
# RFC 6238, appendix B, SHA-1: seconds since 1970 and the code of eight digits.
VECTORS = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_the_vectors_of_the_standard(seconds: int, code: str) -> None:
    assert code_at(SECRET, step_at(seconds), digits=8) == code
    assert code_at(SECRET, step_at(seconds)) == code[-6:]


@pytest.mark.parametrize(("off", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_step_early_or_late_counts_and_no_more(off: int, counts: bool) -> None:
    seconds, step = 1111111111, step_at(1111111111)
    assert matching_step(SECRET, code_at(SECRET, step + off), seconds, 0) == (step + off if counts else None)


@given(last=st.integers(-3, 3), shown=st.integers(-3, 3))
def test_a_code_counts_only_after_the_last_one_taken(last: int, shown: int) -> None:
    step = step_at(1111111111)
    found = matching_step(SECRET, code_at(SECRET, step + shown), 1111111111, step + last)
    assert (found is not None) == (shown in (-1, 0, 1) and shown > last)


@given(st.text(max_size=12))
def test_whatever_is_written_breaks_nothing(text: str) -> None:
    right = {code_at(SECRET, step): step for step in (0, 1, 2)}
    assert matching_step(SECRET, text, 59, -1) == right.get(digits_of(text))


def test_digits_of_every_script_and_with_blanks() -> None:
    assert digits_of("٢٨٧ ٠٨٢") == "287082"
    assert digits_of("२८७०८२") == "287082"


def test_the_address_for_the_qr_code() -> None:
    assert provisioning_uri(SECRET, "a+b@example.org") == (
        "otpauth://totp/BSM%20Alumni:a%2Bb%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=BSM%20Alumni"
    )
    assert in_groups(base32_of(SECRET)) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"


def test_an_app_counts_once_a_code_confirmed_it(app: Flask, make: Factory) -> None:
    user = make.user()
    service_totp.start_app(user)
    secret = secret_of(user)
    assert len(secret) == 20
    assert not service_totp.take_code(user, code_now(secret))
    assert not service_totp.confirm_app(user, wrong_code(secret))
    assert service_totp.confirm_app(user, code_now(secret))
    # The code that confirmed it is used up.
    assert not service_totp.take_code(user, code_now(secret))
    assert service_totp.take_code(user, code_now(secret, 1))
    assert not service_totp.confirm_app(user, code_now(secret, 1))


def test_each_code_is_taken_once_and_no_older_one_after_it(app: Flask, make: Factory) -> None:
    user = make.user()
    secret = give_app(user)
    assert service_totp.take_code(user, code_now(secret))
    assert not service_totp.take_code(user, code_now(secret))
    assert not service_totp.take_code(user, code_now(secret, -1))
    assert service_totp.take_code(user, code_now(secret, 1))
    assert not service_totp.take_code(user, code_now(secret))


def test_a_waiting_secret_leaves_the_present_app_alone(app: Flask, make: Factory) -> None:
    user = make.user()
    old = give_app(user)
    service_totp.start_app(user)
    new = secret_of(user)
    assert old != new
    assert service_totp.take_code(user, code_now(old))
    assert service_totp.confirm_app(user, code_now(new))
    assert not service_totp.take_code(user, code_now(old, 1))
    assert service_totp.take_code(user, code_now(new, 1))


def test_a_secret_waits_half_an_hour(app: Flask, make: Factory) -> None:
    user = make.user()
    service_totp.start_app(user)
    secret = secret_of(user)
    user.totp_pending_at = utc_now() - timedelta(minutes=31)
    db.session.flush()
    assert service_totp.find_pending(user) is None
    assert not service_totp.confirm_app(user, code_now(secret))


def test_the_database_holds_the_secret_encrypted(app: Flask, make: Factory) -> None:
    user = make.user()
    secret = give_app(user)
    kept = str(db.session.execute(sa.select(*User.__table__.columns)).one())
    for form in (repr(secret), secret.hex(), base32_of(secret)):
        assert form not in kept
    assert service_totp.seal(secret, user) != service_totp.seal(secret, user)


def test_a_secret_copied_to_another_user_opens_nothing(app: Flask, make: Factory) -> None:
    user, other = make.user(), make.user()
    secret = give_app(user)
    other.totp_secret, other.totp_confirmed_at = user.totp_secret, user.totp_confirmed_at
    db.session.commit()
    assert not service_totp.take_code(other, code_now(secret))
    assert service_totp.take_code(user, code_now(secret))


def test_a_secret_opens_under_its_own_key_only(app: Flask, make: Factory) -> None:
    user = make.user()
    sealed, secret = user_sealed(user)
    assert service_totp.unseal(sealed, user) == secret
    before = app.config["SECRET_KEY"]
    app.config["SECRET_KEY"] = before[:-1] + "!"
    try:
        assert service_totp.unseal(sealed, user) is None
    finally:
        app.config["SECRET_KEY"] = before


def user_sealed(user: User) -> tuple[str, bytes]:
    secret = give_app(user)
    return user.totp_secret or "", secret
