"""All alumni as a structure of arrays: the few columns that rules and reasons read. Pure NumPy, no
database.

A row is a person; `ids` is strictly ascending, so a position in the arrays orders like an id. An index of
-1 means 'not known' everywhere; look-up tables keep the answer for 'not known' in their last cell, where
-1 points.
"""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.integer]
Floats = NDArray[np.float64]

T = TypeVar("T")
MOST_KEPT = 12
"""Things kept on a shelf: at 100,000 alumni some 2 MB for the people of a language, 0.3 MB for a reason of theirs."""
NOT_LISTED = 0
"""Cell of `levels` for a language the person does not list; a listed language holds its level plus one."""


@dataclass(frozen=True, slots=True)
class Periods:
    """Whole days, first and last included, in the person's own zone: ordinals, one row per period."""

    person: Ints
    first: Ints
    last: Ints

    def touching(self, first: int, last: int) -> "Periods":
        """The periods that have a day in common with first..last."""
        return self.where((self.first <= last) & (self.last >= first))

    def where(self, mask: Bools) -> "Periods":
        """The rows under the mask, in the same order."""
        rows = np.flatnonzero(mask)
        return Periods(self.person[rows], self.first[rows], self.last[rows])


@dataclass(frozen=True, slots=True)
class Order:
    """Seats put in the order of one of their columns, so that a look at few of them reads few.

    `value` ascends; `person` and `row`, the place among the seats, stand beside it. Seats of one value keep the order
    of people.
    """

    value: Ints
    person: Ints
    row: Ints

    def within(self, first: int, last: int) -> slice:
        """The stretch whose values are first..last."""
        low, high = np.searchsorted(self.value, (first, last + 1))
        return slice(int(low), int(high))


@dataclass(frozen=True)
class Seats:
    """Every assignment there ever was, sorted by person: one row each.

    `start` and `end` are UTC seconds; `day` and `quarter` follow the event's own zone as in `Need`.
    `held` is true while the person holds the seat or has delivered it, false once it was declined, lost
    or cancelled.
    """

    person: Ints
    event: Ints
    slot: Ints
    start: Ints
    end: Ints
    day: Ints
    quarter: Ints
    held: Bools

    @cached_property
    def holding(self) -> "Seats":
        """Only the rows that are held."""
        return self if bool(self.held.all()) else self.where(self.held)

    @cached_property
    def by_day(self) -> Order:
        """In the order of their days."""
        return self._ordered(self.day)

    @cached_property
    def by_quarter(self) -> Order:
        """In the order of their quarters."""
        return self._ordered(self.quarter)

    @cached_property
    def by_start(self) -> Order:
        """In the order of their starts."""
        return self._ordered(self.start)

    @cached_property
    def by_event(self) -> Order:
        """In the order of their events."""
        return self._ordered(self.event)

    @cached_property
    def by_slot(self) -> Order:
        """In the order of their slots."""
        return self._ordered(self.slot)

    @cached_property
    def longest(self) -> int:
        """Seconds that the longest of their sessions takes."""
        return int((self.end - self.start).max(initial=0))

    def _ordered(self, values: Ints) -> Order:
        row = np.argsort(values, kind="stable")
        return Order(values[row].astype(np.int64), self.person[row].astype(np.intp), row)

    def where(self, mask: Bools) -> "Seats":
        """The rows under the mask, in the same order."""
        return Seats(*(getattr(self, name)[mask] for name in SEAT_COLUMNS))

    def of(self, position: int) -> "Seats":
        """The rows of one person."""
        low, high = np.searchsorted(self.person, (position, position + 1))
        return Seats(*(getattr(self, name)[low:high] for name in SEAT_COLUMNS))


SEAT_COLUMNS = ("person", "event", "slot", "start", "end", "day", "quarter", "held")


@dataclass(frozen=True)
class Columns:
    """Everyone at one moment. `version` holds the counters of people and of seats that the arrays were built at."""

    version: tuple[int, int]
    countries: tuple[str, ...]
    subregions: tuple[str, ...]
    languages: tuple[str, ...]
    themes: tuple[int, ...]
    zones: tuple[str, ...]
    country_subregion: Ints
    """Index of each country's sub-region; one further cell, -1, for an unknown country."""
    ids: Ints
    country: Ints
    gender: Ints
    zone: Ints
    levels: NDArray[np.uint8]
    """[languages × people]: one row per language, so that a slot reads one contiguous row."""
    theme_bits: NDArray[np.uint64]
    """[words × people]: the person's themes as bits, 64 themes a word, in the order of `themes`."""
    notice_days: Ints
    quarter_limit: Ints
    active: Bools
    restricted: Bools
    reachable: Bools
    delivered: Ints
    theme_delivered: Ints
    """[themes × people]: sessions delivered on each theme."""
    asked: Ints
    answered: Ints
    no_shows: Ints
    windows: Periods
    blackouts: Periods
    seats: Seats
    shelf: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What `once` has worked out; columns made anew begin with none."""

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def has_window(self) -> Bools:
        """Who has said when they are free; the others are free whenever they are not away."""
        mask = np.zeros(len(self), dtype=np.bool_)
        mask[self.windows.person] = True
        return mask

    def once(self, key: Hashable, work_out: Callable[[], T]) -> T:
        """What `work_out` gives, kept under the key; the shelf is emptied when it is full.

        It must depend on these columns and the key alone. Two threads may both work it out, to the same effect.
        """
        found: T | None = self.shelf.get(key)
        if found is None:
            if len(self.shelf) >= MOST_KEPT:
                self.shelf.clear()
            found = self.shelf[key] = work_out()
        return found

    def find_position(self, alumnus_id: int) -> int | None:
        """The row of an alumnus, or None when the columns do not hold them."""
        position = int(np.searchsorted(self.ids, alumnus_id))
        return position if position < len(self) and int(self.ids[position]) == alumnus_id else None

    def theme_rows(self, theme_ids: Collection[int]) -> list[int]:
        """Places in `themes` of the given themes; one the columns do not know has none."""
        return [row for row, theme in enumerate(self.themes) if theme in theme_ids]

    def has_theme(self, row: int, position: int) -> bool:
        """Whether a person has the theme at a place in `themes`."""
        return bool(int(self.theme_bits[row // 64, position]) >> (row % 64) & 1)

    def nbytes(self) -> int:
        """Bytes held by the arrays."""
        groups = (self, self.windows, self.blackouts, self.seats)
        fields = (getattr(group, name) for group in groups for name in group.__dataclass_fields__)
        return sum(field.nbytes for field in fields if isinstance(field, np.ndarray))


def pack_themes(count: int, people: int, rows: Ints, positions: Ints) -> NDArray[np.uint64]:
    """`theme_bits` of `people` people and `count` themes from pairs (place of the theme, position)."""
    words = np.zeros((max(1, -(-count // 64)), people), dtype=np.uint64)
    bits = np.left_shift(np.uint64(1), (rows % 64).astype(np.uint64))
    np.bitwise_or.at(words, (rows // 64, positions), bits)
    return words
