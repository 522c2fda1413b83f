"""The parts of people that a viewer is shown, read for a page of them at once.

Each statement starts from the one door again and from those of whom its part is shown.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.alumni.models import Alumnus, AlumnusEmail, AlumnusLanguage, AvailabilityPeriod, alumnus_themes
from bsm_alumni.alumni.queries import shows, visible
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.cohorts.models import Cohort, Enrolment
from bsm_alumni.desk.projections import Availability, Contact, PartnerAlumnus, Period, Professional, Session
from bsm_alumni.events.enums import EventStatus
from bsm_alumni.events.models import Event, Slot
from bsm_alumni.extensions import db
from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.organisations.rules import groups_of
from bsm_alumni.reference.models import Theme

# A draft is not announced yet, and what was put away is staff's business.
SHOWN = (EventStatus.PLANNED, EventStatus.CONFIRMED, EventStatus.DELIVERED, EventStatus.CANCELLED)
SPEAKING = (AssignmentState.ACCEPTED, AssignmentState.DELIVERED)
# What a list shows; the rest is on the person's own page, and in files.
LISTED = frozenset({FieldGroup.IDENTITY, FieldGroup.PROFESSIONAL})

Parts = defaultdict[int, list[Any]]


def projected(viewer: Viewer, rows: Sequence[Any], parts: frozenset[FieldGroup]) -> list[PartnerAlumnus]:
    """The people of ``rows`` with those of ``parts`` that are shown; ``mask`` of a row says which are."""
    shown = {row.id: groups_of(row.mask) & parts for row in rows}
    read = _Reading(viewer, shown)
    return [
        PartnerAlumnus(
            id=row.id,
            display_name=row.display_name,
            latin_name=row.latin_name,
            country_code=row.country_code,
            groups=shown[row.id],
            professional=read.professional(row),
            contact=read.contact(row),
            availability=read.availability(row),
            sessions=read.sessions(row),
        )
        for row in rows
    ]


class _Reading:
    """Reads a part for all people of whom it is shown; a part that nobody shows costs no statement."""

    def __init__(self, viewer: Viewer, shown: dict[int, frozenset[FieldGroup]]) -> None:
        self._viewer, self._shown = viewer, shown
        work = self._people(FieldGroup.PROFESSIONAL)
        self._languages = _grouped(work, _languages)
        self._themes = _grouped(work, _themes)
        self._cohorts = _grouped(work, _cohorts)
        self._emails = _grouped(self._people(FieldGroup.CONTACT), _emails)
        self._periods = _grouped(self._people(FieldGroup.AVAILABILITY), _periods)
        self._sessions = _grouped(self._people(FieldGroup.ASSIGNMENTS), _sessions)

    def _people(self, group: FieldGroup) -> Any:
        """Those of the page of whom the group is shown, as a statement that asks again; None for nobody."""
        ids = [alumnus_id for alumnus_id, groups in self._shown.items() if group in groups]
        if not ids:
            return None
        return (
            visible(self._viewer).where(Alumnus.id.in_(ids), shows(self._viewer, group)).with_only_columns(Alumnus.id)
        )

    def professional(self, row: Any) -> Professional | None:
        if FieldGroup.PROFESSIONAL not in self._shown[row.id]:
            return None
        return Professional(
            agency=row.agency,
            position=row.position,
            languages=tuple((code, level) for code, level in self._languages[row.id]),
            themes=tuple(name for (name,) in self._themes[row.id]),
            cohorts=tuple(code for (code,) in self._cohorts[row.id]),
        )

    def contact(self, row: Any) -> Contact | None:
        if FieldGroup.CONTACT not in self._shown[row.id]:
            return None
        return Contact(tuple(address for (address,) in self._emails[row.id]), row.phone)

    def availability(self, row: Any) -> Availability | None:
        if FieldGroup.AVAILABILITY not in self._shown[row.id]:
            return None
        periods = tuple(Period(*values) for values in self._periods[row.id])
        return Availability(row.zone, row.notice_days, row.quarter_limit, periods)

    def sessions(self, row: Any) -> tuple[Session, ...] | None:
        if FieldGroup.ASSIGNMENTS not in self._shown[row.id]:
            return None
        return tuple(
            Session(title, starts_at, zone, role.value, state.value)
            for title, starts_at, zone, role, state in self._sessions[row.id]
        )


def _grouped(people: Any, statement: Any) -> Parts:
    found: Parts = defaultdict(list)
    if people is not None:
        for alumnus_id, *values in db.session.execute(statement(people)):
            found[alumnus_id].append(tuple(values))
    return found


def _languages(people: Any) -> Any:
    spoken = AlumnusLanguage
    return (
        sa.select(spoken.alumnus_id, spoken.language_code, spoken.level)
        .where(spoken.alumnus_id.in_(people))
        .order_by(spoken.level.desc(), spoken.language_code)
    )


def _themes(people: Any) -> Any:
    return (
        sa.select(alumnus_themes.c.alumnus_id, Theme.name)
        .join(Theme, Theme.id == alumnus_themes.c.theme_id)
        .where(alumnus_themes.c.alumnus_id.in_(people))
        .order_by(Theme.name)
    )


def _cohorts(people: Any) -> Any:
    return (
        sa.select(Enrolment.alumnus_id, Cohort.code)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.alumnus_id.in_(people))
        .order_by(Cohort.code)
    )


def _emails(people: Any) -> Any:
    return (
        sa.select(AlumnusEmail.alumnus_id, AlumnusEmail.address)
        .where(AlumnusEmail.alumnus_id.in_(people))
        .order_by(AlumnusEmail.position, AlumnusEmail.id)
    )


def _periods(people: Any) -> Any:
    period = AvailabilityPeriod
    return (
        sa.select(period.alumnus_id, period.kind, period.starts_on, period.ends_on)
        .where(period.alumnus_id.in_(people))
        .order_by(period.starts_on, period.id)
    )


def _sessions(people: Any) -> Any:
    return (
        sa.select(Assignment.alumnus_id, Event.title, Event.starts_at, Event.zone, Slot.role, Assignment.state)
        .join(Event, Event.id == Assignment.event_id)
        .join(Slot, Slot.id == Assignment.slot_id)
        .where(Assignment.alumnus_id.in_(people), Assignment.state.in_(SPEAKING), Event.status.in_(SHOWN))
        .order_by(Event.starts_at.desc(), Assignment.id)
    )
