"""Writes sessions with their series, languages, themes, partners and one slot of co-presenters."""

import sqlalchemy as sa

from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.events.enums import EventKind, SlotRole
from bsm_alumni.events.models import (
    Event,
    EventLanguage,
    EventPrinciple,
    EventSeries,
    Slot,
    event_partners,
    event_themes,
)
from bsm_alumni.extensions import db
from bsm_alumni.imports.apply_people import Ids
from bsm_alumni.imports.drafts import EventDraft
from bsm_alumni.imports.enums import RowOutcome
from bsm_alumni.imports.merging import RowRef
from bsm_alumni.imports.provenance import CREATED, Provenance
from bsm_alumni.reference.folding import fold

KIND = "events"
SERIES = "event_series"


def write_events(
    rows: list[tuple[RowRef, EventDraft]], ids: Ids, provenance: Provenance, batch_id: int
) -> dict[int, RowOutcome]:
    """Add the sessions that are not known by title and beginning; row id → outcome."""
    outcomes: dict[int, RowOutcome] = {}
    known = {(fold(title), start) for title, start in db.session.execute(sa.select(Event.title, Event.starts_at))}
    series = {fold(title): one for one, title in db.session.execute(sa.select(EventSeries.id, EventSeries.title))}
    changes = []
    made_here: set[tuple[str, object]] = set()
    for ref, draft in rows:
        key = (fold(draft.title), draft.when.start)
        if key in known:
            outcomes[ref.id] = RowOutcome.MERGED if key in made_here else RowOutcome.UNCHANGED
            continue
        known.add(key)
        made_here.add(key)
        if draft.series and fold(draft.series) not in series:
            made = EventSeries(title=draft.series)
            db.session.add(made)
            db.session.flush()
            series[fold(draft.series)] = made.id
            provenance.add(ref, SERIES, made.id, CREATED, None, made.title)
            changes.append(Change("series.imported", SERIES, made.id, {}, {"import": batch_id, "title": made.title}))
        event = _add(draft, series.get(fold(draft.series)), ids)
        changes.append(Change("event.imported", KIND, event.id, {}, {"import": batch_id, **_trail(draft)}))
        _note(provenance, ref, event.id, draft)
        outcomes[ref.id] = RowOutcome.ADDED
    record_many(changes)
    return outcomes


def _add(draft: EventDraft, series_id: int | None, ids: Ids) -> Event:
    event = Event(
        title=draft.title,
        kind=EventKind.WEBINAR,
        series_id=series_id,
        starts_at=draft.when.start,
        ends_at=draft.when.end,
        zone=draft.when.zone,
        outcome_area=draft.outcome_area,
        status=draft.status,
        description=draft.remarks,
    )
    event.languages.extend(EventLanguage(language_code=code) for code in draft.languages)
    event.principles.extend(EventPrinciple(principle=code) for code in draft.principles)
    language = draft.languages[0] if len(draft.languages) == 1 else None
    event.slots.append(Slot(role=SlotRole.CO_PRESENTER, seats=draft.seats, language_code=language))
    db.session.add(event)
    db.session.flush()
    themes = [{"event_id": event.id, "theme_id": ids.themes[code]} for code in draft.themes if code in ids.themes]
    partners = [
        {"event_id": event.id, "organisation_id": ids.partners[code]} for code in draft.partners if code in ids.partners
    ]
    for table, links in ((event_themes, themes), (event_partners, partners)):
        if links:
            db.session.execute(sa.insert(table), links)
    return event


def _trail(draft: EventDraft) -> dict[str, object]:
    return {
        "title": draft.title,
        "starts_at": draft.when.start,
        "ends_at": draft.when.end,
        "zone": draft.when.zone,
        "status": draft.status,
        "languages": list(draft.languages),
        "themes": list(draft.themes),
        "partners": list(draft.partners),
        "seats": draft.seats,
    }


def _note(provenance: Provenance, ref: RowRef, event_id: int, draft: EventDraft) -> None:
    provenance.add(ref, KIND, event_id, CREATED, None, draft.title)
    values = {
        "title": draft.title,
        "date": draft.when.start.date(),
        "time": [draft.when.start, draft.when.end, draft.when.zone],
        "languages": list(draft.languages),
        "outcome_area": draft.outcome_area,
        "partners": list(draft.partners),
        "seats": draft.seats,
        "status": draft.status,
        "remarks": draft.remarks,
    }
    for name, value in values.items():
        if value:
            provenance.add(ref, KIND, event_id, name, None, value)
    if draft.themes:
        provenance.add(ref, KIND, event_id, "themes", None, list(draft.themes))
