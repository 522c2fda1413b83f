"""Guessing gets slow: per account and per network, in the database, and never for good."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.errors import TooManyTries
from bsm_alumni.accounts.models import SignInFailure, User
from bsm_alumni.accounts.rules import (
    FORGET_AFTER,
    FREE_TRIES,
    FREE_TRIES_PER_NETWORK,
    Guess,
    failures_after,
    network_of,
    wait_after,
    wait_left,
)
from bsm_alumni.accounts.service_limits import account_key, check_limit, clear, count_failure, network_key
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from tests.accounts.steps import PASSWORD, give_password, sign_in_by_password
from tests.browsing import csrf_token, post_form
from tests.factories import Factory

MINUTE = timedelta(minutes=1)
NOW = utc_now()


@pytest.fixture
def officer(make: Factory) -> User:
    return give_password(make.user(Role.OFFICER, email="officer@example.org"))


def test_waits_grow_to_a_quarter_of_an_hour_and_no_further() -> None:
    waits = [wait_after(failures, 5) // MINUTE for failures in range(12)]
    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 15, 15, 15]
    assert wait_after(10**9, 5) == 15 * MINUTE


def test_a_wait_ends() -> None:
    assert wait_left(5, NOW, NOW, 5) == MINUTE
    assert wait_left(5, NOW - MINUTE, NOW, 5) == timedelta(0)
    assert wait_left(4, NOW, NOW, 5) == timedelta(0)


def test_a_quiet_time_wipes_the_slate() -> None:
    assert failures_after(9, NOW - FORGET_AFTER, NOW) == 1
    assert failures_after(9, NOW - FORGET_AFTER + MINUTE, NOW) == 10
    assert failures_after(0, None, NOW) == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_one_household_of_ipv6_is_one_network(address: str, network: str) -> None:
    assert network_of(address) == network


def _blocked(kind: Guess, *keys: str) -> bool:
    try:
        check_limit(kind, keys)
    except TooManyTries:
        return True
    return False


@pytest.mark.parametrize("kind", list(Guess))
def test_each_kind_is_counted_for_itself(app: Flask, kind: Guess) -> None:
    keys = (account_key("a@example.org"), network_key("198.51.100.7"))
    for _turn in range(FREE_TRIES[kind]):
        assert not _blocked(kind, *keys)
        count_failure(kind, keys)
    assert _blocked(kind, *keys)
    assert [other for other in Guess if other is not kind and _blocked(other, *keys)] == []
    # Another account from the same network goes on, and the same account from another network does not.
    assert not _blocked(kind, account_key("b@example.org"), keys[1])
    assert _blocked(kind, account_key(" A@example.org"), network_key("203.0.113.9"))
    clear(kind, keys)
    assert not _blocked(kind, *keys)


def test_a_network_is_slowed_down_over_all_accounts_and_not_cleared_by_one(app: Flask) -> None:
    network = network_key("198.51.100.7")
    for number in range(FREE_TRIES_PER_NETWORK):
        count_failure(Guess.PASSWORD, (account_key(f"{number}@example.org"), network))
    clear(Guess.PASSWORD, (account_key("1@example.org"), network))
    assert _blocked(Guess.PASSWORD, account_key("new@example.org"), network)
    assert not _blocked(Guess.PASSWORD, account_key("new@example.org"), network_key("203.0.113.9"))


def test_the_table_holds_no_address(app: Flask) -> None:
    count_failure(Guess.PASSWORD, (account_key("nobody@example.org"), network_key("198.51.100.7")))
    kept = db.session.scalars(sa.select(SignInFailure.key)).all()
    assert len(kept) == 2
    assert [key for key in kept if "nobody" in key or "198.51" in key] == []
    assert {key.partition(":")[0] for key in kept} == {"password"}


def _try(browser: FlaskClient, email: str, password: str, network: str = "198.51.100.7") -> TestResponse:
    token_page = browser.get("/").text
    token = token_page.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
    return browser.post(
        "/",
        data={"csrf_token": token, "email": email, "password": password},
        environ_overrides={"REMOTE_ADDR": network},
    )


def test_after_five_wrong_passwords_the_right_one_waits_and_then_works(app: Flask, officer: User) -> None:
    email = officer.email
    for _turn in range(5):
        assert "do not fit together" in _try(app.test_client(), email, "wrong").text
    answer = _try(app.test_client(), email, PASSWORD, "203.0.113.9")
    assert (answer.status_code, "Wait 1 minute, then try again." in answer.text) == (422, True)
    # An address without an account is slowed down in the same words.
    for _turn in range(5):
        _try(app.test_client(), "nobody@example.org", "wrong")
    assert "Wait 1 minute, then try again." in _try(app.test_client(), "nobody@example.org", "wrong").text
    db.session.execute(sa.update(SignInFailure).values(last_at=utc_now() - MINUTE))
    db.session.commit()
    assert _try(app.test_client(), email, PASSWORD).status_code == 302
    # Whoever came in begins anew.
    db.session.execute(sa.update(SignInFailure).values(last_at=utc_now()))
    db.session.commit()
    assert "do not fit together" in _try(app.test_client(), email, "wrong").text


def test_what_is_tried_during_a_wait_does_not_make_it_longer(app: Flask, officer: User) -> None:
    email = officer.email
    for _turn in range(12):
        _try(app.test_client(), email, "wrong")
    db.session.rollback()
    assert sorted(db.session.scalars(sa.select(SignInFailure.failures))) == [5, 5]


def test_the_owner_comes_in_on_a_device_that_is_known_while_somebody_guesses(app: Flask, officer: User) -> None:
    email = officer.email
    home = sign_in_by_password(app, officer)
    post_form(home, "/sign-out", page="/account")
    for _turn in range(6):
        _try(app.test_client(), email, "wrong")
    assert _try(app.test_client(), email, PASSWORD, "203.0.113.9").status_code == 422
    assert _try(home, email, PASSWORD, "203.0.113.9").status_code == 302
    # A device cookie that was made up, or is another user's, helps nobody.
    stranger = app.test_client()
    stranger.set_cookie("bsm-device", "A" * 22 + "." + "B" * 22)
    assert _try(stranger, email, PASSWORD, "203.0.113.9").status_code == 422


def test_a_known_device_has_its_own_limit(app: Flask, officer: User) -> None:
    email = officer.email
    home = sign_in_by_password(app, officer)
    post_form(home, "/sign-out", page="/account")
    for _turn in range(5):
        assert "do not fit together" in _try(home, email, "wrong").text
    assert _try(home, email, PASSWORD).status_code == 422
    assert _try(app.test_client(), email, PASSWORD).status_code == 302


def test_links_can_be_asked_for_three_times(app: Flask, officer: User) -> None:
    for email in (officer.email, "nobody@example.org"):
        answers = [
            post_form(
                app.test_client(), "/password/forgotten", {"email": email}, page="/password/forgotten"
            ).status_code
            for _turn in range(4)
        ]
        assert answers == [302, 302, 302, 422]


def test_guesses_at_a_fresh_proof_are_counted_too(app: Flask, officer: User) -> None:
    browser = sign_in_by_password(app, officer)
    for _turn in range(5):
        answer = post_form(browser, "/account/confirm", {"password": "wrong"}, page="/account/confirm")
        assert "This is not your password" in answer.text
    answer = post_form(browser, "/account/confirm", {"password": PASSWORD}, page="/account/confirm")
    assert (answer.status_code, "Wait 1 minute" in answer.text) == (422, True)


def test_guesses_at_the_same_moment_are_counted_one_by_one(app: Flask, officer: User) -> None:
    """Twelve guesses at once over connections of their own: five are looked at, as if they had come in a row."""
    browsers = [app.test_client() for _number in range(12)]
    forms = [
        {"csrf_token": csrf_token(browser, "/"), "email": officer.email, "password": "wrong"} for browser in browsers
    ]
    start = Barrier(len(browsers))
    db.session.rollback()

    def guess(number: int) -> str:
        start.wait(60)
        return browsers[number].post("/", data=forms[number]).text

    with ThreadPoolExecutor(len(browsers)) as threads:
        pages = list(threads.map(guess, range(len(browsers))))
    looked_at = sum("do not fit together" in page for page in pages)
    put_off = sum("Wait 1 minute, then try again." in page for page in pages)
    assert (looked_at, put_off) == (5, 7)


def test_the_twin_that_counts_what_it_read_before_looks_at_more(app: Flask) -> None:
    """What check and count do without the lock: all read the same number, and one failure is kept of eight."""
    key = "password:twin"
    db.session.add(SignInFailure(key=key, failures=0, last_at=utc_now()))
    db.session.commit()
    read = Barrier(8)

    def count_naively(_number: int) -> int:
        with app.app_context():
            seen = db.session.get_one(SignInFailure, key).failures
            db.session.rollback()
            read.wait(60)
            with writing():
                db.session.execute(sa.update(SignInFailure).where(SignInFailure.key == key).values(failures=seen + 1))
                db.session.commit()
            db.session.remove()
        return seen

    db.session.rollback()
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(count_naively, range(8))) == [0] * 8
    db.session.expire_all()
    assert db.session.get_one(SignInFailure, key).failures == 1
