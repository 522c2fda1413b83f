"""The administrators' table of claims."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import OidcRule, User
from bsm_alumni.approvals.models import Approval
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db, utc_now
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
Post = Callable[..., TestResponse]
URL = "/staff/settings/sign-in"


def fields(**changes: str) -> dict[str, str]:
    return {"claim": "groups", "value": "bsm", "role": "officer", "organisation_id": "0", **changes}


def table() -> list[tuple[str, str, Role]]:
    db.session.rollback()
    rows = db.session.scalars(sa.select(OidcRule).order_by(OidcRule.position))
    return [(row.claim, row.value, row.role) for row in rows]


def shown(page: str) -> list[str]:
    return re.findall(r'<td data-label="Value"><bdi>([^<]*)</bdi>', page)


@pytest.fixture
def admin(make: Factory, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.ADMIN, name="Ada", last_sign_in_at=utc_now()))


def test_rules_are_added_moved_and_removed(admin: FlaskClient, make: Factory, post: Post) -> None:
    iom = make.organisation("IOM").id
    post(admin, URL, fields(value="one"))
    post(admin, URL, fields(value="two", role="viewer"))
    post(admin, URL, fields(value="three", role="partner", organisation_id=str(iom)))
    assert shown(admin.get(URL).text) == ["one", "two", "three"]
    number = db.session.scalars(sa.select(OidcRule.id).where(OidcRule.value == "three")).one()
    post(admin, f"{URL}/{number}/up")
    assert shown(admin.get(URL).text) == ["one", "three", "two"]
    post(admin, f"{URL}/{number}/up")
    post(admin, f"{URL}/{number}/up")
    assert shown(admin.get(URL).text) == ["three", "one", "two"]
    post(admin, f"{URL}/{number}/remove")
    assert table() == [("groups", "one", Role.OFFICER), ("groups", "two", Role.VIEWER)]
    verbs = db.session.scalars(sa.select(AuditEntry.verb).where(AuditEntry.subject_kind == "oidc_rules")).all()
    assert sorted(verbs) == sorted(
        ["provider_rule.added"] * 3 + ["provider_rule.moved"] * 2 + ["provider_rule.removed"]
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"claim": " "}, "claim"),
        ({"value": ""}, "value"),
        ({"role": "alumnus"}, "role"),
        ({"role": "partner"}, "organisation_id"),
        ({"value": "there"}, "value"),
    ],
)
def test_each_slip_is_said_at_its_field(changes: dict[str, str], field: str, admin: FlaskClient, post: Post) -> None:
    post(admin, URL, fields(value="there"))
    answer = post(admin, URL, fields(**changes))
    assert answer.status_code == 422
    assert re.findall(r'<p class="field-error" id="([^"]*)-error"', answer.text) == [field]
    assert len(table()) == 1


def test_a_rule_for_administrators_is_made_by_two_and_comes_first(
    admin: FlaskClient, make: Factory, sign_in: SignIn, post: Post
) -> None:
    post(admin, URL, fields(value="all", role="viewer"))
    alone = post(admin, URL, fields(value="bosses", role="admin"))
    assert (alone.status_code, "bsm-alumni user create --role admin" in alone.text) == (422, True)
    second = sign_in(make.user(Role.ADMIN, name="Ben", last_sign_in_at=utc_now()))
    assert post(admin, URL, fields(value="bosses", role="admin")).status_code == 302
    assert table() == [("groups", "all", Role.VIEWER)]
    assert "everybody an administrator whose claim groups" in admin.get(URL).text
    request = db.session.scalars(sa.select(Approval)).one().id
    post(second, f"/staff/approvals/{request}/grant")
    assert shown(admin.get(URL).text) == ["bosses", "all"]
    # No step on the others puts one of them before it.
    number = db.session.scalars(sa.select(OidcRule.id).where(OidcRule.value == "all")).one()
    post(admin, f"{URL}/{number}/up")
    assert shown(admin.get(URL).text) == ["bosses", "all"]


@pytest.mark.parametrize(
    ("claims", "status", "said"),
    [
        ('{"groups": ["x", "bsm"]}', 200, "by the rule groups = bsm"),
        ('{"groups": ["x"]}', 200, "no rule fits"),
        ('["groups"]', 422, "Write a JSON object"),
        ("groups: bsm", 422, "Write a JSON object"),
        ("", 422, "Write the claims as JSON."),
        ("[" * 5000, 422, "Write a JSON object"),
    ],
)
def test_claims_are_tried(claims: str, status: int, said: str, admin: FlaskClient, post: Post) -> None:
    post(admin, URL, fields())
    answer = post(admin, f"{URL}/try", {"claims": claims})
    assert (answer.status_code, said in answer.text) == (status, True)
    assert len(table()) == 1


def test_who_is_not_there_is_not_found(admin: FlaskClient, post: Post) -> None:
    assert post(admin, f"{URL}/999999/up").status_code == 404
    assert post(admin, f"{URL}/999999/remove").status_code == 404
