"""The application as it runs in production, over the test's database, with two pages that fail."""

import secrets
from collections.abc import Callable, Iterator

import pytest
from flask import Blueprint, Flask, abort
from flask.testing import FlaskClient

from bsm_alumni import create_app
from bsm_alumni.access import access, public
from bsm_alumni.accounts.enums import Role, SignInMethod
from bsm_alumni.accounts.models import User, UserSession
from bsm_alumni.extensions import csrf, db, utc_now
from bsm_alumni.web.tokens import hash_of
from config import Settings
from tests.factories import Factory

HOST = "alumni.example.org"
BASE = f"https://{HOST}"


def failing_pages() -> Blueprint:
    """Pages that end in an error of a kind, or in one that nobody foresaw."""
    bp = Blueprint("twin", __name__)

    @bp.route("/twin/status/<int:status>", methods=["GET", "POST"])
    @access(public)
    def status(status: int) -> str:
        abort(status)

    @bp.route("/twin/broken", methods=["GET", "POST"])
    @access(public)
    def broken() -> str:
        raise RuntimeError("unforeseen: canary")

    csrf.exempt(bp)
    return bp


def production_settings(database_url: str, mail_url: str = "smtp://mail.example.org:25") -> Settings:
    return Settings(
        env="production",
        database_url=database_url,
        secret_key=secrets.token_hex(32),
        base_url=BASE,
        mail_url=mail_url,
    )


@pytest.fixture
def production(app: Flask) -> Iterator[Flask]:
    """The application with the settings of production; answers at ``BASE`` alone."""
    made = create_app(production_settings(app.extensions["bsm_settings"].database_url))
    made.extensions["bsm_wake"] = lambda: None
    made._got_first_request = False
    made.register_blueprint(failing_pages())
    yield made
    with made.app_context():
        db.engine.dispose()


Enter = Callable[[str], FlaskClient]


@pytest.fixture
def enter(production: Flask, make: Factory) -> Enter:
    """A browser at the production application: 'anonymous', or signed in as somebody of a role."""

    def _enter(role: str) -> FlaskClient:
        client = production.test_client()
        client.environ_base["HTTP_HOST"] = HOST
        client.environ_base["wsgi.url_scheme"] = "https"
        if role == "anonymous":
            return client
        user: User = make.user(Role(role))
        token, now = secrets.token_urlsafe(16), utc_now()
        db.session.add(
            UserSession(token_hash=hash_of(token), user_id=user.id, method=SignInMethod.PASSWORD, second_factor_at=now)
        )
        db.session.commit()
        with client.session_transaction(base_url=BASE) as session:
            session["_user_id"], session["_fresh"] = token, True
        return client

    return _enter
