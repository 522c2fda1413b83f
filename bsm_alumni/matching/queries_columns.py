"""Columns from the database: a handful of queries for a few columns each, no objects. About a second at
100,000.

Codes are turned into numbers in SQL where that spares Python the work of a hundred thousand conversions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from bsm_alumni.alumni.enums import AlumnusStatus, Gender, PeriodKind
from bsm_alumni.alumni.models import Alumnus, AlumnusEmail, AlumnusLanguage, AvailabilityPeriod, alumnus_themes
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.events.enums import EventStatus
from bsm_alumni.events.models import Event, Slot, event_themes
from bsm_alumni.extensions import db
from bsm_alumni.matching.columns import Columns, Ints, Periods, Seats, pack_themes
from bsm_alumni.matching.enums import GenderCode
from bsm_alumni.matching.need import quarter_of
from bsm_alumni.reference.countries import COUNTRIES
from bsm_alumni.reference.models import Theme
from bsm_alumni.reference.zones import ZONES

HOLDING = (
    AssignmentState.PROPOSED,
    AssignmentState.INVITED,
    AssignmentState.ACCEPTED,
    AssignmentState.DELIVERED,
    AssignmentState.NO_SHOW,
)
GENDER_CODES = {Gender.WOMAN: GenderCode.WOMAN, Gender.MAN: GenderCode.MAN, Gender.OTHER: GenderCode.OTHER}
CODES = tuple(sorted(COUNTRIES))
SUBREGIONS = tuple(sorted({country.subregion for country in COUNTRIES.values()}))
COUNTRY_SUBREGION = np.array([*(SUBREGIONS.index(COUNTRIES[code].subregion) for code in CODES), -1])


def load_columns(version: tuple[int, int] = (0, 0)) -> Columns:
    """Everyone in the database now, as columns marked with `version`.

    A row that another transaction adds between two of the queries is left out; its own change raises the
    version, so the next reader loads again.
    """
    people = _table(
        sa.select(
            Alumnus.id,
            sa.case((Alumnus.status == AlumnusStatus.ACTIVE, 1), else_=0),
            sa.case((Alumnus.restricted, 1), else_=0),
            sa.case(*((Alumnus.gender == gender, int(code)) for gender, code in GENDER_CODES.items()), else_=0),
            Alumnus.notice_days,
            Alumnus.quarter_limit,
        ).order_by(Alumnus.id)
    )
    ids = people[0]
    zones, zone = _texts(Alumnus.zone, ids, frozenset(ZONES))
    _codes, country = _texts(Alumnus.country_code, ids, frozenset(CODES), CODES)
    languages, levels = _levels(ids)
    themes = tuple(db.session.scalars(sa.select(Theme.id).order_by(Theme.id)))
    windows, blackouts = (_periods(ids, kind) for kind in (PeriodKind.WINDOW, PeriodKind.BLACKOUT))
    return Columns(
        version=version,
        countries=CODES,
        subregions=SUBREGIONS,
        languages=languages,
        themes=themes,
        zones=zones,
        country_subregion=COUNTRY_SUBREGION,
        ids=ids,
        country=country,
        gender=people[3].astype(np.uint8),
        zone=zone,
        levels=levels,
        theme_bits=_theme_bits(ids, themes),
        notice_days=people[4].astype(np.int16),
        quarter_limit=people[5].astype(np.int16),
        active=people[1].astype(np.bool_),
        restricted=people[2].astype(np.bool_),
        reachable=np.isin(ids, _table(sa.select(AlumnusEmail.alumnus_id).distinct())[0]),
        windows=windows,
        blackouts=blackouts,
        **_seat_columns(ids, themes),
    )


def reload_seats(columns: Columns, version: tuple[int, int]) -> Columns:
    """The same people with their seats as they are now, and what is counted from those."""
    return replace(columns, version=version, **_seat_columns(columns.ids, columns.themes))


def _seat_columns(ids: Ints, themes: tuple[int, ...]) -> dict[str, Any]:
    seats, states = _seats(ids)
    theme_delivered = _theme_delivered(seats, states, themes, len(ids))
    return {"seats": seats, "theme_delivered": theme_delivered, **_counts(states, len(ids))}


def _rows(select: sa.Select) -> Sequence[Any]:
    return db.session.connection().execute(select).all()


def _table(select: sa.Select) -> np.ndarray:
    """Rows of whole numbers as one array, [columns × rows].

    Read from the driver's own cursor: NumPy asking every Row what it is took a hundred times longer.
    """
    width = len(select.selected_columns)
    with db.session.connection().execute(select) as result:
        numbers = chain.from_iterable(result.cursor.fetchall())
        flat = np.fromiter(numbers, dtype=np.int64)
    return np.ascontiguousarray(flat.reshape(-1, width).T)


def _positions(ids: Ints, wanted: Ints) -> tuple[Ints, np.ndarray]:
    """Row of each wanted id, and which of them there are."""
    if not len(ids):
        return np.empty(len(wanted), dtype=np.int32), np.zeros(len(wanted), dtype=np.bool_)
    at = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return at.astype(np.int32), ids[at] == wanted


def _texts(column: Any, ids: Ints, known: frozenset[str], order: tuple[str, ...] = ()) -> tuple[tuple[str, ...], Ints]:
    """A text column as index into its values; a value that is not among the known ones is not known: −1."""
    rows = _rows(sa.select(Alumnus.id, column).where(column.is_not(None)).order_by(Alumnus.id))
    values = order or tuple(sorted({text for _id, text in rows} & known))
    place = {text: i for i, text in enumerate(values)}
    at, found = _positions(ids, _ints(alumnus_id for alumnus_id, _text in rows))
    indices = _ints(place.get(text, -1) for _id, text in rows)
    array = np.full(len(ids), -1, dtype=np.int16)
    array[at[found]] = indices[found]
    return values, array


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _levels(ids: Ints) -> tuple[tuple[str, ...], np.ndarray]:
    codes = tuple(db.session.scalars(sa.select(AlumnusLanguage.language_code).distinct().order_by("language_code")))
    levels = np.zeros((len(codes), len(ids)), dtype=np.uint8)
    for row, code in enumerate(codes):
        speakers, level = _table(
            sa.select(AlumnusLanguage.alumnus_id, AlumnusLanguage.level).where(AlumnusLanguage.language_code == code)
        )
        at, found = _positions(ids, speakers)
        levels[row, at[found]] = level[found] + 1
    return codes, levels


def _theme_bits(ids: Ints, themes: tuple[int, ...]) -> np.ndarray:
    people, theme = _table(sa.select(alumnus_themes.c.alumnus_id, alumnus_themes.c.theme_id))
    at, found = _positions(ids, people)
    row, known = _positions(np.array(themes, dtype=np.int64), theme)
    both = found & known
    return pack_themes(len(themes), len(ids), row[both].astype(np.int64), at[both])


def _periods(ids: Ints, kind: PeriodKind) -> Periods:
    rows = _rows(
        sa.select(AvailabilityPeriod.alumnus_id, AvailabilityPeriod.starts_on, AvailabilityPeriod.ends_on).where(
            AvailabilityPeriod.kind == kind
        )
    )
    at, found = _positions(ids, _ints(row[0] for row in rows))
    first, last = (_ints(row[i].toordinal() for row in rows) for i in (1, 2))
    return Periods(at[found], first[found].astype(np.int32), last[found].astype(np.int32))


def _event_days() -> dict[int, tuple[int, int, int, int, bool]]:
    """Start and end in UTC seconds, day and quarter in the event's zone, and whether it still takes place."""
    found = {}
    for event_id, starts_at, ends_at, zone, status in _rows(
        sa.select(Event.id, Event.starts_at, Event.ends_at, Event.zone, Event.status)
    ):
        day: date = starts_at.astimezone(ZoneInfo(zone)).date()
        quarter = quarter_of(day.year, day.month)
        stands = status is not EventStatus.CANCELLED
        found[event_id] = (int(starts_at.timestamp()), int(ends_at.timestamp()), day.toordinal(), quarter, stands)
    return found


def _seats(ids: Ints) -> tuple[Seats, np.ndarray]:
    """All seats sorted by person, and beside them rows of 0/1: delivered, asked, answered, missed.

    Then person.
    """
    rows = _table(
        sa.select(
            Assignment.alumnus_id,
            Assignment.event_id,
            Assignment.slot_id,
            sa.case((Assignment.state.in_(HOLDING), 1), else_=0),
            sa.case((Assignment.state == AssignmentState.DELIVERED, 1), else_=0),
            sa.case((Assignment.invited_at.is_not(None), 1), else_=0),
            sa.case((Assignment.answered_at.is_not(None), 1), else_=0),
            sa.case((Assignment.state == AssignmentState.NO_SHOW, 1), else_=0),
        )
        # A proposal taken back before anybody wrote to the person is as if it had never been made.
        .where((Assignment.state != AssignmentState.CANCELLED) | Assignment.invited_at.is_not(None))
        .order_by(Assignment.alumnus_id, Assignment.id)
    )
    events = _event_days()
    event_ids = np.array(sorted(events), dtype=np.int64)
    facts = np.array([events[i] for i in event_ids.tolist()], dtype=np.int64).reshape(-1, 5).T
    at, found = _positions(ids, rows[0])
    event_at, event_found = _positions(event_ids, rows[1])
    keep = found & event_found
    at, event_at, rows = at[keep], event_at[keep], rows[:, keep]
    start, end, day, quarter, stands = facts[:, event_at] if facts.size else np.empty((5, 0), dtype=np.int64)
    seats = Seats(
        person=at,
        event=rows[1],
        slot=rows[2],
        start=start,
        end=end,
        day=day.astype(np.int32),
        quarter=quarter.astype(np.int32),
        held=rows[3].astype(np.bool_) & stands.astype(np.bool_),
    )
    return seats, np.vstack((rows[4:], at))


def _counts(states: np.ndarray, size: int) -> dict[str, Ints]:
    names = ("delivered", "asked", "answered", "no_shows")
    return {
        name: np.bincount(states[4][states[i] == 1], minlength=size).astype(np.uint16) for i, name in enumerate(names)
    }


def _theme_delivered(seats: Seats, states: np.ndarray, themes: tuple[int, ...], size: int) -> np.ndarray:
    """Sessions delivered on each theme: one of the event's themes, or the slot's own."""
    slots, slot_themes = _table(sa.select(Slot.id, sa.func.coalesce(Slot.theme_id, 0)))
    event_of, theme_of = _table(sa.select(event_themes.c.event_id, event_themes.c.theme_id))
    done = states[0] == 1
    counts = np.zeros((len(themes), size), dtype=np.uint8)
    if done.any():
        person, event, slot = seats.person[done], seats.event[done], seats.slot[done]
        for row, theme in enumerate(themes):
            on_theme = np.isin(event, event_of[theme_of == theme]) | np.isin(slot, slots[slot_themes == theme])
            counts[row] = np.minimum(np.bincount(person[on_theme], minlength=size), 255)
    return counts
