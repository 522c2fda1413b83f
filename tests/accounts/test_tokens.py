"""Links that work once: made, replaced, used up; never stored."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.accounts.enums import TokenKind
from bsm_alumni.accounts.errors import TokenClosed
from bsm_alumni.accounts.models import OneTimeToken, User
from bsm_alumni.accounts.service_tokens import (
    PATHS,
    find_token,
    make_token,
    open_token,
    revoke_tokens,
    token_of,
    url_of,
    use_token,
)
from bsm_alumni.extensions import db
from tests.factories import Factory

HOUR = timedelta(hours=1)


@pytest.fixture
def user(make: Factory) -> User:
    return make.user()


def closed(call: Callable[[], object]) -> bool:
    with pytest.raises(TokenClosed):
        call()
    return True


@pytest.mark.parametrize("kind", list(TokenKind))
def test_a_link_works_once(user: User, kind: TokenKind) -> None:
    row = make_token(user, kind, HOUR, {"a": 1})
    token = token_of(row)
    assert len(token) == 43
    assert open_token(kind, token).id == row.id
    used = use_token(kind, token)
    assert (used.id, used.user_id, used.params, used.used_at is None) == (row.id, user.id, {"a": 1}, False)
    assert closed(lambda: use_token(kind, token))
    assert closed(lambda: open_token(kind, token))


def test_a_token_of_one_kind_is_none_of_another(user: User) -> None:
    token = token_of(make_token(user, TokenKind.SIGN_IN, HOUR))
    for kind in set(TokenKind) - {TokenKind.SIGN_IN}:
        assert find_token(kind, token) is None
        with pytest.raises(LookupError):
            use_token(kind, token)
    assert use_token(TokenKind.SIGN_IN, token).kind is TokenKind.SIGN_IN


def test_a_new_link_closes_the_earlier_one_of_its_kind_and_user(user: User, make: Factory) -> None:
    first = token_of(make_token(user, TokenKind.SIGN_IN, HOUR))
    other_kind = token_of(make_token(user, TokenKind.PASSWORD_RESET, HOUR))
    other_user = token_of(make_token(make.user(), TokenKind.SIGN_IN, HOUR))
    second = token_of(make_token(user, TokenKind.SIGN_IN, HOUR))
    assert closed(lambda: use_token(TokenKind.SIGN_IN, first))
    assert use_token(TokenKind.SIGN_IN, second).user_id == user.id
    assert use_token(TokenKind.PASSWORD_RESET, other_kind).user_id == user.id
    assert use_token(TokenKind.SIGN_IN, other_user).user_id != user.id


def test_a_link_ends_with_its_time(user: User) -> None:
    row = make_token(user, TokenKind.SIGN_IN, timedelta(minutes=20))
    row.expires_at = row.created_at
    db.session.flush()
    assert closed(lambda: use_token(TokenKind.SIGN_IN, token_of(row)))


def test_revoking_says_how_many_were_open(user: User) -> None:
    make_token(user, TokenKind.SIGN_IN, HOUR)
    make_token(user, TokenKind.PASSWORD_RESET, HOUR)
    make_token(user, TokenKind.ADDRESS_UNDO, HOUR)
    assert revoke_tokens(user.id, TokenKind.SIGN_IN, TokenKind.PASSWORD_RESET) == 2
    assert revoke_tokens(user.id, TokenKind.SIGN_IN, TokenKind.PASSWORD_RESET) == 0


def test_the_database_holds_no_token(user: User) -> None:
    token = token_of(make_token(user, TokenKind.SIGN_IN, HOUR))
    columns = [str(value) for value in db.session.execute(sa.select(*OneTimeToken.__table__.columns)).one()]
    assert [value for value in columns if token in value] == []


def test_an_address_is_built_from_the_base_url(app: Flask, user: User) -> None:
    row = make_token(user, TokenKind.SIGN_IN, HOUR)
    with app.test_request_context("/", headers={"Host": "127.0.0.1"}):
        assert url_of(row) == f"http://localhost/sign-in/link/{token_of(row)}"


def test_every_kind_has_a_place_to_lead_to() -> None:
    assert set(PATHS) == set(TokenKind)
