"""How the two databases are opened: SQLite through pysqlite3 by default, PostgreSQL when grown."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import sqlalchemy as sa
from flask import Flask

from bsm_alumni.extensions import db

# System SQLite up to 3.51.2 can corrupt a WAL database on reset.
OLDEST_SAFE_SQLITE = (3, 51, 3)

# An error's text goes into logs; the values of the statement that failed are people's data.
QUIET = {"hide_parameters": True}

_writing: ContextVar[bool] = ContextVar("bsm_writing", default=False)


class UnsafeDatabase(Exception):
    """The database library at hand is not safe to keep people's records in."""


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside take the write lock first on SQLite, so a check and its write are one.

    A transaction that began as a reader cannot be promoted once another has written.
    """
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def begin_writing() -> None:
    """As ``writing``, for the rest of this request."""
    _writing.set(True)


def begin_reading() -> None:
    """The rest of this request only reads."""
    _writing.set(False)


def engine_options(url: str) -> dict[str, Any]:
    """Options for ``create_engine`` that suit the database behind ``url``."""
    if url.startswith("sqlite"):
        import pysqlite3

        library: Any = pysqlite3
        if library.sqlite_version_info < OLDEST_SAFE_SQLITE:
            raise UnsafeDatabase(f"SQLite {library.sqlite_version} is too old; 3.51.3 or later is needed.")
        return {"module": pysqlite3, "connect_args": {"timeout": 30}, **QUIET}
    return {"pool_pre_ping": True, **QUIET}


def _open_sqlite(connection: Any, _record: Any) -> None:
    # SQLAlchemy begins transactions itself below; the driver must not.
    connection.isolation_level = None
    cursor = connection.cursor()
    # What is deleted is overwritten at once, so that the file's bytes hold nothing of somebody who was erased.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def init_database(app: Flask) -> None:
    """Bind the database to the application and set SQLite up on every connection."""
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            sa.event.listen(db.engine, "connect", _open_sqlite)
            sa.event.listen(db.engine, "begin", _begin_sqlite)
