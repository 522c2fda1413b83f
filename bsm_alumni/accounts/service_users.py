"""Letting people in and out, and what they may do: what administrators and focal points do with users."""

import secrets
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.accounts.enums import Role, SessionEnd, TokenKind
from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.service_sessions import end_sessions_of
from bsm_alumni.accounts.service_tokens import revoke_tokens
from bsm_alumni.audit.rules import changed
from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db
from bsm_alumni.web.errors import FieldErrors, Refused


def deactivate_user(user: User, by_user_id: int | None) -> None:
    """End a user's sessions and links and let them in no more.

    Raises Refused for oneself and for the last administrator.
    """
    if not user.active:
        return
    if user.id == by_user_id:
        raise Refused(_("You cannot deactivate yourself. Ask another administrator."))
    refuse_last_administrator(user, by_user_id)
    user.active, user.invited_until = False, None
    # Private calendar addresses follow this; they must not live again when the user is let in again.
    user.fs_uniquifier = secrets.token_hex(32)
    end_sessions_of(user.id, SessionEnd.DEACTIVATED)
    revoke_tokens(user.id, *TokenKind)
    db.session.flush()
    record("user.deactivated", user)


def reactivate_user(user: User) -> None:
    """Let a user in again; they sign in anew with the password they had."""
    if user.active:
        return
    user.active = True
    db.session.flush()
    record("user.reactivated", user)


def refuse_last_administrator(user: User, by_user_id: int | None = None) -> None:
    """Raise Refused when, without this user, no administrator could sign in.

    Somebody who was invited and never came does not count, unless they are the one who acts.
    """
    if user.role is not Role.ADMIN or not user.active:
        return
    admins = locked_administrators()
    if not any(other.id != user.id and (can_sign_in(other) or other.id == by_user_id) for other in admins):
        raise Refused(_("This is the last administrator. Make another one first."))


def locked_administrators() -> Sequence[User]:
    """Every active administrator, locked in order of id: two of them cannot deactivate each other at once."""
    return db.session.scalars(
        sa.select(User)
        .where(User.role == Role.ADMIN, User.active.is_(True))
        .order_by(User.id)
        .with_for_update(of=User)
        .execution_options(populate_existing=True)
    ).all()


def can_sign_in(user: User) -> bool:
    """True for somebody who was here, or has what it takes to come."""
    return bool(user.password or user.oidc_subject or user.last_sign_in_at)


def edit_user(
    user: User, *, name: str, zone: str, role: Role, organisation_id: int | None, focal: bool, by: int
) -> None:
    """Change what is known of a user and what they may do. Raises FieldErrors and Refused.

    It makes nobody an administrator: that needs a second person and then ``set_access``.
    """
    if role is Role.ADMIN and user.role is not Role.ADMIN:
        raise Refused(_("Making somebody an administrator needs a second administrator."))
    if user.id == by and role is not user.role:
        raise Refused(_("You cannot change your own role. Ask another administrator."))
    # First what may be refused, so that nothing is changed then.
    set_access(user, role, organisation_id, focal, by)
    edit_person(user, name=name, zone=zone)


def edit_person(user: User, *, name: str, zone: str) -> None:
    """Change what is known of a user and not what they may do."""
    before, after = {"name": user.name, "zone": user.zone}, {"name": name, "zone": zone}
    user.name, user.zone = name, zone
    db.session.flush()
    was, is_now = changed(before, after)
    if is_now:
        record("user.edited", user, before=was, after=is_now)


def set_access(user: User, role: Role, organisation_id: int | None, focal: bool, by: int | None = None) -> None:
    """Give a user a role and an organisation. Whoever's changed is signed out everywhere.

    Raises FieldErrors for what does not fit together and Refused for the last administrator.
    """
    errors = _misfits(user, role, organisation_id, focal)
    if errors:
        raise FieldErrors(errors)
    before: dict[str, Any] = _access_of(user)
    was, is_now = changed(before, {"role": role, "organisation": organisation_id, "focal_point": focal})
    if not is_now:
        return
    if role is not Role.ADMIN:
        refuse_last_administrator(user, by if by != user.id else None)
    user.role, user.organisation_id, user.is_focal_point = role, organisation_id, focal
    db.session.flush()
    db.session.refresh(user)
    if "role" in is_now or "organisation" in is_now:
        end_sessions_of(user.id, SessionEnd.ROLE_CHANGED)
    record("user.access_changed", user, before=was, after=is_now)


def _access_of(user: User) -> dict[str, Any]:
    return {"role": user.role, "organisation": user.organisation_id, "focal_point": user.is_focal_point}


def _misfits(user: User, role: Role, organisation_id: int | None, focal: bool) -> dict[str, str]:
    errors = {}
    if (role is Role.ALUMNUS) != (user.role is Role.ALUMNUS):
        errors["role"] = _("An alumnus's user belongs to a profile. Neither can become the other.")
    if role is Role.PARTNER and organisation_id is None:
        errors["organisation_id"] = _("A partner user needs an organisation.")
    if focal and role is not Role.PARTNER:
        errors["is_focal_point"] = _("Only a partner user can be a focal point.")
    return errors


def end_sessions(user: User) -> int:
    """Sign a user out everywhere, as an administrator does; returns how many sessions were open."""
    ended = end_sessions_of(user.id, SessionEnd.ENDED_BY_ADMINISTRATOR)
    record("user.sessions_ended", user, after={"sessions": ended})
    return ended
