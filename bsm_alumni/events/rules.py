"""Wall clocks and what an event may become; pure."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bsm_alumni.events.enums import EventKind, EventStatus, SlotRole

LONGEST_EVENT = timedelta(days=31)
MOST_SEATS = 50

# What staff choose in the form; cancelling and archiving are steps of their own.
CHOSEN = (EventStatus.DRAFT, EventStatus.PLANNED, EventStatus.CONFIRMED, EventStatus.DELIVERED)
PUT_AWAY = frozenset({EventStatus.CANCELLED, EventStatus.ARCHIVED})


class ClockKind(enum.Enum):
    """What a zone makes of a wall clock: an instant, two of them, or none."""

    PLAIN = "plain"
    FOLD = "fold"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Reading:
    """A wall clock in its zone. ``instants`` are in UTC, in order: one, or the two it could mean."""

    kind: ClockKind
    instants: tuple[datetime, ...]


def read_clock(day: date, clock: time, zone: str) -> Reading:
    """The instants that a wall clock of an IANA zone could mean.

    When clocks go back an hour is shown twice: two instants (a fold). When they go forward an hour is never
    shown (a gap): the two are the instants at which the clock, not yet or already changed, would have shown it.
    Which is meant is the person's to say (PEP 495 defines the two sides). Raises ZoneInfoNotFoundError.
    """
    local = datetime.combine(day, clock, ZoneInfo(zone))
    sides = [local.replace(fold=fold).astimezone(UTC) for fold in (0, 1)]
    if sides[0] == sides[1]:
        return Reading(ClockKind.PLAIN, (sides[0],))
    shown = sides[0].astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.combine(day, clock)
    return Reading(ClockKind.FOLD if shown else ClockKind.GAP, (min(sides), max(sides)))


def choose(reading: Reading, chosen: datetime | None) -> datetime | None:
    """The instant meant: the only one, or the chosen one if it is among the two; None while that is open."""
    if reading.kind is ClockKind.PLAIN:
        return reading.instants[0]
    return chosen if chosen in reading.instants else None


def pinned_zones(*zones: str) -> tuple[str, ...]:
    """The zones an event's time is shown in: those given, then New York, London and Vienna, each once."""
    return tuple(dict.fromkeys([*filter(None, zones), "America/New_York", "Europe/London", "Europe/Vienna"]))


def by_clock(zones: Iterable[str], at: datetime) -> list[str]:
    """Zones from west to east: the one whose clock is furthest behind at this instant first."""
    return sorted(zones, key=lambda zone: at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta())


@dataclass(frozen=True, slots=True)
class EventDetails:
    """What staff write about an event. Times are instants; ``zone`` is the one whose wall clock was meant."""

    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    kind: EventKind = EventKind.WEBINAR
    status: EventStatus = EventStatus.PLANNED
    series_id: int | None = None
    outcome_area: str | None = None
    description: str = ""
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    principles: tuple[str, ...] = ()
    theme_ids: tuple[int, ...] = ()
    partner_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SlotDetails:
    """What a slot needs: ``level`` is a `reference.levels.Level`, counted only with a language."""

    role: SlotRole
    seats: int
    language_code: str | None = None
    level: int = 4
    theme_id: int | None = None
    note: str = ""


def ends_before_start(details: EventDetails) -> bool:
    """True when the end is not after the start."""
    return details.ends_at <= details.starts_at


def too_long(details: EventDetails) -> bool:
    """True for more than a month, which is a slip of the year or the month."""
    return details.ends_at - details.starts_at > LONGEST_EVENT


def too_early_to_be_delivered(status: EventStatus, starts_at: datetime, now: datetime) -> bool:
    """True for an event that is called delivered before it began."""
    return status is EventStatus.DELIVERED and starts_at > now


def restored_status(ends_at: datetime, now: datetime) -> EventStatus:
    """What an event taken out of the archive is: delivered if it is over, else planned."""
    return EventStatus.DELIVERED if ends_at <= now else EventStatus.PLANNED
