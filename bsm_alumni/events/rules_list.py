"""What a list of events is narrowed to, read from an address and written back into one; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bsm_alumni.events.enums import EventStatus
from bsm_alumni.reference.languages import LANGUAGES
from bsm_alumni.reference.programme import OUTCOME_AREAS
from bsm_alumni.web.filtering import ListFilter, asked_days, asked_number, asked_text, midnight

UPCOMING, PAST, ALL = "", "past", "all"


@dataclass(frozen=True, slots=True)
class EventFilter(ListFilter):
    """Empty values narrow nothing, but an empty ``status`` leaves archived events out.

    ``show`` is upcoming (empty), past or all, and gives way to a period; both days of it are included.
    """

    q: str = ""
    show: str = UPCOMING
    status: str = ""
    series: int = 0
    outcome: str = ""
    language: str = ""
    partner: int = 0
    first: date | None = None
    last: date | None = None

    @property
    def newest_first(self) -> bool:
        """True for a list that looks back."""
        return self.show == PAST and not (self.first or self.last)

    def period(self, now: datetime, zone: str) -> tuple[datetime | None, datetime | None]:
        """From (included) and until (not included) which instants events are shown, by the clock of ``zone``.

        An upcoming event is one that is not over, and is told by its end; any other by its start.
        """
        if self.first or self.last:
            return midnight(self.first, zone), midnight(self.last and self.last + timedelta(days=1), zone)
        return {PAST: (None, now), ALL: (None, None)}.get(self.show, (now, None))

    @property
    def by_end(self) -> bool:
        """True when ``period`` bounds the end of events rather than their start."""
        return not (self.first or self.last) and self.show != ALL


def read_filter(args: Mapping[str, str]) -> EventFilter:
    """The filter that an address asks for. What is not understood narrows nothing, and gets no pill."""
    first, last = asked_days(args, "first", "last")
    return EventFilter(
        q=asked_text(args, "q"),
        show=args.get("show", "") if args.get("show") in (PAST, ALL) else UPCOMING,
        status=args.get("status", "") if args.get("status") in set(EventStatus) else "",
        series=asked_number(args, "series"),
        outcome=args.get("outcome", "") if args.get("outcome") in OUTCOME_AREAS else "",
        language=args.get("language", "") if args.get("language") in LANGUAGES else "",
        partner=asked_number(args, "partner"),
        first=first,
        last=last,
    )
