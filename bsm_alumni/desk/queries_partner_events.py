"""Events as partners see them: those they take part in, with the people they may see."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries import visible
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.desk.projections_events import PartnerEvent, PartnerPresenter
from bsm_alumni.desk.queries_partner_parts import SHOWN, SPEAKING
from bsm_alumni.events.models import Event, event_partners, event_themes
from bsm_alumni.extensions import db
from bsm_alumni.reference.models import Theme
from bsm_alumni.web.pagination import PAGE_SIZE, Page, page_of

_COLUMNS: tuple[Any, ...] = (
    Event.id,
    Event.title,
    Event.starts_at,
    Event.ends_at,
    Event.zone,
    Event.status,
)


def _theirs(viewer: Viewer, now: datetime, past: bool) -> sa.Select[Any]:
    joined = sa.select(event_partners.c.event_id).where(event_partners.c.organisation_id == viewer.organisation_id)
    over = Event.ends_at < now if past else Event.ends_at >= now
    return sa.select(*_COLUMNS).where(Event.id.in_(joined), Event.status.in_(SHOWN), over)


def count_partner_events(viewer: Viewer, now: datetime, past: bool = False) -> int:
    """How many events of the viewer's organisation are to come, or past."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(_theirs(viewer, now, past).subquery())) or 0


def partner_events_page(
    viewer: Viewer,
    now: datetime,
    past: bool = False,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[PartnerEvent]:
    """A page of the events of the viewer's organisation by start. Three queries."""
    keys = [Event.starts_at, Event.id]
    page = page_of(
        _theirs(viewer, now, past), keys, after=after, before=before, size=size, descending=past, scalars=False
    )
    ids = [row.id for row in page.rows]
    themes, presenters = _themes(ids), _presenters(viewer, ids)
    rows = [
        PartnerEvent(
            id=row.id,
            title=row.title,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            zone=row.zone,
            status=row.status.value,
            themes=tuple(themes[row.id]),
            presenters=tuple(presenters[row.id]),
        )
        for row in page.rows
    ]
    return Page(rows, page.next_key, page.previous_key)


def _themes(event_ids: Sequence[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for event_id, name in db.session.execute(
        sa.select(event_themes.c.event_id, Theme.name)
        .join(Theme, Theme.id == event_themes.c.theme_id)
        .where(event_themes.c.event_id.in_(event_ids))
        .order_by(Theme.name)
    ):
        found[event_id].append(name)
    return found


def _presenters(viewer: Viewer, event_ids: Sequence[int]) -> defaultdict[int, list[PartnerPresenter]]:
    """Those who said yes, of the people whom this viewer may see: the one door first, then everything else."""
    found: defaultdict[int, list[PartnerPresenter]] = defaultdict(list)
    speaking = (
        visible(viewer)
        .join(Assignment, Assignment.alumnus_id == Alumnus.id)
        .where(Assignment.event_id.in_(event_ids), Assignment.state.in_(SPEAKING))
        .with_only_columns(
            Assignment.event_id, Alumnus.id, Alumnus.display_name, Alumnus.latin_name, Alumnus.country_code
        )
        .order_by(Alumnus.shown_sort, Alumnus.id)
    )
    for event_id, alumnus_id, name, latin, country in db.session.execute(speaking):
        found[event_id].append(PartnerPresenter(alumnus_id, name, latin, country))
    return found
