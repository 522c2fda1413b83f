"""What the roster is narrowed to, from an address and back."""

from datetime import UTC, date, datetime

import pytest

from bsm_alumni.alumni.rules_roster import RosterFilter, quarter_span, read_filter


def test_an_empty_address_narrows_nothing() -> None:
    assert read_filter({}) == RosterFilter()
    assert RosterFilter().to_args() == {}


def test_a_filter_goes_into_an_address_and_back() -> None:
    narrow = RosterFilter(
        q="diallo",
        place="Western Africa",
        language="fr",
        level=5,
        theme=3,
        cohort=2,
        status="inactive",
        free_from=date(2026, 7, 1),
        free_to=date(2026, 7, 8),
    )
    assert read_filter(narrow.to_args()) == narrow


@pytest.mark.parametrize(
    "args",
    [
        {"place": "Atlantis"},
        {"language": "xx"},
        {"level": "5"},
        {"theme": "-1"},
        {"theme": "١"},
        {"cohort": "1" * 40},
        {"status": "gone"},
        {"free_from": "8 July"},
        {"q": "   "},
    ],
)
def test_what_is_not_understood_narrows_nothing(args: dict[str, str]) -> None:
    assert read_filter(args) == RosterFilter()


def test_days_the_wrong_way_round_are_turned() -> None:
    narrow = read_filter({"free_from": "2026-07-08", "free_to": "2026-07-01"})
    assert narrow.free_days == (date(2026, 7, 1), date(2026, 7, 8))


def test_one_day_stands_for_both() -> None:
    assert read_filter({"free_to": "2026-07-08"}).free_days == (date(2026, 7, 8), date(2026, 7, 8))


def test_a_sub_region_stands_for_its_countries() -> None:
    assert {"SN", "ML"} <= set(RosterFilter(place="Western Africa").countries)
    assert RosterFilter(place="SN").countries == ("SN",)


def test_without_leaves_the_rest() -> None:
    assert RosterFilter(q="a", language="fr", level=5).without("language", "level") == RosterFilter(q="a")


@pytest.mark.parametrize(
    ("now", "first", "following"),
    [
        (datetime(2026, 7, 8, 14, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)),
        (datetime(2026, 12, 31, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)),
    ],
)
def test_the_quarter_of_an_instant(now: datetime, first: datetime, following: datetime) -> None:
    assert quarter_span(now) == (first, following)
