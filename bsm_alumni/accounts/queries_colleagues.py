"""What a focal point sees of the users of the own organisation."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import ColleagueInvitation, User
from bsm_alumni.extensions import db
from bsm_alumni.web.errors import NotThere
from bsm_alumni.web.pagination import PAGE_SIZE, Page, page_of

MOST_OPEN = 30

_came_in = sa.or_(User.password.is_not(None), User.oidc_subject.is_not(None), User.last_sign_in_at.is_not(None))
_asked_for = sa.exists().where(ColleagueInvitation.user_id == User.id)


def _colleagues(select: sa.Select[Any], organisation_id: int | None) -> sa.Select[Any]:
    """Partner users of the organisation. Whoever was invited by a focal point is shown as invited until they came in,

    so that nothing tells an address that was free from one that has an account elsewhere.
    """
    return select.where(
        User.role == Role.PARTNER, User.organisation_id == (organisation_id or 0), sa.or_(_came_in, ~_asked_for)
    )


def colleagues_page(
    organisation_id: int | None,
    active: bool,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[User]:
    """A page of the organisation's users by address. One query."""
    select = _colleagues(sa.select(User), organisation_id).where(User.active.is_(active))
    return page_of(select, [User.email, User.id], after=after, before=before, size=size)


def count_colleagues(organisation_id: int | None, active: bool) -> int:
    """How many users ``colleagues_page`` goes through."""
    select = _colleagues(sa.select(sa.func.count()).select_from(User), organisation_id)
    return db.session.scalar(select.where(User.active.is_(active))) or 0


def get_colleague(organisation_id: int | None, user_id: int) -> User:
    """The partner user of this organisation; raises NotThere for everybody else's, as for nobody."""
    found = db.session.scalar(_colleagues(sa.select(User), organisation_id).where(User.id == user_id))
    if found is None:
        raise NotThere(f"There is no user {user_id}.")
    return found


def open_invitations(organisation_id: int | None) -> Sequence[ColleagueInvitation]:
    """Whom focal points of the organisation invited and who did not come in yet, by address. One query."""
    return db.session.scalars(
        sa.select(ColleagueInvitation)
        .outerjoin(User, User.id == ColleagueInvitation.user_id)
        .where(
            ColleagueInvitation.organisation_id == (organisation_id or 0),
            ColleagueInvitation.withdrawn_at.is_(None),
            sa.or_(User.id.is_(None), ~_came_in),
        )
        .order_by(ColleagueInvitation.email)
        .limit(MOST_OPEN)
    ).all()


def get_invitation(organisation_id: int | None, invitation_id: int) -> ColleagueInvitation:
    """An open invitation of this organisation; raises NotThere for others."""
    for found in open_invitations(organisation_id):
        if found.id == invitation_id:
            return found
    raise NotThere(f"There is no invitation {invitation_id}.")
