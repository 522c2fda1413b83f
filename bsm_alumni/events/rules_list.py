"""What a list of events is narrowed to, read from an address and written back into one; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bsm_alumni.events.enums import EventStatus
from bsm_alumni.reference.languages import LANGUAGES
from bsm_alumni.reference.programme import OUTCOME_AREAS

LONGEST_TEXT = 100
UPCOMING, PAST, ALL = "", "past", "all"


@dataclass(frozen=True, slots=True)
class EventFilter:
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
            return _midnight(self.first, zone), _midnight(self.last and self.last + timedelta(days=1), zone)
        return {PAST: (None, now), ALL: (None, None)}.get(self.show, (now, None))

    @property
    def by_end(self) -> bool:
        """True when ``period`` bounds the end of events rather than their start."""
        return not (self.first or self.last) and self.show != ALL

    def to_args(self) -> dict[str, str]:
        """The filter as parts of an address, without what narrows nothing."""
        found: dict[str, str] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value:
                found[field.name] = value.isoformat() if isinstance(value, date) else str(value)
        return found

    def without(self, *names: str) -> "EventFilter":
        """The same filter with these fields left out."""
        empty = EventFilter()
        return replace(self, **{name: getattr(empty, name) for name in names})


def _midnight(day: date | None, zone: str) -> datetime | None:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) if day else None


def read_filter(args: Mapping[str, str]) -> EventFilter:
    """The filter that an address asks for. What is not understood narrows nothing, and gets no pill."""
    first, last = _day(args.get("first")), _day(args.get("last"))
    if first and last and last < first:
        first, last = last, first
    return EventFilter(
        q=" ".join(args.get("q", "").replace("\x00", "").split())[:LONGEST_TEXT],
        show=args.get("show", "") if args.get("show") in (PAST, ALL) else UPCOMING,
        status=args.get("status", "") if args.get("status") in set(EventStatus) else "",
        series=_number(args.get("series")),
        outcome=args.get("outcome", "") if args.get("outcome") in OUTCOME_AREAS else "",
        language=args.get("language", "") if args.get("language") in LANGUAGES else "",
        partner=_number(args.get("partner")),
        first=first,
        last=last,
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    # Midnight of the calendar's very ends has no instant in some zones.
    return day if day and 1900 <= day.year <= 2200 else None
