"""A slot's hours and days in each zone, from the IANA rules at that date: never from a fixed offset. Pure."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

HOUR_UNKNOWN = 0.5
DAWN, MORNING, EVENING, NIGHT = 6 * 60, 9 * 60, 17 * 60, 22 * 60


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    # `ZoneInfo` itself keeps no more than eight and reads the others from their files anew.
    return ZoneInfo(name)


def to_local(moment: datetime, zone: str) -> datetime:
    """An aware moment on the wall clock of a zone."""
    return moment.astimezone(_zone(zone))


def comfort(minute: int) -> float:
    """How good a minute of the local day is for speaking, 0..1.

    1 from 09:00 to 17:00; rises from 0 at 06:00 and falls to 0 at 22:00; 0 at night.
    """
    if minute <= DAWN or minute >= NIGHT:
        return 0.0
    if minute < MORNING:
        return (minute - DAWN) / (MORNING - DAWN)
    if minute <= EVENING:
        return 1.0
    return (NIGHT - minute) / (NIGHT - EVENING)


def hour_value(zone: str, start: datetime, end: datetime) -> float:
    """The worse of the session's first and last minute on the person's wall clock, 0..1."""
    first, last = to_local(start, zone), to_local(end, zone)
    return min(comfort(first.hour * 60 + first.minute), comfort(last.hour * 60 + last.minute))


def local_days(zone: str | None, start: datetime, end: datetime) -> tuple[int, int]:
    """Ordinals of the first and last local date the session touches; UTC dates where the zone is not known.

    A session that ends at midnight does not touch the next day.
    """
    first = to_local(start, zone) if zone else start.astimezone(UTC)
    last = to_local(end, zone) if zone else end.astimezone(UTC)
    last_day = last.date().toordinal()
    if last_day > first.date().toordinal() and (last.hour, last.minute, last.second) == (0, 0, 0):
        last_day -= 1
    return first.date().toordinal(), last_day


@lru_cache(maxsize=512)
def hour_table(zones: tuple[str, ...], start: datetime, end: datetime) -> tuple[float, ...]:
    """`hour_value` of each zone; the last cell answers for an unknown zone."""
    alike = _alike(zones, start, end)
    values = {same: hour_value(same, start, end) for same in set(alike)}
    return (*(values[same] for same in alike), HOUR_UNKNOWN)


@lru_cache(maxsize=512)
def day_table(zones: tuple[str, ...], start: datetime, end: datetime) -> tuple[tuple[int, int], ...]:
    """`local_days` of each zone; the last cell answers for an unknown zone."""
    alike = _alike(zones, start, end)
    days = {same: local_days(same, start, end) for same in set(alike)}
    return (*(days[same] for same in alike), local_days(None, start, end))


@lru_cache(maxsize=8)
def _alike(zones: tuple[str, ...], start: datetime, end: datetime) -> list[str]:
    """For each zone the first one whose clock shows the same at both moments: these are few."""
    first: dict[tuple[timedelta | None, timedelta | None], str] = {}
    keys = (tuple(moment.astimezone(_zone(zone)).utcoffset() for moment in (start, end)) for zone in zones)
    return [first.setdefault(key, zone) for key, zone in zip(keys, zones, strict=True)]  # type: ignore[arg-type]
