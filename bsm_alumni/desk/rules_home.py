"""When a seat that was accepted is at risk, and how the next four weeks are cut; pure."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKS = 4


class Risk(enum.StrEnum):
    """What changed under an accepted seat, the gravest first."""

    STATUS = "status"
    RESTRICTED = "restricted"
    BLACKOUT = "blackout"
    WINDOWS = "windows"
    SHARING = "sharing"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a person who accepted. Periods are (first, last) days, both included.

    ``hidden`` tells that the person changed the sharing answer since, and a partner of the event cannot see them.
    """

    is_active: bool
    is_restricted: bool
    blackouts: Sequence[tuple[date, date]] = ()
    windows: Sequence[tuple[date, date]] = ()
    hidden: bool = False


def find_risk(standing: Standing, first: date, last: date) -> Risk | None:
    """The gravest reason why the seat may be lost; None when all is well. The days are those of the person."""
    tests = {
        Risk.STATUS: not standing.is_active,
        Risk.RESTRICTED: standing.is_restricted,
        Risk.BLACKOUT: any(start <= last and end >= first for start, end in standing.blackouts),
        Risk.WINDOWS: bool(standing.windows)
        and not any(start <= first and end >= last for start, end in standing.windows),
        Risk.SHARING: standing.hidden,
    }
    return next((risk for risk, found in tests.items() if found), None)


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days: the first, the last, and the instants at which they begin and end."""

    first: date
    last: date
    begins: datetime
    ends: datetime


def next_weeks(now: datetime, zone: str, weeks: int = WEEKS) -> tuple[Week, ...]:
    """The weeks from today on by the clock of ``zone``; a week is seven days from today's midnight."""
    today = now.astimezone(ZoneInfo(zone)).date()
    starts = [today + timedelta(weeks=number) for number in range(weeks + 1)]
    instants = [datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) for day in starts]
    return tuple(Week(starts[n], starts[n + 1] - timedelta(days=1), instants[n], instants[n + 1]) for n in range(weeks))


def by_week(instants: Iterable[datetime], weeks: Sequence[Week]) -> list[list[int]]:
    """For each week the positions of the instants that fall into it."""
    found: list[list[int]] = [[] for _week in weeks]
    for position, instant in enumerate(instants):
        for number, week in enumerate(weeks):
            if week.begins <= instant < week.ends:
                found[number].append(position)
    return found
