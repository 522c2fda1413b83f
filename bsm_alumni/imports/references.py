"""Which records something still points at, or somebody changed since: undoing leaves those alone."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.audit.rules import READS
from bsm_alumni.extensions import db


def pointed_at(table: str, ids: Collection[int], but: Iterable[str] = ()) -> set[int]:
    """Those of `ids` that a row of any other table points at; tables named in `but` do not count."""
    found: set[int] = set()
    ignored = set(but)
    for other in db.metadata.sorted_tables:
        if other.name in ignored:
            continue
        for column in other.columns:
            if any(key.column.table.name == table for key in column.foreign_keys):
                found |= set(db.session.scalars(sa.select(column).where(column.in_(list(ids))).distinct()))
    return found


def changed_since(table: str, ids: Collection[int], own_verb: str) -> set[int]:
    """Those of `ids` about which the trail tells anything but `own_verb`, and that they were read."""
    rows = db.session.scalars(
        sa.select(AuditEntry.subject_id)
        .where(
            AuditEntry.subject_kind == table,
            AuditEntry.subject_id.in_([str(one) for one in ids]),
            AuditEntry.verb.not_in(READS | {own_verb}),
        )
        .distinct()
    )
    return {int(subject_id) for subject_id in rows}
