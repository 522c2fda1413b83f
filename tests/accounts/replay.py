"""Everything that works once: one table of what it is, how a test gets it, and how it is used.

``CASES`` maps a name to a function that makes the thing and returns as many tries as are asked for. Each try uses the
same thing, over the real client with a connection of its own, and returns True when it was let in. To add one, write
such a function and mark it with ``@case(name)``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role, TokenKind
from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.service_recovery import make_codes
from bsm_alumni.accounts.service_tokens import PATHS, make_token, token_of
from bsm_alumni.assignments import links
from bsm_alumni.assignments.service import propose_and_invite
from bsm_alumni.assignments.service_answers import accept
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.errors import Refused
from tests.accounts.authenticator import Authenticator
from tests.accounts.signing import code_now, give_app
from tests.accounts.steps import (
    OTHER_PASSWORD,
    cookie_of,
    give_password,
    is_let_in,
    sessions_of,
    sign_in_by_password,
    with_cookie,
)
from tests.browsing import csrf_token
from tests.factories import Factory

Try = Callable[[], bool]
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class World:
    """What a case makes its thing with."""

    app: Flask
    make: Factory

    def browsers(self, count: int) -> list[FlaskClient]:
        """Browsers of visitors."""
        return [self.app.test_client() for _number in range(count)]

    def copies(self, user: User, count: int) -> list[FlaskClient]:
        """Browsers that hold copies of one session's cookie, as thieves would."""
        cookie = cookie_of(sign_in_by_password(self.app, user))
        return [with_cookie(self.app, cookie) for _number in range(count)]


CASES: dict[str, Callable[[World, int], list[Try]]] = {}


def case(name: str) -> Callable[[Callable[[World, int], list[Try]]], Callable[[World, int], list[Try]]]:
    """Put a case into the table."""

    def put(make_tries: Callable[[World, int], list[Try]]) -> Callable[[World, int], list[Try]]:
        assert name not in CASES
        CASES[name] = make_tries
        return make_tries

    return put


def posts(browsers: list[FlaskClient], url: str, data: dict[str, str] | None = None) -> list[Try]:
    """One post of the same form from each browser; a redirect means that it was taken."""
    forms = [{"csrf_token": csrf_token(browser, "/no-such-page"), **(data or {})} for browser in browsers]

    def make_try(browser: FlaskClient, form: dict[str, str]) -> Try:
        return lambda: browser.post(url, data=form).status_code == 302

    return [make_try(browser, form) for browser, form in zip(browsers, forms, strict=True)]


def link(user: User, kind: TokenKind, params: dict[str, Any] | None = None) -> str:
    """The path of a new link of this kind, committed."""
    row = make_token(user, kind, HOUR, params)
    db.session.commit()
    return f"{PATHS[kind]}/{token_of(row)}"


# ---- Links in mails: one case for each TokenKind, by its value ------------------------------


@case(TokenKind.INVITATION.value)
def invitation(world: World, count: int) -> list[Try]:
    url = link(world.make.user(Role.OFFICER), TokenKind.INVITATION)
    return posts(world.browsers(count), url, {"password": OTHER_PASSWORD})


@case(TokenKind.FIRST_ADMINISTRATOR.value)
def first_administrator(world: World, count: int) -> list[Try]:
    url = link(world.make.user(Role.ADMIN), TokenKind.FIRST_ADMINISTRATOR)
    return posts(world.browsers(count), url, {"password": OTHER_PASSWORD})


@case(TokenKind.SIGN_IN.value)
def sign_in_link(world: World, count: int) -> list[Try]:
    return posts(world.browsers(count), link(world.make.user(Role.ALUMNUS), TokenKind.SIGN_IN))


@case(TokenKind.PASSWORD_RESET.value)
def password_reset(world: World, count: int) -> list[Try]:
    url = link(give_password(world.make.user()), TokenKind.PASSWORD_RESET)
    return posts(world.browsers(count), url, {"password": OTHER_PASSWORD})


@case(TokenKind.ADDRESS_CHANGE.value)
def address_change(world: World, count: int) -> list[Try]:
    user = give_password(world.make.user())
    browsers = world.copies(user, count)
    new = f"new{user.id}@example.org"
    return posts(browsers, link(user, TokenKind.ADDRESS_CHANGE, {"address": new}))


@case(TokenKind.ADDRESS_UNDO.value)
def address_undo(world: World, count: int) -> list[Try]:
    user = give_password(world.make.user())
    return posts(world.browsers(count), link(user, TokenKind.ADDRESS_UNDO, {"address": f"old{user.id}@example.org"}))


@case(TokenKind.CONFIRM.value)
def confirm_link(world: World, count: int) -> list[Try]:
    user = give_password(world.make.user())
    browsers = world.copies(user, count)
    return posts(browsers, link(user, TokenKind.CONFIRM, {"session": sessions_of(user.id)[-1].id}))


# ---- Codes and challenges -------------------------------------------------------------------


@case("code of the app")
def app_code(world: World, count: int) -> list[Try]:
    user = give_password(world.make.user())
    secret = give_app(user)
    # Each browser gave the password and stands before the second step.
    browsers = [sign_in_by_password(world.app, user) for _number in range(count)]
    return posts(browsers, "/second-factor", {"code": code_now(secret)})


@case("recovery code")
def recovery_code(world: World, count: int) -> list[Try]:
    user = give_password(world.make.user())
    give_app(user)
    code = make_codes(user)[3]
    db.session.commit()
    browsers = [sign_in_by_password(world.app, user) for _number in range(count)]
    return posts(browsers, "/second-factor/recovery-code", {"recovery_code": code})


@case("passkey challenge")
def passkey_challenge(world: World, count: int) -> list[Try]:
    user, key = give_password(world.make.user()), Authenticator()
    home = sign_in_by_password(world.app, user)
    token = csrf_token(home, "/no-such-page")
    adding = "/account/second-factors/passkeys"
    made = key.make(dict(home.post(f"{adding}/options", data={"csrf_token": token}).json))
    assert home.post(adding, data={"csrf_token": token, "answer": made, "name": ""}).status_code == 200
    # One browser asks for a challenge; its cookie and its answer are copied.
    asking = world.app.test_client()
    token = csrf_token(asking, "/no-such-page")
    options = dict(asking.post("/sign-in/passkey/options", data={"csrf_token": token}).json)
    answer, cookie = key.use(options), cookie_of(asking)

    def attempt() -> bool:
        browser = with_cookie(world.app, cookie)
        form = {"csrf_token": token, "answer": answer, "next": "/"}
        return browser.post("/sign-in/passkey", data=form).status_code == 302 and is_let_in(browser)

    return [attempt] * count


# ---- Answers to an invitation to present ------------------------------------------------------


@case("answer to an invitation")
def invitation_answer(world: World, count: int) -> list[Try]:
    event = world.make.event(seats=1, starts_at=utc_now() + timedelta(days=40))
    slot_id, alumnus_id = event.slots[0].id, world.make.alumnus().id
    db.session.rollback()
    with writing():
        assignment_id = propose_and_invite(slot_id, alumnus_id).id
        found = links.find_current_link(assignment_id)
        assert found is not None
        token = links.token_of(found)
        db.session.commit()

    def attempt() -> bool:
        with world.app.app_context(), writing():
            try:
                accept(links.open_link(token).id)
                db.session.commit()
                return True
            except Refused:
                db.session.rollback()
                return False
            finally:
                db.session.remove()

    return [attempt] * count
