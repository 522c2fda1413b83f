"""The columns, kept in each server and brought up to date by a counter in the database, so that all
servers agree.

Whatever changes what the rules and reasons read raises a counter in its own transaction, just before it
commits: that is seen to here, in one place, by listening to the session. A reader compares the counter
with its own.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from bsm_alumni.alumni.models import Alumnus, AlumnusEmail, AlumnusLanguage, AvailabilityPeriod, alumnus_themes
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.events.models import Event, Slot, event_themes
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.matching.columns import Columns
from bsm_alumni.matching.enums import Part
from bsm_alumni.matching.models import ColumnsVersion
from bsm_alumni.matching.queries_columns import load_columns, reload_seats
from bsm_alumni.reference.models import Theme

PART_OF_MODEL: dict[type, Part] = {
    Alumnus: Part.PEOPLE,
    AlumnusEmail: Part.PEOPLE,
    AlumnusLanguage: Part.PEOPLE,
    AvailabilityPeriod: Part.PEOPLE,
    Theme: Part.PEOPLE,
    Assignment: Part.SEATS,
    Event: Part.SEATS,
    Slot: Part.SEATS,
}
PART_OF_TABLE: dict[str, Part] = {
    **{model.__tablename__: part for model, part in PART_OF_MODEL.items()},  # type: ignore[attr-defined]
    alumnus_themes.name: Part.PEOPLE,
    event_themes.name: Part.SEATS,
}
CHANGED = "columns_changed"
COUNTING_SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Resident:
    """One server's columns; the lock lets one thread load while the others wait for it."""

    lock: Lock = field(default_factory=Lock)
    columns: Columns | None = None


def current_columns() -> Columns:
    """The columns as of the present transaction: at once when nothing changed, else the changed part anew.

    Inside a transaction that has itself changed what they hold they are loaded for it alone and not kept.
    """
    resident: Resident = current_app.extensions.setdefault("bsm_columns", Resident())
    version = read_version()
    if db.session.info.get(CHANGED):
        return load_columns(version)
    with resident.lock:
        kept = resident.columns
        if kept is None or kept.version[0] != version[0]:
            kept = load_columns(version)
        elif kept.version != version:
            kept = reload_seats(kept, version)
        resident.columns = kept
        return kept


def read_version() -> tuple[int, int]:
    """The counters of people and of seats in the database; 0 before anything was written."""
    rows = db.session.execute(sa.select(ColumnsVersion.id, ColumnsVersion.version))
    found = {row.id: row.version for row in rows}
    return found.get(Part.PEOPLE, 0), found.get(Part.SEATS, 0)


def raise_version(parts: Collection[Part]) -> None:
    """Tell every server that parts of its columns are stale, when the present transaction commits.

    A counter is never less than the seconds since 2026, so that a database put back from a backup does not
    count up to a number it has shown before.
    """
    table: Any = ColumnsVersion.__table__
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.engine.dialect.name](table)
    seconds = int((utc_now() - COUNTING_SINCE).total_seconds())
    following = sa.case((table.c.version < seconds, seconds), else_=table.c.version + 1)
    upsert = insert.on_conflict_do_update(index_elements=[table.c.id], set_={"version": following})
    for part in sorted(parts):
        db.session.execute(upsert.values(id=int(part), version=seconds))


def _note(session: Session, part: Part | None) -> None:
    if part is not None:
        session.info.setdefault(CHANGED, set()).add(part)


@sa.event.listens_for(db.session, "after_flush")
def _note_objects(session: Session, _context: Any) -> None:
    for row in (*session.new, *session.deleted, *session.dirty):
        if row not in session.dirty or session.is_modified(row):
            _note(session, PART_OF_MODEL.get(type(row)))


@sa.event.listens_for(db.session, "do_orm_execute")
def _note_statements(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        table = getattr(state.statement, "table", None)
        _note(state.session, PART_OF_TABLE.get(getattr(table, "name", "")))


@sa.event.listens_for(db.session, "before_commit")
def _raise_before_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    parts = session.info.pop(CHANGED, None)
    if parts:
        raise_version(parts)


@sa.event.listens_for(db.session, "after_soft_rollback")
def _forget(session: Session, ended: SessionTransaction) -> None:
    # A savepoint rolled back leaves what the transaction did before it.
    if not ended.nested:
        session.info.pop(CHANGED, None)
