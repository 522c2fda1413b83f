"""What a list is narrowed to, read from an address and written back into one; pure, and the same for every list."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time
from typing import Any, Self
from zoneinfo import ZoneInfo

LONGEST_TEXT = 100


class ListFilter:
    """The base of a frozen dataclass whose fields have defaults that narrow nothing."""

    __slots__ = ()

    def to_args(self) -> dict[str, str]:
        """The filter as parts of an address, without what narrows nothing."""
        found: dict[str, str] = {}
        for field in fields(self):  # type: ignore[arg-type]
            value: Any = getattr(self, field.name)
            if value:
                plain = value.isoformat() if isinstance(value, date) else str(value)
                found[field.name] = "1" if value is True else plain
        return found

    def without(self, *names: str) -> Self:
        """The same filter with these fields left out."""
        empty = type(self)()
        return replace(self, **{name: getattr(empty, name) for name in names})  # type: ignore[type-var]


def asked_text(args: Mapping[str, str], name: str) -> str:
    """Words of an address: single blanks, no NUL, at most LONGEST_TEXT characters."""
    return " ".join(args.get(name, "").replace("\x00", "").split())[:LONGEST_TEXT]


def asked_number(args: Mapping[str, str], name: str) -> int:
    """A whole number below a thousand million; 0 for anything else."""
    text = args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def asked_days(args: Mapping[str, str], first_name: str, last_name: str) -> tuple[date | None, date | None]:
    """Two days, the earlier one first; None for one that is not given or not understood."""
    first, last = _day(args.get(first_name)), _day(args.get(last_name))
    return (last, first) if first and last and last < first else (first, last)


def midnight(day: date | None, zone: str) -> datetime | None:
    """The instant, in UTC, at which a day begins on the clock of ``zone``."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) if day else None


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    # Midnight of the calendar's very ends has no instant in some zones.
    return day if day and 1900 <= day.year < 9999 else None
