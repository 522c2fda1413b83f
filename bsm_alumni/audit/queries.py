"""Reading the trail."""

from collections.abc import Sequence

import sqlalchemy as sa

from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db


def history_of(subject_kind: str, subject_id: int | str, limit: int = 50) -> Sequence[AuditEntry]:
    """The latest entries about one thing, newest first."""
    return db.session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.subject_kind == subject_kind, AuditEntry.subject_id == str(subject_id))
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    ).all()
