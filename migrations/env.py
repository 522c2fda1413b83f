"""How Alembic reaches the application's database; run through `bsm-alumni db upgrade`."""

from alembic import context
from flask import current_app

db = current_app.extensions["migrate"].db


def _render_type(kind: str, value: object, _context: object) -> str | bool:
    """Write our own column types as SQLAlchemy's, so that a migration does not depend on today's code."""
    from bsm_alumni.extensions import UtcDateTime

    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run_migrations() -> None:
    """Run inside one connection; on SQLite tables are rebuilt with foreign keys off, in one transaction."""
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            connection.commit()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            render_item=_render_type,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


run_migrations()
