"""The list of events: narrowed by a filter, a page at a time, and whole for a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from bsm_alumni.events.enums import EventStatus
from bsm_alumni.events.models import Event, EventLanguage, event_partners
from bsm_alumni.events.queries_seats import Seats, seats_of
from bsm_alumni.events.rules_list import EventFilter
from bsm_alumni.extensions import db
from bsm_alumni.web.pagination import PAGE_SIZE, Page, page_of

BATCH = 500


@dataclass(frozen=True, slots=True)
class EventRow:
    """A line of the list."""

    event: Event
    seats: Seats


def narrowed(narrow: EventFilter, now: datetime, zone: str, select: sa.Select[Any]) -> sa.Select[Any]:
    """``select`` over events, narrowed; days of a period are those of ``zone``."""
    for word in narrow.q.split():
        select = select.where(Event.title.icontains(word, autoescape=True))
    if narrow.status:
        select = select.where(Event.status == EventStatus(narrow.status))
    else:
        select = select.where(Event.status != EventStatus.ARCHIVED)
    if narrow.series:
        select = select.where(Event.series_id == narrow.series)
    if narrow.outcome:
        select = select.where(Event.outcome_area == narrow.outcome)
    if narrow.language:
        spoken = sa.select(EventLanguage.event_id).where(EventLanguage.language_code == narrow.language)
        select = select.where(Event.id.in_(spoken))
    if narrow.partner:
        theirs = sa.select(event_partners.c.event_id).where(event_partners.c.organisation_id == narrow.partner)
        select = select.where(Event.id.in_(theirs))
    bounded = Event.ends_at if narrow.by_end else Event.starts_at
    first, until = narrow.period(now, zone)
    if first:
        select = select.where(bounded >= first)
    if until:
        select = select.where(bounded < until)
    return select


def count_events(narrow: EventFilter, now: datetime, zone: str) -> int:
    """How many events the filter leaves."""
    return db.session.scalar(narrowed(narrow, now, zone, sa.select(sa.func.count()).select_from(Event))) or 0


def events_page(
    narrow: EventFilter,
    now: datetime,
    zone: str,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[EventRow]:
    """A page of events by start, with their seats. Six queries at most."""
    select = narrowed(narrow, now, zone, sa.select(Event)).options(
        joinedload(Event.series),
        selectinload(Event.languages),
        selectinload(Event.themes),
        selectinload(Event.partners),
    )
    keys = [Event.starts_at, Event.id]
    page = page_of(select, keys, after=after, before=before, size=size, descending=narrow.newest_first)
    seats = seats_of([event.id for event in page.rows])
    rows = [EventRow(event, seats.get(event.id, Seats())) for event in page.rows]
    return Page(rows, page.next_key, page.previous_key)


COLUMNS = (
    "id",
    "title",
    "start",
    "end",
    "zone",
    "kind",
    "status",
    "series",
    "outcome_area",
    "languages",
    "countries",
    "principles",
    "themes",
    "partners",
    "seats",
    "seats_held",
    "seats_filled",
)


def export_rows(narrow: EventFilter, now: datetime, zone: str) -> Iterator[tuple[Any, ...]]:
    """Rows in the order of COLUMNS, as the list is sorted; times are UTC, written with a Z."""
    order = [Event.starts_at.desc(), Event.id.desc()] if narrow.newest_first else [Event.starts_at, Event.id]
    ids = db.session.scalars(narrowed(narrow, now, zone, sa.select(Event.id)).order_by(*order)).all()
    for start in range(0, len(ids), BATCH):
        chunk = ids[start : start + BATCH]
        loaded = [
            selectinload(part)
            for part in (Event.languages, Event.countries, Event.principles, Event.themes, Event.partners)
        ]
        events = db.session.scalars(
            sa.select(Event).where(Event.id.in_(chunk)).order_by(*order).options(joinedload(Event.series), *loaded)
        )
        seats = seats_of(chunk)
        yield from (_row(event, seats.get(event.id, Seats())) for event in events)


def utc_text(instant: datetime) -> str:
    """'2026-07-08T14:00:00Z'."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _row(event: Event, seats: Seats) -> tuple[Any, ...]:
    return (
        event.id,
        event.title,
        utc_text(event.starts_at),
        utc_text(event.ends_at),
        event.zone,
        event.kind.value,
        event.status.value,
        event.series.title if event.series else "",
        event.outcome_area or "",
        [item.language_code for item in event.languages],
        [item.country_code for item in event.countries],
        [item.principle for item in event.principles],
        [theme.name for theme in event.themes],
        [partner.code for partner in event.partners],
        seats.total,
        seats.held,
        seats.filled,
    )
