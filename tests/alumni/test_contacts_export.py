"""Addresses as a file: a few at once, many only after a second person agreed, and then once."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.queries_export import COLUMNS, CONTACT_COLUMNS
from bsm_alumni.approvals.models import Approval
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db, utc_now
from tests.browsing import post_form
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
URL = "/staff/alumni/contacts-export"
FORM = {"purpose": "Invite to Dakar", "file_format": "csv"}


def take(client: FlaskClient, query: str = "", **fields: str) -> TestResponse:
    return post_form(client, f"{URL}{query}", {**FORM, **fields})


def rows_of(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="alumni-contacts.csv"'
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def requests() -> list[Approval]:
    return list(db.session.scalars(sa.select(Approval).order_by(Approval.id)))


def entries(verb: str) -> list[AuditEntry]:
    return list(db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == verb).order_by(AuditEntry.id)))


@pytest.fixture
def many(make: Factory) -> list[int]:
    """Eleven people: one more than somebody takes alone."""
    return [make.alumnus("Person", f"Number {number}", phone=f"+221 {number}").id for number in range(11)]


def test_the_roster_in_one_step_holds_no_contacts(make: Factory, sign_in: SignIn, many: list[int]) -> None:
    client = sign_in(make.user(Role.VIEWER))
    for file_format in ("csv", "json"):
        text = client.get(f"/staff/alumni/export?format={file_format}").text
        assert ["@" in text, "+221" in text, "Number 3" in text] == [False, False, True]
    assert {entry.after["count"] for entry in entries("export.made")} == {11}
    assert set(CONTACT_COLUMNS) == {"emails", "phone"}


def test_ten_people_are_given_at_once_and_each_learns_of_it(make: Factory, sign_in: SignIn) -> None:
    people = [make.alumnus().id for _number in range(10)]
    user = make.user()
    rows = rows_of(take(sign_in(user)))
    assert [tuple(row) for row in rows] == [COLUMNS] * 10
    assert "@" in rows[0]["emails"]
    assert requests() == []
    (made,) = entries("export.made")
    assert (made.actor_id, made.after["count"], made.after["purpose"]) == (user.id, 10, "Invite to Dakar")
    assert sorted(int(entry.subject_id) for entry in entries("contacts.exported")) == people


def test_small_pieces_add_up_within_a_day(make: Factory, sign_in: SignIn, many: list[int]) -> None:
    make.alumnus("Alone", country_code="CO")
    start = utc_now()
    user = make.user()
    assert len(rows_of(take(sign_in(user), "?place=CO"))) == 1
    for code in ("MX", "PE"):
        for _number in range(5):
            make.alumnus(country_code=code)
    assert len(rows_of(take(sign_in(user), "?place=MX"))) == 5
    assert take(sign_in(user), "?place=PE").status_code == 302
    assert len(requests()) == 1
    assert len(rows_of(take(sign_in(make.user()), "?place=PE"))) == 5
    with time_machine.travel(start + timedelta(days=1, minutes=5)):
        assert len(rows_of(take(sign_in(user), "?place=PE"))) == 5


def test_many_are_given_once_after_a_second_person_agreed(make: Factory, sign_in: SignIn, many: list[int]) -> None:
    asker, decider = make.user(Role.VIEWER), make.user(Role.OFFICER)
    client, other = sign_in(asker), sign_in(decider)
    answer = take(client)
    (approval,) = requests()
    page = f"/staff/approvals/{approval.id}"
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    assert approval.params == {"people": many, "format": "csv", "purpose": "Invite to Dakar", "filter": {}}
    assert entries("export.made") == []
    assert post_form(client, f"{URL}/{approval.id}").status_code == 302
    text = other.get(page).text
    assert ["11 people as a file (CSV)" in text, "Invite to Dakar" in text] == [True, True]
    post_form(other, f"{page}/grant")
    assert post_form(other, f"{URL}/{approval.id}").status_code == 404
    make.alumnus("Later")
    assert re.search(rf'action="({URL}/\d+)"', client.get(page).text)[1] == f"{URL}/{approval.id}"
    rows = rows_of(post_form(client, f"{URL}/{approval.id}"))
    assert sorted(int(row["id"]) for row in rows) == many
    again = post_form(client, f"{URL}/{approval.id}")
    assert (again.status_code, again.headers["Location"]) == (302, page)
    (made,) = entries("export.made")
    assert (made.after["approval"], made.after["count"], made.actor_id) == (approval.id, 11, asker.id)


def test_a_grant_is_over_after_a_day(make: Factory, sign_in: SignIn, many: list[int]) -> None:
    client = sign_in(make.user())
    take(client)
    (approval,) = requests()
    number = approval.id
    post_form(sign_in(make.user(Role.ADMIN)), f"/staff/approvals/{number}/grant")
    with time_machine.travel(utc_now() + timedelta(hours=24, minutes=1)):
        fresh = sign_in(db.session.get_one(User, approval.asked_by_id))
        assert post_form(fresh, f"{URL}/{number}").status_code == 302
    assert entries("export.made") == []


def test_a_purpose_is_needed(make: Factory, sign_in: SignIn, many: list[int]) -> None:
    client = sign_in(make.user())
    assert take(client, purpose="  ").status_code == 422
    assert take(client, file_format="exe").status_code == 422
    assert requests() == []
    assert "11 people" in client.get(URL).text


def test_another_kind_of_request_is_no_file(make: Factory, sign_in: SignIn) -> None:
    user = make.user()
    row = Approval(kind="make_admin", params={}, words="x", asked_by_id=user.id, expires_at=utc_now())
    db.session.add(row)
    db.session.commit()
    assert post_form(sign_in(user), f"{URL}/{row.id}").status_code == 404


def test_the_officer_who_asked_does_not_grant(make: Factory, sign_in: SignIn, many: list[int]) -> None:
    client = sign_in(make.user(Role.ADMIN))
    take(client)
    (approval,) = requests()
    post_form(client, f"/staff/approvals/{approval.id}/grant")
    db.session.refresh(approval)
    assert approval.decision is None
    assert post_form(client, f"{URL}/{approval.id}").status_code == 302
    assert entries("export.made") == []
