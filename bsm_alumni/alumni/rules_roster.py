"""What the roster is narrowed to, read from an address and written back into one; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.reference.countries import COUNTRIES, REGIONS
from bsm_alumni.reference.languages import LANGUAGES
from bsm_alumni.reference.levels import Level

SUBREGIONS = frozenset(subregion for group in REGIONS.values() for subregion in group)
LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class RosterFilter:
    """Empty values narrow nothing, but an empty ``status`` leaves archived people out.

    ``place`` is a country's code or the name of an M49 sub-region; ``level`` is the least that will do and
    counts only with ``language``; both free days are included.
    """

    q: str = ""
    place: str = ""
    language: str = ""
    level: int = 0
    theme: int = 0
    cohort: int = 0
    status: str = ""
    free_from: date | None = None
    free_to: date | None = None

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries that ``place`` stands for; empty when there is none."""
        if self.place in COUNTRIES:
            return (self.place,)
        return tuple(code for code, country in COUNTRIES.items() if country.subregion == self.place)

    @property
    def free_days(self) -> tuple[date, date] | None:
        """The first and last day somebody must be free; one day stands for both."""
        first, last = self.free_from or self.free_to, self.free_to or self.free_from
        return (first, last) if first and last else None

    def to_args(self) -> dict[str, str]:
        """The filter as parts of an address, without what narrows nothing."""
        found: dict[str, str] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value:
                found[field.name] = value.isoformat() if isinstance(value, date) else str(value)
        return found

    def without(self, *names: str) -> "RosterFilter":
        """The same filter with these fields left out."""
        empty = RosterFilter()
        return replace(self, **{name: getattr(empty, name) for name in names})


def read_filter(args: Mapping[str, str]) -> RosterFilter:
    """The filter that an address asks for. What is not understood narrows nothing, and gets no pill."""
    text = " ".join(args.get("q", "").split())[:LONGEST_TEXT]
    place, language = args.get("place", ""), args.get("language", "")
    language = language if language in LANGUAGES else ""
    level = _number(args.get("level"))
    first, last = _day(args.get("free_from")), _day(args.get("free_to"))
    if first and last and last < first:
        first, last = last, first
    return RosterFilter(
        q=text,
        place=place if place in COUNTRIES or place in SUBREGIONS else "",
        language=language,
        level=level if language and level in set(Level) else 0,
        theme=_number(args.get("theme")),
        cohort=_number(args.get("cohort")),
        status=args.get("status", "") if args.get("status") in set(AlumnusStatus) else "",
        free_from=first,
        free_to=last,
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def quarter_span(now: datetime) -> tuple[datetime, datetime]:
    """The first instant of the quarter of ``now`` and that of the next one, on the clock of ``now``."""
    first = now.replace(month=(now.month - 1) // 3 * 3 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
    if first.month == 10:
        return first, first.replace(year=first.year + 1, month=1)
    return first, first.replace(month=first.month + 3)
