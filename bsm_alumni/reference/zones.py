"""Time zones by their IANA names, read from what people write and shown as city and UTC offset.

Zones and their countries come from the tz database's zone.tab. The names CLDR gives zones ("Eastern
European Standard Time") mislead in summer, so a zone is shown as its city and the offset at an instant.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError

from bsm_alumni.reference.countries import COUNTRIES, country_name, find_country
from bsm_alumni.reference.datafiles import rows_of
from bsm_alumni.reference.folding import fold

# The capital's zone, where zone.tab lists another one of the country first.
_CAPITALS = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "FM": "Pacific/Pohnpei",
    "PS": "Asia/Hebron",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}
# When only an offset is written it is compared in winter and in summer of this year.
_SAMPLES = (datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC))
_OFFSET = re.compile(r"^(?:utc|gmt)?\s*([+\-\u2212\u2013])\s*(\d{1,2})(?::?([0-5]\d))?$|^(utc|gmt)$", re.I)


@dataclass(frozen=True, slots=True)
class ZoneReading:
    """A zone read from a text; `interpreted` when the text fits others too, `words` says how it was read."""

    zone: str
    interpreted: bool
    words: str


def _table(name: str) -> list[list[str]]:
    text = (files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


def _by_country() -> dict[str, tuple[str, ...]]:
    zones: defaultdict[str, list[str]] = defaultdict(list)
    for code, _, zone, *_ in _table("zone.tab"):
        zones[code].append(zone)
    for code, capital in _CAPITALS.items():
        zones[code].sort(key=lambda zone, first=capital: zone != first)  # type: ignore[misc]
    return {code: tuple(names) for code, names in zones.items()}


_COUNTRY_ZONES = _by_country()

ZONES: tuple[str, ...] = tuple(sorted({"UTC"}.union(*_COUNTRY_ZONES.values())))


def zones_of(country_code: str) -> tuple[str, ...]:
    """The zones of a country, its capital's first; empty for an unknown code."""
    return _COUNTRY_ZONES.get(country_code.upper(), ())


def default_zone(country_code: str | None) -> str | None:
    """The zone of a country's capital, or None for an unknown code."""
    return next(iter(zones_of(country_code or "")), None)


def find_zone(text: str | None, country_code: str | None = None) -> ZoneReading | None:
    """The zone meant by an IANA name, a city, a country, an abbreviation or, with a country, an offset.

    "GMT+3" names no zone: it is read as the zone of `country_code` that has that offset, flagged as
    interpreted, and is None where there is none. `find_offset` tells such texts from unreadable ones.
    """
    written = (text or "").strip()
    key = fold(written)
    if not key:
        return None
    if "/" in written and (zone := _names().get(written.casefold())):
        return ZoneReading(zone, False, zone)
    if zone := _clocks().get(key):
        return ZoneReading(zone, zone != "UTC", _as_read(written, zone))
    if (offset := find_offset(written)) is not None:
        return _zone_at_offset(written, offset, country_code)
    if zone := _cities().get(key.removesuffix(" time")):
        return ZoneReading(zone, False, _as_read(written, zone))
    if (country := find_country(key.removesuffix(" time"))) and (zone := default_zone(country.code)):
        return ZoneReading(zone, len(zones_of(country.code)) > 1, _as_read(written, zone))
    return None


def find_offset(text: str | None) -> timedelta | None:
    """The fixed offset from UTC that a text names ("GMT+3", "UTC-04:30", "+5"), else None."""
    match = _OFFSET.match((text or "").strip())
    if match is None:
        return None
    if match[4]:
        return timedelta(0)
    size = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if size > timedelta(hours=14):
        return None
    return size if match[1] == "+" else -size


def zone_city(zone: str, locale: str = "en") -> str:
    """The city a zone is called after ("Ho Chi Minh City"), in the locale's words where CLDR has them."""
    if zone == "UTC":
        return zone
    try:
        parsed = Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        parsed = Locale("en")
    city = parsed.time_zones.get(_CLDR_NAMES.get(zone, zone), {}).get("city")
    return str(city) if city and (city.isascii() or parsed.language != "en") else _city_part(zone)


def zone_label(zone: str, at: datetime, locale: str = "en") -> str:
    """City and UTC offset of a zone at an instant: "Nairobi (UTC+3)"; `at` must know its zone."""
    if zone == "UTC":
        return zone
    return f"{zone_city(zone, locale)} ({offset_label(zone, at)})"


def offset_label(zone: str, at: datetime) -> str:
    """The UTC offset of a zone at an instant: "UTC+3", "UTC-3:30", "UTC"; `at` must know its zone."""
    if at.tzinfo is None:
        raise ValueError("an instant needs its zone")
    minutes = round(_offset(zone, at).total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")


# CLDR keeps zones under the names they had when it began.
_CLDR_NAMES = {
    "Asia/Ho_Chi_Minh": "Asia/Saigon",
    "Asia/Kolkata": "Asia/Calcutta",
    "Asia/Kathmandu": "Asia/Katmandu",
    "Asia/Yangon": "Asia/Rangoon",
    "Europe/Kyiv": "Europe/Kiev",
    "America/Argentina/Buenos_Aires": "America/Buenos_Aires",
    "Africa/Asmara": "Africa/Asmera",
}
_CITIES = {"Asia/Ho_Chi_Minh": "Ho Chi Minh City", "America/St_Johns": "St John's", "Europe/Tirane": "Tirana"}


def _as_read(written: str, zone: str) -> str:
    return zone if written == zone else f"{written} read as {zone}"


def _city_part(zone: str) -> str:
    return _CITIES.get(zone) or zone.rsplit("/", 1)[-1].replace("_", " ")


# Python itself keeps eight, and a list of all zones would read four hundred files each time.
_zone = lru_cache(maxsize=len(ZONES) + 1)(ZoneInfo)


def _offset(zone: str, at: datetime) -> timedelta:
    return at.astimezone(_zone(zone)).utcoffset() or timedelta(0)


def _zone_at_offset(written: str, offset: timedelta, country_code: str | None) -> ZoneReading | None:
    code = (country_code or "").upper()
    for zone in zones_of(code):
        if any(_offset(zone, at) == offset for at in _SAMPLES):
            name = country_name(code) if code in COUNTRIES else code
            return ZoneReading(zone, True, _as_read(f"{written} in {name}", zone))
    if not offset and not country_code:
        return ZoneReading("UTC", False, "UTC")
    return None


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """IANA names, old ones among them, in any case → the name in zone.tab."""
    names = {zone.casefold(): zone for zone in ZONES}
    for line in (files("tzdata") / "zoneinfo" / "tzdata.zi").read_text(encoding="utf-8").splitlines():
        kind, *fields = line.split(" ")
        if kind == "L" and fields[0] in ZONES:
            names.setdefault(fields[1].casefold(), fields[0])
    return names


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    cities: dict[str, str] = {}
    for zone in ZONES:
        cities.setdefault(fold(zone.rsplit("/", 1)[-1]), zone)
        cities.setdefault(fold(_city_part(zone)), zone)
    return cities | _spellings("city")


@lru_cache(maxsize=1)
def _clocks() -> dict[str, str]:
    return _spellings("clock")


def _spellings(kind: str) -> dict[str, str]:
    rows = [row for row in rows_of("zone_spellings.tsv") if row["kind"] == kind]
    return {fold(spelling): row["zone"] for row in rows for spelling in row["spellings"].split("|")}
