"""The second wall, on PostgreSQL: what partners and alumni open is read by a role that sees their rows alone.

`visible(viewer)` is the first. Should a query ever forget it, the database still gives nothing away: for the time of
one transaction the connection takes a role that owns nothing, may only read, and whose rows are picked by the
policies of `access.ddl_wall`. SQLite has no roles; there the first wall stands alone.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, SessionTransaction

from bsm_alumni.extensions import db, utc_now

# One round trip: the role and what its policies ask for, all for this transaction alone.
_RAISE = sa.text(
    "SELECT set_config('bsm.organisation_id', :organisation_id, true), set_config('bsm.alumnus_id', :alumnus_id, true),"
    " set_config('bsm.user_id', :user_id, true), set_config('bsm.today', :today, true), set_config('role', :role, true)"
)


@dataclass(frozen=True, slots=True)
class Wall:
    """For whom the database is to pick the rows."""

    role: str
    organisation_id: int | None
    alumnus_id: int | None
    user_id: int | None


_wall: ContextVar[Wall | None] = ContextVar("bsm_wall", default=None)


def raise_wall(wall: Wall) -> None:
    """Read behind the wall from the next statement on, until ``lower_wall``; nothing can be written."""
    _wall.set(wall)
    _apply(db.session.connection(), wall)


def lower_wall() -> None:
    """Transactions from now on are the program's own again; the one under way keeps its role to its end."""
    _wall.set(None)


def _apply(connection: sa.Connection, wall: Wall) -> None:
    if connection.dialect.name != "postgresql":
        return
    values: dict[str, Any] = {
        name: "" if number is None else str(number)
        for name, number in (
            ("organisation_id", wall.organisation_id),
            ("alumnus_id", wall.alumnus_id),
            ("user_id", wall.user_id),
        )
    }
    connection.execute(_RAISE, {**values, "today": utc_now().date().isoformat(), "role": wall.role})


@sa.event.listens_for(Session, "after_begin")
def _raise_in_each_transaction(_session: Session, _transaction: SessionTransaction, connection: sa.Connection) -> None:
    wall = _wall.get()
    if wall is not None:
        _apply(connection, wall)
