"""Signing in by password and by link: who comes in, and what the answer tells of those who do not."""

import dataclasses
import re
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from passlib.context import CryptContext
from werkzeug.test import TestResponse

from bsm_alumni import create_app
from bsm_alumni.accounts import service_passwords
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import OneTimeToken, User
from bsm_alumni.accounts.rules import DEMO_PASSWORD
from bsm_alumni.accounts.service_passwords import hash_of_password, password_fits
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db
from bsm_alumni.mail.models import Mail
from tests.accounts.signing import HOST, SecureClient
from tests.accounts.steps import (
    PASSWORD,
    cookie_of,
    give_password,
    is_let_in,
    links_in,
    press,
    sent,
    sign_in_by_password,
    verbs,
    with_cookie,
)
from tests.browsing import post_form
from tests.factories import Factory

WRONG = "not this one at all"


@pytest.fixture
def officer(make: Factory) -> User:
    return give_password(make.user(Role.OFFICER, email="officer@example.org"))


@pytest.fixture
def alumnus(make: Factory) -> User:
    return make.user(Role.ALUMNUS, email="alumnus@example.org")


@pytest.fixture
def in_earnest(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords cost as much to hash as they do outside the tests."""
    security = app.extensions["security"]
    monkeypatch.setattr(security, "pwd_context", CryptContext(schemes=security.pwd_context.schemes()))
    service_passwords._stand_in.cache_clear()
    yield
    service_passwords._stand_in.cache_clear()


def told(answer: TestResponse, *typed: str) -> tuple[object, ...]:
    """All that an answer tells: status, headers and body, without tokens and without what was typed."""
    body = re.sub(r'name="csrf_token" value="[^"]+"', "", re.sub(r'value="[^"]{60,}"', "", answer.text))
    for text in typed:
        body = body.replace(text, "…")
    # The cookie is encrypted anew each time, and its length tells of a flash message if anything.
    headers = [(name, "…" if name == "Set-Cookie" else value) for name, value in answer.headers]
    headers = [(name, "…" if name == "Content-Length" else value) for name, value in headers]
    return answer.status_code, sorted(headers), body


def test_a_password_is_kept_as_argon2id(app: Flask, in_earnest: None) -> None:
    kept = hash_of_password(PASSWORD)
    assert kept.startswith("$argon2id$v=19$")
    memory, rounds = (int(value) for value in re.findall(r"[mt]=(\d+)", kept))
    # OWASP's floor: 19 MiB with two rounds, or more of one for less of the other.
    assert memory >= 19_456
    assert rounds >= 2


def test_the_right_password_opens_the_first_page_of_the_role(app: Flask, officer: User) -> None:
    browser = sign_in_by_password(app, officer)
    assert browser.get("/").location == "/staff/home"
    assert verbs() == ["user.signed_in"]


def test_signing_in_goes_on_to_the_page_that_was_asked_for(app: Flask, client: FlaskClient, officer: User) -> None:
    assert client.get("/staff/alumni?q=x").location == "/?next=%2Fstaff%2Falumni%3Fq%3Dx"
    form = {"email": officer.email, "password": PASSWORD, "next": "/staff/alumni?q=x"}
    answer = post_form(client, "/", form, page="/")
    assert answer.location == "/?next=/staff/alumni?q%3Dx"
    assert client.get(answer.location).location == "/staff/alumni?q=x"


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)"],
)
def test_signing_in_leads_nowhere_else(app: Flask, client: FlaskClient, officer: User, elsewhere: str) -> None:
    answer = post_form(client, "/", {"email": officer.email, "password": PASSWORD, "next": elsewhere}, page="/")
    assert answer.location == "/?next=/"
    assert client.get("/", query_string={"next": elsewhere}).location == "/staff/home"


def test_each_sign_in_has_a_session_id_of_its_own(app: Flask, officer: User) -> None:
    browser = app.test_client()
    browser.get("/")
    before = cookie_of(browser)
    email = officer.email
    post_form(browser, "/", {"email": email, "password": PASSWORD}, page="/")
    first = cookie_of(browser)
    post_form(browser, "/", {"email": email, "password": PASSWORD})
    second = cookie_of(browser)
    assert len({before, first, second}) == 3
    # The cookie from before sign-in opens nothing, nor does that of the session which was replaced.
    assert [is_let_in(with_cookie(app, value)) for value in (before, first, second)] == [False, False, True]


def _try(app: Flask, email: str, password: str = WRONG) -> TestResponse:
    return post_form(app.test_client(), "/", {"email": email, "password": password}, page="/")


def test_the_answer_does_not_tell_whether_an_address_is_known(app: Flask, make: Factory, officer: User) -> None:
    gone = give_password(make.user(Role.OFFICER, email="retired@example.org", active=False)).email
    no_password = make.user(Role.OFFICER, email="invited@example.org").email
    asked = {
        "known": _try(app, officer.email),
        "unknown": _try(app, "nobody1@example.org"),
        "deactivated": _try(app, gone, PASSWORD),
        "no password": _try(app, no_password, PASSWORD),
    }
    typed = (officer.email, "nobody1@example.org", gone, no_password)
    answers = {name: told(answer, *typed) for name, answer in asked.items()}
    assert {answer[0] for answer in answers.values()} == {422}
    assert [name for name, answer in answers.items() if answer != answers["known"]] == []


def test_the_twin_that_names_the_reason_would_be_found(app: Flask, officer: User) -> None:
    known = told(_try(app, officer.email), officer.email)
    status, headers, body = told(_try(app, "nobody1@example.org"), "nobody1@example.org")
    assert (status, headers, str(body).replace("Address and password", "Address")) != known


@pytest.mark.parametrize("page", ["/sign-in/link", "/password/forgotten"])
def test_asking_for_a_link_does_not_tell_whether_an_address_is_known(
    app: Flask, make: Factory, officer: User, alumnus: User, page: str
) -> None:
    gone = make.user(Role.ALUMNUS, email="retired@example.org", active=False)
    typed = (officer.email, alumnus.email, gone.email, "nobody1@example.org")
    queries: list[int] = []
    answers = []
    for email in typed:
        seen: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_rest: object, seen: list[str] = seen) -> None:
            seen.append(statement)

        browser = app.test_client()
        browser.get(page)
        sa.event.listen(db.engine, "before_cursor_execute", note)
        answers.append(told(post_form(browser, page, {"email": email}, page=page), *typed))
        sa.event.remove(db.engine, "before_cursor_execute", note)
        queries.append(len(seen))
    assert answers[0][0] == 302
    assert [answer for answer in answers if answer != answers[0]] == []
    # The same work too: neither more statements nor other ones.
    assert len(set(queries)) == 1
    # And no mail before the worker runs, so that time does not tell.
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mail)) == 0


def test_a_known_address_takes_no_longer_than_an_unknown_one(in_earnest: None, app: Flask, officer: User) -> None:
    """A wide margin, since the machine is shared; a twin without the stand-in's hash is many times quicker."""

    def median(user: User | None, without_hash: bool = False) -> float:
        times = []
        for _round in range(15):
            start = time.perf_counter()
            if not without_hash:
                password_fits(user, WRONG)
            times.append(time.perf_counter() - start)
        return statistics.median(times)

    password_fits(None, WRONG)
    known, unknown, naive = median(officer), median(None), median(None, without_hash=True)
    print(f"a wrong password: {known * 1000:.0f} ms for a known address, {unknown * 1000:.0f} ms for an unknown one")
    assert 0.5 < known / unknown < 2
    assert naive < known / 5


def test_failed_sign_ins_are_in_the_trail_without_unknown_addresses(app: Flask, officer: User) -> None:
    user_id = officer.id
    _try(app, officer.email)
    _try(app, "nobody1@example.org")
    _try(app, "Nobody1@example.org ")
    rows = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(row.verb, row.subject_kind) for row in rows] == [
        ("user.sign_in_failed", "users"),
        ("user.sign_in_failed", "addresses"),
        ("user.sign_in_failed", "addresses"),
    ]
    assert rows[0].subject_id == str(user_id)
    # The same unknown address can be followed, and not be read.
    assert rows[1].subject_id == rows[2].subject_id
    assert [row for row in rows if "nobody1" in f"{row.subject_id}{row.before}{row.after}{row.actor}".lower()] == []
    assert rows[1].after == {"method": "password", "network": "127.0.0.1"}


# ---- By a link --------------------------------------------------------------------------


def test_an_alumnus_signs_in_by_a_link(app: Flask, alumnus: User, mail_folder: Path) -> None:
    browser = app.test_client()
    post_form(browser, "/sign-in/link", {"email": "Alumnus@Example.org"}, page="/sign-in/link")
    [(kind, address, text)] = sent(app)
    assert (kind, address) == ("account.sign_in_link", "alumnus@example.org")
    [link] = links_in(mail_folder)
    # The outbox keeps no secret.
    assert link not in text
    # Opening it is not using it: programs that scan mail do that.
    assert browser.get(link).status_code == 200
    assert not is_let_in(browser)
    answer = press(browser, link)
    assert (answer.status_code, answer.location) == (302, "/")
    assert browser.get("/").location == "/me/"
    assert press_again(app, link) == 410
    assert verbs() == ["user.link_sent", "user.signed_in"]


def press_again(app: Flask, link: str) -> int:
    browser = app.test_client()
    assert browser.get(link).status_code == 410
    return post_form(browser, link).status_code


def test_links_go_to_alumni_alone(app: Flask, make: Factory, officer: User, mail_folder: Path) -> None:
    partner = make.user(Role.PARTNER)
    gone = make.user(Role.ALUMNUS, active=False)
    for email in [officer.email, partner.email, gone.email, "nobody1@example.org"]:
        post_form(app.test_client(), "/sign-in/link", {"email": email}, page="/sign-in/link")
    assert sent(app) == []


def test_a_link_lasts_twenty_minutes_and_only_the_latest_counts(app: Flask, alumnus: User, mail_folder: Path) -> None:
    for _turn in range(2):
        post_form(app.test_client(), "/sign-in/link", {"email": alumnus.email}, page="/sign-in/link")
        sent(app)
    first, second = links_in(mail_folder)
    assert app.test_client().get(first).status_code == 410
    rows = db.session.scalars(sa.select(OneTimeToken)).all()
    assert {(row.expires_at - row.created_at).total_seconds() for row in rows} == {1200}
    for row in rows:
        row.expires_at = row.created_at
    db.session.commit()
    assert app.test_client().get(second).status_code == 410


def test_the_page_of_a_link_keeps_its_address_to_itself(app: Flask, alumnus: User, mail_folder: Path) -> None:
    post_form(app.test_client(), "/sign-in/link", {"email": alumnus.email}, page="/sign-in/link")
    sent(app)
    answer = app.test_client().get(links_in(mail_folder)[0])
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert alumnus.email not in answer.text


@pytest.mark.parametrize("path", ["/", "/sign-in/link", "/password/forgotten", "/sign-in/link/sent"])
def test_pages_before_sign_in_are_light(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert len(answer.data) < 20_000
    assert answer.text.count("<h1>") == 1


def test_a_deactivated_user_is_not_let_in_by_an_open_link(app: Flask, alumnus: User, mail_folder: Path) -> None:
    post_form(app.test_client(), "/sign-in/link", {"email": alumnus.email}, page="/sign-in/link")
    sent(app)
    [link] = links_in(mail_folder)
    alumnus.active = False
    db.session.commit()
    browser = app.test_client()
    assert post_form(browser, link).status_code == 404
    assert not is_let_in(browser)


# ---- In production ------------------------------------------------------------------------


@pytest.fixture
def production(app: Flask) -> Iterator[Flask]:
    """The same database behind a production application."""
    before = app.extensions["bsm_settings"]
    found = create_app(dataclasses.replace(before, env="production", base_url=HOST), TESTING=True)
    found.extensions["bsm_wake"] = lambda: None
    found.test_client_class = SecureClient
    yield found
    with found.app_context():
        db.engine.dispose()


def test_accounts_and_the_password_of_the_demo_are_refused_as_if_unknown(production: Flask, make: Factory) -> None:
    demo = give_password(make.user(Role.ALUMNUS, email="alumnus@demo.example")).email
    public = give_password(make.user(Role.ALUMNUS, email="alumnus@example.org"), DEMO_PASSWORD).email
    tried = [(demo, PASSWORD), (public, DEMO_PASSWORD), ("nobody1@example.org", PASSWORD)]
    answers = [told(_try(production, *pair), demo, public, "nobody1@example.org") for pair in tried]
    assert answers[0][0] == 422
    assert answers[0] == answers[1] == answers[2]
    # The twin: another address with another password comes in.
    other = give_password(make.user(Role.ALUMNUS, email="other@example.org")).email
    assert _try(production, other, PASSWORD).status_code == 302


def test_a_device_is_remembered_once_the_sign_in_is_complete(production: Flask, make: Factory) -> None:
    officer = give_password(make.user(Role.OFFICER)).email
    alumnus = give_password(make.user(Role.ALUMNUS)).email
    half, whole = production.test_client(), production.test_client()
    for browser, email in ((half, officer), (whole, alumnus)):
        assert post_form(browser, "/", {"email": email, "password": PASSWORD}, page="/").status_code == 302
    name = "__Host-bsm-device"
    assert half.get_cookie(name, "bsm.example.org") is None
    cookie = whole.get_cookie(name, "bsm.example.org")
    assert cookie is not None
    assert (cookie.secure, cookie.http_only, cookie.same_site, cookie.path, cookie.origin_only) == (
        True,
        True,
        "Lax",
        "/",
        True,
    )
    # Half a sign-in leads to the second step and opens nothing.
    assert half.get("/").location == "/second-factor?next=%2F"
    assert not is_let_in(half)
    assert is_let_in(whole)
