"""Wall-clock input: a day, a clock and a zone, and the question asked where clocks change."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import RadioField, TimeField

from bsm_alumni.events.rules import ClockKind, Reading, choose, pinned_zones, read_clock
from bsm_alumni.reference.zones import ZONES, offset_label, zone_city, zone_label
from bsm_alumni.web.filters import day as day_words
from bsm_alumni.web.locale import page_locale


class ClockField(TimeField):
    """A time of day, with our own words for what is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as problem:
            raise ValueError(_("Write the time as hours and minutes, such as 14:30.")) from problem


def zone_choices(at: datetime, *first: str) -> dict[str, list[tuple[str, str]]]:
    """Zones in two groups, those most used first, each with its offset at an instant."""
    pinned = [zone for zone in pinned_zones(*first) if zone in ZONES]
    rest = [zone for zone in ZONES if zone not in pinned]
    return {
        _("Used most"): [(zone, zone_label(zone, at, page_locale())) for zone in pinned],
        _("All zones"): [(zone, _zone_words(zone, at)) for zone in rest],
    }


def _zone_words(zone: str, at: datetime) -> str:
    return zone if zone == "UTC" else f"{zone.replace('_', ' ')} ({offset_label(zone, at)})"


def settle(choice: RadioField, day: date, clock: time, zone: str) -> datetime | None:
    """The instant meant; None, with the question put to ``choice``, while there are two to choose from."""
    reading = read_clock(day, clock, zone)
    choice.choices = _choices(reading, zone)
    instant = choose(reading, _instant(choice.data))
    if instant is None:
        choice.errors = (_question(reading, day, clock, zone),)
    return instant


def offer(choice: RadioField, instant: datetime, zone: str) -> None:
    """Show the question again, answered, for a stored instant whose wall clock is not plain."""
    local = instant.astimezone(ZoneInfo(zone))
    choice.choices = _choices(read_clock(local.date(), local.time(), zone), zone)
    choice.data = instant.isoformat()


def _instant(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else None


def _choices(reading: Reading, zone: str) -> list[tuple[str, str]]:
    if reading.kind is ClockKind.PLAIN:
        return []
    words = []
    for instant in reading.instants:
        shown = instant.astimezone(ZoneInfo(zone)).strftime("%H:%M")
        words.append({"clock": shown, "offset": offset_label(zone, instant)})
    labels = (
        [
            _("%(clock)s the first time (%(offset)s), before clocks go back", **words[0]),
            _("%(clock)s the second time (%(offset)s), after clocks went back", **words[1]),
        ]
        if reading.kind is ClockKind.FOLD
        else [
            _("%(clock)s (%(offset)s), before clocks go forward", **words[0]),
            _("%(clock)s (%(offset)s), after clocks went forward", **words[1]),
        ]
    )
    return [(instant.isoformat(), label) for instant, label in zip(reading.instants, labels, strict=True)]


def _question(reading: Reading, day: date, clock: time, zone: str) -> str:
    parts = {"city": zone_city(zone, page_locale()), "clock": clock.strftime("%H:%M"), "day": day_words(day)}
    if reading.kind is ClockKind.FOLD:
        return _("On %(day)s clocks go back in %(city)s and show %(clock)s twice. Choose which is meant.", **parts)
    return _("On %(day)s clocks go forward in %(city)s and never show %(clock)s. Choose what is meant.", **parts)
