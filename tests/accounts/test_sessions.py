"""When a session is over, a copy of its cookie is worth nothing. Each end has a twin: a session it does not concern."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.accounts.enums import Awaits, Role, SessionEnd, TokenKind
from bsm_alumni.accounts.models import OneTimeToken, User, UserSession
from bsm_alumni.accounts.rules_sessions import is_alive, is_fresh
from bsm_alumni.accounts.service_factors import reset_factors
from bsm_alumni.accounts.service_tidy import tidy_accounts
from bsm_alumni.accounts.service_tokens import make_token
from bsm_alumni.accounts.service_users import deactivate_user, end_sessions, reactivate_user, set_access
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from tests.accounts.steps import (
    OTHER_PASSWORD,
    PASSWORD,
    cookie_of,
    give_password,
    is_let_in,
    links_in,
    press,
    sent,
    sessions_of,
    sign_in_by_password,
    verbs,
    with_cookie,
)
from tests.browsing import post_form
from tests.factories import Factory

NOW = utc_now()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def officer(make: Factory) -> User:
    return give_password(make.user(Role.OFFICER, email="officer@example.org"))


@pytest.mark.parametrize(
    ("role", "idle", "age", "alive"),
    [
        (Role.OFFICER, 59 * MINUTE, 11 * HOUR, True),
        (Role.OFFICER, 60 * MINUTE, 11 * HOUR, False),
        (Role.OFFICER, MINUTE, 12 * HOUR, False),
        (Role.PARTNER, 60 * MINUTE, HOUR, False),
        (Role.ALUMNUS, 7 * HOUR, 6 * DAY, True),
        (Role.ALUMNUS, 8 * HOUR, 6 * DAY, False),
        (Role.ALUMNUS, MINUTE, 7 * DAY, False),
    ],
)
def test_idle_and_absolute_limits(role: Role, idle: timedelta, age: timedelta, alive: bool) -> None:
    assert is_alive(role, NOW - age, NOW - idle, NOW) is alive


def test_half_a_sign_in_lasts_half_an_hour() -> None:
    assert is_alive(Role.OFFICER, NOW - 29 * MINUTE, NOW, NOW, Awaits.FACTOR) is True
    assert is_alive(Role.OFFICER, NOW - 30 * MINUTE, NOW, NOW, Awaits.FACTOR) is False


def test_a_proof_is_fresh_for_a_quarter_of_an_hour() -> None:
    assert (is_fresh(NOW - 14 * MINUTE, NOW), is_fresh(NOW - 15 * MINUTE, NOW)) == (True, False)


# ---- Ends -------------------------------------------------------------------------------


def _deactivate(user: User) -> None:
    deactivate_user(user, None)


def _role(user: User) -> None:
    set_access(user, Role.VIEWER, None, False)


ENDS: dict[str, tuple[Callable[[User], object], SessionEnd]] = {
    "deactivation": (_deactivate, SessionEnd.DEACTIVATED),
    "role change": (_role, SessionEnd.ROLE_CHANGED),
    "factor reset": (reset_factors, SessionEnd.FACTOR_CHANGED),
    "an administrator": (end_sessions, SessionEnd.ENDED_BY_ADMINISTRATOR),
}


@pytest.mark.parametrize("end", list(ENDS))
def test_a_copied_cookie_is_dead_after(app: Flask, make: Factory, officer: User, end: str) -> None:
    other = give_password(make.user(Role.OFFICER, email="other@example.org"))
    copies = [cookie_of(sign_in_by_password(app, user)) for user in (officer, officer, other)]
    assert [is_let_in(with_cookie(app, copy)) for copy in copies] == [True, True, True]
    step, why = ENDS[end]
    db.session.rollback()
    with writing():
        step(db.session.get_one(User, officer.id))
        db.session.commit()
    assert [is_let_in(with_cookie(app, copy)) for copy in copies] == [False, False, True]
    assert {row.ended_why for row in sessions_of(officer.id)} == {why}


def test_a_copied_cookie_is_dead_after_sign_out(app: Flask, officer: User) -> None:
    browser, twin = sign_in_by_password(app, officer), sign_in_by_password(app, officer)
    copy = cookie_of(browser)
    assert is_let_in(with_cookie(app, copy))
    assert post_form(browser, "/sign-out", page="/account").status_code == 302
    assert is_let_in(with_cookie(app, copy)) is False
    assert is_let_in(browser) is False
    assert is_let_in(twin) is True
    assert [row.ended_why for row in sessions_of(officer.id)] == [SessionEnd.SIGNED_OUT, None]
    assert verbs() == ["user.signed_in", "user.signed_in", "user.signed_out"]


def test_a_session_does_not_live_again_when_the_user_is_let_in_again(app: Flask, officer: User) -> None:
    copy = cookie_of(sign_in_by_password(app, officer))
    with writing():
        user = db.session.get_one(User, officer.id)
        deactivate_user(user, None)
        reactivate_user(user)
        db.session.commit()
    assert is_let_in(with_cookie(app, copy)) is False
    assert is_let_in(sign_in_by_password(app, officer)) is True


def test_a_new_password_ends_all_other_sessions(app: Flask, officer: User) -> None:
    here, elsewhere = sign_in_by_password(app, officer), sign_in_by_password(app, officer)
    form = {"current": PASSWORD, "password": OTHER_PASSWORD}
    assert post_form(here, "/account/password", form, page="/account/password").status_code == 302
    assert (is_let_in(here), is_let_in(elsewhere)) == (True, False)
    assert [row.ended_why for row in sessions_of(officer.id)] == [None, SessionEnd.PASSWORD_CHANGED]


def test_a_new_address_ends_all_other_sessions(app: Flask, officer: User, mail_folder: Path) -> None:
    here, elsewhere = sign_in_by_password(app, officer), sign_in_by_password(app, officer)
    post_form(here, "/account/address", {"email": "new@example.org"}, page="/account/address")
    sent(app)
    assert press(here, links_in(mail_folder)[-1]).status_code == 302
    assert (is_let_in(here), is_let_in(elsewhere)) == (True, False)
    assert [row.ended_why for row in sessions_of(officer.id)] == [None, SessionEnd.ADDRESS_CHANGED]


@pytest.mark.parametrize(
    ("role", "column", "past", "before"),
    [
        (Role.OFFICER, "seen_at", HOUR, HOUR - MINUTE),
        (Role.OFFICER, "created_at", 12 * HOUR, 12 * HOUR - MINUTE),
        (Role.ALUMNUS, "seen_at", 8 * HOUR, 8 * HOUR - MINUTE),
        (Role.ALUMNUS, "created_at", 7 * DAY, 7 * DAY - MINUTE),
    ],
)
def test_limits_hold_for_a_copied_cookie(
    app: Flask, make: Factory, role: Role, column: str, past: timedelta, before: timedelta
) -> None:
    user = give_password(make.user(role))
    copies = [cookie_of(sign_in_by_password(app, user)) for _turn in range(2)]
    for row, age in zip(sessions_of(user.id), (past, before), strict=True):
        row = db.session.get_one(UserSession, row.id)
        setattr(row, column, utc_now() - age)
        db.session.commit()
    assert [is_let_in(with_cookie(app, copy)) for copy in copies] == [False, True]


def test_looking_at_pages_is_noted_once_a_minute_and_keeps_the_session_alive(app: Flask, officer: User) -> None:
    browser = sign_in_by_password(app, officer)
    [row] = sessions_of(officer.id)
    fresh = row.seen_at
    assert is_let_in(browser)
    assert sessions_of(officer.id)[0].seen_at == fresh
    db.session.get_one(UserSession, row.id).seen_at = fresh - 30 * MINUTE
    db.session.commit()
    assert is_let_in(browser)
    assert sessions_of(officer.id)[0].seen_at >= fresh


def test_the_database_holds_no_cookie(app: Flask, officer: User) -> None:
    browser = sign_in_by_password(app, officer)
    with browser.session_transaction() as held:
        token = held["_user_id"]
    [row] = sessions_of(officer.id)
    assert len(token) == 43
    assert token not in {row.token_hash, row.device, row.network}


# ---- The worker takes away what is long over ---------------------------------------------------


def test_what_has_been_over_for_a_month_is_deleted(app: Flask, make: Factory, officer: User) -> None:
    ages = {"ended long ago": 31 * DAY, "ended lately": 29 * DAY, "open": None}
    for number, age in enumerate(ages.values()):
        db.session.add(
            UserSession(
                token_hash=f"{number:064d}",
                user_id=officer.id,
                method="password",
                ended_at=utc_now() - age if age else None,
                ended_why=SessionEnd.SIGNED_OUT if age else None,
            )
        )
    db.session.add(UserSession(token_hash="9" * 64, user_id=officer.id, method="link", created_at=utc_now() - 38 * DAY))
    for age in (31 * DAY, 29 * DAY):
        token = make_token(officer, TokenKind.SIGN_IN, HOUR, keep_earlier=True)
        token.expires_at = utc_now() - age
    db.session.commit()
    assert tidy_accounts() == 3
    kept = db.session.scalars(sa.select(UserSession.token_hash).order_by(UserSession.id)).all()
    assert [int(value) for value in kept] == [1, 2]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OneTimeToken)) == 1
    assert tidy_accounts() == 0
