"""Limits on guesses, counted in the database, so that all servers count together.

A key names who is guessed at or where the guesses come from, as 'account:…' or 'network:…'. What is kept of it is a
keyed hash: the table tells nobody which addresses were tried.
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite

from bsm_alumni.accounts.errors import TooManyTries
from bsm_alumni.accounts.models import SignInFailure
from bsm_alumni.accounts.rules import (
    FREE_TRIES,
    FREE_TRIES_PER_NETWORK,
    Guess,
    failures_after,
    network_of,
    wait_left,
)
from bsm_alumni.extensions import db, utc_now

NETWORK = "network:"


def account_key(address: str) -> str:
    """The key of an account, by the address that was written; it need not exist."""
    return f"account:{address.strip().lower()}"


def device_key(nonce: str) -> str:
    """The key of a device that was signed in on before, in place of the account's."""
    return f"device:{nonce}"


def network_key(network_address: str) -> str:
    """The key of the network that a request comes from."""
    return f"{NETWORK}{network_of(network_address)}"


def keyed_hash(text: str) -> str:
    """What is kept in place of an address that has no account: it can be compared and not be read."""
    secret = b"address:" + str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, text.encode(errors="replace"), hashlib.sha256).hexdigest()[:40]


def check_limit(kind: Guess, keys: Iterable[str]) -> None:
    """Raise TooManyTries while one of the keys has to wait. Takes the keys' rows, so that tries come one by one."""
    rows = _taken(kind, keys)
    # Looked at only now: whoever had to wait for the rows comes after what was counted meanwhile.
    now = utc_now()
    waits = [wait_left(row.failures, row.last_at, now, _free(kind, key)) for key, row in rows]
    if waits and max(waits) > timedelta(0):
        raise TooManyTries(max(waits))


def count_failure(kind: Guess, keys: Iterable[str]) -> None:
    """Count one more failure for each key. The request that counts must be committed: ``keep_changes``."""
    rows = _taken(kind, keys)
    now = utc_now()
    for _key, row in rows:
        row.failures, row.last_at = failures_after(row.failures, row.last_at, now), now
    db.session.flush()


def clear(kind: Guess, keys: Iterable[str]) -> None:
    """Forget the failures of an account whose owner came in. A network is not cleared: its owner may be guessing."""
    stored = [_stored(kind, key) for key in keys if not key.startswith(NETWORK)]
    db.session.execute(sa.delete(SignInFailure).where(SignInFailure.key.in_(stored)))


def _free(kind: Guess, key: str) -> int:
    return FREE_TRIES_PER_NETWORK if key.startswith(NETWORK) else FREE_TRIES[kind]


def _stored(kind: Guess, key: str) -> str:
    return f"{kind.value}:{keyed_hash(key)}"


def _taken(kind: Guess, keys: Iterable[str]) -> list[tuple[str, SignInFailure]]:
    """The rows of the keys, made where there are none, and locked until this request ends.

    Two tries at the same moment must not both see the count before either. SQLite writes one by one; PostgreSQL locks
    row by row, in the same order for everyone.
    """
    named = {_stored(kind, key): key for key in keys}
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = [{"key": stored, "failures": 0, "last_at": utc_now()} for stored in sorted(named)]
    db.session.execute(insert(SignInFailure).on_conflict_do_nothing(), rows)
    locked = db.session.scalars(
        sa.select(SignInFailure)
        .where(SignInFailure.key.in_(named))
        .order_by(SignInFailure.key)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return [(named[row.key], row) for row in locked]
