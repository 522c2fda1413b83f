"""When a session begins: a date and a clock cell such as '10am EST / 3pm UK / 4pm CET'.

'EST' and 'CET' are written all year round for the clock on the wall of New York and of Central Europe. They are read
that way, and where the letters mean another hour in that season, a note says so. The event keeps the zone named first.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bsm_alumni.imports.problems import ERROR, NOTE, Problem, Read, problem
from bsm_alumni.reference.zones import find_offset, find_zone

DEFAULT_MINUTES = 90
UTC = dt.UTC

# Letters → (the zone whose wall clock is meant, what the letters mean literally, in minutes east of UTC).
_LETTERS: dict[str, tuple[str, int]] = {
    "est": ("America/New_York", -300),
    "edt": ("America/New_York", -240),
    "pst": ("America/Los_Angeles", -480),
    "pdt": ("America/Los_Angeles", -420),
    "cet": ("Europe/Vienna", 60),
    "cest": ("Europe/Vienna", 120),
    "eet": ("Europe/Athens", 120),
    "eest": ("Europe/Athens", 180),
    "wet": ("Europe/Lisbon", 0),
    "bst": ("Europe/London", 60),
    "msk": ("Europe/Moscow", 180),
    "eat": ("Africa/Nairobi", 180),
    "cat": ("Africa/Maputo", 120),
    "wat": ("Africa/Lagos", 60),
    "sast": ("Africa/Johannesburg", 120),
    "gst": ("Asia/Dubai", 240),
    "pht": ("Asia/Manila", 480),
}
_WALL = {
    "et": "America/New_York",
    "us eastern": "America/New_York",
    "eastern": "America/New_York",
    "ny": "America/New_York",
    "uk": "Europe/London",
    "central europe": "Europe/Vienna",
    "central european time": "Europe/Vienna",
    "utc": "UTC",
    "gmt": "UTC",
    "z": "UTC",
    "zulu": "UTC",
}
_CLOCK = r"(\d{1,2})(?:\s*[:.h]\s*(\d{2})|\s*h(?![a-z]))?\s*(am(?![a-z])|pm(?![a-z])|a\.m\.|p\.m\.)?"
_PART = re.compile(
    rf"(?:{_CLOCK}|(noon|midday|midnight))(?:\s*(?:-|–|—|to|until)\s*{_CLOCK})?\s*(?:hrs|hours)?\s*(.*)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:/|;|\||=|,|\bor\b)\s*(?=\d|noon|midday|midnight)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class When:
    """A session's time: UTC instants and the IANA zone whose wall clock was meant."""

    start: dt.datetime
    end: dt.datetime
    zone: str


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    start: dt.time
    end: dt.time | None
    label: str
    zone: str
    literal: int | None  # minutes east of UTC that the letters mean, where they mean one


def read_when(date: dt.date, text: str, name: str) -> Read[When | None]:
    """Read the clock cell of a session on `date`; None, with an error that says how to mend it, unless certain."""
    text = " ".join(text.split())
    if not text:
        return Read(None, (problem("time_missing", ERROR, text, name),))
    parts: list[_Part] = []
    for piece in _BETWEEN.split(text):
        part = _read_part(piece, text, name)
        if isinstance(part, Problem):
            return Read(None, (part,))
        parts.append(part)
    choices = [_instants(date, part.start, part.zone) for part in parts]
    common = set(choices[0]).intersection(*choices[1:])
    if any(not instants for instants in choices):
        return Read(None, (_clock_problem("time_in_gap", date, text, name, parts, choices, 0),))
    if not common:
        readings = ", ".join(f"{part.text} = {_utc(min(found))}" for part, found in zip(parts, choices, strict=True))
        return Read(None, (problem("times_disagree", ERROR, text, name, readings=readings),))
    if len(common) > 1:
        return Read(None, (_clock_problem("time_in_fold", date, text, name, parts, choices, 2),))
    return _found(date, text, name, parts, common.pop())


def _found(date: dt.date, text: str, name: str, parts: list[_Part], start: dt.datetime) -> Read[When | None]:
    remarks = list(_literal_note(date, text, name, parts, start))
    zone = parts[0].zone
    lengths = {(_minutes(p.end) - _minutes(p.start)) % 1440 for p in parts if p.end is not None}
    if len(lengths) > 1:
        return Read(None, (problem("times_disagree", ERROR, text, name, readings=text),))
    minutes = lengths.pop() if lengths else 0
    if not minutes:
        minutes = DEFAULT_MINUTES
        remarks.append(problem("no_end_given", NOTE, text, name, minutes=minutes))
    return Read(When(start, start + dt.timedelta(minutes=minutes), zone), tuple(remarks))


def _read_part(piece: str, whole: str, name: str) -> _Part | Problem:
    match = _PART.fullmatch(piece.strip())
    if match is None:
        return problem("time_not_understood", ERROR, whole, name)
    hour, minute, half, word, end_hour, end_minute, end_half, label = match.groups()
    start = dt.time(0 if word.lower() == "midnight" else 12) if word else _clock(hour, minute, half or end_half)
    end = _clock(end_hour, end_minute, end_half) if end_hour else None
    if start is None or (end_hour and end is None):
        return problem("time_not_understood", ERROR, whole, name)
    label = label.strip(" ().,").removesuffix(" time").removesuffix(" Time")
    if not label:
        return problem("zone_missing", ERROR, whole, name)
    zone, literal = _zone_of(label)
    if zone is None:
        code = "offset_without_place" if find_offset(label) else "zone_not_understood"
        return problem(code, ERROR, whole, name, label=label)
    return _Part(piece.strip(), start, end, label, zone, literal)


def _clock(hour: str, minute: str | None, half: str | None) -> dt.time | None:
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half.lower().startswith("p") else 0)
    return dt.time(hours, minutes) if hours < 24 and minutes < 60 else None


def _zone_of(label: str) -> tuple[str | None, int | None]:
    key = " ".join(label.casefold().split())
    if key in _LETTERS:
        return _LETTERS[key]
    if key in _WALL:
        return _WALL[key], None
    reading = None if find_offset(label) else find_zone(label)
    return (reading.zone if reading else None), None


def _instants(date: dt.date, clock: dt.time, zone: str) -> set[dt.datetime]:
    """The instants at which that wall clock shows that time on that day: one, none in a gap, two in a fold."""
    place = ZoneInfo(zone)
    found = set()
    for fold in (0, 1):
        wall = dt.datetime.combine(date, clock, tzinfo=place).replace(fold=fold)
        instant = wall.astimezone(UTC)
        if instant.astimezone(place).replace(tzinfo=None) == wall.replace(tzinfo=None):
            found.add(instant)
    return found


def _literal_note(date: dt.date, text: str, name: str, parts: list[_Part], start: dt.datetime) -> Iterable[Problem]:
    """Where the letters, taken at their word, would mean another instant than the wall clock does."""
    literal = {}
    for part in parts:
        if part.literal is not None:
            offset = dt.timezone(dt.timedelta(minutes=part.literal))
            literal[part.text] = dt.datetime.combine(date, part.start, tzinfo=offset).astimezone(UTC)
    odd = {words: instant for words, instant in literal.items() if instant != start}
    if odd:
        readings = ", ".join(f"{words} = {_utc(instant)}" for words, instant in odd.items())
        places = ", ".join(dict.fromkeys(part.zone.rpartition("/")[2].replace("_", " ") for part in parts))
        yield problem("clock_letters", NOTE, text, name, readings=readings, places=places, start=_utc(start))


def _clock_problem(
    code: str,
    date: dt.date,
    text: str,
    name: str,
    parts: list[_Part],
    choices: list[set[dt.datetime]],
    size: int,
) -> Problem:
    part = next(p for p, found in zip(parts, choices, strict=True) if len(found) == size)
    return problem(code, ERROR, text, name, clock=f"{part.start:%H:%M}", zone=part.zone, date=date)


def _minutes(clock: dt.time) -> int:
    return clock.hour * 60 + clock.minute


def _utc(instant: dt.datetime) -> str:
    return f"{instant:%H:%M} UTC"
