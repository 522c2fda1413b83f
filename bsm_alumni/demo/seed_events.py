"""Made-up events around today, with slots and the assignments that came of them."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bsm_alumni.assignments.enums import AssignmentState as State
from bsm_alumni.assignments.models import Assignment, AssignmentMove
from bsm_alumni.demo import seed_names as names
from bsm_alumni.events.enums import EventStatus, SlotRole
from bsm_alumni.events.models import Event, EventCountry, EventLanguage, EventSeries, Slot
from bsm_alumni.extensions import db
from bsm_alumni.reference.countries import COUNTRIES
from bsm_alumni.reference.models import Theme

PAST = (State.DELIVERED,) * 7 + (State.NO_SHOW, State.DECLINED, State.EXPIRED)
COMING = (State.ACCEPTED, State.ACCEPTED, State.INVITED, State.PROPOSED, State.DECLINED)
ASKED_AHEAD = timedelta(days=40)
LANGUAGES = ("en", "en", "en", "fr", "fr", "es", "ar", "ru")


def seed_events(
    count: int, people: Sequence[int], chance: random.Random, now: datetime, theme_ids: Sequence[int]
) -> int:
    """Add events, the first half before `now`, the others after; returns how many."""
    if not count:
        return 0
    series = _get_series()
    themes = {theme.id: theme for theme in db.session.scalars(sa.select(Theme).where(Theme.id.in_(theme_ids)))}
    for number in range(count):
        past = number < count // 2
        far = timedelta(days=chance.randint(5, 700) if past else chance.randint(20, 240))
        zone = chance.choice(names.EVENT_ZONES)
        day = (now - far if past else now + far).date()
        hour = chance.randint(8, 16)
        starts_at = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone))
        language = chance.choice(LANGUAGES)
        event = Event(
            title=f"Operational Reflections: {chance.choice(names.SUBJECTS)} {number + 1}",
            series_id=series.id,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=90),
            zone=zone,
            status=EventStatus.DELIVERED if past else EventStatus.PLANNED,
            languages=[EventLanguage(language_code=language)],
            countries=[EventCountry(country_code=chance.choice(list(COUNTRIES)))] if chance.random() < 0.5 else [],
            themes=[themes[i] for i in sorted(chance.sample(list(theme_ids), min(len(theme_ids), 2)))],
            slots=[
                Slot(role=SlotRole.CO_PRESENTER, seats=3, language_code=language, position=0),
                Slot(role=SlotRole.MODERATOR, seats=1, language_code=language, position=1),
            ],
        )
        db.session.add(event)
        db.session.flush()
        if people and (past or chance.random() < 0.5):
            _add_assignments(event, people, chance, now, past)
    db.session.flush()
    return count


def _get_series() -> EventSeries:
    title = "Operational Reflections"
    series = db.session.scalar(sa.select(EventSeries).where(EventSeries.title == title))
    if series is None:
        series = EventSeries(title=title)
        db.session.add(series)
        db.session.flush()
    return series


def _add_assignments(event: Event, people: Sequence[int], chance: random.Random, now: datetime, past: bool) -> None:
    asked = min(len(people), 3)
    for seat, alumnus_id in enumerate(sorted(chance.sample(people, asked)), 1):
        state = chance.choice(PAST if past else COMING)
        invited_at = min(event.starts_at - ASKED_AHEAD, now) if state is not State.PROPOSED else None
        answered = state in (State.ACCEPTED, State.DECLINED, State.DELIVERED, State.NO_SHOW)
        assignment = Assignment(
            slot_id=event.slots[0].id,
            event_id=event.id,
            alumnus_id=alumnus_id,
            seat=seat,
            state=state,
            invited_at=invited_at,
            answer_by=invited_at + timedelta(days=10) if invited_at else None,
            answered_at=invited_at + timedelta(days=2) if invited_at and answered else None,
        )
        assignment.moves.append(AssignmentMove(to_state=state, actor="Made-up data", at=invited_at or now))
        db.session.add(assignment)
