"""Changing events. Asking people again after a move is done in a higher room, which reads what changed here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.audit.rules import changed
from bsm_alumni.audit.service import record
from bsm_alumni.events.enums import EventStatus
from bsm_alumni.events.models import Event, EventCountry, EventLanguage, EventPrinciple, EventSeries
from bsm_alumni.events.rules import (
    PUT_AWAY,
    EventDetails,
    ends_before_start,
    restored_status,
    too_early_to_be_delivered,
    too_long,
)
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.models import Organisation
from bsm_alumni.reference.models import Theme
from bsm_alumni.reference.zones import ZONES
from bsm_alumni.web.errors import FieldErrors, Refused

PLAIN_FIELDS = (
    "title",
    "kind",
    "series_id",
    "starts_at",
    "ends_at",
    "zone",
    "outcome_area",
    "status",
    "description",
)


@dataclass(frozen=True, slots=True)
class EventChange:
    """What an edit did: the names of the fields that differ now, and whether the event moved in time."""

    fields: frozenset[str]
    moved: bool


def create_event(details: EventDetails) -> Event:
    """Add an event without slots. Raises FieldErrors for times that cannot be, or a series that is not there."""
    _check(details)
    event = Event(revision=0)
    _fill(event, details)
    db.session.add(event)
    db.session.flush()
    record("event.added", event, after=_fields(event))
    return event


def edit_event(event: Event, details: EventDetails, seen_at: datetime | None = None) -> EventChange:
    """Change an event; a move in time raises its revision.

    Raises FieldErrors, and Refused for one put away or changed after ``seen_at``, the ``updated_at`` its editor saw.
    """
    _refuse_put_away(event)
    if seen_at is not None and seen_at != event.updated_at:
        raise Refused(_("Somebody else changed this event meanwhile. Open it again, then make your changes."))
    _check(details)
    before, was = _fields(event), (event.starts_at, event.ends_at)
    _fill(event, details)
    moved = was != (event.starts_at, event.ends_at)
    if moved:
        event.revision += 1
    db.session.flush()
    old, new = changed(before, _fields(event))
    if new:
        # Languages and the like are rows of their own, which do not touch the event's.
        event.updated_at = utc_now()
        record("event.moved" if moved else "event.edited", event, before=old, after=new)
    return EventChange(frozenset(new), moved)


def mark_cancelled(event: Event, reason: str) -> None:
    """Call the event off. Its people are told in a higher room. Raises Refused when it is over or put away."""
    _refuse_put_away(event)
    if event.status is EventStatus.DELIVERED:
        raise Refused(_("This event was delivered, so it cannot be cancelled."))
    before = event.status
    event.status = EventStatus.CANCELLED
    db.session.flush()
    record("event.cancelled", event, before={"status": before}, after={"status": event.status, "reason": reason})


def archive_event(event: Event, now: datetime | None = None) -> None:
    """Put an event away. Raises Refused for one that is still to come: cancel it first, so that people are told."""
    if event.status is EventStatus.ARCHIVED:
        return
    if event.status is not EventStatus.CANCELLED and event.ends_at > (now or utc_now()):
        raise Refused(_("This event is still to come. Cancel it first, so that its people are told."))
    before = event.status
    event.status = EventStatus.ARCHIVED
    db.session.flush()
    record("event.archived", event, before={"status": before}, after={"status": event.status})


def restore_event(event: Event, now: datetime | None = None) -> None:
    """Take an event out of the archive: delivered if it is over, else planned."""
    if event.status is not EventStatus.ARCHIVED:
        return
    event.status = restored_status(event.ends_at, now or utc_now())
    db.session.flush()
    record("event.restored", event, before={"status": EventStatus.ARCHIVED}, after={"status": event.status})


def _refuse_put_away(event: Event) -> None:
    if event.status in PUT_AWAY:
        raise Refused(_("This event is cancelled or archived and can no longer be changed."))


def _check(details: EventDetails) -> None:
    errors: dict[str, str] = {}
    if ends_before_start(details):
        errors["end_clock"] = _("The end is not after the start. Change one of them.")
    elif too_long(details):
        errors["end_day"] = _("This is more than a month. Check the year and the month.")
    if details.zone not in ZONES:
        errors["zone"] = _("Choose one of the time zones.")
    if too_early_to_be_delivered(details.status, details.starts_at, utc_now()):
        errors["status"] = _("It has not begun yet, so it cannot be delivered. Choose another status.")
    if details.series_id is not None and db.session.get(EventSeries, details.series_id) is None:
        errors["series_id"] = _("Choose one of the series.")
    if errors:
        raise FieldErrors(errors)


def _fill(event: Event, details: EventDetails) -> None:
    for name in PLAIN_FIELDS:
        setattr(event, name, getattr(details, name))
    with db.session.no_autoflush:
        _sync(event.languages, "language_code", details.languages, EventLanguage)
        _sync(event.countries, "country_code", details.countries, EventCountry)
        _sync(event.principles, "principle", details.principles, EventPrinciple)
        themes = sa.select(Theme).where(Theme.id.in_(details.theme_ids)).order_by(Theme.name)
        event.themes = list(db.session.scalars(themes))
        partners = sa.select(Organisation).where(Organisation.id.in_(details.partner_ids)).order_by(Organisation.code)
        event.partners = list(db.session.scalars(partners))


def _sync(rows: list[Any], name: str, wanted: tuple[str, ...], kind: type[Any]) -> None:
    """Rows that stay are kept as they are: deleting and adding one key in one flush would clash."""
    for row in [row for row in rows if getattr(row, name) not in wanted]:
        rows.remove(row)
    there = {getattr(row, name) for row in rows}
    rows.extend(kind(**{name: code}) for code in dict.fromkeys(wanted) if code not in there)


def _fields(event: Event) -> dict[str, Any]:
    return {
        **{name: getattr(event, name) for name in PLAIN_FIELDS},
        "languages": sorted(row.language_code for row in event.languages),
        "countries": sorted(row.country_code for row in event.countries),
        "principles": sorted(row.principle for row in event.principles),
        "themes": [theme.code for theme in event.themes],
        "partners": [partner.code for partner in event.partners],
    }
