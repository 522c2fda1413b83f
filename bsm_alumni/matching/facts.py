"""What the words about one person say: read from the columns for one row. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from bsm_alumni.matching.clock import to_local
from bsm_alumni.matching.columns import Columns
from bsm_alumni.matching.need import Need
from bsm_alumni.matching.reasons import LOAD_DAYS


@dataclass(frozen=True, slots=True)
class Facts:
    """One person before one slot.

    `language` and `level` are the best of the languages that would do (level 0: listed without a level;
    language None: none listed or none asked). `theme` is the theme asked for that they delivered most,
    `on_theme` times. `local_start` is the session's start on their own clock, None where the zone is not
    known. `last_day` is the date of their latest session before this one, `next_day` of the nearest after
    it. `load` counts seats in the quarter, `year_load` within a year on each side. `clash` is the event
    that takes place at the same time.
    """

    language: str | None
    level: int
    themes_known: tuple[int, ...]
    delivered: int
    theme: int | None
    on_theme: int
    local_start: datetime | None
    zone: str | None
    last_day: date | None
    next_day: date | None
    load: int
    limit: int
    year_load: int
    asked: int
    answered: int
    no_shows: int
    notice_days: int
    days_left: int
    country: str | None
    clash: int | None


def facts_of(columns: Columns, need: Need, position: int) -> Facts:
    """Read one row."""
    language, level = _language(columns, need, position)
    wanted = columns.theme_rows(need.themes)
    counts = [(int(columns.theme_delivered[i][position]), -i) for i in wanted]
    on_theme, best = max(counts, default=(0, 0))
    zone_index, country_index = int(columns.zone[position]), int(columns.country[position])
    zone = columns.zones[zone_index] if zone_index >= 0 else None
    seats = columns.seats.of(position)
    held = seats.where(seats.held)
    others = held.where(held.event != need.event_id)
    days = np.sort(others.day)
    before, after = days[days <= need.day], days[days > need.day]
    start, end = int(need.start.timestamp()), int(need.end.timestamp())
    clashes = others.event[(others.start < end) & (others.end > start)]
    return Facts(
        language=language,
        level=level,
        themes_known=tuple(columns.themes[i] for i in wanted if columns.has_theme(i, position)),
        delivered=int(columns.delivered[position]),
        theme=columns.themes[-best] if on_theme else None,
        on_theme=on_theme,
        local_start=to_local(need.start, zone) if zone else None,
        zone=zone,
        last_day=date.fromordinal(int(before[-1])) if len(before) else None,
        next_day=date.fromordinal(int(after[0])) if len(after) else None,
        load=int(np.count_nonzero(held.quarter == need.quarter)),
        limit=int(columns.quarter_limit[position]),
        year_load=int(np.count_nonzero(np.abs(held.day - need.day) <= LOAD_DAYS)),
        asked=int(columns.asked[position]),
        answered=int(columns.answered[position]),
        no_shows=int(columns.no_shows[position]),
        notice_days=int(columns.notice_days[position]),
        days_left=need.day - need.today,
        country=columns.countries[country_index] if country_index >= 0 else None,
        clash=int(clashes[0]) if len(clashes) else None,
    )


def _language(columns: Columns, need: Need, position: int) -> tuple[str | None, int]:
    best: tuple[str | None, int] = (None, 0)
    for code, _level in need.languages:
        if code in columns.languages:
            cell = int(columns.levels[columns.languages.index(code)][position])
            if cell and (best[0] is None or cell - 1 > best[1]):
                best = (code, cell - 1)
    return best
