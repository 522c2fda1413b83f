"""Checking the trail against itself and against the heads that were kept elsewhere."""

import json
from collections.abc import Generator, Iterable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from bsm_alumni.audit.chain import chain_key
from bsm_alumni.audit.models import AuditEntry, AuditHead
from bsm_alumni.audit.rules_verify import Break, Entry, Head, find_break
from bsm_alumni.extensions import db

AT_A_TIME = 1000


def _json(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        # Not what this program wrote, so it fits no digest.
        return {"unreadable": str(text)}


def _instant(value: Any) -> datetime:
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return datetime.min.replace(tzinfo=UTC)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def read_entries() -> Generator[Entry]:
    """Every entry in order, as it stands in the table: without the reading that would stop at a spoilt value."""
    table = AuditEntry.__table__.c
    columns = [
        table.id,
        sa.type_coerce(table.at, sa.String),
        table.actor_id,
        table.actor,
        table.verb,
        table.subject_kind,
        table.subject_id,
        table.about_id,
        sa.cast(table.before, sa.Text),
        sa.cast(table.after, sa.Text),
        table.salt,
        table.digest,
        table.mac,
        table.shredded,
    ]
    query = sa.select(*columns).order_by(table.id).execution_options(yield_per=AT_A_TIME)
    with db.session.execute(query) as rows:
        for row in rows:
            values: list[Any] = list(row)
            values[1], values[8], values[9] = _instant(values[1]), _json(values[8]), _json(values[9])
            yield Entry(*values)


def find_trail_break(witnesses: Iterable[Head] = ()) -> Break | None:
    """The first entry at which the trail is not what was written, None when it is whole. Reads all of it."""
    row = db.session.execute(sa.select(AuditHead.entry_id, AuditHead.mac, AuditHead.seal)).one_or_none()
    head = (row.entry_id, row.mac, row.seal) if row else None
    with closing(read_entries()) as entries:
        return find_break(chain_key(), entries, head, witnesses)


def find_first_break() -> int | None:
    """The id of the first entry at which the trail is broken, judged by itself; None when all is well."""
    found = find_trail_break()
    return found.entry_id if found else None
