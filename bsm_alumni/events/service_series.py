"""Changing series."""

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.audit.rules import changed
from bsm_alumni.audit.service import record
from bsm_alumni.events.models import EventSeries
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.errors import FieldErrors


def create_series(title: str, description: str = "") -> EventSeries:
    """Add a series. Raises FieldErrors when its title is taken."""
    _check(title, None)
    series = EventSeries(title=title, description=description)
    db.session.add(series)
    db.session.flush()
    record("series.added", series, after=_fields(series))
    return series


def edit_series(series: EventSeries, title: str, description: str) -> None:
    """Change a series. Raises FieldErrors when the title is another one's."""
    _check(title, series.id)
    before = _fields(series)
    series.title, series.description = title, description
    db.session.flush()
    old, new = changed(before, _fields(series))
    if new:
        record("series.edited", series, before=old, after=new)


def set_series_archived(series: EventSeries, archived: bool) -> None:
    """Put a series away, or take it out again; its events stay as they are."""
    if (series.archived_at is not None) != archived:
        series.archived_at = utc_now() if archived else None
        db.session.flush()
        record("series.archived" if archived else "series.restored", series)


def _check(title: str, series_id: int | None) -> None:
    taken = db.session.scalar(sa.select(EventSeries.id).where(EventSeries.title == title))
    if taken not in (None, series_id):
        raise FieldErrors({"title": _("There is a series of this title already. Give this one another title.")})


def _fields(series: EventSeries) -> dict[str, Any]:
    return {"title": series.title, "description": series.description}
