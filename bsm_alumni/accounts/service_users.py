"""Letting people in and out: what administrators do with users."""

import secrets

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.accounts.enums import Role, SessionEnd
from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.service_sessions import end_sessions_of
from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db
from bsm_alumni.web.errors import Refused


def deactivate_user(user: User, by_user_id: int | None) -> None:
    """End a user's sessions and let them in no more. Raises Refused for oneself and for the last administrator."""
    if not user.active:
        return
    if user.id == by_user_id:
        raise Refused(_("You cannot deactivate yourself. Ask another administrator."))
    # Locked in order of id: two administrators cannot deactivate each other at once.
    admins = db.session.scalars(
        sa.select(User.id).where(User.role == Role.ADMIN, User.active.is_(True)).order_by(User.id).with_for_update()
    ).all()
    if user.role is Role.ADMIN and list(admins) == [user.id]:
        raise Refused(_("This is the last administrator. Make another one first."))
    user.active = False
    # Private calendar addresses follow this; they must not live again when the user is let in again.
    user.fs_uniquifier = secrets.token_hex(32)
    end_sessions_of(user.id, SessionEnd.DEACTIVATED)
    db.session.flush()
    record("user.deactivated", user)


def reactivate_user(user: User) -> None:
    """Let a user in again; they sign in anew with the password they had."""
    if user.active:
        return
    user.active = True
    db.session.flush()
    record("user.reactivated", user)
