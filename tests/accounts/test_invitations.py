"""Invitations by mail: a link that works once, for a week, and only in the latest mail."""

import dataclasses
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Awaits, Role, SignInMethod
from bsm_alumni.accounts.mails_invitation import render
from bsm_alumni.accounts.models import OneTimeToken, User, UserSession
from bsm_alumni.accounts.queries import find_user_of_alumnus
from bsm_alumni.accounts.service_invitations import invite
from bsm_alumni.accounts.service_users import deactivate_user
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.models import Mail
from bsm_alumni.web.errors import Refused
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
Post = Callable[..., object]
PASSWORD = "orchard-lantern-velvet-quarry"


@pytest.fixture
def production(app: Flask) -> Iterator[Flask]:
    """The application where a second factor is needed."""
    before = app.extensions["bsm_settings"]
    app.extensions["bsm_settings"] = dataclasses.replace(before, env="production")
    yield app
    app.extensions["bsm_settings"] = before


def link_to(user: User) -> str:
    """The path in the latest mail to the user, as the mail says it."""
    mail = db.session.scalars(sa.select(Mail).where(Mail.to_address == user.email).order_by(Mail.id.desc())).first()
    assert mail is not None
    message = render(mail)
    assert message is not None
    found = re.search(r"http://localhost(/welcome/[\w-]{43})\s", message.text)
    assert found is not None
    assert found[1] in message.html
    # Neither the outbox nor the copy that is kept holds the link.
    token = found[1].rsplit("/", 1)[1]
    assert token not in str(mail.params)
    assert token not in message.kept_text()
    return found[1]


def invited(make: Factory, role: Role = Role.OFFICER, **fields: object) -> tuple[User, str]:
    user = make.user(role, **fields)
    invite(user, "Ada")
    db.session.commit()
    return user, link_to(user)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.PARTNER])
def test_the_link_leads_to_a_password_and_then_to_the_second_factor(
    role: Role, production: Flask, make: Factory, post: Post
) -> None:
    user, link = invited(make, role)
    browser = production.test_client()
    page = browser.get(link)
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Go on without a password" not in page.text
    answer = post(browser, link, {"password": PASSWORD})
    assert (answer.status_code, answer.location) == (302, "/")  # type: ignore[attr-defined]
    session = db.session.scalars(sa.select(UserSession)).one()
    assert (session.user_id, session.method, session.awaits) == (user.id, SignInMethod.LINK, Awaits.SET_UP)
    # Half a sign-in opens nothing.
    assert browser.get("/staff/events" if role is Role.OFFICER else "/partner/alumni").status_code == 302
    db.session.refresh(user)
    assert user.password is not None


def test_it_works_once(app: Flask, make: Factory, post: Post) -> None:
    _user, link = invited(make)
    assert post(app.test_client(), link, {"password": PASSWORD}).status_code == 302  # type: ignore[attr-defined]
    again = app.test_client()
    assert post(again, link, {"password": "another-lantern-velvet-quarry"}).status_code == 404  # type: ignore[attr-defined]
    assert again.get(link).status_code == 404
    assert db.session.scalar(sa.select(sa.func.count()).select_from(UserSession)) == 1


def test_opening_the_link_uses_nothing_up(app: Flask, make: Factory, post: Post) -> None:
    _user, link = invited(make)
    for _scanner in range(3):
        assert app.test_client().get(link).status_code == 200
    assert post(app.test_client(), link, {"password": PASSWORD}).status_code == 302  # type: ignore[attr-defined]


def test_used_replaced_old_and_wrong_links_look_the_same(app: Flask, make: Factory, post: Post) -> None:
    _one, used = invited(make)
    post(app.test_client(), used, {"password": PASSWORD})
    two, replaced = invited(make)
    invite(two)
    db.session.commit()
    assert link_to(two) != replaced
    _three, old = invited(make)
    four, closed = invited(make)
    deactivate_user(four, None)
    db.session.commit()
    pages = {}
    with time_machine.travel(utc_now() + timedelta(days=7, minutes=1), tick=False):
        pages["old"] = app.test_client().get(old)
    pages |= {"used": app.test_client().get(used), "replaced": app.test_client().get(replaced)}
    pages |= {"deactivated": app.test_client().get(closed), "wrong": app.test_client().get("/welcome/" + "x" * 43)}

    def words(text: str) -> str:
        text = re.sub(r'name="csrf_token" value="[^"]*"', "", text)
        return re.sub(r'name="next" value="[^"]*"', "", text)

    assert {page.status_code for page in pages.values()} == {404}
    assert len({words(page.text) for page in pages.values()}) == 1
    assert "ask whoever invited you" in pages["used"].text


def test_a_mail_whose_link_was_replaced_is_not_sent(make: Factory) -> None:
    user = make.user()
    invite(user)
    first = db.session.scalars(sa.select(Mail)).one()
    invite(user)
    db.session.commit()
    assert render(first) is None


def test_a_week_is_a_week(app: Flask, make: Factory) -> None:
    _user, link = invited(make)
    with time_machine.travel(utc_now() + timedelta(days=6, hours=23), tick=False):
        assert app.test_client().get(link).status_code == 200


@pytest.mark.parametrize("password", ["", "short", "passwordpassword", "olumide-bako-2026"])
def test_a_weak_password_is_refused_and_the_link_stays(password: str, app: Flask, make: Factory, post: Post) -> None:
    user, link = invited(make, name="Olumide Bako")
    browser = app.test_client()
    answer = post(browser, link, {"password": password})
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert re.findall(r'id="([^"]*)-error"', answer.text) == ["password"]  # type: ignore[attr-defined]
    db.session.refresh(user)
    assert user.password is None
    assert browser.get(link).status_code == 200
    # Staff cannot skip the password, whatever they post.
    assert post(browser, link, {"password": "", "without": "1"}).status_code == 422  # type: ignore[attr-defined]


def test_an_alumnus_may_go_on_without_a_password(app: Flask, make: Factory, post: Post) -> None:
    user, link = invited(make, Role.ALUMNUS)
    browser = app.test_client()
    assert "Go on without a password" in browser.get(link).text
    assert post(browser, link, {"password": "", "without": "1"}).status_code == 302  # type: ignore[attr-defined]
    assert browser.get("/me/").status_code == 200
    db.session.refresh(user)
    assert user.password is None


def test_staff_invite_an_alumnus_from_the_profile(make: Factory, sign_in: SignIn, post: Post) -> None:
    person = make.alumnus(email="amina@example.org", locale="fr")
    without = make.alumnus(email=None)
    url, officer = f"/staff/alumni/{person.id}", sign_in(make.user(Role.OFFICER))
    number, other = person.id, without.id
    assert "Invite to sign in" in officer.get(url).text
    assert "Invite to sign in" not in officer.get(f"/staff/alumni/{other}").text
    assert post(officer, f"{url}/invite-to-sign-in").status_code == 302  # type: ignore[attr-defined]
    user = find_user_of_alumnus(number)
    assert user is not None
    assert (user.email, user.role, user.locale, user.password) == ("amina@example.org", Role.ALUMNUS, "fr", None)
    page = officer.get(url).text
    assert "Invited, has not signed in yet" in page
    assert "Send the invitation again" in page
    mail = db.session.scalars(sa.select(Mail)).one()
    assert mail.alumnus_id == number
    post(officer, f"{url}/invite-to-sign-in")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User).where(User.role == Role.ALUMNUS)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mail)) == 2
    # Nobody is made for somebody without an address.
    post(officer, f"/staff/alumni/{other}/invite-to-sign-in")
    assert find_user_of_alumnus(other) is None
    viewer = sign_in(make.user(Role.VIEWER))
    assert "Send the invitation again" not in viewer.get(url).text
    assert post(viewer, f"{url}/invite-to-sign-in").status_code == 403  # type: ignore[attr-defined]


def test_an_address_that_belongs_to_another_account_is_refused(make: Factory, sign_in: SignIn, post: Post) -> None:
    make.user(Role.VIEWER, email="taken@example.org")
    person = make.alumnus(email="taken@example.org")
    number, officer = person.id, sign_in(make.user(Role.OFFICER))
    post(officer, f"/staff/alumni/{number}/invite-to-sign-in")
    assert find_user_of_alumnus(number) is None
    assert "taken@example.org has an account already." in officer.get(f"/staff/alumni/{number}").text


def test_who_signed_in_or_may_not_is_not_invited(make: Factory) -> None:
    for user in (make.user(last_sign_in_at=utc_now()), make.user(active=False)):
        with pytest.raises(Refused):
            invite(user)
    assert db.session.scalars(sa.select(OneTimeToken)).all() == []


def test_the_trail_says_who_came_in(app: Flask, make: Factory, post: Post) -> None:
    user, link = invited(make, name="Olu")
    post(app.test_client(), link, {"password": PASSWORD})
    entries = db.session.execute(sa.select(AuditEntry.verb, AuditEntry.subject_id).order_by(AuditEntry.id)).all()
    assert ("user.invited", str(user.id)) == entries[0]
    assert ("user.invitation_accepted", str(user.id)) in entries
    assert PASSWORD not in str(db.session.scalars(sa.select(AuditEntry.after)).all())
