"""What is put down of who saw whom: once a day and purpose, counted, before the answer leaves."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.access.viewer import Viewer, viewer_of
from bsm_alumni.accounts.enums import Role
from bsm_alumni.consent.disclosures import disclose, put_down
from bsm_alumni.consent.enums_disclosures import DisclosureWay as Way
from bsm_alumni.consent.models_disclosures import Disclosure
from bsm_alumni.extensions import db
from bsm_alumni.organisations.enums import FieldGroup
from tests.factories import Factory

IDENTITY, CONTACT = FieldGroup.IDENTITY, FieldGroup.CONTACT


def rows() -> list[Disclosure]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Disclosure).order_by(Disclosure.id)))


def test_the_same_look_is_counted_and_another_is_put_down(make: Factory) -> None:
    viewer = viewer_of(make.user(Role.PARTNER))
    first, second = make.alumnus(), make.alumnus()
    assert put_down(viewer, [(first.id, [IDENTITY]), (second.id, [IDENTITY])], Way.LIST) == 2
    put_down(viewer, [(first.id, [IDENTITY, CONTACT])], Way.LIST)
    put_down(viewer, [(first.id, [IDENTITY])], Way.EXPORT, "choosing  presenters")
    db.session.commit()
    found = [(row.alumnus_id, row.way, row.groups, row.purpose, row.times) for row in rows()]
    assert found == [
        (first.id, Way.LIST, 5, "", 2),
        (second.id, Way.LIST, 1, "", 1),
        (first.id, Way.EXPORT, 1, "choosing presenters", 1),
    ]
    assert {(row.organisation_id, row.user_id) for row in rows()} == {(viewer.organisation_id, viewer.user_id)}


def test_the_office_and_people_without_an_account_are_counted_too(make: Factory) -> None:
    """No organisation and no user are values of the key like any other."""
    person = make.alumnus()
    for _ in range(2):
        put_down(Viewer(role=Role.ADMIN), [(person.id, [IDENTITY])], Way.MAIL)
        db.session.commit()
    assert [(row.organisation_id, row.user_id, row.times) for row in rows()] == [(None, None, 2)]


def test_another_day_is_another_row(make: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    viewer, person = viewer_of(make.user()), make.alumnus()
    now = datetime(2027, 1, 31, 23, 59, tzinfo=UTC)
    for later in (timedelta(0), timedelta(minutes=2)):
        monkeypatch.setattr("bsm_alumni.consent.disclosures.utc_now", lambda later=later: now + later)
        put_down(viewer, [(person.id, [IDENTITY])], Way.PAGE)
        db.session.commit()
    assert [row.day.isoformat() for row in rows()] == ["2027-01-31", "2027-02-01"]


def test_looking_at_oneself_and_being_shown_nothing_are_no_disclosures(make: Factory) -> None:
    user = make.user(Role.ALUMNUS)
    assert put_down(viewer_of(user), [(user.alumnus_id, [IDENTITY])], Way.PAGE) == 0
    assert put_down(viewer_of(make.user()), [(user.alumnus_id, [])], Way.PAGE) == 0
    assert rows() == []


def test_a_page_writes_it_before_it_leaves_in_one_statement(app: Flask, make: Factory, count_queries) -> None:
    viewer, people = viewer_of(make.user(Role.PARTNER)), [make.alumnus().id for _ in range(3)]
    db.session.remove()
    with app.test_request_context("/partner/alumni"):
        disclose(viewer, [(person, [IDENTITY]) for person in people], Way.LIST)
        with count_queries() as queries:
            app.process_response(app.make_response("page"))
    assert len([text for text in queries if "disclosures" in text]) == 1
    assert [row.alumnus_id for row in rows()] == people


def test_an_answer_does_not_leave_when_it_cannot_be_written(app: Flask, make: Factory) -> None:
    viewer = viewer_of(make.user(Role.PARTNER))
    db.session.remove()
    with app.test_request_context("/partner/alumni"):
        disclose(viewer, [(999_999, [IDENTITY])], Way.PAGE)
        assert app.process_response(app.make_response("secret")).status_code == 500
    assert rows() == []
