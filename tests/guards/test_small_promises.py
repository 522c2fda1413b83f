"""Promises of the security page that belong to no room of their own."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.routing import Rule

from bsm_alumni.accounts.enums import Role, TokenKind
from bsm_alumni.accounts.models import User, UserSession
from bsm_alumni.accounts.service_tokens import make_token, token_of
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.enums import FieldGroup
from config import ROOT
from tests.accounts.steps import (
    OTHER_PASSWORD,
    PASSWORD,
    cookie_of,
    give_password,
    is_let_in,
    sign_in_by_password,
    with_cookie,
)
from tests.browsing import post_form
from tests.factories import Factory
from tests.guards.route_table import LETS_IN, ROUTES
from tests.guards.test_routes import path_of
from tests.web.conftest import BASE, Enter, enter, production  # noqa: F401 - fixtures

SignIn = Callable[[User], FlaskClient]
TOO_LARGE = str(2**70)


def rules_for(app: Flask, role: Role) -> list[Rule]:
    """What somebody of a role may open."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and role in LETS_IN[ROUTES[rule.endpoint]]
    ]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.PARTNER, Role.ALUMNUS])
def test_a_number_too_large_is_nothing_there(role: Role, app: Flask, make: Factory, sign_in: SignIn) -> None:
    client = sign_in(make.user(role))
    paths = {path_of(rule).replace("999999", TOO_LARGE) for rule in rules_for(app, role)}
    answers = {path: client.get(path).status_code for path in paths if TOO_LARGE in path}
    assert len(answers) >= 1
    assert {path: status for path, status in answers.items() if status != 404} == {}


def test_a_filter_too_large_narrows_or_is_refused(make: Factory, sign_in: SignIn) -> None:
    client = sign_in(make.user(Role.ADMIN))
    for query in (f"cohort={TOO_LARGE}", f"theme={TOO_LARGE}", f"page={TOO_LARGE}", f"organisation={TOO_LARGE}"):
        for path in ("/staff/alumni", "/staff/events", "/staff/cohorts"):
            assert (path, query, client.get(f"{path}?{query}").status_code) == (path, query, 200)


@pytest.mark.parametrize("role", list(Role))
def test_every_page_behind_sign_in_offers_to_leave(role: Role, app: Flask, make: Factory, sign_in: SignIn) -> None:
    client, pages, without = sign_in(make.user(role)), 0, []
    for rule in rules_for(app, role):
        with client.get(path_of(rule)) as answer:
            if answer.status_code != 200 or answer.mimetype != "text/html" or "attachment" in str(answer.headers):
                continue
            pages += 1
            if "public" not in ROUTES[rule.endpoint] and 'action="/sign-out"' not in answer.text:
                without.append(rule.rule)
    assert pages >= 8
    assert without == []


def test_every_text_says_its_charset(app: Flask, make: Factory, sign_in: SignIn) -> None:
    wrong, texts = {}, 0
    for role in (Role.ADMIN, Role.PARTNER, Role.ALUMNUS):
        client = sign_in(make.user(role))
        for rule in rules_for(app, role):
            with client.get(path_of(rule)) as answer:
                kind = answer.headers.get("Content-Type", "")
            if kind.startswith("text/"):
                texts += 1
                if "charset=utf-8" not in kind.lower():
                    wrong[rule.rule] = kind
    assert texts > 60
    assert wrong == {}


def test_password_fields_are_hidden_and_open_to_password_managers(app: Flask, make: Factory) -> None:
    browser = sign_in_by_password(app, give_password(make.user(Role.ALUMNUS)))
    pages = [app.test_client().get("/").text, browser.get("/account/password").text]
    fields = [field for page in pages for field in re.findall(r"<input[^>]*name=\"(?:current|password)\"[^>]*>", page)]
    assert [re.findall(r'type="(\w+)"|autocomplete="([\w-]+)"', field) for field in fields] != []
    assert len(fields) == 3
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(current|new)-password"', field)
        assert "onpaste" not in field


def test_an_old_password_is_still_good(app: Flask, make: Factory) -> None:
    user = give_password(make.user(Role.ALUMNUS))
    user.password_changed_at = utc_now() - timedelta(days=3650)
    db.session.commit()
    assert is_let_in(sign_in_by_password(app, user, PASSWORD))


def test_a_cookie_copied_before_a_fresh_proof_is_dead(app: Flask, make: Factory) -> None:
    browser = sign_in_by_password(app, give_password(make.user(Role.ALUMNUS)))
    copied = cookie_of(browser)
    assert is_let_in(with_cookie(app, copied))
    assert post_form(browser, "/account/confirm", {"password": PASSWORD}, page="/account").status_code == 302
    assert (is_let_in(browser), is_let_in(with_cookie(app, copied))) == (True, False)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(UserSession)) == 1


def test_signing_out_clears_what_the_browser_kept(app: Flask, make: Factory) -> None:
    browser = sign_in_by_password(app, give_password(make.user(Role.ALUMNUS)))
    assert "Clear-Site-Data" not in browser.get("/account").headers
    assert post_form(browser, "/sign-out", page="/account").headers["Clear-Site-Data"] == '"cache"'


def test_the_cookie_is_signed_with_sha256(app: Flask, make: Factory) -> None:
    cookie = cookie_of(sign_in_by_password(app, give_password(make.user(Role.ALUMNUS))))
    for digest, fits in ((hashlib.sha256, True), (hashlib.sha1, False)):
        signer = URLSafeTimedSerializer(
            app.config["SECRET_KEY"],
            salt="cookie-session",
            signer_kwargs={"key_derivation": "hmac", "digest_method": digest},
        )
        assert signer.loads_unsafe(cookie)[0] is fits


def test_a_parameter_is_read_from_its_own_place(app: Flask, make: Factory) -> None:
    """What stands in the address does not fill a form, and of a field that comes twice the first counts."""
    user = give_password(make.user(Role.ALUMNUS, email="one@example.org"))
    good = {"email": user.email, "password": PASSWORD}
    browser = app.test_client()
    assert post_form(browser, f"/?email={user.email}&password=vexed+kiosk+tumbler", {}, page="/").status_code == 422
    assert post_form(browser, "/", {**good, "password": ["wrong", PASSWORD]}, page="/").status_code == 422
    assert post_form(browser, "/", {**good, "password": [PASSWORD, "wrong"]}, page="/").status_code == 302


def test_a_made_up_address_does_not_hide_the_true_one(enter: Enter) -> None:  # noqa: F811
    """The trail tells of the address that our own proxy saw: the last one, whatever came before."""
    headers = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Real-IP": "203.0.113.9", "Client-IP": "203.0.113.9"}
    browser = enter("anonymous")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/", base_url=BASE).text)
    assert token is not None
    form = {"csrf_token": token[1], "email": "one@example.org", "password": "a wrong password"}
    assert browser.post("/", base_url=BASE, data=form, headers=headers).status_code == 422
    db.session.rollback()
    failed = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "user.sign_in_failed")).all()
    assert [entry.after["network"] for entry in failed] == ["198.51.100.7"]


def test_an_address_adds_nothing_to_the_link_that_writes_to_it(make: Factory, sign_in: SignIn) -> None:
    partner = make.user(Role.PARTNER)
    person, groups = make.alumnus(email="a?bcc=spy@example.org"), frozenset({FieldGroup.IDENTITY, FieldGroup.CONTACT})
    assert partner.organisation is not None
    make.agreement(partner.organisation, groups)
    make.consent(person, partner.organisation, groups)
    path = f"alumni/{person.id}"
    for client, page in ((sign_in(make.user(Role.VIEWER)), f"/staff/{path}"), (sign_in(partner), f"/partner/{path}")):
        answer = client.get(page)
        assert answer.status_code == 200
        assert re.findall(r'href="mailto:([^"]*)"', answer.text) == ["a%3Fbcc%3Dspy@example.org"]


def test_a_forgotten_password_goes_round_no_factor(app: Flask, make: Factory) -> None:
    user = give_password(make.user(Role.ALUMNUS, totp_secret="x", totp_confirmed_at=utc_now()))
    link = f"/password/new/{token_of(make_token(user, TokenKind.PASSWORD_RESET, timedelta(hours=1)))}"
    db.session.commit()
    browser = app.test_client()
    assert post_form(browser, link, {"password": OTHER_PASSWORD}, page=link).status_code == 302
    assert is_let_in(browser) is False
    assert is_let_in(sign_in_by_password(app, user, OTHER_PASSWORD)) is False
    # The twin: without a factor the new password alone opens the account.
    user = db.session.get_one(User, user.id)
    user.totp_secret = user.totp_confirmed_at = None
    db.session.commit()
    assert is_let_in(sign_in_by_password(app, user, OTHER_PASSWORD)) is True


def test_every_library_is_pinned_by_hash() -> None:
    text = (ROOT / "requirements" / "app.txt").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert len(lines) > 40
    assert [
        line.split()[0] for line in lines if not re.match(r"^[\w.-]+==[\w.]+( ;[^-]+)?\s.*--hash=sha256:", line)
    ] == []
    assert "--require-hashes -r requirements/app.txt" in (ROOT / "Makefile").read_text()
