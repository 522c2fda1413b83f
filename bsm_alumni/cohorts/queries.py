"""Reading courses and cohorts. Who is in them is in ``queries_enrolments``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from bsm_alumni.cohorts.enums import EnrolmentResult
from bsm_alumni.cohorts.errors import NoSuchCohort
from bsm_alumni.cohorts.models import Cohort, Course, Enrolment
from bsm_alumni.cohorts.rules import CohortFilter
from bsm_alumni.extensions import db
from bsm_alumni.web.pagination import PAGE_SIZE, Page, page_of

# Cohorts without a first day stand last in a list that runs from the newest to the oldest.
NO_DAY = date(1, 1, 1)
MOST_COURSES = 500


@dataclass(frozen=True, slots=True)
class CohortRow:
    """A line of the list of cohorts. ``enrolled`` and ``completed`` count people in the registry."""

    cohort: Cohort
    enrolled: int
    completed: int


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A line of the list of courses."""

    course: Course
    cohorts: int


def _narrowed(select: sa.Select[*tuple[Any, ...]], narrow: CohortFilter) -> sa.Select[*tuple[Any, ...]]:
    select = select.join(Course, Course.id == Cohort.course_id)
    select = select.where(Cohort.archived_at.is_not(None) if narrow.archived else Cohort.archived_at.is_(None))
    for word in narrow.text.split():
        fields = (Cohort.code, Cohort.venue, Course.title)
        select = select.where(sa.or_(*[field.icontains(word, autoescape=True) for field in fields]))
    if narrow.country_code:
        select = select.where(Cohort.country_code == narrow.country_code)
    if narrow.course_id is not None:
        select = select.where(Cohort.course_id == narrow.course_id)
    if narrow.year is not None:
        first, last = date(narrow.year, 1, 1), date(narrow.year, 12, 31)
        select = select.where(Cohort.starts_on.between(first, last))
    return select


def count_cohorts(narrow: CohortFilter) -> int:
    """How many cohorts the filter leaves."""
    return db.session.scalar(_narrowed(sa.select(sa.func.count()).select_from(Cohort), narrow)) or 0


def cohorts_page(
    narrow: CohortFilter, after: str | None = None, before: str | None = None, size: int = PAGE_SIZE
) -> Page[CohortRow]:
    """A page of cohorts, newest first. Two queries."""
    first_day = sa.func.coalesce(Cohort.starts_on, sa.literal(NO_DAY, sa.Date)).label("first_day")
    select = _narrowed(sa.select(Cohort, first_day, Cohort.id.label("id")), narrow)
    select = select.options(joinedload(Cohort.course))
    page = page_of(
        select, [first_day, Cohort.id], after=after, before=before, size=size, descending=True, scalars=False
    )
    counts = _enrolment_counts([row.id for row in page.rows])
    rows = [CohortRow(row.Cohort, *counts.get(row.id, (0, 0))) for row in page.rows]
    return Page(rows, page.next_key, page.previous_key)


def year_span() -> range:
    """The years in which cohorts began, newest first; empty while there are none."""
    first, last = db.session.execute(sa.select(sa.func.min(Cohort.starts_on), sa.func.max(Cohort.starts_on))).one()
    return range(last.year, first.year - 1, -1) if first and last else range(0)


def _enrolment_counts(cohort_ids: list[int]) -> dict[int, tuple[int, int]]:
    done = sa.func.sum(sa.case((Enrolment.result == EnrolmentResult.COMPLETED, 1), else_=0))
    rows = db.session.execute(
        sa.select(Enrolment.cohort_id, sa.func.count(), done)
        .where(Enrolment.cohort_id.in_(cohort_ids))
        .group_by(Enrolment.cohort_id)
    )
    return {cohort_id: (enrolled, int(completed)) for cohort_id, enrolled, completed in rows}


def cohort_row(cohort: Cohort) -> CohortRow:
    """A cohort with its counts."""
    return CohortRow(cohort, *_enrolment_counts([cohort.id]).get(cohort.id, (0, 0)))


def get_cohort(cohort_id: int) -> Cohort:
    """The cohort with its course and partners; raises NoSuchCohort."""
    cohort = db.session.scalar(
        sa.select(Cohort)
        .where(Cohort.id == cohort_id)
        .options(joinedload(Cohort.course), selectinload(Cohort.partners))
    )
    if cohort is None:
        raise NoSuchCohort(cohort_id)
    return cohort


def get_course(course_id: int) -> Course:
    """The course; raises NoSuchCohort."""
    course = db.session.get(Course, course_id)
    if course is None:
        raise NoSuchCohort(course_id)
    return course


def find_cohort_by_code(code: str) -> Cohort | None:
    """The cohort with exactly this code."""
    return db.session.scalar(sa.select(Cohort).where(Cohort.code == code))


def courses_page(
    archived: bool = False, text: str = "", after: str | None = None, before: str | None = None
) -> Page[CourseRow]:
    """A page of courses by title, each with the number of its cohorts. Two queries."""
    select = _courses(sa.select(Course), archived, text)
    page = page_of(select, [Course.title, Course.id], after=after, before=before)
    ids = [course.id for course in page.rows]
    counted = sa.select(Cohort.course_id, sa.func.count()).where(Cohort.course_id.in_(ids))
    counts = dict(db.session.execute(counted.group_by(Cohort.course_id)).all())
    rows = [CourseRow(course, counts.get(course.id, 0)) for course in page.rows]
    return Page(rows, page.next_key, page.previous_key)


def count_courses(archived: bool = False, text: str = "") -> int:
    """How many courses ``courses_page`` goes through."""
    return db.session.scalar(_courses(sa.select(sa.func.count()).select_from(Course), archived, text)) or 0


def _courses(select: sa.Select[Any], archived: bool, text: str) -> sa.Select[Any]:
    select = select.where(Course.archived_at.is_not(None) if archived else Course.archived_at.is_(None))
    for word in text.split():
        select = select.where(Course.title.icontains(word, autoescape=True))
    return select


def course_choices(keep: int | None = None) -> Sequence[tuple[int, str]]:
    """Courses to choose from, by title: those in use, and ``keep`` whether archived or not."""
    in_use = sa.or_(Course.archived_at.is_(None), Course.id == keep)
    rows = db.session.execute(
        sa.select(Course.id, Course.title).where(in_use).order_by(Course.title).limit(MOST_COURSES)
    )
    return [(course_id, title) for course_id, title in rows]
