"""Reading who agreed to be seen by whom."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bsm_alumni.consent.models import SharedWith, SharingStatement
from bsm_alumni.extensions import db
from bsm_alumni.organisations.models import Organisation


def is_shared_with(alumnus_id: Any, organisation_id: int) -> sa.ColumnElement[bool]:
    """A condition: the person of the column ``alumnus_id`` agreed to be seen by this partner, and it still is one."""
    shared = sa.exists(
        sa.select(SharedWith.alumnus_id).where(
            SharedWith.alumnus_id == alumnus_id, SharedWith.organisation_id == organisation_id
        )
    )
    # Says nothing of the person, so that the database answers it once and not for each row.
    partner = sa.exists(
        sa.select(Organisation.id).where(Organisation.id == organisation_id, Organisation.archived_at.is_(None))
    )
    return sa.and_(shared, partner)


def partners_seeing(alumnus_id: int) -> Sequence[int]:
    """Ids of the partners this person agreed to be seen by."""
    return db.session.scalars(
        sa.select(SharedWith.organisation_id)
        .where(SharedWith.alumnus_id == alumnus_id)
        .order_by(SharedWith.organisation_id)
    ).all()


def find_statement(alumnus_id: int) -> SharingStatement | None:
    """The person's present answer; None when they were never asked."""
    return db.session.get(SharingStatement, alumnus_id)


def count_answers() -> dict[str, int]:
    """How many people gave each answer."""
    rows = db.session.execute(sa.select(SharingStatement.answer, sa.func.count()).group_by(SharingStatement.answer))
    return {answer.value: count for answer, count in rows}
