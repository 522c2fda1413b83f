"""Finding events, slots and series."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from bsm_alumni.events.models import Event, EventSeries, Slot
from bsm_alumni.extensions import db
from bsm_alumni.web.pagination import PAGE_SIZE, Page, page_of

MOST_SERIES = 500


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A line of the list of series, with the number of its events."""

    series: EventSeries
    events: int


def find_event(event_id: int) -> Event | None:
    """The event; None when there is none."""
    return db.session.get(Event, event_id)


def get_event(event_id: int) -> Event:
    """The event; raises LookupError."""
    event = find_event(event_id)
    if event is None:
        raise LookupError(f"There is no event {event_id}.")
    return event


def find_slot(slot_id: int) -> Slot | None:
    """The slot; None when there is none."""
    return db.session.get(Slot, slot_id)


def get_slot(slot_id: int) -> Slot:
    """The slot; raises LookupError."""
    slot = find_slot(slot_id)
    if slot is None:
        raise LookupError(f"There is no slot {slot_id}.")
    return slot


def find_series(series_id: int) -> EventSeries | None:
    """The series; None when there is none."""
    return db.session.get(EventSeries, series_id)


def series_page(
    archived: bool = False, after: str | None = None, before: str | None = None, size: int = PAGE_SIZE
) -> Page[SeriesRow]:
    """A page of series by title. Two queries."""
    select = sa.select(EventSeries).where(_archived(archived))
    page = page_of(select, [EventSeries.title, EventSeries.id], after=after, before=before, size=size)
    ids = [series.id for series in page.rows]
    counted = sa.select(Event.series_id, sa.func.count()).where(Event.series_id.in_(ids)).group_by(Event.series_id)
    counts: dict[int | None, int] = dict(db.session.execute(counted).all())  # type: ignore[arg-type]
    return Page([SeriesRow(series, counts.get(series.id, 0)) for series in page.rows], page.next_key, page.previous_key)


def count_series(archived: bool = False) -> int:
    """How many series are in use, or archived."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(EventSeries).where(_archived(archived))) or 0


def series_choices(keep: int | None = None) -> Sequence[tuple[int, str]]:
    """Series to choose from, by title: those in use, and ``keep`` whether archived or not."""
    wanted = sa.or_(EventSeries.archived_at.is_(None), EventSeries.id == keep)
    select = sa.select(EventSeries.id, EventSeries.title).where(wanted).order_by(EventSeries.title).limit(MOST_SERIES)
    return [(series_id, title) for series_id, title in db.session.execute(select)]


def _archived(archived: bool) -> sa.ColumnElement[bool]:
    return EventSeries.archived_at.is_not(None) if archived else EventSeries.archived_at.is_(None)
