"""What one slot needs of a person: the question that ranking answers. Pure data."""

from dataclasses import dataclass
from datetime import datetime

REST_DAYS = 7
"""Whole days that must lie between two of a person's sessions, unless the series says otherwise."""


@dataclass(frozen=True, slots=True)
class PanelMember:
    """A person who already holds a seat in the event: only what the panel's mix needs."""

    country: str | None
    subregion: str | None
    gender: int


@dataclass(frozen=True, slots=True)
class Need:
    """One slot of one event.

    `start` and `end` are aware UTC datetimes; `day` is the ordinal of the event's date in the event's own
    zone and `quarter` is year * 4 + (0..3) of that date. `languages` holds (code, level): a person who
    reaches the level in one of them will do; level 0 asks for the language at any level. `themes` are
    theme ids. `today` is the ordinal of the date on which the question is asked, for the notice that
    people need.
    """

    event_id: int
    slot_id: int
    start: datetime
    end: datetime
    day: int
    quarter: int
    today: int
    languages: tuple[tuple[str, int], ...] = ()
    themes: tuple[int, ...] = ()
    countries: frozenset[str] = frozenset()
    subregions: frozenset[str] = frozenset()
    panel: tuple[PanelMember, ...] = ()
    rest_days: int = REST_DAYS


def quarter_of(year: int, month: int) -> int:
    """The quarter of a month as one number that grows by one each quarter."""
    return year * 4 + (month - 1) // 3
