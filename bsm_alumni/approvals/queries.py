"""Reading requests: each person sees the own ones and those they may decide."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.approvals.enums import Decision
from bsm_alumni.approvals.kinds import all_kinds, kinds_decided_by
from bsm_alumni.approvals.models import Approval
from bsm_alumni.approvals.rules import USABLE_FOR
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.errors import NotThere
from bsm_alumni.web.pagination import PAGE_SIZE, Page, page_of


def get_approval(viewer: Viewer, approval_id: int) -> Approval:
    """The request; raises NotThere unless it is the viewer's own or theirs to decide."""
    found = db.session.scalar(_visible(sa.select(Approval), viewer).where(Approval.id == approval_id))
    if found is None:
        raise NotThere(f"There is no request {approval_id}.")
    return found


def approvals_page(
    viewer: Viewer, past: bool, after: str | None = None, before: str | None = None, size: int = PAGE_SIZE
) -> Page[Approval]:
    """Requests, newest first: those with something to be done still, or those that are over. One query."""
    select = _narrowed(sa.select(Approval), viewer, past)
    return page_of(select, [Approval.id], after=after, before=before, size=size, descending=True)


def count_approvals(viewer: Viewer, past: bool) -> int:
    """How many requests ``approvals_page`` goes through."""
    return db.session.scalar(_narrowed(sa.select(sa.func.count()).select_from(Approval), viewer, past)) or 0


def users_with_role(roles: Collection[Role]) -> Sequence[User]:
    """Everyone of these roles who may sign in, by address."""
    return db.session.scalars(
        sa.select(User).where(User.role.in_(sorted(roles)), User.active.is_(True)).order_by(User.email)
    ).all()


def _visible(select: sa.Select[Any], viewer: Viewer) -> sa.Select[Any]:
    if not viewer.is_staff or viewer.user_id is None:
        return select.where(sa.false())
    decided = Approval.kind.in_(kinds_decided_by(viewer.role))
    select = select.where(Approval.kind.in_(sorted(all_kinds())))
    return select.where((Approval.asked_by_id == viewer.user_id) | decided)


def _narrowed(select: sa.Select[Any], viewer: Viewer, past: bool) -> sa.Select[Any]:
    now = utc_now()
    waiting = Approval.decision.is_(None) & (Approval.expires_at > now)
    usable = (
        (Approval.asked_by_id == viewer.user_id)
        & (Approval.decision == Decision.GRANTED)
        & Approval.used_at.is_(None)
        & (Approval.decided_at > now - USABLE_FOR)
    )
    going_on = sa.func.coalesce(waiting | usable, sa.false())
    return _visible(select, viewer).where(sa.not_(going_on) if past else going_on)
