"""Changing courses and cohorts. Enrolments are in ``service_enrolments``."""

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.audit.rules import changed
from bsm_alumni.audit.service import record
from bsm_alumni.cohorts.models import Cohort, Course
from bsm_alumni.cohorts.rules import CohortDetails
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.models import Organisation
from bsm_alumni.web.errors import FieldErrors


def create_course(title: str, description: str = "") -> Course:
    """Add a course. Raises FieldErrors when its title is taken."""
    _check_title(title, None)
    course = Course(title=title, description=description)
    db.session.add(course)
    db.session.flush()
    record("course.added", course, after=_course_fields(course))
    return course


def edit_course(course: Course, title: str, description: str) -> None:
    """Change a course. Raises FieldErrors when the title is another course's."""
    _check_title(title, course.id)
    before = _course_fields(course)
    course.title, course.description = title, description
    db.session.flush()
    _record_edit("course.edited", course, before, _course_fields(course))


def set_course_archived(course: Course, archived: bool) -> None:
    """Put a course away, or take it out again; its cohorts stay as they are."""
    if (course.archived_at is not None) != archived:
        course.archived_at = utc_now() if archived else None
        db.session.flush()
        record("course.archived" if archived else "course.restored", course)


def create_cohort(details: CohortDetails) -> Cohort:
    """Add a cohort. Raises FieldErrors for a code that is taken or days the wrong way round."""
    _check_cohort(details, None)
    cohort = Cohort()
    _fill(cohort, details)
    db.session.add(cohort)
    db.session.flush()
    record("cohort.added", cohort, after=_cohort_fields(cohort))
    return cohort


def edit_cohort(cohort: Cohort, details: CohortDetails) -> None:
    """Change a cohort. Raises FieldErrors as ``create_cohort`` does."""
    _check_cohort(details, cohort.id)
    before = _cohort_fields(cohort)
    _fill(cohort, details)
    db.session.flush()
    _record_edit("cohort.edited", cohort, before, _cohort_fields(cohort))


def set_cohort_archived(cohort: Cohort, archived: bool) -> None:
    """Put a cohort away, or take it out again; who was enrolled stays."""
    if (cohort.archived_at is not None) != archived:
        cohort.archived_at = utc_now() if archived else None
        db.session.flush()
        record("cohort.archived" if archived else "cohort.restored", cohort)


def _record_edit(verb: str, subject: Course | Cohort, before: dict[str, Any], after: dict[str, Any]) -> None:
    was, is_now = changed(before, after)
    if is_now:
        record(verb, subject, before=was, after=is_now)


def _check_title(title: str, course_id: int | None) -> None:
    taken = db.session.scalar(sa.select(Course.id).where(Course.title == title))
    if taken not in (None, course_id):
        raise FieldErrors({"title": _("There is a course of this title already. Give this one another title.")})


def _check_cohort(details: CohortDetails, cohort_id: int | None) -> None:
    errors: dict[str, str] = {}
    taken = db.session.scalar(sa.select(Cohort.id).where(Cohort.code == details.code))
    if taken not in (None, cohort_id):
        errors["code"] = _("Another cohort has this code. Give this one another code.")
    if db.session.get(Course, details.course_id) is None:
        errors["course_id"] = _("Choose one of the courses.")
    if details.ends_before_start():
        errors["ends_on"] = _("The last day is before the first. Change one of them.")
    if errors:
        raise FieldErrors(errors)


def _fill(cohort: Cohort, details: CohortDetails) -> None:
    for name in ("code", "course_id", "venue", "country_code", "starts_on", "ends_on", "participants", "note"):
        setattr(cohort, name, getattr(details, name))
    chosen = sa.select(Organisation).where(Organisation.id.in_(details.partner_ids)).order_by(Organisation.code)
    with db.session.no_autoflush:
        cohort.partners = list(db.session.scalars(chosen))


def _course_fields(course: Course) -> dict[str, Any]:
    return {"title": course.title, "description": course.description}


def _cohort_fields(cohort: Cohort) -> dict[str, Any]:
    return {
        "code": cohort.code,
        "course": cohort.course_id,
        "venue": cohort.venue,
        "country": cohort.country_code,
        "starts_on": cohort.starts_on,
        "ends_on": cohort.ends_on,
        "participants": cohort.participants,
        "note": cohort.note,
        "partners": [partner.code for partner in cohort.partners],
    }
