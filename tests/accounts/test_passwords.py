"""Forgotten, changed and refused passwords."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.accounts.enums import Role, SessionEnd, TokenKind
from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.service_links import may_use
from bsm_alumni.accounts.service_tokens import find_token
from bsm_alumni.extensions import db
from tests.accounts.steps import (
    OTHER_PASSWORD,
    PASSWORD,
    give_password,
    is_let_in,
    links_in,
    sent,
    sessions_of,
    sign_in_by_password,
    verbs,
)
from tests.browsing import post_form
from tests.factories import Factory


@pytest.fixture
def officer(make: Factory) -> User:
    return give_password(make.user(Role.OFFICER, email="officer@example.org", name="Amina Diallo"))


def ask(app: Flask, email: str, mail_folder: Path) -> str:
    """The path of the link that the forgotten password brought."""
    post_form(app.test_client(), "/password/forgotten", {"email": email}, page="/password/forgotten")
    sent(app)
    return links_in(mail_folder)[-1]


def choose(app: Flask, link: str, password: str) -> int:
    browser = app.test_client()
    browser.get(link)
    return post_form(browser, link, {"password": password}, page=link).status_code


def test_a_forgotten_password_is_replaced_and_everyone_signed_out(app: Flask, officer: User, mail_folder: Path) -> None:
    elsewhere = sign_in_by_password(app, officer)
    link = ask(app, officer.email, mail_folder)
    page = app.test_client().get(link)
    assert (page.status_code, 'autocomplete="new-password"' in page.text) == (200, True)
    assert choose(app, link, OTHER_PASSWORD) == 302
    assert is_let_in(elsewhere) is False
    assert [row.ended_why for row in sessions_of(officer.id)] == [SessionEnd.PASSWORD_CHANGED]
    assert (
        post_form(app.test_client(), "/", {"email": officer.email, "password": PASSWORD}, page="/").status_code == 422
    )
    assert is_let_in(sign_in_by_password(app, officer, OTHER_PASSWORD)) is True
    # Used up.
    assert app.test_client().get(link).status_code == 410
    assert [kind for kind, _address, _text in sent(app)] == [
        "account.password_link",
        "account.password_changed",
        "account.new_device",
    ]
    assert verbs()[:3] == ["user.signed_in", "user.link_sent", "user.password_reset"]


def test_a_refused_password_leaves_the_link_open(app: Flask, officer: User, mail_folder: Path) -> None:
    link = ask(app, officer.email, mail_folder)
    assert choose(app, link, "passwordpassword") == 422
    assert choose(app, link, "short") == 422
    assert choose(app, link, OTHER_PASSWORD) == 302


def test_the_link_lasts_an_hour(app: Flask, officer: User, mail_folder: Path) -> None:
    link = ask(app, officer.email, mail_folder)
    row = find_token(TokenKind.PASSWORD_RESET, link.rpartition("/")[2])
    assert row is not None
    assert (row.expires_at - row.created_at).total_seconds() == 3600
    row.expires_at = row.created_at
    db.session.commit()
    assert choose(app, link, OTHER_PASSWORD) == 410


def test_a_new_password_closes_links_that_were_under_way(app: Flask, make: Factory, mail_folder: Path) -> None:
    alumnus = give_password(make.user(Role.ALUMNUS, email="alumnus@example.org"))
    post_form(app.test_client(), "/sign-in/link", {"email": alumnus.email}, page="/sign-in/link")
    sent(app)
    sign_in_link = links_in(mail_folder)[-1]
    assert app.test_client().get(sign_in_link).status_code == 200
    assert choose(app, ask(app, alumnus.email, mail_folder), OTHER_PASSWORD) == 302
    assert app.test_client().get(sign_in_link).status_code == 410


def test_who_may_choose_a_password_by_mail(make: Factory) -> None:
    through_provider = make.user(Role.OFFICER, oidc_subject="https://id.example.org|7")
    assert may_use(through_provider, TokenKind.PASSWORD_RESET) is False
    assert may_use(give_password(through_provider), TokenKind.PASSWORD_RESET) is True
    assert may_use(make.user(Role.ALUMNUS), TokenKind.PASSWORD_RESET) is True


# ---- Changing it while signed in -----------------------------------------------------------


@pytest.mark.parametrize(
    ("current", "new", "words"),
    [
        ("wrong", OTHER_PASSWORD, "This is not your password"),
        (PASSWORD, "qz7-vexed", "Use at least 12 characters."),
        (PASSWORD, "passwordpassword", "Many people choose this"),
        (PASSWORD, "BSM-alumni-2026", "Many people choose this"),
        (PASSWORD, "AminaDiallo1990", "Leave your name and address out of it"),
        (PASSWORD, "officer.example", "Leave your name and address out of it"),
        (PASSWORD, "", "Write a new password."),
        (PASSWORD, "x" * 200, "Many people choose this"),
        (PASSWORD, OTHER_PASSWORD * 10, "Use at most 200 characters."),
    ],
)
def test_words_say_how_to_mend_a_refused_password(
    app: Flask, officer: User, current: str, new: str, words: str
) -> None:
    browser = sign_in_by_password(app, officer)
    form = {"current": current, "password": new}
    answer = post_form(browser, "/account/password", form, page="/account/password")
    assert answer.status_code == 422
    assert words in answer.text
    assert 'class="error-summary"' in answer.text
    # What was typed never comes back.
    assert new not in answer.text or new == ""
    db.session.expire_all()
    assert sign_in_by_password(app, officer, PASSWORD) is not None


def test_a_new_password_is_told_by_mail_in_the_users_language(app: Flask, officer: User, mail_folder: Path) -> None:
    browser = sign_in_by_password(app, officer)
    form = {"current": PASSWORD, "password": OTHER_PASSWORD}
    assert post_form(browser, "/account/password", form, page="/account/password").status_code == 302
    [(kind, address, text)] = sent(app)
    assert (kind, address) == ("account.password_changed", "officer@example.org")
    assert "If it was not you" in text
    assert "http://localhost/password/forgotten" in text
    assert OTHER_PASSWORD not in text
    assert verbs() == ["user.signed_in", "user.password_changed"]


def test_somebody_without_a_password_chooses_one(app: Flask, make: Factory, sign_in) -> None:
    user = make.user(Role.ALUMNUS)
    browser = sign_in(user)
    assert 'autocomplete="current-password"' not in browser.get("/account/password").text
    assert post_form(browser, "/account/password", {"password": OTHER_PASSWORD}).status_code == 302
    assert is_let_in(sign_in_by_password(app, user, OTHER_PASSWORD))


def test_no_password_is_kept_in_clear_anywhere(app: Flask, officer: User, mail_folder: Path) -> None:
    sign_in_by_password(app, officer)
    kept: list[str] = []
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)):
            kept += [str(value) for value in row]
    assert len(kept) > 30
    assert [value for value in kept if PASSWORD in value] == []


def test_composed_and_decomposed_letters_are_the_same_password(app: Flask, officer: User) -> None:
    give_password(officer, "été au bord du lac Léman")
    decomposed = "e\u0301te\u0301 au bord du lac Le\u0301man"
    assert is_let_in(sign_in_by_password(app, officer, decomposed))
