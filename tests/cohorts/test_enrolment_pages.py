"""Who is in a cohort, through the pages."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.cohorts.enums import EnrolmentResult
from bsm_alumni.cohorts.models import Enrolment
from bsm_alumni.extensions import db
from tests.alumni.pages import names_of, words_in
from tests.factories import Factory

Post = Callable[..., Any]


@pytest.fixture
def staff(make: Factory, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in(make.user(Role.OFFICER))


def test_a_person_is_found_and_added_once(make: Factory, staff: FlaskClient, post: Post) -> None:
    cohort, amina = make.cohort(), make.alumnus("Diallo", "Amina")
    make.alumnus("Khan", "Ahmed")
    page = staff.get(f"/staff/cohorts/{cohort.id}?find=dial").text
    assert words_in(page, "person-name") == ["Amina Diallo"]
    path = f"/staff/cohorts/{cohort.id}/enrolments"
    post(staff, path, {"alumnus_id": amina.id})
    post(staff, path, {"alumnus_id": amina.id})
    assert names_of(staff.get(f"/staff/cohorts/{cohort.id}").text) == ["Amina Diallo"]
    assert words_in(staff.get(f"/staff/cohorts/{cohort.id}?find=dial").text, "person-name") == ["Amina Diallo"]
    assert [entry.verb for entry in db.session.scalars(sa.select(AuditEntry))] == ["enrolment.added"]


def test_a_result_is_set_and_counted(make: Factory, staff: FlaskClient, post: Post) -> None:
    cohort, amina = make.cohort(), make.alumnus()
    enrolment = make.enrolment(cohort, amina)
    path = f"/staff/cohorts/{cohort.id}/enrolments/{enrolment.id}"
    post(staff, f"{path}/result", {"result": "completed"})
    assert words_in(staff.get(f"/staff/cohorts/{cohort.id}").text, "count") == ["1 enrolled, 1 completed"]
    assert post(staff, f"{path}/result", {"result": "excellent"}).status_code == 400
    entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert (entry.before, entry.after) == ({"result": "pending"}, {"result": "completed"})


def test_taking_a_person_out_leaves_a_trace(make: Factory, staff: FlaskClient, post: Post) -> None:
    cohort, amina = make.cohort("ONE"), make.alumnus()
    enrolment = make.enrolment(cohort, amina, result=EnrolmentResult.COMPLETED)
    post(staff, f"/staff/cohorts/{cohort.id}/enrolments/{enrolment.id}/remove")
    assert db.session.scalars(sa.select(Enrolment)).all() == []
    entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert (entry.verb, entry.before) == (
        "enrolment.removed",
        {"cohort": cohort.id, "alumnus": amina.id, "result": "completed"},
    )


def test_an_enrolment_of_another_cohort_is_not_there(make: Factory, staff: FlaskClient, post: Post) -> None:
    one, other = make.cohort(), make.cohort()
    enrolment = make.enrolment(one, make.alumnus())
    assert post(staff, f"/staff/cohorts/{other.id}/enrolments/{enrolment.id}/remove").status_code == 404
    assert post(staff, f"/staff/cohorts/{one.id}/enrolments", {"alumnus_id": 999}).status_code == 404
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Enrolment)) == 1


def test_a_reader_sees_and_cannot_change(make: Factory, sign_in: Callable[..., FlaskClient], post: Post) -> None:
    cohort = make.cohort()
    enrolment = make.enrolment(cohort, make.alumnus("Diallo", "Amina"))
    reader = sign_in(make.user(Role.VIEWER))
    page = reader.get(f"/staff/cohorts/{cohort.id}?find=amina").text
    assert names_of(page) == ["Amina Diallo"]
    assert page.count("/enrolments") == 0
    assert post(reader, f"/staff/cohorts/{cohort.id}/enrolments/{enrolment.id}/remove").status_code == 403
