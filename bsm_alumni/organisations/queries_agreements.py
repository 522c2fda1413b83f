"""Reading agreements: which holds today, and what it covers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from bsm_alumni.extensions import db
from bsm_alumni.organisations.models import Agreement, Organisation
from bsm_alumni.web.pagination import PAGE_SIZE, Page, page_of


def holds(today: date) -> sa.ColumnElement[bool]:
    """A condition over `agreements`: in force on this UTC day, as ``rules.is_in_force`` says."""
    return sa.and_(
        Agreement.ended_at.is_(None),
        Agreement.starts_on <= today,
        sa.or_(Agreement.ends_on.is_(None), Agreement.ends_on >= today),
    )


def agreed_mask(organisation_id: int, today: date) -> sa.ColumnElement[int]:
    """The groups this partner may be shown today, as a number that the statement itself looks up; 0 for none.

    It says nothing of any person, so the database works it out once a statement. Were there ever two agreements in
    force, what both cover counts at most.
    """
    least = (
        sa.select(sa.func.min(Agreement.groups))
        .join(Organisation, Organisation.id == Agreement.organisation_id)
        .where(Agreement.organisation_id == organisation_id, Organisation.archived_at.is_(None), holds(today))
    )
    return sa.func.coalesce(least.scalar_subquery(), sa.literal(0), type_=sa.Integer)


def find_agreement(organisation_id: int, today: date) -> Agreement | None:
    """The agreement of this organisation that holds today; None when there is none."""
    return db.session.scalars(
        sa.select(Agreement)
        .where(Agreement.organisation_id == organisation_id, holds(today))
        .order_by(Agreement.groups, Agreement.id)
        .limit(1)
    ).first()


def get_agreement(agreement_id: int) -> Agreement:
    """The agreement; raises LookupError."""
    found = db.session.get(Agreement, agreement_id)
    if found is None:
        raise LookupError(f"There is no agreement {agreement_id}.")
    return found


def agreements_of(organisation_id: int, limit: int = 100) -> Sequence[Agreement]:
    """The organisation's agreements, the latest first."""
    return db.session.scalars(
        sa.select(Agreement)
        .where(Agreement.organisation_id == organisation_id)
        .order_by(Agreement.starts_on.desc(), Agreement.id.desc())
        .limit(limit)
    ).all()


def agreements_page(
    organisation_id: int, after: str | None = None, before: str | None = None, size: int = PAGE_SIZE
) -> Page[Agreement]:
    """A page of the organisation's agreements, the latest first. One query."""
    select = sa.select(Agreement).where(Agreement.organisation_id == organisation_id)
    keys = [Agreement.starts_on, Agreement.id]
    return page_of(select, keys, after=after, before=before, size=size, descending=True)


def agreements_in_force(today: date) -> dict[int, Agreement]:
    """The agreement that holds today for each organisation that has one, by the organisation's id."""
    select: Any = sa.select(Agreement).where(holds(today)).order_by(Agreement.groups.desc(), Agreement.id.desc())
    return {agreement.organisation_id: agreement for agreement in db.session.scalars(select)}
