"""The outbox: every mail can be found, read without its secret, held back, let go and sent again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.assignments import links, service, service_answers
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.enums import MailState
from bsm_alumni.mail.models import Mail
from bsm_alumni.worker import sweep
from tests.browsing import post_form
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def officer(make: Factory, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.OFFICER))


@pytest.fixture
def invited(make: Factory) -> Assignment:
    """A person whose invitation is held for review."""
    event = make.event("Reflections", seats=1, starts_at=utc_now() + timedelta(days=40))
    slot_id, alumnus_id = event.slots[0].id, make.alumnus(email="amina@example.org").id
    db.session.rollback()
    with writing():
        assignment = service.propose_and_invite(slot_id, alumnus_id, held=True)
        db.session.commit()
    return assignment


def mails() -> list[MailState]:
    db.session.rollback()
    db.session.expire_all()
    states = list(db.session.scalars(sa.select(Mail.state).order_by(Mail.id)))
    db.session.rollback()
    return states


def test_a_held_mail_is_read_let_go_and_sent(app: Flask, officer: FlaskClient, invited: Assignment) -> None:
    assert sweep(app) == 0
    link = links.find_current_link(invited.id)
    assert link is not None
    token = links.token_of(link)
    db.session.rollback()
    page = officer.get("/staff/mail/1")
    assert "Will you present? Reflections" in page.text
    assert "http://localhost/i/…" in page.text
    assert token not in page.text
    post_form(officer, "/staff/mail/1/release")
    assert mails() == [MailState.QUEUED]
    assert sweep(app) == 1
    assert mails() == [MailState.SENT]
    page = officer.get("/staff/mail/1")
    assert "As it was sent" in page.text
    assert token not in page.text
    about = sa.select(AuditEntry.verb).where(AuditEntry.subject_kind == "mails").order_by(AuditEntry.id)
    assert db.session.scalars(about).all() == ["mail.read", "mail.released", "mail.read"]


def test_a_waiting_mail_is_held_back_for_good(app: Flask, officer: FlaskClient, invited: Assignment) -> None:
    post_form(officer, "/staff/mail/1/cancel")
    post_form(officer, "/staff/mail/1/release")
    assert sweep(app) == 0
    assert mails() == [MailState.CANCELLED]


def test_a_sent_mail_goes_out_again_as_a_new_one(app: Flask, officer: FlaskClient, invited: Assignment) -> None:
    post_form(officer, "/staff/mail/1/send-again")
    assert mails() == [MailState.HELD]
    post_form(officer, "/staff/mail/1/release")
    sweep(app)
    answer = post_form(officer, "/staff/mail/1/send-again")
    assert answer.headers["Location"] == "/staff/mail/2"
    assert mails() == [MailState.SENT, MailState.QUEUED]
    with writing():
        service_answers.decline(invited.id)
        db.session.commit()
    # Nothing is left to say, so nothing more is sent.
    post_form(officer, "/staff/mail/1/send-again")
    assert mails() == [MailState.SENT, MailState.CANCELLED]


def test_a_failed_mail_is_tried_again(app: Flask, officer: FlaskClient, invited: Assignment) -> None:
    mail = db.session.get_one(Mail, 1)
    mail.state, mail.attempts, mail.last_error = MailState.FAILED, 8, "550 no such mailbox"
    db.session.commit()
    assert "550 no such mailbox" in officer.get("/staff/mail/1").text
    post_form(officer, "/staff/mail/1/send-again")
    assert sweep(app) == 1
    assert mails() == [MailState.SENT]


@pytest.mark.parametrize("verb", ["cancel", "release", "send-again"])
def test_a_viewer_reads_and_changes_nothing(make: Factory, sign_in: SignIn, invited: Assignment, verb: str) -> None:
    client = sign_in(make.user(Role.VIEWER))
    assert "/staff/mail/1/" not in client.get("/staff/mail/1").text
    assert post_form(client, f"/staff/mail/1/{verb}").status_code == 403
    assert mails() == [MailState.HELD]


def _many(count: int) -> None:
    for number in range(count):
        state = MailState.SENT if number % 2 else MailState.QUEUED
        db.session.add(Mail(kind="invitation", params={}, to_address=f"a{number}@example.org", state=state))
    db.session.commit()


def test_the_list_is_paged_and_filtered(officer: FlaskClient) -> None:
    _many(30)
    first = officer.get("/staff/mail").text
    assert [first.count(f"<bdi>a{number}@example.org</bdi>") for number in (29, 5, 4)] == [1, 1, 0]
    assert "Next page" in first
    sent = officer.get("/staff/mail?state=sent&q=A1").text
    shown = [number for number in range(30) if f"<bdi>a{number}@example.org</bdi>" in sent]
    assert shown == [1, 11, 13, 15, 17, 19]
    # A percent sign is a letter like any other, and an unknown state shows everything.
    assert "No mail is like this." in officer.get("/staff/mail?q=%25").text
    assert officer.get("/staff/mail?state=lost").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(officer: FlaskClient, count_queries: Callable, rows: int) -> None:
    _many(rows)
    officer.get("/staff/mail")
    with count_queries() as queries:
        officer.get("/staff/mail")
    assert len([query for query in queries if query.startswith("SELECT")]) == 4


def test_a_mail_that_is_not_there(officer: FlaskClient) -> None:
    assert officer.get("/staff/mail/999").status_code == 404
    assert post_form(officer, "/staff/mail/999/cancel").status_code == 404
