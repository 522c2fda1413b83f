"""Mail leaves by a real SMTP server; a server that fails is tried again, a dead worker's mail goes out once known."""

import os
import re
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from bsm_alumni.assignments import service, service_answers
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail import service as outbox
from bsm_alumni.mail.enums import MailState
from bsm_alumni.mail.message import Message
from bsm_alumni.mail.models import Mail
from bsm_alumni.worker import sweep
from config import ROOT
from tests.browsing import post_form
from tests.factories import Factory
from tests.mail.servers import free_port, mail_to, smtp_server

LINK = re.compile(r"http://localhost(/i/[\w-]+)")


def invited(make: Factory, **person: object) -> Assignment:
    event = make.event("Reflections", seats=1, starts_at=utc_now() + timedelta(days=40))
    slot_id, alumnus_id = event.slots[0].id, make.alumnus(**person).id  # type: ignore[arg-type]
    db.session.rollback()
    with writing():
        assignment = service.propose_and_invite(slot_id, alumnus_id)
        db.session.commit()
    return assignment


def the_mail() -> Mail:
    """The first mail as it is now; no transaction is left open that a worker would wait for."""
    db.session.rollback()
    db.session.expire_all()
    mail = db.session.scalars(sa.select(Mail).order_by(Mail.id)).first()
    assert mail is not None
    db.session.expunge(mail)
    db.session.rollback()
    return mail


def text_of(email: object) -> str:
    return str(email.get_body(("plain",)).get_content())  # type: ignore[attr-defined]


def test_an_invitation_arrives_and_its_link_answers(app: Flask, client: FlaskClient, make: Factory) -> None:
    assignment = invited(make, email="amina@example.org", zone="Africa/Nairobi")
    other = make.alumnus("Other", email="other@example.org")
    port = free_port()
    with smtp_server(port) as inbox, mail_to(app, f"smtp://127.0.0.1:{port}"):
        sweep(app)
    assert inbox.recipients == [["amina@example.org"]]
    [email] = inbox.mails
    assert str(email["To"]) == "amina@example.org"
    assert str(email["Subject"]) == "Will you present? Reflections"
    assert "Nairobi (UTC+3)" in text_of(email)
    assert "Nairobi (UTC+3)" in email.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert other.emails[0].address not in bytes(email).decode()
    [attached] = list(email.iter_attachments())
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_param("method") == "REQUEST"
    calendar = Calendar.from_ical(attached.get_content())
    [entry] = calendar.events
    assert (str(calendar["METHOD"]), str(entry["UID"]), int(entry["SEQUENCE"])) == (
        "REQUEST",
        f"assignment-{assignment.id}@localhost",
        0,
    )
    assert entry.start == assignment.event.starts_at.replace(microsecond=0)
    link = LINK.search(text_of(email))
    assert link is not None
    assert post_form(client, f"{link[1]}/accept", page=link[1]).status_code == 302
    db.session.rollback()
    db.session.refresh(assignment)
    assert assignment.state is AssignmentState.ACCEPTED
    # What is kept of the mail holds no link that works.
    assert LINK.search(the_mail().sent_text) is None


def test_every_kind_of_mail_is_made_in_every_language(app: Flask, make: Factory) -> None:
    for locale in ("ar", "zh", "en", "fr", "ru", "es"):
        assignment = invited(make, locale=locale)
        number = assignment.id
        for kind, state in (
            ("invitation", "invited"),
            ("reminder", "invited"),
            ("moved", "invited"),
            ("accepted", "accepted"),
            ("withdrawn", "withdrawn"),
            ("cancelled", "cancelled"),
        ):
            first = db.session.scalars(sa.select(Mail).where(Mail.subject_id == number)).first()
            assert first is not None
            assignment.state = AssignmentState(state)
            mail = Mail(kind=kind, params=first.params, to_address="x@example.org")
            message = app.extensions["bsm_mail_renderers"][kind](mail)
            assert message is not None
            assert "{{" not in message.text + message.html
            method = "CANCEL" if kind in ("withdrawn", "cancelled") else "REQUEST"
            calendar = Calendar.from_ical(message.attachments[0].content.decode())
            assert (str(calendar["METHOD"]), int(calendar.events[0]["SEQUENCE"])) == (method, int(method == "CANCEL"))
            assert f'lang="{locale}" dir="{"rtl" if locale == "ar" else "ltr"}"' in message.html
        db.session.rollback()


def test_a_server_that_is_away_is_tried_again_later_and_later(app: Flask, make: Factory) -> None:
    with time_machine.travel(utc_now()) as clock:
        invited(make)
        port = free_port()
        with mail_to(app, f"smtp://127.0.0.1:{port}"):
            sweep(app)
            mail = the_mail()
            assert (mail.state, mail.attempts) == (MailState.QUEUED, 1)
            assert "refused" in mail.last_error
            sweep(app)
            assert the_mail().attempts == 1
            clock.shift(timedelta(minutes=3))
            with smtp_server(port) as inbox:
                sweep(app)
        mail = the_mail()
        assert (mail.state, mail.attempts, len(inbox.mails)) == (MailState.SENT, 2, 1)


def test_a_server_that_is_away_costs_the_other_mails_no_try(app: Flask) -> None:
    hello = {"x": lambda mail: Message("Hello", "Hello", "<p>Hello</p>")}
    with writing():
        for number in range(3):
            outbox.post("x", f"a{number}@example.org", {})
        db.session.commit()
    port = free_port()
    with mail_to(app, f"smtp://127.0.0.1:{port}"):
        assert outbox.deliver_due(hello) == 0
        assert db.session.scalars(sa.select(Mail.attempts).order_by(Mail.id)).all() == [1, 0, 0]
        db.session.rollback()
        with smtp_server(port):
            assert outbox.deliver_due(hello) == 2


def test_a_mailbox_that_does_not_exist_is_not_tried_again(app: Flask, make: Factory) -> None:
    invited(make)
    port = free_port()
    with smtp_server(port) as inbox, mail_to(app, f"smtp://127.0.0.1:{port}"):
        inbox.answers = ["550 no such mailbox"]
        sweep(app)
    mail = the_mail()
    assert (mail.state, mail.attempts, inbox.mails) == (MailState.FAILED, 1, [])
    assert mail.last_error == "550 no such mailbox"


def test_a_mailbox_that_is_full_for_now_is_tried_again(app: Flask, make: Factory) -> None:
    invited(make)
    port = free_port()
    with smtp_server(port) as inbox, mail_to(app, f"smtp://127.0.0.1:{port}"):
        inbox.answers = ["452 try later"]
        sweep(app)
    assert (the_mail().state, inbox.mails) == (MailState.QUEUED, [])


def test_after_eight_tries_a_person_must_look(app: Flask, make: Factory) -> None:
    with time_machine.travel(utc_now()) as clock:
        invited(make)
        with mail_to(app, f"smtp://127.0.0.1:{free_port()}"):
            for _try in range(outbox.MOST_ATTEMPTS):
                sweep(app)
                clock.shift(timedelta(minutes=2**outbox.MOST_ATTEMPTS + 1))
        assert (the_mail().state, the_mail().attempts) == (MailState.FAILED, outbox.MOST_ATTEMPTS)


class WorkerKilled(BaseException):
    """As when the machine stops: no handler of the program catches it."""


def test_a_worker_that_dies_between_sending_and_noting_sends_the_same_mail_again(app: Flask, make: Factory) -> None:
    with time_machine.travel(utc_now()) as clock:
        invited(make)
        port = free_port()
        with smtp_server(port) as inbox, mail_to(app, f"smtp://127.0.0.1:{port}"):

            def die_when_noting(_session: object, _context: object, _instances: object) -> None:
                if inbox.mails:
                    raise WorkerKilled

            sa.event.listen(db.session, "before_flush", die_when_noting)
            try:
                with pytest.raises(WorkerKilled):
                    sweep(app)
            finally:
                sa.event.remove(db.session, "before_flush", die_when_noting)
            db.session.rollback()
            assert the_mail().state is MailState.QUEUED
            sweep(app)
            assert len(inbox.mails) == 1
            clock.shift(outbox.LEASE + timedelta(seconds=1))
            sweep(app)
            sweep(app)
        assert the_mail().state is MailState.SENT
        first, second = inbox.mails
        assert str(first["Message-ID"]) == str(second["Message-ID"])
        assert LINK.findall(text_of(first)) == LINK.findall(text_of(second)) != []


def test_a_worker_process_that_is_killed_while_sending_loses_and_changes_nothing(app: Flask, make: Factory) -> None:
    invited(make)
    port, settings = free_port(), app.extensions["bsm_settings"]
    db.session.remove()
    environment = {
        **os.environ,
        "BSM_ENV": "demo",
        "BSM_DATABASE_URL": settings.database_url,
        "BSM_SECRET_KEY": settings.secret_key,
        "BSM_BASE_URL": settings.base_url,
        "BSM_MAIL_URL": f"smtp://127.0.0.1:{port}",
    }
    command = [sys.executable, "-c", "from bsm_alumni.cli import main; main()", "worker", "--once"]

    def work() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)

    with smtp_server(port) as inbox:
        first = work()
        inbox.victims.append(first.pid)
        assert first.wait(60) == -signal.SIGKILL
        mail = the_mail()
        assert (mail.state, mail.attempts) == (MailState.QUEUED, 1)
        # The next worker waits until the first one's time is up.
        db.session.execute(sa.update(Mail).values(not_before=utc_now()))
        db.session.commit()
        db.session.remove()
        assert work().wait(60) == 0
    assert the_mail().state is MailState.SENT
    before, after = inbox.mails
    assert str(before["Message-ID"]) == str(after["Message-ID"])
    assert LINK.findall(text_of(before)) == LINK.findall(text_of(after)) != []


def test_what_is_no_longer_true_is_not_sent(app: Flask, make: Factory) -> None:
    assignment = invited(make)
    with writing():
        service_answers.decline(assignment.id)
        # As if the answer came while the mail was already in a worker's hands.
        mail = db.session.scalars(sa.select(Mail)).one()
        mail.state = MailState.QUEUED
        db.session.commit()
    port = free_port()
    with smtp_server(port) as inbox, mail_to(app, f"smtp://127.0.0.1:{port}"):
        sweep(app)
    assert (the_mail().state, inbox.mails) == (MailState.CANCELLED, [])


def test_a_title_cannot_add_a_header(app: Flask, make: Factory) -> None:
    assignment = invited(make)
    assignment.event.title = "Reflections\r\nBcc: other@example.org"
    db.session.commit()
    port = free_port()
    with smtp_server(port) as inbox, mail_to(app, f"smtp://127.0.0.1:{port}"):
        sweep(app)
    assert [email["Bcc"] for email in inbox.mails] == [None]
    assert len(inbox.recipients[0]) == 1


def test_a_mail_that_cannot_be_made_does_not_stop_the_others(app: Flask, make: Factory) -> None:
    with writing():
        outbox.post("broken", "a@example.org", {})
        outbox.post("fine", "b@example.org", {})
        db.session.commit()

    def broken(_mail: Mail) -> Message | None:
        raise ValueError("no words")

    with mail_to(app, app.extensions["bsm_settings"].mail_url):
        sent = outbox.deliver_due({"broken": broken, "fine": lambda mail: Message("Hello", "Hello", "<p>Hello</p>")})
    assert sent == 1
    states = db.session.execute(sa.select(Mail.kind, Mail.state, Mail.last_error).order_by(Mail.id)).all()
    assert [tuple(row) for row in states] == [
        ("broken", MailState.QUEUED, "ValueError: no words"),
        ("fine", MailState.SENT, ""),
    ]


def test_a_mail_with_the_same_key_is_written_once(app: Flask) -> None:
    with writing():
        assert outbox.post("x", "a@example.org", {}, dedupe_key="once") is not None
        assert outbox.post("x", "a@example.org", {}, dedupe_key="once") is None
        db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mail)) == 1
