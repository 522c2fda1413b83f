"""Cohorts and courses, through the pages."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.audit.service import find_first_break
from bsm_alumni.cohorts.models import Cohort, Course
from bsm_alumni.extensions import db, utc_now
from tests.alumni.pages import words_in
from tests.factories import Factory

Counter = Callable[[], AbstractContextManager[list[str]]]
Post = Callable[..., Any]


@pytest.fixture
def staff(make: Factory, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in(make.user(Role.OFFICER, name="Ingrid Holm"))


def heads(html: str) -> list[str]:
    """What heads the rows of the page's table."""
    table = html.split("<tbody>", 1)[1].split("</tbody>", 1)[0] if "<tbody>" in html else ""
    return [row.split("</a>")[0].split(">")[-1] for row in table.split('<th scope="row"')[1:]]


def verbs() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.id)))


def filled(course: Course, **changes: str) -> dict[str, Any]:
    return {
        "code": "BSM-2026-03",
        "course_id": str(course.id),
        "starts_on": "2026-03-02",
        "ends_on": "2026-03-13",
        "venue": "Dakar",
        "country_code": "SN",
        "participants": "24",
        "note": "",
        **changes,
    }


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["LATE", "EARLY", "UNDATED"]),
        ("year=2024", ["EARLY"]),
        ("country=SN", ["LATE"]),
        ("q=dakar", ["LATE"]),
        ("q=early", ["EARLY"]),
        ("q=training+undated", ["UNDATED"]),
        ("q=100%25", []),
        ("archived=1", ["GONE"]),
        ("year=nonsense&country=XX&course=0", ["LATE", "EARLY", "UNDATED"]),
    ],
)
def test_the_list_runs_from_the_newest_and_is_narrowed(
    make: Factory, staff: FlaskClient, query: str, codes: list[str]
) -> None:
    course = make.course("Training of Trainers").id
    make.cohort("EARLY", course_id=course, starts_on=date(2024, 5, 6))
    make.cohort("UNDATED", course_id=course)
    make.cohort("LATE", course_id=course, starts_on=date(2026, 5, 4), venue="Dakar", country_code="SN")
    make.cohort("GONE", course_id=course, archived_at=utc_now())
    assert heads(staff.get(f"/staff/cohorts?{query}").text) == codes


def test_pages_of_cohorts_follow_one_another(make: Factory, staff: FlaskClient) -> None:
    course = make.course().id
    for number in range(30):
        make.cohort(
            f"C{number:02d}", course_id=course, starts_on=None if number < 3 else date(2026, 1, 1 + number // 3)
        )
    first = staff.get("/staff/cohorts").text
    link = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = staff.get(link).text
    assert heads(first) + heads(second) == [f"C{number:02d}" for number in range(29, -1, -1)]
    back = second.split('rel="prev" href="')[1].split('"')[0].replace("&amp;", "&")
    assert heads(staff.get(back).text) == heads(first)


def test_adding_and_editing_a_cohort(make: Factory, staff: FlaskClient, post: Post) -> None:
    course, partner = make.course(), make.organisation("IOM")
    answer = post(staff, "/staff/cohorts/add", filled(course, partner_ids=str(partner.id)))
    cohort = db.session.scalars(sa.select(Cohort)).one()
    assert (answer.status_code, answer.location) == (302, f"/staff/cohorts/{cohort.id}")
    assert (cohort.starts_on, cohort.participants) == (date(2026, 3, 2), 24)
    assert [item.code for item in cohort.partners] == ["IOM"]
    post(staff, f"/staff/cohorts/{cohort.id}/edit", filled(course, venue="Thiès", partner_ids=str(partner.id)))
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.verb, entry.before, entry.after) == ("cohort.edited", {"venue": "Dakar"}, {"venue": "Thiès"})


def test_a_cohort_that_cannot_be_added_says_why(make: Factory, staff: FlaskClient, post: Post) -> None:
    course = make.course()
    make.cohort("BSM-2026-03", course_id=course.id)
    answer = post(staff, "/staff/cohorts/add", filled(course, ends_on="2026-03-01"))
    assert answer.status_code == 422
    assert words_in(answer.text, "field-error") == [
        "Error: Another cohort has this code. Give this one another code.",
        "Error: The last day is before the first. Change one of them.",
    ]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Cohort)) == 1


def test_archive_and_restore_of_both(make: Factory, staff: FlaskClient, post: Post) -> None:
    cohort = make.cohort("ONE")
    for path in (f"/staff/cohorts/{cohort.id}", f"/staff/courses/{cohort.course_id}"):
        post(staff, f"{path}/archive")
        post(staff, f"{path}/archive")
        post(staff, f"{path}/restore")
    assert verbs() == ["cohort.archived", "cohort.restored", "course.archived", "course.restored"]
    assert find_first_break() is None


def test_courses_are_listed_added_and_edited(make: Factory, staff: FlaskClient, post: Post) -> None:
    post(staff, "/staff/courses/add", {"title": "  Training  of Trainers ", "description": "Two weeks."})
    course = db.session.scalars(sa.select(Course)).one()
    assert (course.title, course.description) == ("Training of Trainers", "Two weeks.")
    make.cohort("ONE", course_id=course.id)
    assert heads(staff.get("/staff/courses").text) == ["Training of Trainers"]
    assert heads(staff.get(f"/staff/courses/{course.id}").text) == ["ONE"]
    post(staff, f"/staff/courses/{course.id}/edit", {"title": "Training of Trainers II"})
    taken = post(staff, "/staff/courses/add", {"title": "Training of Trainers II"})
    assert taken.status_code == 422
    assert verbs() == ["course.added", "course.edited"]


def test_an_archived_course_is_not_offered_but_kept(make: Factory, staff: FlaskClient) -> None:
    old, new = make.course("Old", archived_at=utc_now()), make.course("New")
    cohort = make.cohort("ONE", course_id=old.id)

    empty, filled_in = staff.get("/staff/cohorts/add").text, staff.get(f"/staff/cohorts/{cohort.id}/edit").text
    assert offered(empty) == [f'value="{new.id}">New']
    assert offered(filled_in) == [f'value="{new.id}">New', f'selected value="{old.id}">Old']


def offered(html: str) -> list[str]:
    """The courses to choose from."""
    select = html.split('name="course_id"')[1].split("</select>")[0]
    return [option.split("</option>")[0] for option in select.split("<option ")[1:]]


def test_queries_do_not_grow_with_rows(make: Factory, staff: FlaskClient, count_queries: Counter) -> None:
    def cost() -> list[int]:
        found = []
        for path in ("/staff/cohorts", "/staff/courses", f"/staff/cohorts/{first}", f"/staff/courses/{course}"):
            with count_queries() as queries:
                staff.get(path)
            found.append(len(queries))
        return found

    course = make.course().id
    cohort = make.cohort(course_id=course, starts_on=date(2026, 1, 5))
    first = cohort.id
    make.enrolment(cohort, make.alumnus())
    one = cost()
    for _number in range(2):
        make.enrolment(cohort, make.alumnus())
        make.enrolment(make.cohort(course_id=course), make.alumnus())
        make.course()
    assert cost() == one
