"""What ranking one slot reads beside the columns: the slot's need, its panel, weights, names."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from bsm_alumni.access.viewer import SYSTEM, Viewer
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries import matching_text, visible
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.events.models import Event, EventSeries, Slot
from bsm_alumni.extensions import db
from bsm_alumni.matching.enums import Reason
from bsm_alumni.matching.models import MatchingWeight
from bsm_alumni.matching.need import Need, PanelMember, quarter_of
from bsm_alumni.matching.queries_columns import GENDER_CODES, HOLDING
from bsm_alumni.matching.weights import complete_weights
from bsm_alumni.matching.words import Names
from bsm_alumni.reference.countries import COUNTRIES
from bsm_alumni.reference.models import Theme

WHOLE_PROGRAMME = 0
"""The series id under which the programme's own weights are kept."""


def get_slot_of(event_id: int, slot_id: int) -> Slot:
    """The slot, if it is one of the event's; raises LookupError."""
    slot = db.session.scalar(sa.select(Slot).where(Slot.id == slot_id, Slot.event_id == event_id))
    if slot is None:
        raise LookupError(f"Event {event_id} has no slot {slot_id}.")
    return slot


def find_slot(event_id: int, number: int) -> Slot | None:
    """The event's slot with this id; failing that the one at this place, from 1; else None."""
    slots = db.session.scalars(sa.select(Slot).where(Slot.event_id == event_id).order_by(Slot.position, Slot.id)).all()
    by_id = {slot.id: slot for slot in slots}
    return by_id.get(number) or (slots[number - 1] if 0 < number <= len(slots) else None)


def find_next_slot(event_id: int) -> Slot | None:
    """The event's first slot with a free seat, else its first slot, else None."""
    taken = (
        sa.select(sa.func.count()).where(Assignment.slot_id == Slot.id, Assignment.state.in_(HOLDING)).scalar_subquery()
    )
    full = sa.case((taken >= Slot.seats, 1), else_=0)
    return db.session.scalar(
        sa.select(Slot).where(Slot.event_id == event_id).order_by(full, Slot.position, Slot.id).limit(1)
    )


def need_of(slot: Slot, now: datetime) -> Need:
    """What the slot needs, asked at `now`. Languages and themes are the slot's own, else the event's."""
    event = slot.event
    zone = ZoneInfo(event.zone)
    day = event.starts_at.astimezone(zone).date()
    codes = [slot.language_code] if slot.language_code else [row.language_code for row in event.languages]
    themes = [slot.theme_id] if slot.theme_id else sorted(theme.id for theme in event.themes)
    return Need(
        event_id=event.id,
        slot_id=slot.id,
        start=event.starts_at,
        end=event.ends_at,
        day=day.toordinal(),
        quarter=quarter_of(day.year, day.month),
        today=now.astimezone(zone).date().toordinal(),
        languages=tuple((code, slot.level_needed) for code in codes),
        themes=tuple(themes),
        countries=frozenset(row.country_code for row in event.countries),
        panel=_panel(event.id),
    )


def _panel(event_id: int) -> tuple[PanelMember, ...]:
    rows = db.session.execute(
        visible(SYSTEM)
        .with_only_columns(Alumnus.country_code, Alumnus.gender)
        .join(Assignment, Assignment.alumnus_id == Alumnus.id)
        .where(Assignment.event_id == event_id, Assignment.state.in_(HOLDING))
        .order_by(Assignment.id)
    )
    return tuple(
        PanelMember(
            country=code if code in COUNTRIES else None,
            subregion=COUNTRIES[code].subregion if code in COUNTRIES else None,
            gender=GENDER_CODES.get(gender, 0) if gender else 0,
        )
        for code, gender in rows
    )


def free_seats(slot: Slot) -> int:
    """Seats of the slot that nobody holds."""
    taken = db.session.scalar(
        sa.select(sa.func.count()).where(Assignment.slot_id == slot.id, Assignment.state.in_(HOLDING))
    )
    return max(0, slot.seats - (taken or 0))


def people_yet_to_answer(viewer: Viewer, slot_id: int) -> list[Alumnus]:
    """Those proposed or invited in the slot whom the viewer may see, in order of their seats."""
    waiting = (AssignmentState.PROPOSED, AssignmentState.INVITED)
    found = (
        visible(viewer)
        .join(Assignment, Assignment.alumnus_id == Alumnus.id)
        .where(Assignment.slot_id == slot_id, Assignment.state.in_(waiting))
        .order_by(Assignment.seat, Assignment.id)
    )
    return list(db.session.scalars(found))


def weights_of(series_id: int | None) -> dict[Reason, int]:
    """The weights in force for a series: its own, else the whole programme's, else the defaults."""
    rows = db.session.execute(
        sa.select(MatchingWeight.series_id, MatchingWeight.reason, MatchingWeight.weight).where(
            MatchingWeight.series_id.in_({WHOLE_PROGRAMME, series_id or WHOLE_PROGRAMME})
        )
    ).all()
    programme = {reason: weight for series, reason, weight in rows if series == WHOLE_PROGRAMME}
    own = {reason: weight for series, reason, weight in rows if series == series_id}
    return complete_weights({**programme, **own})


def saved_weights(series_id: int) -> dict[str, int]:
    """The rows saved for a series itself, by reason code."""
    rows = db.session.execute(
        sa.select(MatchingWeight.reason, MatchingWeight.weight).where(MatchingWeight.series_id == series_id)
    )
    return {row.reason: row.weight for row in rows}


def series_choices() -> list[tuple[int, str]]:
    """Series that are not archived, by title."""
    rows = db.session.execute(
        sa.select(EventSeries.id, EventSeries.title)
        .where(EventSeries.archived_at.is_(None))
        .order_by(EventSeries.title)
        .limit(200)
    )
    return [(series_id, title) for series_id, title in rows]


def people_named(viewer: Viewer, alumnus_ids: Collection[int], *, whole: bool = False) -> dict[int, Alumnus]:
    """The people with these ids whom the viewer may see; `whole` loads their languages and themes too."""
    found = visible(viewer).where(Alumnus.id.in_(alumnus_ids))
    if whole:
        found = found.options(selectinload(Alumnus.languages), selectinload(Alumnus.themes))
    return {person.id: person for person in db.session.scalars(found)}


def ids_named(viewer: Viewer, text: str, limit: int) -> list[int]:
    """Ids of people the viewer may see whom the text names, by name; a number is an id."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return [int(text)]
    found = matching_text(visible(viewer), text, viewer).order_by(Alumnus.sort_name, Alumnus.id).limit(limit)
    return list(db.session.scalars(found.with_only_columns(Alumnus.id)))


def names_for(theme_ids: Collection[int], event_ids: Collection[int]) -> Names:
    """Names of these themes and titles of these events."""
    themes = db.session.execute(sa.select(Theme.id, Theme.name).where(Theme.id.in_(theme_ids)))
    events = db.session.execute(sa.select(Event.id, Event.title).where(Event.id.in_(event_ids))) if event_ids else ()
    return Names({row.id: row.name for row in themes}, {row.id: row.title for row in events})
