"""What the trail is narrowed to, read from an address and written back into one; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Empty values narrow nothing. ``who`` is part of a name or a user's number; both days are included."""

    who: str = ""
    verb: str = ""
    kind: str = ""
    number: str = ""
    about: int = 0
    first: date | None = None
    last: date | None = None
    denied: bool = False

    def period(self, zone: str) -> tuple[datetime | None, datetime | None]:
        """From (included) and until (not included) which instants entries are shown, by the clock of ``zone``."""
        return _midnight(self.first, zone), _midnight(self.last and self.last + timedelta(days=1), zone)

    def to_args(self) -> dict[str, str]:
        """The filter as parts of an address, without what narrows nothing."""
        found: dict[str, str] = {}
        for field in fields(self):
            value: Any = getattr(self, field.name)
            if value:
                plain = value.isoformat() if isinstance(value, date) else str(value)
                found[field.name] = "1" if value is True else plain
        return found

    def without(self, *names: str) -> "TrailFilter":
        """The same filter with these fields left out."""
        empty = TrailFilter()
        return replace(self, **{name: getattr(empty, name) for name in names})


def _midnight(day: date | None, zone: str) -> datetime | None:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) if day else None


def read_filter(args: Mapping[str, str]) -> TrailFilter:
    """The filter that an address asks for. What is not understood narrows nothing, and gets no pill."""
    first, last = _day(args.get("first")), _day(args.get("last"))
    if first and last and last < first:
        first, last = last, first
    about = args.get("about", "")
    return TrailFilter(
        who=_text(args.get("who")),
        verb=_text(args.get("verb")),
        kind=_text(args.get("kind")),
        number=_text(args.get("number")),
        about=int(about) if about.isascii() and about.isdigit() and len(about) < 10 else 0,
        first=first,
        last=last,
        denied=args.get("denied") == "1",
    )


def _text(text: str | None) -> str:
    return " ".join((text or "").replace("\x00", "").split())[:LONGEST_TEXT]


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    # Midnight of the calendar's very ends has no instant in some zones.
    return day if day and 1900 <= day.year <= 2200 else None
