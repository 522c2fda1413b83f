"""Zones: read from what people write, shown as city and offset at an instant, one per country by default."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bsm_alumni.reference.countries import COUNTRIES
from bsm_alumni.reference.zones import (
    ZONES,
    ZoneReading,
    default_zone,
    find_offset,
    find_zone,
    offset_label,
    zone_city,
    zone_label,
    zones_of,
)

SUMMER = datetime(2026, 7, 8, 14, 0, tzinfo=UTC)
WINTER = datetime(2026, 1, 8, 14, 0, tzinfo=UTC)


def test_zones_are_sorted_known_and_geographic() -> None:
    assert list(ZONES) == sorted(set(ZONES))
    assert [zone for zone in ZONES if ZoneInfo(zone).key != zone] == []
    assert {zone.split("/")[0] for zone in ZONES if "/" not in zone} == {"UTC"}
    assert {"EST", "GB", "Etc/GMT+3", "US/Eastern"} & set(ZONES) == set()


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Africa/Nairobi", "Africa/Nairobi"),
        ("africa/nairobi", "Africa/Nairobi"),
        ("Nairobi", "Africa/Nairobi"),
        ("Nairobi time", "Africa/Nairobi"),
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("Ho Chi Minh City", "Asia/Ho_Chi_Minh"),
        ("Hanoi", "Asia/Ho_Chi_Minh"),
        ("Asia/Saigon", "Asia/Ho_Chi_Minh"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("US/Eastern", "America/New_York"),
        ("Geneva", "Europe/Zurich"),
        ("Kenya", "Africa/Nairobi"),
        ("UK time", "Europe/London"),
        ("UTC", "UTC"),
        ("Z", "UTC"),
    ],
)
def test_zone_named(text: str, zone: str) -> None:
    reading = find_zone(text)
    assert reading is not None
    assert (reading.zone, reading.interpreted) == (zone, False)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("EST", "America/New_York"),
        ("EDT", "America/New_York"),
        ("CET", "Europe/Vienna"),
        ("EAT", "Africa/Nairobi"),
    ],
)
def test_abbreviation_is_interpreted_as_a_wall_clock(text: str, zone: str) -> None:
    assert find_zone(text) == ZoneReading(zone, True, f"{text} read as {zone}")


def test_country_with_several_zones_is_interpreted_as_its_capital() -> None:
    assert find_zone("Russia") == ZoneReading("Europe/Moscow", True, "Russia read as Europe/Moscow")


@pytest.mark.parametrize(
    ("text", "country", "zone"),
    [
        ("GMT+3", "KE", "Africa/Nairobi"),
        ("UTC+3", "TR", "Europe/Istanbul"),
        ("utc +07:00", "ID", "Asia/Jakarta"),
        ("GMT+8", "ID", "Asia/Makassar"),
        ("+5:45", "NP", "Asia/Kathmandu"),
        ("UTC-4", "US", "America/New_York"),
        ("UTC−3", "BR", "America/Sao_Paulo"),
        ("GMT", "GH", "Africa/Accra"),
    ],
)
def test_offset_read_with_the_country(text: str, country: str, zone: str) -> None:
    words = f"{text} in {COUNTRIES[country].name} read as {zone}"
    assert find_zone(text, country) == ZoneReading(zone, True, words)


@pytest.mark.parametrize(
    ("text", "country"), [("GMT+3", None), ("GMT+3", "AL"), ("GMT+3", "XX"), ("GMT", "KE"), ("UTC-5", "KE")]
)
def test_offset_alone_is_not_a_zone(text: str, country: str | None) -> None:
    assert find_zone(text, country) is None
    assert find_offset(text) is not None


@pytest.mark.parametrize("text", ["Ruritania", "", None, "Mars/Olympus", "GMT+99", "IST", "noon"])
def test_unreadable_zone(text: str | None) -> None:
    assert find_zone(text) is None
    assert find_offset(text) is None


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("GMT+3", timedelta(hours=3)),
        ("UTC-04:30", timedelta(hours=-4, minutes=-30)),
        ("+0545", timedelta(hours=5, minutes=45)),
        ("UTC", timedelta(0)),
    ],
)
def test_offset_read(text: str, offset: timedelta) -> None:
    assert find_offset(text) == offset


@pytest.mark.parametrize(
    ("zone", "at", "label"),
    [
        ("Africa/Nairobi", SUMMER, "Nairobi (UTC+3)"),
        ("America/New_York", SUMMER, "New York (UTC-4)"),
        ("America/New_York", WINTER, "New York (UTC-5)"),
        ("Europe/London", SUMMER, "London (UTC+1)"),
        ("Europe/London", WINTER, "London (UTC)"),
        ("Europe/Vienna", SUMMER, "Vienna (UTC+2)"),
        ("Asia/Kathmandu", SUMMER, "Kathmandu (UTC+5:45)"),
        ("America/St_Johns", SUMMER, "St John's (UTC-2:30)"),
        ("Asia/Ho_Chi_Minh", SUMMER, "Ho Chi Minh City (UTC+7)"),
        ("UTC", SUMMER, "UTC"),
    ],
)
def test_zone_shown_as_city_and_offset(zone: str, at: datetime, label: str) -> None:
    assert zone_label(zone, at) == label


def test_city_in_another_language() -> None:
    assert [zone_city("Africa/Nairobi", locale) for locale in ("ar", "ru", "zh-Hans", "xx")] == [
        "نيروبي",
        "Найроби",
        "内罗毕",
        "Nairobi",
    ]


def test_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its zone"):
        offset_label("Africa/Nairobi", datetime(2026, 7, 8, 14, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("KE", "Africa/Nairobi"),
        ("US", "America/New_York"),
        ("RU", "Europe/Moscow"),
        ("BR", "America/Sao_Paulo"),
        ("AU", "Australia/Sydney"),
        ("CA", "America/Toronto"),
        ("CD", "Africa/Kinshasa"),
        ("ID", "Asia/Jakarta"),
        ("MN", "Asia/Ulaanbaatar"),
        ("PS", "Asia/Hebron"),
        ("UZ", "Asia/Tashkent"),
        ("UA", "Europe/Kyiv"),
        ("VA", "Europe/Vatican"),
        ("ke", "Africa/Nairobi"),
    ],
)
def test_default_zone_is_the_capitals(code: str, zone: str) -> None:
    assert default_zone(code) == zone


def test_every_state_has_a_zone() -> None:
    assert [code for code in COUNTRIES if default_zone(code) not in ZONES] == []


@pytest.mark.parametrize("code", ["XX", "", None])
def test_unknown_country_has_no_zone(code: str | None) -> None:
    assert default_zone(code) is None
    assert zones_of(code or "") == ()
