"""Days in which a person can, or cannot, be asked; filters that are kept."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bsm_alumni.alumni.models import AvailabilityPeriod, SavedFilter
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db
from tests.alumni.pages import words_in
from tests.factories import Factory

Post = Callable[..., Any]


@pytest.fixture
def staff(make: Factory, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in(make.user())


def days(person_id: int) -> list[tuple[str, str, str]]:
    periods = db.session.scalars(sa.select(AvailabilityPeriod).where(AvailabilityPeriod.alumnus_id == person_id))
    return [(period.kind.value, str(period.starts_on), str(period.ends_on)) for period in periods]


def test_days_are_added_and_removed(staff: FlaskClient, post: Post, make: Factory) -> None:
    person = make.alumnus()
    before = person.updated_at
    path = f"/staff/alumni/{person.id}/periods"
    post(staff, path, {"kind": "blackout", "starts_on": "2026-07-01", "ends_on": "2026-07-08", "note": "Leave"})
    assert days(person.id) == [("blackout", "2026-07-01", "2026-07-08")]
    db.session.expire_all()
    assert person.updated_at > before
    period = db.session.scalars(sa.select(AvailabilityPeriod)).one()
    post(staff, f"{path}/{period.id}/remove")
    assert days(person.id) == []
    verbs = list(db.session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.id)))
    assert verbs == ["availability.added", "availability.removed"]


def test_days_the_wrong_way_round_are_refused_in_words(staff: FlaskClient, post: Post, make: Factory) -> None:
    person = make.alumnus()
    wrong = {"kind": "window", "starts_on": "2026-07-08", "ends_on": "2026-07-01"}
    answer = post(staff, f"/staff/alumni/{person.id}/periods", wrong)
    assert answer.status_code == 422
    assert words_in(answer.text, "field-error") == ["Error: The last day is before the first. Change one of them."]
    assert days(person.id) == []


def test_a_period_is_removed_from_its_own_person_only(staff: FlaskClient, post: Post, make: Factory) -> None:
    person, other = make.alumnus(), make.alumnus()
    post(
        staff,
        f"/staff/alumni/{person.id}/periods",
        {"kind": "window", "starts_on": "2026-07-01", "ends_on": "2026-07-08"},
    )
    period = db.session.scalars(sa.select(AvailabilityPeriod)).one()
    assert post(staff, f"/staff/alumni/{other.id}/periods/{period.id}/remove").status_code == 404
    assert len(days(person.id)) == 1


def test_a_filter_is_kept_as_a_tab_and_removed(staff: FlaskClient, post: Post, make: Factory) -> None:
    make.alumnus()
    answer = post(staff, "/staff/alumni/filters", {"name": "French, C1", "language": "fr", "level": "5"})
    assert answer.location == "/staff/alumni?language=fr&level=5"
    saved = db.session.scalars(sa.select(SavedFilter)).one()
    tabs = words_in(staff.get(answer.location).text, "tabs")
    assert tabs == ["Everyone French, C1"]
    assert post(staff, f"/staff/alumni/filters/{saved.id}/remove").status_code == 302
    assert words_in(staff.get("/staff/alumni").text, "tabs") == ["Everyone"]


def test_a_filter_of_the_same_name_is_replaced(staff: FlaskClient, post: Post) -> None:
    post(staff, "/staff/alumni/filters", {"name": "Mine", "language": "fr"})
    post(staff, "/staff/alumni/filters", {"name": "Mine", "language": "es"})
    assert [saved.query for saved in db.session.scalars(sa.select(SavedFilter))] == ["language=es"]


@pytest.mark.parametrize("data", [{"name": " ", "language": "fr"}, {"name": "Everyone"}])
def test_a_filter_without_name_or_use_is_not_kept(staff: FlaskClient, post: Post, data: dict[str, str]) -> None:
    post(staff, "/staff/alumni/filters", data)
    assert db.session.scalars(sa.select(SavedFilter)).all() == []


def test_filters_are_each_users_own(make: Factory, sign_in: Callable[..., FlaskClient], post: Post) -> None:
    owner, other = sign_in(make.user()), sign_in(make.user())
    post(owner, "/staff/alumni/filters", {"name": "Mine", "language": "fr"})
    saved = db.session.scalars(sa.select(SavedFilter)).one()
    assert words_in(other.get("/staff/alumni").text, "tabs") == ["Everyone"]
    assert post(other, f"/staff/alumni/filters/{saved.id}/remove").status_code == 404
