"""Small worlds of plain records, and the columns built from them one person at a time."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import numpy as np

from bsm_alumni.matching.columns import Columns, Periods, Seats, pack_themes
from bsm_alumni.matching.enums import GenderCode
from bsm_alumni.matching.need import Need, quarter_of

COUNTRIES = ("FR", "KE", "ML", "SN")
SUBREGIONS = ("Eastern Africa", "Western Africa", "Western Europe")
SUBREGION_OF = {
    "FR": "Western Europe",
    "KE": "Eastern Africa",
    "ML": "Western Africa",
    "SN": "Western Africa",
}
LANGUAGES = ("en", "fr")
THEMES = (11, 12, 13)
ZONES = ("Africa/Nairobi", "America/New_York", "Europe/Paris", "Pacific/Auckland")


@dataclass(frozen=True)
class Seat:
    """An assignment: the event starts at `start` and lasts `hours`; `held` as in the columns."""

    event: int
    slot: int
    start: datetime
    hours: int = 1
    held: bool = True


@dataclass(frozen=True)
class Person:
    """Someone who may be asked for `NEED`; tests change one thing at a time."""

    id: int
    active: bool = True
    restricted: bool = False
    reachable: bool = True
    country: str | None = "FR"
    gender: GenderCode = GenderCode.UNKNOWN
    zone: str | None = "Europe/Paris"
    languages: dict[str, int] = field(default_factory=lambda: {"fr": 5})
    themes: frozenset[int] = frozenset({11})
    notice_days: int = 14
    quarter_limit: int = 2
    windows: tuple[tuple[date, date], ...] = ()
    blackouts: tuple[tuple[date, date], ...] = ()
    seats: tuple[Seat, ...] = ()
    delivered: int = 0
    theme_delivered: dict[int, int] = field(default_factory=dict)
    asked: int = 0
    answered: int = 0
    no_shows: int = 0


START = datetime(2026, 7, 8, 14, 0, tzinfo=UTC)
NEED = Need(
    event_id=1,
    slot_id=10,
    start=START,
    end=START.replace(hour=15, minute=30),
    day=START.toordinal(),
    quarter=quarter_of(2026, 7),
    today=date(2026, 6, 1).toordinal(),
    languages=(("fr", 4),),
    themes=(11, 12),
)


def with_need(**changes: object) -> Need:
    """`NEED` with some things changed."""
    return replace(NEED, **changes)  # type: ignore[arg-type]


def columns_of(people: list[Person]) -> Columns:
    """The columns of a small world; people must be in ascending order of id."""
    place = {code: i for i, code in enumerate(COUNTRIES)}
    seats = [(i, seat) for i, person in enumerate(people) for seat in person.seats]
    levels = np.zeros((len(LANGUAGES), len(people)), dtype=np.uint8)
    delivered = np.zeros((len(THEMES), len(people)), dtype=np.uint8)
    for i, person in enumerate(people):
        for code, level in person.languages.items():
            levels[LANGUAGES.index(code), i] = level + 1
        for theme, count in person.theme_delivered.items():
            delivered[THEMES.index(theme), i] = count

    def ints(values: list[int]) -> np.ndarray:
        return np.array(values, dtype=np.int64)

    def bools(values: list[bool]) -> np.ndarray:
        return np.array(values, dtype=np.bool_)

    def periods(name: str) -> Periods:
        rows = [(i, *p) for i, person in enumerate(people) for p in getattr(person, name)]
        return Periods(
            ints([i for i, _, _ in rows]),
            ints([first.toordinal() for _, first, _ in rows]),
            ints([last.toordinal() for _, _, last in rows]),
        )

    return Columns(
        version=(1, 1),
        countries=COUNTRIES,
        subregions=SUBREGIONS,
        languages=LANGUAGES,
        themes=THEMES,
        zones=ZONES,
        country_subregion=ints([*(SUBREGIONS.index(SUBREGION_OF[code]) for code in COUNTRIES), -1]),
        ids=ints([person.id for person in people]),
        country=ints([place[person.country] if person.country else -1 for person in people]),
        gender=ints([person.gender for person in people]),
        zone=ints([ZONES.index(person.zone) if person.zone else -1 for person in people]),
        levels=levels,
        theme_bits=pack_themes(
            len(THEMES),
            len(people),
            ints([THEMES.index(theme) for person in people for theme in sorted(person.themes)]),
            ints([i for i, person in enumerate(people) for _ in person.themes]),
        ),
        notice_days=ints([person.notice_days for person in people]),
        quarter_limit=ints([person.quarter_limit for person in people]),
        active=bools([person.active for person in people]),
        restricted=bools([person.restricted for person in people]),
        reachable=bools([person.reachable for person in people]),
        delivered=ints([person.delivered for person in people]),
        theme_delivered=delivered,
        asked=ints([person.asked for person in people]),
        answered=ints([person.answered for person in people]),
        no_shows=ints([person.no_shows for person in people]),
        windows=periods("windows"),
        blackouts=periods("blackouts"),
        seats=Seats(
            person=ints([i for i, _ in seats]),
            event=ints([seat.event for _, seat in seats]),
            slot=ints([seat.slot for _, seat in seats]),
            start=ints([int(seat.start.timestamp()) for _, seat in seats]),
            end=ints([int(seat.start.timestamp()) + seat.hours * 3600 for _, seat in seats]),
            day=ints([seat.start.toordinal() for _, seat in seats]),
            quarter=ints([quarter_of(seat.start.year, seat.start.month) for _, seat in seats]),
            held=bools([seat.held for _, seat in seats]),
        ),
    )
