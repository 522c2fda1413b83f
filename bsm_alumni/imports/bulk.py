"""Many rows at once."""

from typing import Any

import sqlalchemy as sa


def table_of(model: Any) -> sa.Table:
    """The table behind a model, or the table itself: inserting into it leaves out what objects need and rows do not."""
    table: sa.Table = getattr(model, "__table__", model)
    return table
