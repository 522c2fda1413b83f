"""The lists of users, and where each stands."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.rules_users import Standing, standing_of
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.pagination import PAGE_SIZE, Page, page_of


def users_page(
    text: str = "",
    role: Role | None = None,
    active: bool = True,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE_SIZE,
    organisation_id: int | None = None,
) -> Page[User]:
    """A page of users by address; ``text`` is part of the address or the name. One query."""
    select = _narrowed(sa.select(User), text, role, active, organisation_id)
    return page_of(select, [User.email, User.id], after=after, before=before, size=size)


def count_users(
    text: str = "", role: Role | None = None, active: bool = True, organisation_id: int | None = None
) -> int:
    """How many users ``users_page`` goes through."""
    select = sa.select(sa.func.count()).select_from(User)
    return db.session.scalar(_narrowed(select, text, role, active, organisation_id)) or 0


def find_user_by_id(user_id: int) -> User | None:
    """The user; None when there is none."""
    return db.session.get(User, user_id)


def standings(users: Sequence[User]) -> dict[int, Standing]:
    """Where each user stands: invited, in, or not invited yet. No query."""
    now = utc_now()
    return {
        user.id: standing_of(bool(user.password or user.oidc_subject), user.last_sign_in_at, user.invited_until, now)
        for user in users
    }


def account_of_alumnus(alumnus_id: int) -> tuple[User, Standing] | None:
    """The user that belongs to a profile and where they stand; None when there is none."""
    user = db.session.scalar(sa.select(User).where(User.alumnus_id == alumnus_id))
    return (user, standings([user])[user.id]) if user is not None else None


def _narrowed(
    select: sa.Select[Any], text: str, role: Role | None, active: bool, organisation_id: int | None
) -> sa.Select[Any]:
    select = select.where(User.active.is_(active))
    if role is not None:
        select = select.where(User.role == role)
    if organisation_id is not None:
        select = select.where(User.organisation_id == organisation_id)
    for word in text.split():
        select = select.where(
            sa.or_(User.email.icontains(word, autoescape=True), User.name.icontains(word, autoescape=True))
        )
    return select
