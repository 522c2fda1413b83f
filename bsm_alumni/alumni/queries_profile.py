"""What stands beside a profile and belongs to higher rooms: their tables are named, and not imported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.alumni.errors import NoSuchAlumnus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries import find_visible
from bsm_alumni.extensions import UtcDateTime, db

_enrolments = sa.table(
    "enrolments",
    sa.column("id", sa.Integer),
    sa.column("cohort_id", sa.Integer),
    sa.column("alumnus_id", sa.Integer),
    sa.column("result", sa.String),
)
_cohorts = sa.table(
    "cohorts",
    sa.column("id", sa.Integer),
    sa.column("code", sa.String),
    sa.column("course_id", sa.Integer),
    sa.column("starts_on", sa.Date),
)
_requests = sa.table(
    "rights_requests",
    *[sa.column(name) for name in ("id", "alumnus_id", "kind", "item", "item_id", "state", "words")],
    sa.column("asked_at", UtcDateTime),
)
_courses = sa.table("courses", sa.column("id", sa.Integer), sa.column("title", sa.String))


@dataclass(frozen=True, slots=True)
class Training:
    """A cohort that the person was in; ``result`` is completed, not_completed or pending."""

    enrolment_id: int
    cohort_id: int
    code: str
    course: str
    starts_on: date | None
    result: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """What the person disputes, until staff have answered: 'name', 'result' with an enrolment's number, and so on."""

    request_id: int
    item: str
    item_id: int | None
    words: str
    asked_at: datetime


def disputes_of(alumnus_id: int, limit: int = 20) -> Sequence[Dispute]:
    """The person's open disputes, the oldest first."""
    columns = (_requests.c.id, _requests.c.item, _requests.c.item_id, _requests.c.words, _requests.c.asked_at)
    mine = (_requests.c.alumnus_id == alumnus_id, _requests.c.kind == "dispute", _requests.c.state == "open")
    rows = db.session.execute(sa.select(*columns).where(*mine).order_by(_requests.c.id).limit(limit))
    return [Dispute(*row) for row in rows]


def get_visible(viewer: Viewer, alumnus_id: int) -> Alumnus:
    """The person, if this viewer may see them; else raises NoSuchAlumnus, as for nobody."""
    person = find_visible(viewer, alumnus_id)
    if person is None:
        raise NoSuchAlumnus(alumnus_id)
    return person


def trainings_of(alumnus_id: int, limit: int = 50) -> Sequence[Training]:
    """The cohorts of a person, newest first."""
    rows = db.session.execute(
        sa.select(
            _enrolments.c.id,
            _cohorts.c.id,
            _cohorts.c.code,
            _courses.c.title,
            _cohorts.c.starts_on,
            _enrolments.c.result,
        )
        .select_from(
            _enrolments.join(_cohorts, _cohorts.c.id == _enrolments.c.cohort_id).join(
                _courses, _courses.c.id == _cohorts.c.course_id
            )
        )
        .where(_enrolments.c.alumnus_id == alumnus_id)
        .order_by(_cohorts.c.starts_on.desc(), _cohorts.c.id.desc())
        .limit(limit)
    )
    return [Training(*row) for row in rows]
