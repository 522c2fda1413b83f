"""Flask-Security, set up for our own pages: it hashes passwords and keeps sessions, and brings no routes."""

import hashlib

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore

from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.service_sessions import load_user
from bsm_alumni.extensions import db


def init_security(app: Flask) -> None:
    """Bind Flask-Security to the application."""
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of a method
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_USE_REGISTER_V2=True,
    )
    datastore = SQLAlchemyUserDatastore(db, User, None)  # type: ignore[arg-type]
    Security(app, datastore, register_blueprint=False)
    # Flask-Security's own loader joins role tables and trusts the cookie alone; ours asks the table of sessions.
    app.login_manager.user_loader(load_user)  # type: ignore[attr-defined]
    app.login_manager.session_protection = None  # type: ignore[attr-defined]
    # Flask signs its cookie with HMAC-SHA-1.
    app.session_interface.digest_method = staticmethod(hashlib.sha256)  # type: ignore[attr-defined]
