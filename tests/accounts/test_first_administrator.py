"""The first administrator: named on the command line, once, and let in by a link that works once, for an hour."""

import re
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from click.testing import CliRunner
from flask import Flask

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.queries import find_user
from bsm_alumni.accounts.service_invitations import invite_first_administrator
from bsm_alumni.accounts.service_tokens import url_of
from bsm_alumni.commands.users import user_group
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.errors import FieldErrors, Refused
from tests.browsing import post_form
from tests.factories import Factory

PASSWORD = "orchard-lantern-velvet-quarry"


def first(email: str = "first@example.org") -> str:
    """The path of the link that the command would print."""
    url = url_of(invite_first_administrator(email, "Ada"))
    db.session.commit()
    assert url.startswith("http://localhost/first-administrator/")
    return url.removeprefix("http://localhost")


def admins() -> list[str]:
    found = sa.select(User.email).where(User.role == Role.ADMIN, User.active.is_(True)).order_by(User.email)
    return list(db.session.scalars(found))


def test_the_link_makes_an_administrator_once(app: Flask) -> None:
    link, browser = first(), app.test_client()
    assert browser.get(link).status_code == 200
    assert post_form(browser, link, {"password": PASSWORD}).status_code == 302
    assert browser.get("/staff/settings/users").status_code == 200
    assert post_form(app.test_client(), link, {"password": PASSWORD}).status_code == 404
    with pytest.raises(Refused):
        invite_first_administrator("second@example.org")
    assert admins() == ["first@example.org"]


def test_an_invitation_does_not_open_it_nor_the_other_way_round(app: Flask) -> None:
    token = first().rsplit("/", 1)[1]
    assert app.test_client().get(f"/welcome/{token}").status_code == 404


def test_the_hour_is_over_and_the_command_is_run_again(app: Flask) -> None:
    link = first()
    with time_machine.travel(utc_now() + timedelta(minutes=61), tick=False):
        assert app.test_client().get(link).status_code == 404
        again = first()
        assert app.test_client().get(again).status_code == 200
    assert link != again


def test_a_slip_in_the_address_is_mended_by_running_it_again(app: Flask) -> None:
    wrong, right = first("frist@example.org"), first("first@example.org")
    assert app.test_client().get(wrong).status_code == 404
    assert app.test_client().get(right).status_code == 200
    assert admins() == ["first@example.org"]


@pytest.mark.parametrize("fields", [{"password": "x"}, {"last_sign_in_at": utc_now()}, {"oidc_subject": "i|s"}])
def test_an_administrator_who_can_sign_in_stops_it(fields: dict[str, object], make: Factory) -> None:
    make.user(Role.ADMIN, **fields)
    with pytest.raises(Refused):
        invite_first_administrator("first@example.org")


def test_a_deactivated_administrator_does_not(make: Factory) -> None:
    make.user(Role.ADMIN, password="x", active=False)
    assert first()


def test_it_takes_nobody_elses_account(make: Factory) -> None:
    make.user(Role.PARTNER, email="taken@example.org")
    with pytest.raises(FieldErrors):
        invite_first_administrator("taken@example.org")


def test_many_at_once_leave_one_administrator(app: Flask) -> None:
    start, count = threading.Barrier(6), 6

    def name(number: int) -> None:
        with app.app_context(), writing():
            start.wait()
            invite_first_administrator(f"admin{number}@example.org")
            db.session.commit()

    threads = [threading.Thread(target=name, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Each came after the one before it and took its place.
    assert len(admins()) == 1


def test_the_command_prints_the_link(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bsm_alumni.create_app", lambda: app)
    db.session.rollback()
    answer = CliRunner().invoke(user_group, ["first-administrator", "first@example.org", "--name", "Ada"])
    assert answer.exit_code == 0, answer.output
    assert re.search(r"^http://localhost/first-administrator/[\w-]{43}$", answer.output, re.MULTILINE)
    answer = CliRunner().invoke(user_group, ["create", "--role", "officer", "--invite", "olu@example.org"])
    assert (answer.exit_code, "An invitation goes to olu@example.org" in answer.output) == (0, True), answer.output
    user = find_user("olu@example.org")
    assert user is not None
    assert user.password is None
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    answer = CliRunner().invoke(user_group, ["create", "--role", "viewer", "vera@example.org"], input=typed)
    assert answer.exit_code == 0, answer.output
    both = ["create", "--role", "viewer", "--invite", "--password", PASSWORD, "both@example.org"]
    assert CliRunner().invoke(user_group, both).exit_code == 2
    partner = ["create", "--role", "officer", "--focal-point", "--password", PASSWORD, "focal@example.org"]
    assert CliRunner().invoke(user_group, partner).exit_code == 1
