"""What a list's address means."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from bsm_alumni.events.rules_list import EventFilter, read_filter

NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)

TEXT = st.text(max_size=30).map(lambda text: " ".join(text.replace("\x00", "").split()))
DAYS = st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1))
FILTERS = st.builds(
    EventFilter,
    q=TEXT,
    show=st.sampled_from(["", "past", "all"]),
    status=st.sampled_from(["", "draft", "planned", "archived"]),
    series=st.integers(0, 999_999_999),
    outcome=st.sampled_from(["", "policy"]),
    language=st.sampled_from(["", "fr"]),
    partner=st.integers(0, 999_999_999),
    first=DAYS,
    last=DAYS,
).filter(lambda narrow: not (narrow.first and narrow.last) or narrow.first <= narrow.last)


@given(FILTERS)
def test_a_filter_survives_its_address(narrow: EventFilter) -> None:
    assert read_filter(narrow.to_args()) == narrow


@given(st.dictionaries(st.sampled_from(list(EventFilter.__dataclass_fields__)), st.text(max_size=20)))
def test_no_address_breaks_the_list(args: dict[str, str]) -> None:
    read_filter(args).period(NOW, "America/New_York")


def test_what_is_not_understood_narrows_nothing() -> None:
    args = {"status": "lost", "series": "-1", "outcome": "x", "language": "xx", "partner": "1e3", "first": "31/12/2027"}
    assert read_filter(args) == EventFilter()


def test_days_the_wrong_way_round_are_put_right() -> None:
    narrow = read_filter({"first": "2027-05-02", "last": "2027-05-01"})
    assert (narrow.first, narrow.last) == (date(2027, 5, 1), date(2027, 5, 2))


def test_a_period_is_whole_days_of_the_viewer() -> None:
    narrow = EventFilter(first=date(2027, 3, 14), last=date(2027, 3, 14))
    # The day on which clocks go forward in New York has 23 hours.
    assert narrow.period(NOW, "America/New_York") == (
        datetime(2027, 3, 14, 5, tzinfo=UTC),
        datetime(2027, 3, 15, 4, tzinfo=UTC),
    )
    assert narrow.by_end is False


def test_to_come_past_and_all() -> None:
    assert [EventFilter(show=show).period(NOW, "UTC") for show in ("", "past", "all")] == [
        (NOW, None),
        (None, NOW),
        (None, None),
    ]
    assert [EventFilter(show=show).newest_first for show in ("", "past", "all")] == [False, True, False]
