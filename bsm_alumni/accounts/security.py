"""Flask-Security, set up for our own pages: it hashes passwords and keeps sessions, and brings no routes."""

import sqlalchemy as sa
from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore

from bsm_alumni.accounts.models import User
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
    # Flask-Security's own loader joins role tables, which we do not have.
    app.login_manager.user_loader(_load_user)  # type: ignore[attr-defined]


def _load_user(uniquifier: str) -> User | None:
    user = db.session.scalar(sa.select(User).where(User.fs_uniquifier == uniquifier))
    return user if user is not None and user.active else None
