"""The list of users."""

from typing import Any

import sqlalchemy as sa

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.extensions import db
from bsm_alumni.web.pagination import PAGE_SIZE, Page, page_of


def users_page(
    text: str = "",
    role: Role | None = None,
    active: bool = True,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[User]:
    """A page of users by address; ``text`` is part of the address or the name. One query."""
    select = _narrowed(sa.select(User), text, role, active)
    return page_of(select, [User.email, User.id], after=after, before=before, size=size)


def count_users(text: str = "", role: Role | None = None, active: bool = True) -> int:
    """How many users ``users_page`` goes through."""
    return db.session.scalar(_narrowed(sa.select(sa.func.count()).select_from(User), text, role, active)) or 0


def find_user_by_id(user_id: int) -> User | None:
    """The user; None when there is none."""
    return db.session.get(User, user_id)


def _narrowed(select: sa.Select[Any], text: str, role: Role | None, active: bool) -> sa.Select[Any]:
    select = select.where(User.active.is_(active))
    if role is not None:
        select = select.where(User.role == role)
    for word in text.split():
        select = select.where(
            sa.or_(User.email.icontains(word, autoescape=True), User.name.icontains(word, autoescape=True))
        )
    return select
