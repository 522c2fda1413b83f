"""Finding those who sign in."""

import sqlalchemy as sa

from bsm_alumni.accounts.models import User
from bsm_alumni.extensions import db


def find_user(email: str) -> User | None:
    """The user with this address, in whatever case it is written."""
    return db.session.scalar(sa.select(User).where(User.email == email.strip().lower()))


def find_user_of_alumnus(alumnus_id: int) -> User | None:
    """The user that belongs to a profile."""
    return db.session.scalar(sa.select(User).where(User.alumnus_id == alumnus_id))


def find_active_user(user_id: int) -> User | None:
    """The user with this number, unless deactivated."""
    return db.session.scalar(sa.select(User).where(User.id == user_id, User.active.is_(True)))
