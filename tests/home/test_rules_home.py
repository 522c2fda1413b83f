"""When a seat is at risk, and how weeks are cut."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bsm_alumni.desk.rules_home import Risk, Standing, by_week, find_risk, next_weeks
from bsm_alumni.desk.views_home import days_left
from bsm_alumni.reference.zones import ZONES

DAY = date(2027, 3, 10)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("standing", "risk"),
    [
        (Standing(True, False), None),
        (Standing(False, False), Risk.STATUS),
        (Standing(True, True), Risk.RESTRICTED),
        (Standing(True, False, blackouts=[(DAY, DAY)]), Risk.BLACKOUT),
        (Standing(True, False, blackouts=[(BEFORE, BEFORE), (AFTER, AFTER)]), None),
        (Standing(True, False, windows=[(BEFORE, AFTER)]), None),
        (Standing(True, False, windows=[(AFTER, AFTER)]), Risk.WINDOWS),
        (Standing(True, False, hidden=True), Risk.SHARING),
        (Standing(False, True, [(DAY, DAY)], [(AFTER, AFTER)], True), Risk.STATUS),
    ],
)
def test_the_gravest_risk_is_told(standing: Standing, risk: Risk | None) -> None:
    assert find_risk(standing, DAY, DAY) is risk


def test_a_session_over_midnight_touches_both_days() -> None:
    assert find_risk(Standing(True, False, blackouts=[(AFTER, AFTER)]), DAY, AFTER) is Risk.BLACKOUT
    assert find_risk(Standing(True, False, windows=[(DAY, DAY)]), DAY, AFTER) is Risk.WINDOWS


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(ZONES),
)
def test_weeks_follow_one_another_from_the_viewers_today(now: datetime, zone: str) -> None:
    weeks = next_weeks(now, zone)
    assert len(weeks) == 4
    assert weeks[0].first == now.astimezone(ZoneInfo(zone)).date()
    assert weeks[0].begins <= now < weeks[0].ends
    for week, following in pairwise(weeks):
        assert following.first == week.last + timedelta(days=1)
        assert following.begins == week.ends


def test_instants_fall_into_their_weeks_and_others_into_none() -> None:
    now = datetime(2027, 3, 10, 12, tzinfo=UTC)
    weeks = next_weeks(now, "UTC")
    start = datetime(2027, 3, 10, tzinfo=UTC)
    instants = [start - timedelta(seconds=1), start, start + timedelta(days=7), start + timedelta(days=28)]
    assert by_week(instants, weeks) == [[1], [2], [], []]
    assert (days_left(now + timedelta(hours=47), now), days_left(now - timedelta(days=2), now)) == (1, 0)
