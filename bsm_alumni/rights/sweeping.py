"""Taking a person's words out of texts that are not about them: a mail to a colleague, a note of a session."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs

import sqlalchemy as sa

from bsm_alumni.alumni.models import AlumnusTerm, SavedFilter
from bsm_alumni.extensions import db
from bsm_alumni.imports.enums import ImportState
from bsm_alumni.imports.models import ImportBatch
from bsm_alumni.reference.folding import fold
from bsm_alumni.rights.filesearch import mentions
from bsm_alumni.rights.searching import holds_any, is_json, without

# The trail has a rule of its own, and these hold hashes, keys and codes.
UNSEARCHED = frozenset({"audit_entries", "audit_head", "audit_denials", "columns_version", "matching_weights"})
BEING_READ = (ImportState.READING, ImportState.READY, ImportState.APPLYING)


def text_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """The columns of a table that can hold words: free text and JSON, no codes and no keys."""
    return [
        column
        for column in table.columns
        if not column.primary_key
        and not column.foreign_keys
        and (is_json(column) or (isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum)))
    ]


def sweep(words: Sequence[str]) -> int:
    """Replace the words in every text of every table; returns how many rows were changed. Two queries a table."""
    if not words:
        return 0
    count = 0
    for table in db.metadata.sorted_tables:
        columns = text_columns(table)
        if columns and table.name not in UNSEARCHED:
            count += _sweep_table(table, columns, words)
    return count


def _sweep_table(table: sa.Table, columns: Sequence[sa.Column[Any]], words: Sequence[str]) -> int:
    keys = list(table.primary_key.columns)
    found = db.session.execute(sa.select(*keys, *columns).where(holds_any(columns, words))).all()
    for row in found:
        held = dict(zip([column.name for column in columns], row[len(keys) :], strict=True))
        changed = {name: without(value, words) for name, value in held.items()}
        same = [key == value for key, value in zip(keys, row[: len(keys)], strict=True)]
        db.session.execute(
            sa.update(table).where(*same).values({name: new for name, new in changed.items() if new != held[name]})
        )
    return len(found)


def forget_filters(alumnus_id: int) -> int:
    """Delete saved filters that search for this person and nobody else; returns how many. Call it before the words by
    which the person is found go."""
    own = set(db.session.scalars(sa.select(AlumnusTerm.term).where(AlumnusTerm.alumnus_id == alumnus_id)))
    gone = [
        saved.id
        for saved in db.session.scalars(sa.select(SavedFilter).where(SavedFilter.query.contains("q=")))
        if (sought := fold(" ".join(parse_qs(saved.query).get("q", [])))) and _only(sought.split(), own, alumnus_id)
    ]
    if gone:
        db.session.execute(sa.delete(SavedFilter).where(SavedFilter.id.in_(gone)))
    return len(gone)


def _only(sought: Sequence[str], own: set[str], alumnus_id: int) -> bool:
    """True when the words lead to the person and to nobody else."""
    if not all(any(term.startswith(word) for term in own) for word in sought):
        return False
    others = sa.select(AlumnusTerm.alumnus_id).where(AlumnusTerm.alumnus_id != alumnus_id)
    for word in sought:
        leads = sa.select(AlumnusTerm.alumnus_id).where(AlumnusTerm.term >= word, AlumnusTerm.term < word + "~")
        others = others.where(AlumnusTerm.alumnus_id.in_(leads))
    return db.session.scalar(others.limit(1)) is None


def drop_files(batch_ids: Sequence[int], words: Sequence[str]) -> int:
    """Let go of uploaded files that may hold the person; returns how many.

    A file that was read to the end is needed no more. One still on its way in goes when it holds the person: its
    rows are stored already, only the choice of columns can no longer be changed.
    """
    count = 0
    batches = sa.select(ImportBatch).where(ImportBatch.content.is_not(None)).order_by(ImportBatch.id)
    for batch in db.session.scalars(batches):
        if batch.state not in BEING_READ or batch.id in batch_ids or mentions(batch.content or b"", words):
            batch.content = None
            count += 1
    db.session.flush()
    return count
