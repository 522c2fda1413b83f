"""Tables for files, each as the viewer may see it: staff the whole, partners and alumni their part.

People for partners are in `service_exports`, which looks at them again before they are handed out.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.accounts.enums import Role
from bsm_alumni.alumni import queries_export as alumni_export
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries import shows, visible
from bsm_alumni.alumni.rules_roster import RosterFilter
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.cohorts.enums import EnrolmentResult
from bsm_alumni.cohorts.models import Cohort, Enrolment, cohort_partners
from bsm_alumni.desk.queries_partner_parts import SHOWN
from bsm_alumni.events import queries_list as events_export
from bsm_alumni.events.models import Event, event_partners
from bsm_alumni.events.rules_list import ALL, EventFilter
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.reference.countries import country_name

Row = Sequence[Any]
Table = tuple[Sequence[str], Iterator[Row]]

COHORT_COLUMNS = (
    "id",
    "code",
    "course",
    "venue",
    "country",
    "country_code",
    "starts_on",
    "ends_on",
    "partners",
    "people",
)
STAFF_COHORT_COLUMNS = (*COHORT_COLUMNS, "completed", "participants", "note")
EVENT_COLUMNS = ("id", "title", "start", "end", "zone", "status")


def alumni_table(viewer: Viewer, narrow: RosterFilter | None = None) -> Table:
    """People by name with everything that staff keep; for staff alone."""
    return alumni_export.COLUMNS, iter(alumni_export.export_rows(viewer, narrow or RosterFilter()))


def cohorts_table(viewer: Viewer) -> Table:
    """Cohorts by code; ``people`` counts those who took part in it, of whom the viewer is told so."""
    return (STAFF_COHORT_COLUMNS if viewer.is_staff else COHORT_COLUMNS), _cohort_rows(viewer)


def events_table(viewer: Viewer) -> Table:
    """Events by start, past ones too; times are UTC, written with a Z."""
    if viewer.is_staff:
        rows = events_export.export_rows(EventFilter(show=ALL), utc_now(), viewer.zone)
        return events_export.COLUMNS, iter(rows)
    return EVENT_COLUMNS, _own_events(viewer)


TABLES: dict[str, Callable[[Viewer], Table]] = {
    "alumni": alumni_table,
    "cohorts": cohorts_table,
    "events": events_table,
}


def _country(code: str | None) -> str:
    return country_name(code) if code else ""


def _cohort_rows(viewer: Viewer) -> Iterator[Row]:
    people = visible(viewer).where(shows(viewer, FieldGroup.PROFESSIONAL)).with_only_columns(Alumnus.id)
    seen = sa.select(Enrolment.cohort_id).where(Enrolment.alumnus_id.in_(people))
    done = sa.func.sum(sa.case((Enrolment.result == EnrolmentResult.COMPLETED, 1), else_=0))
    counted = sa.select(Enrolment.cohort_id, sa.func.count(), done).where(Enrolment.alumnus_id.in_(people))
    counts = {row[0]: (row[1], int(row[2])) for row in db.session.execute(counted.group_by(Enrolment.cohort_id))}
    select = sa.select(Cohort).where(Cohort.archived_at.is_(None)).order_by(Cohort.code)
    if not viewer.is_staff:
        held = cohort_partners.c.organisation_id == viewer.organisation_id
        select = select.where(Cohort.id.in_(seen) | Cohort.id.in_(sa.select(cohort_partners.c.cohort_id).where(held)))
    for cohort in db.session.scalars(select.options(joinedload(Cohort.course), selectinload(Cohort.partners))):
        number, completed = counts.get(cohort.id, (0, 0))
        shown = (
            cohort.id,
            cohort.code,
            cohort.course.title,
            cohort.venue,
            _country(cohort.country_code),
            cohort.country_code or "",
            cohort.starts_on,
            cohort.ends_on,
            [partner.code for partner in cohort.partners],
            number,
        )
        yield (*shown, completed, cohort.participants, cohort.note) if viewer.is_staff else shown


def _own_events(viewer: Viewer) -> Iterator[Row]:
    if viewer.role is Role.PARTNER:
        theirs = sa.select(event_partners.c.event_id).where(event_partners.c.organisation_id == viewer.organisation_id)
    else:
        # What a person was never asked for is not theirs to see.
        theirs = sa.select(Assignment.event_id).where(
            Assignment.alumnus_id == viewer.alumnus_id, Assignment.invited_at.is_not(None)
        )
    select = sa.select(Event).where(Event.id.in_(theirs), Event.status.in_(SHOWN))
    text = events_export.utc_text
    for event in db.session.scalars(select.order_by(Event.starts_at, Event.id)):
        times = (text(event.starts_at), text(event.ends_at))
        yield (event.id, event.title, *times, event.zone, event.status.value)
