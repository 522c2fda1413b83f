"""What tests of accounts do again and again: sign in as a browser does, copy a cookie, read the last mail."""

import html
import re
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bsm_alumni.accounts.models import User, UserSession
from bsm_alumni.accounts.service_passwords import set_password
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db
from bsm_alumni.mail.models import Mail
from bsm_alumni.worker import sweep
from tests.browsing import post_form

PASSWORD = "vexed kiosk tumbler"
OTHER_PASSWORD = "tea at half past nine"


def give_password(user: User, password: str = PASSWORD) -> User:
    """The user with a password, committed."""
    set_password(user, password)
    db.session.commit()
    return user


def sign_in_by_password(app: Flask, user: User, password: str = PASSWORD) -> FlaskClient:
    """A new browser in which the user signed in by the form."""
    browser, email = app.test_client(), user.email
    answer = post_form(browser, "/", {"email": email, "password": password}, page="/")
    assert answer.status_code == 302, email
    return browser


def cookie_of(browser: FlaskClient) -> str:
    """The session cookie, as somebody who looks over a shoulder would copy it."""
    cookie = browser.get_cookie("bsm")
    assert cookie is not None
    return cookie.value


def with_cookie(app: Flask, value: str) -> FlaskClient:
    """A browser that holds a copied cookie and nothing else."""
    browser = app.test_client()
    browser.set_cookie("bsm", value)
    return browser


def is_let_in(browser: FlaskClient) -> bool:
    """True for a session that opens the account's page."""
    return browser.get("/account").status_code == 200


def sent(app: Flask) -> list[tuple[str, str, str]]:
    """Kind, address and kept text of every mail about an account, after a sweep of the worker."""
    sweep(app)
    db.session.rollback()
    mails = db.session.scalars(sa.select(Mail).where(Mail.kind.startswith("account.")).order_by(Mail.id)).all()
    return [(mail.kind, mail.to_address, mail.sent_text) for mail in mails]


def links_in(mail_folder: Path) -> list[str]:
    """Paths of all links of the site in the mails that left, oldest first."""
    found: list[str] = []
    for path in sorted(mail_folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns):
        text = path.read_bytes().decode(errors="replace").replace("=\r\n", "").replace("=\n", "").replace("=3D", "=")
        for link in re.findall(r"http://localhost(/[\w/-]{40,})", html.unescape(text)):
            if link not in found:
                found.append(link)
    return found


def press(browser: FlaskClient, url: str) -> TestResponse:
    """Open a link and press its button."""
    assert browser.get(url).status_code == 200
    return post_form(browser, url, page=url)


def verbs() -> list[str]:
    """What the trail tells of users, in order."""
    db.session.rollback()
    about_users = AuditEntry.verb.startswith("user.")
    found = list(db.session.scalars(sa.select(AuditEntry.verb).where(about_users).order_by(AuditEntry.id)))
    db.session.rollback()
    return found


def sessions_of(user_id: int) -> list[UserSession]:
    """The user's sessions, oldest first."""
    db.session.rollback()
    return list(db.session.scalars(sa.select(UserSession).where(UserSession.user_id == user_id).order_by("id")))
