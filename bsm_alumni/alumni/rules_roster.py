"""What the roster is narrowed to, read from an address and written back into one; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.reference.countries import COUNTRIES, REGIONS
from bsm_alumni.reference.languages import LANGUAGES
from bsm_alumni.reference.levels import Level
from bsm_alumni.web.filtering import ListFilter, asked_days, asked_number, asked_text

SUBREGIONS = frozenset(subregion for group in REGIONS.values() for subregion in group)


@dataclass(frozen=True, slots=True)
class RosterFilter(ListFilter):
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


def read_filter(args: Mapping[str, str]) -> RosterFilter:
    """The filter that an address asks for. What is not understood narrows nothing, and gets no pill."""
    place, language = args.get("place", ""), args.get("language", "")
    language = language if language in LANGUAGES else ""
    level = asked_number(args, "level")
    first, last = asked_days(args, "free_from", "free_to")
    return RosterFilter(
        q=asked_text(args, "q"),
        place=place if place in COUNTRIES or place in SUBREGIONS else "",
        language=language,
        level=level if language and level in set(Level) else 0,
        theme=asked_number(args, "theme"),
        cohort=asked_number(args, "cohort"),
        status=args.get("status", "") if args.get("status") in set(AlumnusStatus) else "",
        free_from=first,
        free_to=last,
    )


def quarter_span(now: datetime) -> tuple[datetime, datetime]:
    """The first instant of the quarter of ``now`` and that of the next one, on the clock of ``now``."""
    first = now.replace(month=(now.month - 1) // 3 * 3 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
    if first.month == 10:
        return first, first.replace(year=first.year + 1, month=1)
    return first, first.replace(month=first.month + 3)
