"""Hours and days of many sessions at once against those of each zone and session by itself."""

from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest

from bsm_alumni.matching.clock import day_table, hour_table
from bsm_alumni.matching.planner.clocks import read_clocks
from bsm_alumni.reference.zones import ZONES

Span = tuple[datetime, datetime]


def spans_of(seed: int, count: int, days: int) -> list[Span]:
    """Sessions on half hours over some days, from an hour to four days long."""
    chance, first = Random(seed), datetime(2027, 1, 1, tzinfo=UTC)
    starts = [first + timedelta(days=chance.randrange(days), minutes=30 * chance.randrange(48)) for _ in range(count)]
    return [(start, start + timedelta(minutes=30 * chance.choice((2, 3, 20, 190)))) for start in starts]


@pytest.mark.parametrize(("seed", "count", "days"), [(1, 40, 400), (2, 6, 400), (3, 60, 30), (4, 1, 400)])
def test_every_zone_and_session_is_as_the_clock_says(seed: int, count: int, days: int) -> None:
    spans = spans_of(seed, count, days)
    clocks = read_clocks(ZONES, spans)
    for row, (start, end) in enumerate(spans):
        assert clocks.hour[row].tolist() == pytest.approx(list(hour_table(ZONES, start, end)), abs=1e-12)
        assert list(zip(clocks.first[row].tolist(), clocks.last[row].tolist(), strict=True)) == list(
            day_table(ZONES, start, end)
        )


def test_clocks_that_change_twice_within_the_period_are_followed() -> None:
    """Morocco sets its clock back for Ramadan, from 7 February to 14 March 2027, and forward again."""
    spans = [
        (start, start + timedelta(minutes=90))
        for start in (datetime(2027, 1, 1, 8, tzinfo=UTC) + timedelta(days=3 * n) for n in range(40))
    ]
    zones = ("Africa/Casablanca",)
    hours = read_clocks(zones, spans).hour[:, 0].tolist()
    assert hours == pytest.approx([hour_table(zones, start, end)[0] for start, end in spans], abs=1e-12)
    assert len(set(np.round(hours, 6))) == 2


def test_no_session_has_no_clock() -> None:
    assert read_clocks(("Europe/Paris",), []).hour.shape == (0, 2)
