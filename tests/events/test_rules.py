"""Wall clocks against zoneinfo, asked the slow way: which instants show this clock?"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bsm_alumni.events.enums import EventStatus
from bsm_alumni.events.rules import (
    ClockKind,
    EventDetails,
    Reading,
    by_clock,
    choose,
    ends_before_start,
    pinned_zones,
    read_clock,
    restored_status,
    too_early_to_be_delivered,
    too_long,
)
from bsm_alumni.reference.zones import ZONES

NOON = datetime(2027, 3, 10, 12, tzinfo=UTC)
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
MINUTES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def shown_at(day: date, clock: time, zone: str) -> list[datetime]:
    """Every instant at which the zone's clock shows day and clock: each offset in force near it is tried."""
    wall = datetime.combine(day, clock)
    about = wall.replace(tzinfo=UTC)
    offsets = {(about + timedelta(hours=h)).astimezone(ZoneInfo(zone)).utcoffset() for h in range(-36, 37)}
    tried = {(wall - (offset or timedelta())).replace(tzinfo=UTC) for offset in offsets}
    return sorted(at for at in tried if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall)


@given(DAYS, MINUTES, st.sampled_from(ZONES))
@example(date(2027, 3, 14), time(2, 30), "America/New_York")
@example(date(2027, 11, 7), time(1, 30), "America/New_York")
@example(date(2027, 4, 4), time(1, 45), "Australia/Lord_Howe")
@example(date(2027, 9, 5), time(0, 30), "America/Santiago")
def test_a_clock_is_read_as_every_instant_that_shows_it(day: date, clock: time, zone: str) -> None:
    reading, shown = read_clock(day, clock, zone), shown_at(day, clock, zone)
    kinds = {0: ClockKind.GAP, 1: ClockKind.PLAIN, 2: ClockKind.FOLD}
    assert reading.kind is kinds[len(shown)]
    if shown:
        assert list(reading.instants) == shown
    else:
        before, after = reading.instants
        wall = datetime.combine(day, clock)
        seen = [at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at in (before, after)]
        assert seen[0] < wall < seen[1]
        # Between the two lies nothing but the jump: the clock gains as much as it was short of before.
        assert seen[1] - wall == wall - seen[0] == after - before


def test_a_gap_and_a_fold_in_new_york() -> None:
    gap = read_clock(date(2027, 3, 14), time(2, 30), "America/New_York")
    assert gap == Reading(
        ClockKind.GAP, (datetime(2027, 3, 14, 6, 30, tzinfo=UTC), datetime(2027, 3, 14, 7, 30, tzinfo=UTC))
    )
    fold = read_clock(date(2027, 11, 7), time(1, 30), "America/New_York")
    assert fold == Reading(
        ClockKind.FOLD, (datetime(2027, 11, 7, 5, 30, tzinfo=UTC), datetime(2027, 11, 7, 6, 30, tzinfo=UTC))
    )


def test_nothing_is_guessed() -> None:
    fold = read_clock(date(2027, 11, 7), time(1, 30), "America/New_York")
    assert choose(fold, None) is None
    assert choose(fold, NOON) is None
    assert choose(fold, fold.instants[1]) == fold.instants[1]
    plain = read_clock(date(2027, 11, 8), time(1, 30), "America/New_York")
    assert choose(plain, NOON) == plain.instants[0]


def test_cities_are_shown_once_each() -> None:
    assert pinned_zones("Europe/London", "Africa/Dakar") == (
        "Europe/London",
        "Africa/Dakar",
        "America/New_York",
        "Europe/Vienna",
    )
    assert by_clock(pinned_zones("Europe/London", "Africa/Dakar"), NOON) == [
        "America/New_York",
        "Europe/London",
        "Africa/Dakar",
        "Europe/Vienna",
    ]
    assert pinned_zones("", "America/New_York") == ("America/New_York", "Europe/London", "Europe/Vienna")


@pytest.mark.parametrize(
    ("minutes", "before", "long"), [(-1, True, False), (0, True, False), (1, False, False), (45000, False, True)]
)
def test_an_event_ends_after_it_starts_and_within_a_month(minutes: int, before: bool, long: bool) -> None:
    details = EventDetails("A", NOON, NOON + timedelta(minutes=minutes), "UTC")
    assert (ends_before_start(details), too_long(details)) == (before, long)


def test_delivered_only_once_begun() -> None:
    later = NOON + timedelta(minutes=1)
    assert too_early_to_be_delivered(EventStatus.DELIVERED, later, NOON) is True
    assert too_early_to_be_delivered(EventStatus.DELIVERED, NOON, NOON) is False
    assert too_early_to_be_delivered(EventStatus.CONFIRMED, later, NOON) is False
    assert restored_status(NOON, NOON) is EventStatus.DELIVERED
    assert restored_status(later, NOON) is EventStatus.PLANNED
