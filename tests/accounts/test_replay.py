"""What works once works once: tried again alone, and by eight at the same moment, each with a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.accounts.enums import TokenKind
from bsm_alumni.accounts.models import OneTimeToken
from bsm_alumni.accounts.service_tokens import find_token, is_open, make_token, token_of, use_token
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from tests.accounts.replay import CASES, HOUR, Try, World
from tests.factories import Factory

AT_ONCE = 8
# What is no link in a mail and works once all the same.
OTHERS = {"code of the app", "recovery code", "passkey challenge", "answer to an invitation"}


def at_once(tries: list[Try]) -> int:
    """How many of the tries, begun together, were let in."""
    barrier = Barrier(len(tries))
    db.session.rollback()

    def begin(attempt: Try) -> bool:
        barrier.wait(60)
        return attempt()

    with ThreadPoolExecutor(len(tries)) as threads:
        return sum(threads.map(begin, tries))


def test_the_table_has_every_kind_of_link_and_code() -> None:
    assert set(CASES) == {kind.value for kind in TokenKind} | OTHERS


@pytest.mark.parametrize("name", sorted(CASES))
def test_used_again_it_does_nothing(app: Flask, make: Factory, name: str) -> None:
    tries = CASES[name](World(app, make), 3)
    db.session.rollback()
    assert [attempt() for attempt in tries] == [True, False, False]


@pytest.mark.parametrize("name", sorted(CASES))
def test_raced_it_lets_in_exactly_one(app: Flask, make: Factory, name: str) -> None:
    let_in = at_once(CASES[name](World(app, make), AT_ONCE))
    print(f"replay: {name}, {AT_ONCE} at once: {let_in} let in")
    assert let_in == 1


# ---- The same at the level of the table of links, and the twin that looks first and writes then ----


def _token(make: Factory) -> str:
    row = make_token(make.user(), TokenKind.SIGN_IN, HOUR)
    db.session.commit()
    return token_of(row)


def _race(app: Flask, use: object, count: int = AT_ONCE) -> int:
    def attempt() -> bool:
        with app.app_context():
            try:
                return bool(use())  # type: ignore[operator]
            finally:
                db.session.remove()

    return at_once([attempt] * count)


def test_a_link_raced_in_the_database_alone(app: Flask, make: Factory) -> None:
    for _round in range(10):
        token = _token(make)

        def use(token: str = token) -> bool:
            with writing():
                try:
                    use_token(TokenKind.SIGN_IN, token)
                    db.session.commit()
                except Exception:
                    db.session.rollback()
                    return False
            return True

        assert _race(app, use) == 1


def test_the_twin_that_checks_and_then_writes_lets_more_in(app: Flask, make: Factory) -> None:
    token, looked = _token(make), Barrier(AT_ONCE)

    def use_naively() -> bool:
        row = find_token(TokenKind.SIGN_IN, token)
        assert row is not None
        good, number = is_open(row, utc_now()), row.id
        db.session.rollback()
        # Everyone has looked before anyone writes: the order of things that makes it go wrong.
        looked.wait(60)
        if good:
            with writing():
                db.session.execute(sa.update(OneTimeToken).where(OneTimeToken.id == number).values(used_at=utc_now()))
                db.session.commit()
        return good

    assert _race(app, use_naively) == AT_ONCE
