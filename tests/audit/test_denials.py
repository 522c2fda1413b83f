"""What was refused is put down, survives the rollback, and cannot fill the trail."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.audit.models import AuditDenial, AuditEntry
from bsm_alumni.audit.service import find_first_break
from bsm_alumni.audit.service_denials import enter_repeated_denials, network_of
from bsm_alumni.extensions import db
from tests.factories import Factory

NOON = datetime(2026, 7, 8, 12, 0, 5, tzinfo=UTC)


def denials() -> list[tuple[str, str, object]]:
    about = sa.select(AuditEntry).where(AuditEntry.subject_kind == "endpoints")
    entries = db.session.scalars(about.order_by(AuditEntry.id))
    return [(entry.verb, entry.subject_id, entry.after.get("repeats")) for entry in entries]


def test_a_refusal_names_who_where_and_why(app: Flask, make: Factory, sign_in: Callable[[User], FlaskClient]) -> None:
    officer = make.user(Role.OFFICER, name="Officer One")
    alumnus = make.alumnus()
    partner = make.user(Role.PARTNER, name="Partner One")
    assert sign_in(officer).get("/staff/settings/users").status_code == 403
    assert sign_in(partner).get(f"/staff/alumni/{alumnus.id}").status_code == 403
    first, second = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "access.denied")).all()
    assert (first.actor_id, first.actor, first.subject_id) == (officer.id, "Officer One", "users_staff.users")
    assert second.after == {
        "reason": "policy",
        "method": "GET",
        "role": "partner",
        "network": "127.0.0.0/24",
        "numbers": {"alumnus_id": alumnus.id},
    }
    assert find_first_break() is None


def test_a_form_without_token_is_put_down_and_changes_nothing(client: FlaskClient) -> None:
    answer = client.post("/i/the-secret-of-a-link/accept", data={})
    assert answer.status_code == 400
    (entry,) = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.subject_kind == "endpoints"))
    assert (entry.verb, entry.subject_id) == ("access.denied", "assignments_public.accept_invitation")
    assert (entry.after["reason"], entry.after["numbers"], entry.actor_id) == ("csrf", {}, None)
    assert "secret" not in str(entry.after)


def test_a_visitor_sent_to_sign_in_is_no_refusal(client: FlaskClient) -> None:
    assert client.get("/staff/alumni").status_code == 302
    assert denials() == []


def test_a_flood_is_one_entry_and_a_count(app: Flask, make: Factory, sign_in: Callable[[User], FlaskClient]) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        officer = sign_in(make.user(Role.OFFICER))
        for _again in range(20):
            officer.get("/staff/settings/users")
        officer.get("/staff/settings/users/new")
        assert denials() == [
            ("access.denied", "users_staff.users", None),
            ("access.denied", "users_staff.new", None),
        ]
        assert enter_repeated_denials() == 0
        clock.move_to(NOON.replace(minute=2))
        assert enter_repeated_denials() == 2
        assert enter_repeated_denials() == 0
        assert denials()[2:] == [("access.denied_again", "users_staff.users", 19)]
        assert db.session.scalars(sa.select(AuditDenial)).all() == []
    assert find_first_break() is None


def test_the_next_minute_enters_what_was_counted(
    app: Flask, make: Factory, sign_in: Callable[[User], FlaskClient]
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        officer = sign_in(make.user(Role.OFFICER))
        for _again in range(3):
            officer.get("/staff/settings/users")
        clock.move_to(NOON.replace(minute=1))
        officer.get("/staff/settings/users")
    assert denials() == [
        ("access.denied", "users_staff.users", None),
        ("access.denied_again", "users_staff.users", 2),
        ("access.denied", "users_staff.users", None),
    ]


def test_two_people_are_counted_apart(app: Flask, make: Factory, sign_in: Callable[[User], FlaskClient]) -> None:
    for user in (make.user(Role.OFFICER), make.user(Role.VIEWER)):
        sign_in(user).get("/staff/settings/users")
    assert len(denials()) == 2


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("nonsense", ""),
        (None, ""),
    ],
)
def test_a_visitor_is_known_by_network_only(address: str | None, network: str) -> None:
    assert network_of(address) == network
