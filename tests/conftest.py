"""The application over a real database, one fresh copy a test: SQLite, or PostgreSQL with ``--database postgresql``."""

import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from bsm_alumni import create_app
from bsm_alumni.accounts.enums import SignInMethod
from bsm_alumni.accounts.models import User, UserSession
from bsm_alumni.database import begin_reading
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.tokens import hash_of
from config import Settings
from tests import databases
from tests.browsing import Client, post_form
from tests.factories import Factory
from tests.journeys.browsers import find_chromium

# A busy machine must not fail a test for being slow; and CI judges a change by the same examples each time, while
# every run at a desk tries new ones.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

SECRET = "test-secret-test-secret-test-secret"


# What pages say and look like, their headers and methods do not depend on the database: looked at on SQLite alone.
LOOKS = re.compile(r"tests/(journeys|web)/|_pages\w*\.py|/test_oidc\.py")
ON_BOTH = "test_whole_way"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.addoption("--pages", action="store_true", help="on PostgreSQL run the tests of pages too")
    parser.addoption("--pictures", action="store_true", help="keep pictures of the pages looked at in var/pictures")


def pytest_report_header() -> str:
    """Say at the top whether the browser tests run, and what to do when they do not."""
    path = find_chromium()
    return (
        f"browser: {path}" if path else "browser: no Chromium found, browser tests left out; install Debian's chromium"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run only what depends on the database; without -m long leave the long ones out."""
    on_postgres, with_pages = config.getoption("--database") == "postgresql", config.getoption("--pages")
    keep, drop = [], []
    for item in items:
        on_database = "app" in getattr(item, "fixturenames", ())
        unwanted = on_postgres and not on_database
        if on_postgres and not with_pages and LOOKS.search(item.nodeid):
            unwanted |= ON_BOTH not in item.nodeid
        other = "sqlite" if on_postgres else "postgresql"
        unwanted |= item.get_closest_marker(other) is not None
        unwanted |= "browser" in item.keywords and find_chromium() is None
        unwanted |= "long" in item.keywords and "long" not in (config.getoption("-m") or "")
        (drop if unwanted else keep).append(item)
    items[:] = keep
    config.hook.pytest_deselected(items=drop)


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.Database]:
    """A database that can be put back to empty in milliseconds."""
    folder = tmp_path_factory.mktemp("database")
    kind = databases.POSTGRES if request.config.getoption("--database") == "postgresql" else databases.SQLITE
    with kind(folder) as opened:
        yield opened


@pytest.fixture(scope="session")
def mail_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mail")


@pytest.fixture(scope="session")
def whole_app(database: databases.Database, mail_folder: Path) -> Flask:
    settings = Settings(
        env="demo",
        database_url=database.url,
        secret_key=SECRET,
        base_url="http://localhost",
        mail_url=f"file:{mail_folder}",
        journal_dir=str(mail_folder.with_name("journal")),
    )
    # Hashing that costs little: what it costs in earnest is no test's business.
    cheap = {"argon2__time_cost": 1, "argon2__memory_cost": 1024}
    app = create_app(settings, TESTING=True, SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=cheap)
    app.extensions["bsm_wake"] = lambda: None
    app.test_client_class = Client
    database.fill(app)
    return app


@pytest.fixture
def app(whole_app: Flask, database: databases.Database, mail_folder: Path) -> Iterator[Flask]:
    """The application with an empty database, inside an application context."""
    with whole_app.app_context():
        db.engine.dispose()
    database.reset()
    whole_app.extensions.pop("bsm_columns", None)
    shutil.rmtree(mail_folder)
    mail_folder.mkdir()
    shutil.rmtree(whole_app.extensions["bsm_settings"].journal_dir, ignore_errors=True)
    begin_reading()
    with whole_app.app_context():
        yield whole_app
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody is signed in with."""
    return app.test_client()


@pytest.fixture
def make(app: Flask) -> Factory:
    """Makes committed rows with sensible values: make.alumnus(), make.event(), …"""
    return Factory()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[User], FlaskClient]:
    """A browser with this user signed in, second factor shown, through a session in the database."""

    def _sign_in(user: User) -> FlaskClient:
        client, token = app.test_client(), secrets.token_urlsafe(16)
        now = utc_now()
        db.session.add(
            UserSession(token_hash=hash_of(token), user_id=user.id, method=SignInMethod.PASSWORD, second_factor_at=now)
        )
        db.session.commit()
        with client.session_transaction() as session:
            session["_user_id"] = token
        db.session.rollback()
        return client

    return _sign_in


@pytest.fixture
def post(app: Flask) -> Callable[..., object]:
    """Post a form with the CSRF token of a page: post(client, url, data, page=url_of_form)."""
    return post_form


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], contextmanager]:
    """``with count_queries() as queries: …; len(queries)``: every statement sent to the database."""

    @contextmanager
    def _count() -> Iterator[list[str]]:
        seen: list[str] = []

        def _note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", _note)
        try:
            yield seen
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", _note)

    return _count
