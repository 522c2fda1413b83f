"""The settings index, and who may sign in."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.queries import find_user
from bsm_alumni.accounts.service_users import deactivate_user, reactivate_user
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db
from bsm_alumni.mail.models import Mail
from bsm_alumni.web.errors import Refused
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
URL = "/staff/settings/users"
FORM = {
    "email": "New@Example.org",
    "name": "New Person",
    "role": "officer",
    "organisation_id": "0",
    "zone": "Europe/Vienna",
}


def cards(page: str) -> list[str]:
    return re.findall(r'<li class="card">.*?href="([^"]*)"', page, re.DOTALL)


def addresses(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]*"><bdi>([^<]*)</bdi>', page)


def test_the_index_leads_where_the_viewer_may_go(make: Factory, sign_in: SignIn) -> None:
    admin, viewer = sign_in(make.user(Role.ADMIN)), sign_in(make.user(Role.VIEWER))
    for_admin, for_viewer = (cards(browser.get("/staff/settings").text) for browser in (admin, viewer))
    assert {URL, "/staff/settings/sign-in"} <= set(for_admin) - set(for_viewer)
    assert {page: admin.get(page).status_code for page in for_admin} == dict.fromkeys(for_admin, 200)
    # A viewer is shown every page that opens for them, and no other.
    opens = {page: viewer.get(page).status_code for page in for_admin}
    assert opens == {page: 200 if page in for_viewer else 403 for page in for_admin}
    assert "/staff/settings/organisations" in for_viewer


def test_a_user_is_added_without_a_password_and_invited(
    make: Factory, sign_in: SignIn, post: Callable[..., object]
) -> None:
    admin = sign_in(make.user(Role.ADMIN, name="Ada"))
    assert post(admin, f"{URL}/new", FORM).status_code == 302  # type: ignore[attr-defined]
    user = find_user("new@example.org")
    assert user is not None
    assert (user.role, user.name, user.zone, user.active) == (Role.OFFICER, "New Person", "Europe/Vienna", True)
    assert user.password is None
    mail = db.session.scalars(sa.select(Mail)).one()
    assert (mail.kind, mail.to_address, mail.params["invited_by"]) == ("user_invitation", "new@example.org", "Ada")
    assert "Initial password" not in admin.get(f"{URL}/new").text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"is_focal_point": "y"}, "is_focal_point"),
        ({"role": "partner"}, "organisation_id"),
        ({"role": "alumnus"}, "role"),
        ({"zone": "Mars"}, "zone"),
        ({"name": " "}, "name"),
    ],
)
def test_each_slip_is_said_at_its_field(
    make: Factory, sign_in: SignIn, post: Callable[..., object], fields: dict[str, str], field: str
) -> None:
    admin = sign_in(make.user(Role.ADMIN))
    answer = post(admin, f"{URL}/new", {**FORM, **fields})
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert re.findall(r'<p class="field-error" id="([^"]*)-error"', answer.text) == [field]  # type: ignore[attr-defined]
    assert find_user("new@example.org") is None


def test_who_is_deactivated_is_out_at_once_and_stays_out_when_let_in_again(
    make: Factory, sign_in: SignIn, post: Callable[..., object]
) -> None:
    admin, officer = sign_in(make.user(Role.ADMIN)), make.user()
    number, browser = officer.id, sign_in(officer)
    assert browser.get("/staff/events").status_code == 200
    post(admin, f"{URL}/{number}/deactivate")
    assert browser.get("/staff/events").status_code == 302
    post(admin, f"{URL}/{number}/reactivate")
    # The old session does not come back to life.
    assert browser.get("/staff/events").status_code == 302
    db.session.expire_all()
    assert officer.active is True
    verbs = db.session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.id)).all()
    assert verbs == ["user.deactivated", "user.reactivated"]


def test_an_administrator_always_remains(make: Factory) -> None:
    first, second = make.user(Role.ADMIN), make.user(Role.ADMIN)
    with pytest.raises(Refused):
        deactivate_user(first, first.id)
    deactivate_user(second, first.id)
    with pytest.raises(Refused):
        deactivate_user(first, second.id)
    assert first.active is True
    reactivate_user(second)
    deactivate_user(first, second.id)
    assert (first.active, second.active) == (False, True)


def test_the_list_is_searched_and_split(make: Factory, sign_in: SignIn) -> None:
    admin = sign_in(make.user(Role.ADMIN, email="admin@example.org", name="Ada"))
    make.user(email="officer@example.org", name="Olu")
    make.user(email="gone@example.org", active=False)
    db.session.rollback()
    assert addresses(admin.get(URL).text) == ["admin@example.org", "officer@example.org"]
    assert addresses(admin.get(f"{URL}?show=off").text) == ["gone@example.org"]
    assert addresses(admin.get(f"{URL}?q=olu").text) == ["officer@example.org"]
    assert addresses(admin.get(f"{URL}?role=admin").text) == ["admin@example.org"]


def test_queries_do_not_grow(make: Factory, sign_in: SignIn, count_queries: Callable[[], object]) -> None:
    admin, counts = make.user(Role.ADMIN), {}
    for number in range(1, 27):
        make.user(Role.PARTNER)
        if number in (1, 3, 26):
            # A new session each time: one that is a minute old is noted as seen, which is a query more.
            client = sign_in(admin)
            with count_queries() as queries:  # type: ignore[attr-defined]
                page = client.get(URL)
            counts[number] = len(queries)
    assert counts[1] == counts[3] == counts[26]
    assert len(page.data) < 60_000
