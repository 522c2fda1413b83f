"""Passkeys, answered by a security key in software that can also lie."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from webauthn.helpers import bytes_to_base64url
from werkzeug.test import TestResponse

from bsm_alumni.accounts.enums import Awaits, SessionEnd, SignInMethod
from bsm_alumni.accounts.models import Passkey, SpentChallenge, User, UserSession
from bsm_alumni.accounts.rules_passkeys import MOST_PASSKEYS, RelyingParty, counter_is_sound, relying_party
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.models import Mail
from tests.accounts.authenticator import PRESENT, VERIFIED, Authenticator
from tests.accounts.signing import at_once, codes_on, is_in
from tests.accounts.steps import cookie_of, give_password, sign_in_by_password, with_cookie
from tests.browsing import post_form
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
ADD, SHOW, SIGN_IN = "/account/second-factors/passkeys", "/second-factor/passkey", "/sign-in/passkey"


def options_at(client: FlaskClient, url: str) -> dict[str, Any]:
    """What the server gives the browser at a form's address."""
    answer = post_form(client, f"{url}/options")
    assert answer.status_code == 200
    return dict(answer.json)


def add_passkey(client: FlaskClient, key: Authenticator, name: str = "Laptop") -> TestResponse:
    return post_form(client, ADD, {"answer": key.make(options_at(client, ADD)), "name": name})


def use_passkey(client: FlaskClient, key: Authenticator, url: str = SIGN_IN, **changes: Any) -> TestResponse:
    return post_form(client, url, {"answer": key.use(options_at(client, url), **changes), "next": "/"})


@pytest.fixture
def user(make: Factory) -> User:
    return give_password(make.user())


@pytest.fixture
def key(user: User, sign_in: SignIn) -> Authenticator:
    """A passkey that the user has."""
    key = Authenticator()
    assert add_passkey(sign_in(user), key).status_code == 200
    return key


# ---- Rules --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base_url", "party"),
    [
        ("https://bsm.example.org", RelyingParty("bsm.example.org", "https://bsm.example.org")),
        ("https://bsm.example.org:8443", RelyingParty("bsm.example.org", "https://bsm.example.org:8443")),
        ("http://127.0.0.1:8000", RelyingParty("localhost", "http://localhost:8000")),
        ("http://localhost", RelyingParty("localhost", "http://localhost")),
        ("https://192.0.2.7", None),
        ("http://bsm.example.org", None),
    ],
)
def test_who_asks_for_a_passkey_follows_from_the_configured_address(base_url: str, party: RelyingParty | None) -> None:
    assert relying_party(base_url) == party


@pytest.mark.parametrize(
    ("before", "now", "sound"), [(0, 0, True), (0, 1, True), (4, 5, True), (5, 5, False), (5, 4, False), (5, 0, False)]
)
def test_a_counter_goes_up_or_does_not_count(before: int, now: int, sound: bool) -> None:
    assert counter_is_sound(before, now) == sound


# ---- The way it is meant ------------------------------------------------------------------


def test_the_first_passkey_brings_recovery_codes(user: User, sign_in: SignIn) -> None:
    client = sign_in(user)
    answer = add_passkey(client, Authenticator())
    assert len(codes_on(answer)) == 10
    row = db.session.scalars(sa.select(Passkey)).one()
    assert (row.user_id, row.name, row.sign_count, row.transports) == (user.id, "Laptop", 0, "internal")
    assert is_in(client)
    # The second one does not replace the codes.
    assert add_passkey(client, Authenticator(), "").status_code == 302
    assert db.session.scalars(sa.select(Passkey.name).order_by(Passkey.id)).all() == ["Laptop", "Passkey 2"]


def test_options_ask_for_what_is_needed(app: Flask, user: User, key: Authenticator, sign_in: SignIn) -> None:
    made = options_at(sign_in(user), ADD)
    assert made["rp"]["id"] == "localhost"
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert [item["id"] for item in made["excludeCredentials"]] == [bytes_to_base64url(key.credential_id)]
    assert user.email not in json.dumps({**made, "user": made["user"]["id"]})
    shown = options_at(sign_in_by_password(app, user), SHOW)
    assert (shown["rpId"], shown["userVerification"], len(shown["allowCredentials"])) == ("localhost", "required", 1)
    anyone = options_at(app.test_client(), SIGN_IN)
    assert (anyone["userVerification"], anyone["allowCredentials"]) == ("required", [])


def test_a_passkey_alone_signs_in(client: FlaskClient, user: User, key: Authenticator) -> None:
    assert use_passkey(client, key).headers["Location"] == "/"
    assert is_in(client)
    row = db.session.scalars(sa.select(UserSession).order_by(UserSession.id.desc())).first()
    assert row is not None
    assert (row.user_id, row.method, row.awaits) == (user.id, SignInMethod.PASSKEY, Awaits.NOTHING)
    assert row.second_factor_at is not None


def test_a_passkey_is_a_second_factor(app: Flask, user: User, key: Authenticator) -> None:
    client = sign_in_by_password(app, user)
    assert not is_in(client)
    before = cookie_of(client)
    assert use_passkey(client, key, SHOW).status_code == 302
    assert is_in(client)
    # A cookie that was copied before opens nothing.
    assert not is_in(with_cookie(app, before))


def test_a_passkey_proves_afresh(app: Flask, user: User, key: Authenticator) -> None:
    client = sign_in_by_password(app, user)
    use_passkey(client, key, SHOW)
    db.session.execute(sa.update(UserSession).values(fresh_at=utc_now() - timedelta(minutes=20)))
    db.session.commit()
    assert not is_in(client)
    assert use_passkey(client, key, "/account/confirm/passkey").status_code == 302
    assert is_in(client)


def test_keys_that_do_not_count_work_again_and_again(
    app: Flask, client: FlaskClient, user: User, sign_in: SignIn
) -> None:
    key = Authenticator(counts_by=0)
    add_passkey(sign_in(user), key)
    for _time in range(3):
        browser = app.test_client()
        use_passkey(browser, key)
        assert is_in(browser)


# ---- What is refused -----------------------------------------------------------------------


LIES = {
    "another origin": {"origin": "https://evil.example.org"},
    "another port": {"origin": "http://localhost:8080"},
    "another site": {"rp_id": "evil.example.org"},
    "nobody touched it": {"flags": VERIFIED},
    "nobody was verified": {"flags": PRESENT},
}


@pytest.mark.parametrize("lie", list(LIES))
def test_signing_in_with_a_lie(lie: str, client: FlaskClient, key: Authenticator) -> None:
    for name, value in LIES[lie].items():
        setattr(key, name, value)
    answer = use_passkey(client, key)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/?next=/")
    assert not is_in(client)
    denied = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "access.denied")).one()
    assert (denied.subject_id, denied.after["reason"]) == ("passkeys.sign_in", "passkey")


@pytest.mark.parametrize("lie", list(LIES))
def test_adding_with_a_lie(lie: str, user: User, sign_in: SignIn) -> None:
    assert add_passkey(sign_in(user), Authenticator(**LIES[lie])).status_code == 422
    assert db.session.scalars(sa.select(Passkey)).all() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"signature": b"\x30\x06\x02\x01\x01\x02\x01\x01"},
        {"signature": ""},
        {"userHandle": bytes_to_base64url(b"someone else's handle")},
        {"userHandle": None},
        {"userHandle": "é"},
        {"authenticatorData": b"short"},
        {"clientDataJSON": b"[]"},
        {"clientDataJSON": 7},
    ],
)
def test_an_answer_that_was_changed(changes: dict[str, Any], client: FlaskClient, key: Authenticator) -> None:
    assert use_passkey(client, key, **changes).status_code == 302
    assert not is_in(client)
    # And the twin, unchanged.
    assert use_passkey(client, key).status_code == 302
    assert is_in(client)


@pytest.mark.parametrize("text", ["", "no json", "[]", "null", "{}", '{"id": 1}', '{"id": "\\u0000"}', "x" * 30_000])
def test_an_answer_that_is_none(text: str, client: FlaskClient, key: Authenticator) -> None:
    options_at(client, SIGN_IN)
    answer = post_form(client, SIGN_IN, {"answer": text})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/?next=/")
    assert client.get("/").status_code == 200


def test_a_key_that_nobody_has(client: FlaskClient, key: Authenticator) -> None:
    use_passkey(client, Authenticator(user_handle=key.user_handle))
    assert not is_in(client)


def test_somebody_else_s_passkey_is_no_second_factor(
    app: Flask, make: Factory, key: Authenticator, sign_in: SignIn
) -> None:
    other = give_password(make.user())
    own = Authenticator()
    add_passkey(sign_in(other), own)
    client = sign_in_by_password(app, other)
    use_passkey(client, key, SHOW)
    assert not is_in(client)
    use_passkey(client, own, SHOW)
    assert is_in(client)


def test_a_counter_that_fell_is_refused_and_put_down(
    app: Flask, client: FlaskClient, user: User, key: Authenticator
) -> None:
    key.count = 7
    use_passkey(client, key)
    assert is_in(client)
    key.count = 6
    copy = app.test_client()
    use_passkey(copy, key)
    # It says 7 again, as a copy of the key does.
    assert not is_in(copy)
    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "user.passkey_counter_fell")).all()
    assert [(entry.subject_kind, entry.subject_id) for entry in entries] == [("users", str(user.id))]
    use_passkey(copy, key)
    use_passkey(copy, key)
    assert is_in(copy)


def test_the_passkey_of_somebody_deactivated(client: FlaskClient, user: User, key: Authenticator) -> None:
    user.active = False
    db.session.commit()
    use_passkey(client, key)
    assert client.get("/").status_code == 200
    assert not is_in(client)


def test_a_challenge_lasts_five_minutes(client: FlaskClient, key: Authenticator) -> None:
    with time_machine.travel(utc_now(), tick=False) as clock:
        options = options_at(client, SIGN_IN)
        clock.shift(timedelta(minutes=5))
        post_form(client, SIGN_IN, {"answer": key.use(options)})
        assert not is_in(client)
        options = options_at(client, SIGN_IN)
        clock.shift(timedelta(minutes=4, seconds=59))
        post_form(client, SIGN_IN, {"answer": key.use(options)})
        assert is_in(client)


def test_a_challenge_made_for_one_thing_is_good_for_nothing_else(app: Flask, user: User, key: Authenticator) -> None:
    client = sign_in_by_password(app, user)
    for made_for, used_for in ((SIGN_IN, SHOW), (SHOW, SIGN_IN)):
        post_form(client, used_for, {"answer": key.use(options_at(client, made_for))})
        assert not is_in(client)


def test_an_answer_without_a_challenge_of_this_browser(app: Flask, client: FlaskClient, key: Authenticator) -> None:
    answer = key.use(options_at(app.test_client(), SIGN_IN))
    post_form(client, SIGN_IN, {"answer": answer})
    assert not is_in(client)


def test_an_answered_challenge_is_spent_for_copies_of_the_cookie_too(app: Flask, user: User, sign_in: SignIn) -> None:
    key = Authenticator(counts_by=0)
    add_passkey(sign_in(user), key)
    client = app.test_client()
    answer = key.use(options_at(client, SIGN_IN))
    copy = cookie_of(client)
    browsers = [with_cookie(app, copy) for _number in range(6)]
    answers = at_once([lambda browser=browser: post_form(browser, SIGN_IN, {"answer": answer}) for browser in browsers])
    assert [reply.status_code for reply in answers] == [302] * 6
    assert sum(is_in(browser) for browser in browsers) == 1
    late = with_cookie(app, copy)
    post_form(late, SIGN_IN, {"answer": answer})
    assert not is_in(late)


def test_spent_challenges_are_forgotten_with_their_time(app: Flask, client: FlaskClient, key: Authenticator) -> None:
    with time_machine.travel(utc_now(), tick=False) as clock:
        use_passkey(client, key)
        clock.shift(timedelta(minutes=6))
        use_passkey(app.test_client(), key)
        assert len(db.session.scalars(sa.select(SpentChallenge)).all()) == 1


# ---- Looking after them ----------------------------------------------------------------------


def test_the_same_passkey_is_not_kept_twice(make: Factory, key: Authenticator, sign_in: SignIn) -> None:
    other = sign_in(make.user())
    assert add_passkey(other, key).status_code == 422
    assert len(db.session.scalars(sa.select(Passkey)).all()) == 1


def test_ten_passkeys_are_enough(user: User, sign_in: SignIn) -> None:
    client = sign_in(user)
    # The first one comes with recovery codes to read; the others lead back to the list.
    answers = [add_passkey(client, Authenticator()).status_code for _number in range(MOST_PASSKEYS)]
    assert answers == [200, *[302] * (MOST_PASSKEYS - 1)]
    assert add_passkey(client, Authenticator()).status_code == 422


def test_renaming_and_removing(user: User, key: Authenticator, sign_in: SignIn) -> None:
    client = sign_in(user)
    row = db.session.scalars(sa.select(Passkey)).one()
    assert post_form(client, f"{ADD}/{row.id}/name", {"name": " Work phone "}).status_code == 302
    assert "Work phone" in client.get("/account/second-factors").text
    assert post_form(client, f"{ADD}/{row.id}/name", {"name": "x" * 61}).status_code == 302
    db.session.refresh(row)
    assert row.name == "Work phone"
    elsewhere = sign_in(user)
    assert post_form(client, f"{ADD}/{row.id}/remove").status_code == 302
    assert db.session.scalars(sa.select(Passkey)).all() == []
    assert is_in(client)
    assert not is_in(elsewhere)
    ended = db.session.scalars(sa.select(UserSession.ended_why).where(UserSession.ended_at.is_not(None))).all()
    assert SessionEnd.FACTOR_CHANGED in ended
    assert [(mail.kind, mail.params["factor"]) for mail in db.session.scalars(sa.select(Mail).order_by(Mail.id))] == [
        ("account.factor_added", "passkey"),
        ("account.factor_removed", "passkey"),
    ]


def test_nobody_else_s_passkey_is_renamed_or_removed(make: Factory, key: Authenticator, sign_in: SignIn) -> None:
    client = sign_in(make.user())
    row = db.session.scalars(sa.select(Passkey)).one()
    for what in ("name", "remove"):
        assert post_form(client, f"{ADD}/{row.id}/{what}", {"name": "Mine"}).status_code == 404
    db.session.refresh(row)
    assert row.name == "Laptop"
