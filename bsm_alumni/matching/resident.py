"""The columns, kept in each server and brought up to date by a counter in the database, so that all
servers agree.

Whatever changes what the rules and reasons read raises the counter in its own transaction, just before it
commits: that is seen to here, in one place, by listening to the session. A reader compares the counter
with its own.
"""

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
from bsm_alumni.matching.models import ColumnsVersion
from bsm_alumni.matching.queries_columns import load_columns
from bsm_alumni.reference.models import Theme

READ_MODELS = (Alumnus, AlumnusEmail, AlumnusLanguage, AvailabilityPeriod, Assignment, Event, Slot, Theme)
READ_TABLES = frozenset({*(model.__tablename__ for model in READ_MODELS), alumnus_themes.name, event_themes.name})
CHANGED = "columns_changed"
COUNTING_SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Resident:
    """One server's columns; the lock lets one thread load while the others wait for it."""

    lock: Lock = field(default_factory=Lock)
    columns: Columns | None = None


def current_columns() -> Columns:
    """The columns as of the present transaction: at once when nothing changed, loaded anew when something
    did.

    Inside a transaction that has itself changed what they hold they are loaded for it alone and not kept.
    """
    resident: Resident = current_app.extensions.setdefault("bsm_columns", Resident())
    version = read_version()
    if db.session.info.get(CHANGED):
        return load_columns(version)
    with resident.lock:
        if resident.columns is None or resident.columns.version != version:
            resident.columns = load_columns(version)
        return resident.columns


def read_version() -> int:
    """The counter in the database; 0 before anything was written."""
    return db.session.scalar(sa.select(ColumnsVersion.version).where(ColumnsVersion.id == 1)) or 0


def raise_version() -> None:
    """Tell every server that its columns are stale, when the present transaction commits.

    The counter is never less than the seconds since 2026, so that a database put back from a backup does not
    count up to a number it has shown before.
    """
    table: Any = ColumnsVersion.__table__
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.engine.dialect.name](table)
    seconds = int((utc_now() - COUNTING_SINCE).total_seconds())
    following = sa.case((table.c.version < seconds, seconds), else_=table.c.version + 1)
    db.session.execute(
        insert.values(id=1, version=seconds).on_conflict_do_update(
            index_elements=[table.c.id], set_={"version": following}
        )
    )


@sa.event.listens_for(db.session, "after_flush")
def _note_objects(session: Session, _context: Any) -> None:
    changed = (*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row)))
    if any(isinstance(row, READ_MODELS) for row in changed):
        session.info[CHANGED] = True


@sa.event.listens_for(db.session, "do_orm_execute")
def _note_statements(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        table = getattr(state.statement, "table", None)
        if getattr(table, "name", None) in READ_TABLES:
            state.session.info[CHANGED] = True


@sa.event.listens_for(db.session, "before_commit")
def _raise_before_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    if session.info.pop(CHANGED, False):
        raise_version()


@sa.event.listens_for(db.session, "after_soft_rollback")
def _forget(session: Session, ended: SessionTransaction) -> None:
    # A savepoint rolled back leaves what the transaction did before it.
    if not ended.nested:
        session.info.pop(CHANGED, None)
