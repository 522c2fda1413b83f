"""The columns of a few people alone: what is asked about them need not look at everyone. Pure NumPy."""

from dataclasses import fields, replace
from typing import TypeVar

import numpy as np

from bsm_alumni.matching.columns import Columns, Ints, Periods, Seats

BY_PERSON = (
    "ids", "country", "gender", "zone", "notice_days", "quarter_limit", "active", "restricted", "reachable",
    "delivered", "asked", "answered", "no_shows",
)  # fmt: skip
BY_ROW_AND_PERSON = ("levels", "theme_bits", "theme_delivered")
Rows = TypeVar("Rows", Periods, Seats)


def some_of(columns: Columns, positions: Ints) -> Columns:
    """The people at these positions, which are ascending, with their periods and seats."""
    place = np.full(len(columns), -1, dtype=np.int32)
    place[positions] = np.arange(len(positions), dtype=np.int32)
    taken = {name: getattr(columns, name)[positions] for name in BY_PERSON}
    taken |= {name: getattr(columns, name)[:, positions] for name in BY_ROW_AND_PERSON}
    return replace(
        columns,
        **taken,
        windows=_theirs(columns.windows, place),
        blackouts=_theirs(columns.blackouts, place),
        seats=_theirs(columns.seats, place),
    )


def _theirs(rows: Rows, place: Ints) -> Rows:
    person = place[rows.person]
    mine = person >= 0
    columns = {one.name: getattr(rows, one.name)[mine] for one in fields(rows)}
    return type(rows)(**{**columns, "person": person[mine]})
