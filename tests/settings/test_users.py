"""What administrators do with users: change them, end their sessions, and make each other by two."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bsm_alumni.accounts.enums import Role, SessionEnd
from bsm_alumni.accounts.models import User, UserSession
from bsm_alumni.accounts.queries import find_user
from bsm_alumni.accounts.service_users import refuse_last_administrator
from bsm_alumni.approvals.models import Approval
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.models import Mail
from bsm_alumni.web.errors import Refused
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
Post = Callable[..., TestResponse]
URL = "/staff/settings/users"


def fields(**changes: str) -> dict[str, str]:
    return {"name": "Olu", "zone": "UTC", "role": "officer", "organisation_id": "0", **changes}


def get(user_id: int) -> User:
    db.session.rollback()
    return db.session.get_one(User, user_id, populate_existing=True)


def endings(user_id: int) -> list[SessionEnd | None]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(UserSession.ended_why).where(UserSession.user_id == user_id)))


def verbs(user_id: int) -> list[str]:
    found = sa.select(AuditEntry.verb).where(AuditEntry.subject_kind == "users", AuditEntry.subject_id == str(user_id))
    return list(db.session.scalars(found.where(AuditEntry.verb != "user.read").order_by(AuditEntry.id)))


@pytest.fixture
def admin(make: Factory, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.ADMIN, name="Ada", last_sign_in_at=utc_now()))


@pytest.fixture
def second(make: Factory, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.ADMIN, name="Ben", last_sign_in_at=utc_now()))


def test_a_new_name_ends_no_session(admin: FlaskClient, make: Factory, sign_in: SignIn, post: Post) -> None:
    user = make.user(name="Old")
    number, browser = user.id, sign_in(user)
    assert post(admin, f"{URL}/{number}", fields(name="Olu", zone="Europe/Vienna")).status_code == 302
    assert (get(number).name, get(number).zone) == ("Olu", "Europe/Vienna")
    assert endings(number) == [None]
    assert browser.get("/staff/events").status_code == 200
    assert verbs(number) == ["user.edited"]


def test_a_new_role_or_organisation_ends_all_sessions(
    admin: FlaskClient, make: Factory, sign_in: SignIn, post: Post
) -> None:
    user, iom, unodc = make.user(name="Olu"), make.organisation("IOM").id, make.organisation("UNODC").id
    number, browser = user.id, sign_in(user)
    steps = [
        fields(role="viewer"),
        fields(role="partner", organisation_id=str(iom)),
        fields(role="partner", organisation_id=str(unodc)),
    ]
    for step in steps:
        assert post(admin, f"{URL}/{number}", step).status_code == 302
        assert browser.get("/").status_code == 200  # the sign-in form
        assert set(endings(number)) == {SessionEnd.ROLE_CHANGED}
        browser = sign_in(get(number))
    assert (get(number).role, get(number).organisation_id) == (Role.PARTNER, unodc)
    assert verbs(number) == ["user.access_changed"] * 3
    # Becoming the focal point opens one more page and takes nothing away.
    post(admin, f"{URL}/{number}", fields(role="partner", organisation_id=str(unodc), is_focal_point="y"))
    assert get(number).is_focal_point is True
    assert browser.get("/partner/users").status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": "partner"}, "organisation_id"),
        ({"role": "alumnus"}, "role"),
        ({"is_focal_point": "y"}, "is_focal_point"),
        ({"zone": "Mars"}, "zone"),
        ({"name": " "}, "name"),
    ],
)
def test_each_slip_is_said_at_its_field_and_changes_nothing(
    changes: dict[str, str], field: str, admin: FlaskClient, make: Factory, post: Post
) -> None:
    number = make.user(name="Old").id
    answer = post(admin, f"{URL}/{number}", fields(**changes))
    assert answer.status_code == 422
    assert re.findall(r'id="([^"]*)-error"', answer.text) == [field]
    assert (get(number).name, get(number).role) == ("Old", Role.OFFICER)


def test_an_administrator_is_made_by_two(
    admin: FlaskClient, second: FlaskClient, make: Factory, sign_in: SignIn, post: Post
) -> None:
    user = make.user(name="Olu")
    number, browser = user.id, sign_in(user)
    assert post(admin, f"{URL}/{number}", fields(role="admin")).status_code == 302
    assert get(number).role is Role.OFFICER
    assert "This waits for a second administrator: Ben." in admin.get(f"{URL}/{number}").text
    request = db.session.scalars(sa.select(Approval)).one()
    decide, approval_id = f"/staff/approvals/{request.id}/grant", request.id
    assert f"/staff/approvals/{approval_id}" in admin.get(URL).text
    # Nobody agrees with themselves, and no officer does.
    post(admin, decide)
    assert post(browser, decide).status_code == 404
    assert get(number).role is Role.OFFICER
    post(second, decide)
    assert get(number).role is Role.ADMIN
    assert endings(number) == [SessionEnd.ROLE_CHANGED]
    assert f"/staff/approvals/{approval_id}" not in admin.get(URL).text


def test_a_new_administrator_is_made_by_two_and_then_invited(
    admin: FlaskClient, second: FlaskClient, post: Post
) -> None:
    form = fields(role="admin", email="new@example.org", name="New")
    assert post(admin, f"{URL}/new", form).status_code == 302
    assert find_user("new@example.org") is None
    request = db.session.scalars(sa.select(Approval)).one().id
    post(second, f"/staff/approvals/{request}/grant")
    user = find_user("new@example.org")
    assert user is not None
    assert (user.role, user.password) == (Role.ADMIN, None)
    mails = db.session.scalars(sa.select(Mail.to_address).where(Mail.kind == "user_invitation")).all()
    assert list(mails) == ["new@example.org"]


def test_refused_means_nothing_happens(admin: FlaskClient, second: FlaskClient, make: Factory, post: Post) -> None:
    number = make.user(name="Olu").id
    post(admin, f"{URL}/{number}", fields(role="admin"))
    request = db.session.scalars(sa.select(Approval)).one().id
    post(second, f"/staff/approvals/{request}/refuse")
    post(second, f"/staff/approvals/{request}/grant")
    assert get(number).role is Role.OFFICER


def test_a_former_administrator_comes_back_by_two(
    admin: FlaskClient, second: FlaskClient, make: Factory, post: Post
) -> None:
    number = make.user(Role.ADMIN, active=False).id
    post(admin, f"{URL}/{number}/reactivate")
    assert get(number).active is False
    request = db.session.scalars(sa.select(Approval)).one().id
    post(second, f"/staff/approvals/{request}/grant")
    assert (get(number).active, get(number).role) == (True, Role.ADMIN)


def test_a_lone_administrator_is_told_what_to_do(admin: FlaskClient, make: Factory, post: Post) -> None:
    number = make.user(name="Olu").id
    # Somebody who was invited and never came cannot agree.
    make.user(Role.ADMIN, name="Never")
    answer = post(admin, f"{URL}/{number}", fields(role="admin"))
    assert answer.status_code == 422
    assert "bsm-alumni user create --role admin" in answer.text
    assert db.session.scalars(sa.select(Approval)).all() == []
    assert get(number).role is Role.OFFICER


def test_the_last_administrator_keeps_the_role(admin: FlaskClient, make: Factory, post: Post) -> None:
    ada = db.session.scalars(sa.select(User).where(User.name == "Ada")).one()
    number = ada.id
    answer = post(admin, f"{URL}/{number}", fields(role="viewer", name="Ada"))
    assert answer.status_code == 422
    assert get(number).role is Role.ADMIN
    never = make.user(Role.ADMIN)
    with pytest.raises(Refused):
        refuse_last_administrator(get(number))
    never.last_sign_in_at = utc_now()
    db.session.commit()
    refuse_last_administrator(get(number))


def test_the_buttons(admin: FlaskClient, make: Factory, sign_in: SignIn, post: Post) -> None:
    user = make.user(name="Olu", totp_secret="x", totp_confirmed_at=utc_now())
    number, browser = user.id, sign_in(user)
    assert "Send an invitation" in admin.get(f"{URL}/{number}").text
    post(admin, f"{URL}/{number}/invite")
    assert "Send the invitation again" in admin.get(f"{URL}/{number}").text
    post(admin, f"{URL}/{number}/end-sessions")
    assert browser.get("/staff/events").status_code == 302
    assert endings(number) == [SessionEnd.ENDED_BY_ADMINISTRATOR]
    post(admin, f"{URL}/{number}/reset-factors")
    assert get(number).totp_confirmed_at is None
    assert verbs(number)[:2] == ["user.invited", "user.sessions_ended"]
    post(admin, f"{URL}/{number}/deactivate")
    page = admin.get(f"{URL}/{number}").text
    assert ("Let in again" in page, "End all sessions" in page) == (True, False)


def test_an_alumnus_keeps_role_and_profile(admin: FlaskClient, make: Factory, post: Post) -> None:
    user = make.user(Role.ALUMNUS, name="Old")
    number, person = user.id, user.alumnus_id
    assert 'name="role"' not in admin.get(f"{URL}/{number}").text
    assert post(admin, f"{URL}/{number}", fields(name="New", role="admin")).status_code == 302
    assert (get(number).name, get(number).role, get(number).alumnus_id) == ("New", Role.ALUMNUS, person)


def test_what_is_sensitive_asks_for_a_fresh_proof(admin: FlaskClient, make: Factory, post: Post) -> None:
    number = make.user().id
    db.session.execute(sa.update(UserSession).values(fresh_at=utc_now().replace(year=2020)))
    db.session.commit()
    assert admin.get(URL).status_code == 200
    for page in (f"{URL}/new", f"{URL}/{number}", "/staff/settings/sign-in"):
        answer = admin.get(page)
        assert (answer.status_code, answer.location.split("?")[0]) == (302, "/account/confirm")
    post(admin, f"{URL}/{number}/deactivate")
    assert get(number).active is True


def test_who_is_not_there_is_not_found(admin: FlaskClient, post: Post) -> None:
    assert admin.get(f"{URL}/999999").status_code == 404
    for step in ("", "/invite", "/reset-factors", "/end-sessions", "/deactivate", "/reactivate"):
        assert post(admin, f"{URL}/999999{step}", fields()).status_code == 404
