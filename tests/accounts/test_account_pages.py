"""One's own account: address, sessions, language and zone, and the proof before what is sensitive."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role, SessionEnd, TokenKind
from bsm_alumni.accounts.mails import Notice, notify, render
from bsm_alumni.accounts.models import OneTimeToken, User, UserSession
from bsm_alumni.accounts.service_tokens import make_token, token_of
from bsm_alumni.accounts.words import device_words
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.models import Mail
from tests.accounts.steps import (
    OTHER_PASSWORD,
    PASSWORD,
    give_password,
    is_let_in,
    links_in,
    press,
    sent,
    sessions_of,
    sign_in_by_password,
    verbs,
)
from tests.browsing import post_form
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1"


@pytest.fixture
def officer(make: Factory) -> User:
    return give_password(make.user(Role.OFFICER, email="officer@example.org"))


def grow_stale(user: User) -> None:
    """The proof of all sessions of the user is older than what is sensitive asks for."""
    old = utc_now() - timedelta(minutes=16)
    db.session.execute(sa.update(UserSession).where(UserSession.user_id == user.id).values(fresh_at=old))
    db.session.commit()


@pytest.mark.parametrize("role", list(Role))
def test_every_role_reaches_its_account_from_its_first_page(make: Factory, sign_in: SignIn, role: Role) -> None:
    browser = sign_in(make.user(role))
    home = browser.get("/", follow_redirects=True)
    assert 'href="/account"' in home.text
    for path in ("/account", "/account/password", "/account/address", "/account/confirm"):
        page = browser.get(path)
        assert page.status_code == 200
        assert page.text.count("<h1>") == 1
        assert len(page.data) < 60_000


def test_the_account_page_asks_the_database_a_fixed_number_of_times(
    app: Flask, make: Factory, sign_in: SignIn, count_queries
) -> None:
    user = make.user(Role.OFFICER)
    counts = []
    browser = sign_in(user)
    for _turn in range(2):
        with count_queries() as queries:
            browser.get("/account")
        counts.append(len(queries))
        for _more in range(3):
            sign_in(user)
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/138.0 Safari/537.36 Edg/138.0", "Edge on Linux"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/138.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5.0", "A device that does not say what it is"),
    ],
)
def test_devices_in_plain_words(app: Flask, agent: str, words: str) -> None:
    with app.test_request_context():
        assert device_words(agent) == words


# ---- Sessions ---------------------------------------------------------------------------


def test_sessions_are_listed_and_ended(app: Flask, officer: User) -> None:
    browsers = [sign_in_by_password(app, officer) for _turn in range(3)]
    rows = sessions_of(officer.id)
    db.session.get_one(UserSession, rows[1].id).device = FIREFOX
    db.session.commit()
    page = browsers[0].get("/account").text
    assert page.count("Firefox on Windows") == 1
    assert page.count("This one") == 1
    assert page.count('/end"') == 2
    assert post_form(browsers[0], f"/account/sessions/{rows[1].id}/end", page="/account").status_code == 302
    assert [is_let_in(browser) for browser in browsers] == [True, False, True]
    assert post_form(browsers[0], "/account/sessions/end-others", page="/account").status_code == 302
    assert [is_let_in(browser) for browser in browsers] == [True, False, False]
    assert [row.ended_why for row in sessions_of(officer.id)] == [None, *[SessionEnd.ENDED_BY_USER] * 2]
    assert verbs()[-2:] == ["user.session_ended", "user.sessions_ended"]


def test_nobody_ends_anothers_session(app: Flask, make: Factory, officer: User) -> None:
    other = give_password(make.user(Role.ADMIN, email="admin@example.org"))
    theirs, mine = sign_in_by_password(app, other), sign_in_by_password(app, officer)
    [row] = sessions_of(other.id)
    assert post_form(mine, f"/account/sessions/{row.id}/end", page="/account").status_code == 404
    assert is_let_in(theirs)


def test_a_session_that_is_over_by_its_age_is_not_listed(app: Flask, officer: User) -> None:
    browsers = [sign_in_by_password(app, officer) for _turn in range(2)]
    old = sessions_of(officer.id)[1].id
    db.session.get_one(UserSession, old).seen_at = utc_now() - timedelta(hours=2)
    db.session.commit()
    assert f"/sessions/{old}/end" not in browsers[0].get("/account").text


# ---- Notices ----------------------------------------------------------------------------


def test_a_sign_in_on_a_new_device_is_told_and_on_a_known_one_not(app: Flask, officer: User, mail_folder: Path) -> None:
    first = sign_in_by_password(app, officer)
    post_form(first, "/sign-out", page="/account")
    post_form(first, "/", {"email": officer.email, "password": PASSWORD}, page="/")
    # The first sign-in of all is no news, nor is another one on the same device.
    assert sent(app) == []
    sign_in_by_password(app, officer)
    [(kind, address, text)] = sent(app)
    assert (kind, address) == ("account.new_device", "officer@example.org")
    assert "127.0.0.1" in text
    assert "If it was not you" in text


def test_two_people_at_one_device_are_both_known_there(
    app: Flask, make: Factory, officer: User, mail_folder: Path
) -> None:
    other = give_password(make.user(Role.VIEWER, email="viewer@example.org"))
    emails = [officer.email, other.email]
    shared = app.test_client()
    for email in emails * 2:
        post_form(shared, "/", {"email": email, "password": PASSWORD}, page="/no-such-page")
    assert sent(app) == []
    cookie = shared.get_cookie("bsm-device")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")


@pytest.mark.parametrize("kind", list(Notice))
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_every_notice_has_words(app: Flask, make: Factory, kind: Notice, locale: str) -> None:
    user = make.user(Role.ALUMNUS, locale=locale, zone="Africa/Dakar")
    token = None
    linked = {
        Notice.SIGN_IN_LINK,
        Notice.CONFIRM_LINK,
        Notice.PASSWORD_LINK,
        Notice.ADDRESS_LINK,
        Notice.ADDRESS_CHANGED,
    }
    if kind in linked:
        token = make_token(user, TokenKind.SIGN_IN, timedelta(hours=1))
    factor = {"factor": "passkey"} if "factor" in kind.value else {}
    notify(user, kind, token=token, address="new@example.org", device=FIREFOX, network="198.51.100.7", **factor)
    mail = db.session.scalars(sa.select(Mail)).one()
    message = render(mail)
    assert message is not None
    assert message.subject
    assert user.name in message.text
    assert f'dir="{"rtl" if locale == "ar" else "ltr"}"' in message.html
    if token is not None:
        assert token_of(token) in message.text
        assert token_of(token) not in message.kept_text()
        assert token_of(token) not in str(mail.params)
        token.revoked_at = utc_now()
        assert render(mail) is None
    # Whoever may no longer sign in gets none.
    user.active = False
    assert render(mail) is None


def test_staff_do_not_see_mails_about_accounts(app: Flask, make: Factory, sign_in: SignIn, officer: User) -> None:
    notify(officer, Notice.PASSWORD_CHANGED)
    mail = db.session.scalars(sa.select(Mail)).one()
    number = mail.id
    db.session.commit()
    admin = sign_in(make.user(Role.ADMIN))
    assert "officer@example.org" not in admin.get("/staff/mail").text
    assert admin.get(f"/staff/mail/{number}").status_code == 404
    assert post_form(admin, f"/staff/mail/{number}/cancel", page="/staff/mail").status_code == 404


# ---- Address ----------------------------------------------------------------------------


def test_a_new_address_is_confirmed_where_one_is_signed_in(app: Flask, officer: User, mail_folder: Path) -> None:
    browser = sign_in_by_password(app, officer)
    answer = post_form(browser, "/account/address", {"email": "New@Example.org"}, page="/account/address")
    assert answer.status_code == 302
    [(kind, address, _text)] = sent(app)
    assert (kind, address) == ("account.address_link", "new@example.org")
    [link] = links_in(mail_folder)
    # Not for a visitor, who is asked to sign in, nor for somebody else.
    assert app.test_client().get(link).status_code == 302
    db.session.expire_all()
    assert db.session.get_one(User, officer.id).email == "officer@example.org"
    assert press(browser, link).status_code == 302
    assert [row[:2] for row in sent(app)[1:]] == [("account.address_changed", "officer@example.org")]
    assert verbs() == ["user.signed_in", "user.address_asked", "user.address_changed"]
    db.session.expire_all()
    assert is_let_in(sign_in_by_password(app, db.session.get_one(User, officer.id)))


def test_anothers_address_link_is_no_link(app: Flask, make: Factory, officer: User, mail_folder: Path) -> None:
    mine = sign_in_by_password(app, officer)
    post_form(mine, "/account/address", {"email": "new@example.org"}, page="/account/address")
    sent(app)
    [link] = links_in(mail_folder)
    other = sign_in_by_password(app, give_password(make.user(Role.OFFICER, email="other@example.org")))
    assert other.get(link).status_code == 404
    assert post_form(other, link, page="/account").status_code == 404
    # It was not used up by that.
    assert mine.get(link).status_code == 200


def test_the_old_address_undoes_the_change(app: Flask, officer: User, mail_folder: Path) -> None:
    browser = sign_in_by_password(app, officer)
    for address in ("first@example.org", "second@example.org"):
        post_form(browser, "/account/address", {"email": address}, page="/account/address")
        sent(app)
        press(browser, links_in(mail_folder)[-1])
    sent(app)
    undos = [link for link in links_in(mail_folder) if link.startswith("/address/undo/")]
    assert len(undos) == 2
    owner = app.test_client()
    # The later address tries first; the way back to the first address stays open.
    assert press(app.test_client(), undos[1]).status_code == 302
    answer = press(owner, undos[0])
    assert answer.status_code == 302
    assert answer.location.startswith("/password/new/")
    assert is_let_in(browser) is False
    assert post_form(owner, answer.location, {"password": OTHER_PASSWORD}, page=answer.location).status_code == 302
    db.session.expire_all()
    user = db.session.get_one(User, officer.id)
    assert user.email == "officer@example.org"
    assert is_let_in(sign_in_by_password(app, user, OTHER_PASSWORD))
    lifetimes = db.session.scalars(sa.select(OneTimeToken).where(OneTimeToken.kind == TokenKind.ADDRESS_UNDO)).all()
    assert {row.expires_at - row.created_at for row in lifetimes} == {timedelta(days=7)}


def test_the_undo_closes_later_ways_back_and_the_old_password(app: Flask, officer: User, mail_folder: Path) -> None:
    browser = sign_in_by_password(app, officer)
    for address in ("first@example.org", "second@example.org"):
        post_form(browser, "/account/address", {"email": address}, page="/account/address")
        sent(app)
        press(browser, links_in(mail_folder)[-1])
    sent(app)
    undos = [link for link in links_in(mail_folder) if link.startswith("/address/undo/")]
    assert press(app.test_client(), undos[0]).status_code == 302
    assert app.test_client().get(undos[1]).status_code == 410
    form = {"email": "officer@example.org", "password": PASSWORD}
    assert post_form(app.test_client(), "/", form, page="/").status_code == 422


def test_an_address_that_has_an_account_is_not_told_to_the_one_who_asks(
    app: Flask, make: Factory, officer: User, mail_folder: Path
) -> None:
    make.user(Role.ADMIN, email="admin@example.org")
    browser = sign_in_by_password(app, officer)
    locations = [
        post_form(browser, "/account/address", {"email": email}, page="/account/address").location
        for email in ("admin@example.org", "free1@example.org")
    ]
    assert locations == ["/account", "/account"]
    kinds = [row[:2] for row in sent(app)]
    assert kinds == [("account.address_taken", "admin@example.org"), ("account.address_link", "free1@example.org")]


def test_an_address_taken_meanwhile_is_refused_plainly(
    app: Flask, make: Factory, officer: User, mail_folder: Path
) -> None:
    browser = sign_in_by_password(app, officer)
    post_form(browser, "/account/address", {"email": "new@example.org"}, page="/account/address")
    sent(app)
    [link] = links_in(mail_folder)
    browser.get(link)
    make.user(Role.VIEWER, email="new@example.org")
    answer = post_form(browser, link, page="/account")
    assert answer.status_code == 409
    assert "This address has an account by now" in answer.text
    db.session.expire_all()
    assert db.session.get_one(User, officer.id).email == "officer@example.org"


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("officer@example.org", "This is your address already."),
        ("nonsense", "Write the address as name@domain."),
        ("a b@example.org", "Write the address as name@domain."),
        ("x@demo.example", "Addresses of the demo are not for real accounts."),
        ("", "Write the new address."),
    ],
)
def test_words_say_how_to_mend_an_address(app: Flask, officer: User, email: str, words: str) -> None:
    browser = sign_in_by_password(app, officer)
    answer = post_form(browser, "/account/address", {"email": email}, page="/account/address")
    assert (answer.status_code, words in answer.text) == (422, True)


# ---- The proof before what is sensitive ---------------------------------------------------


def test_what_is_sensitive_asks_again_after_a_while(app: Flask, officer: User) -> None:
    browser = sign_in_by_password(app, officer)
    assert browser.get("/account/password").status_code == 200
    grow_stale(officer)
    assert browser.get("/account/password").location == "/account/confirm?next=%2Faccount%2Fpassword%3F"
    posted = post_form(browser, "/account/password", {"current": PASSWORD, "password": OTHER_PASSWORD})
    assert posted.location == "/account/confirm?next=%2Faccount%2Fpassword"
    form = {"password": PASSWORD, "next": "/account/password"}
    assert post_form(browser, "/account/confirm", form, page="/account/confirm").location == "/account/password"
    assert browser.get("/account/password").status_code == 200


def test_a_wrong_password_proves_nothing(app: Flask, officer: User) -> None:
    browser = sign_in_by_password(app, officer)
    grow_stale(officer)
    answer = post_form(browser, "/account/confirm", {"password": "wrong"}, page="/account/confirm")
    assert (answer.status_code, "This is not your password" in answer.text) == (422, True)
    assert browser.get("/account/password").status_code == 302
    assert verbs() == ["user.signed_in", "user.sign_in_failed"]


def test_confirming_leads_nowhere_else(app: Flask, officer: User) -> None:
    browser = sign_in_by_password(app, officer)
    form = {"password": PASSWORD, "next": "//evil.example"}
    assert post_form(browser, "/account/confirm", form, page="/account/confirm").location == "/"


def test_those_without_a_password_prove_by_a_link_in_the_same_browser(
    app: Flask, make: Factory, sign_in: SignIn, mail_folder: Path
) -> None:
    alumnus = make.user(Role.ALUMNUS, email="alumnus@example.org")
    asking, elsewhere = sign_in(alumnus), sign_in(alumnus)
    grow_stale(alumnus)
    assert 'type="password"' not in asking.get("/account/confirm").text
    post_form(asking, "/account/confirm/link", page="/account/confirm")
    [(kind, address, _text)] = sent(app)
    assert (kind, address) == ("account.confirm_link", "alumnus@example.org")
    [link] = links_in(mail_folder)
    # Whoever holds a copied cookie and has the owner press the button gains nothing.
    assert elsewhere.get(link).status_code == 404
    assert post_form(elsewhere, link, page="/account").status_code == 404
    assert press(asking, link).status_code == 302
    assert asking.get("/account/address").status_code == 200
    assert elsewhere.get("/account/address").status_code == 302
    assert post_form(asking, link, page="/account").status_code == 410


# ---- Language and zone ----------------------------------------------------------------------


def test_language_and_zone_are_kept(app: Flask, make: Factory, sign_in: SignIn) -> None:
    user = make.user(Role.ALUMNUS)
    browser = sign_in(user)
    # A language chosen for this browser before must not hide the one chosen now.
    post_form(browser, "/language", {"lang": "fr", "next": "/account"})
    form = {"locale": "ar", "zone": "Africa/Dakar"}
    assert post_form(browser, "/account/preferences", form, page="/account").status_code == 302
    db.session.expire_all()
    kept = db.session.get_one(User, user.id)
    assert (kept.locale, kept.zone) == ("ar", "Africa/Dakar")
    assert '<html lang="ar" dir="rtl">' in browser.get("/account").text
    assert verbs() == ["user.preferences_changed"]


def test_unknown_languages_and_zones_are_refused(make: Factory, sign_in: SignIn) -> None:
    browser = sign_in(make.user(Role.ALUMNUS))
    answer = post_form(browser, "/account/preferences", {"locale": "xx", "zone": "Mars/Olympus"}, page="/account")
    assert answer.status_code == 422
    assert "Choose one of the six languages." in answer.text
    assert "Choose one of the time zones." in answer.text
