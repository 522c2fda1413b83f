"""The link in the mail: opening it changes nothing, a button answers, a used or old or wrong link says so plainly."""

import gzip
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from bsm_alumni import create_app
from bsm_alumni.accounts.enums import Role
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments import links, service, service_events
from bsm_alumni.assignments.enums import AssignmentState as State
from bsm_alumni.assignments.enums import Reason
from bsm_alumni.assignments.models import Assignment, AssignmentMove, InvitationLink
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.events.models import Event
from bsm_alumni.extensions import db
from bsm_alumni.mail.models import Mail
from bsm_alumni.web.tokens import hash_of
from config import Settings
from tests.assignments.steps import NOW, START, asked, does, token_for
from tests.browsing import post_form
from tests.factories import Factory


def heading(text: str) -> str:
    """The page's one h1."""
    found = re.findall(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
    assert len(found) == 1
    return " ".join(re.sub(r"<[^>]+>", "", found[0]).split())


def rows() -> dict[str, int]:
    """How many rows there are of what an answer would write."""
    db.session.rollback()
    return {
        model.__tablename__: db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
        for model in (Assignment, AssignmentMove, InvitationLink, Mail, AuditEntry)
    }


def state_of(assignment: Assignment) -> State:
    db.session.rollback()
    db.session.refresh(assignment)
    state = assignment.state
    db.session.rollback()
    return state


def test_opening_the_link_shows_the_question_and_changes_nothing(
    client: FlaskClient, event: Event, amina: Alumnus
) -> None:
    token = token_for(asked(event, amina))
    before = rows()
    for _time in range(3):
        page = client.get(f"/i/{token}")
        assert page.status_code == 200
    assert heading(page.text) == "Will you present at this session?"
    assert "Wednesday 10 March 2027, 14:00, Dakar" in page.text
    assert "Wednesday 10 March 2027, 09:00, New York" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "<script" not in page.text
    assert rows() == before


def test_yes_by_one_button(client: FlaskClient, event: Event, amina: Alumnus) -> None:
    assignment = asked(event, amina)
    token = token_for(assignment)
    answer = post_form(client, f"/i/{token}/accept", page=f"/i/{token}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/i/{token}")
    assert state_of(assignment) is State.ACCEPTED
    assert heading(client.get(f"/i/{token}").text) == "Thank you: you will present"
    calendar = Calendar.from_ical(client.get(f"/i/{token}/session.ics").data)
    assert [entry.start for entry in calendar.events] == [START]
    assert "Amina Diallo" in [move.actor for move in db.session.scalars(sa.select(AssignmentMove))]


def test_no_with_a_reason_and_a_colleague(client: FlaskClient, event: Event, amina: Alumnus) -> None:
    assignment = asked(event, amina)
    token = token_for(assignment)
    data = {"reason": "suggest", "text": "Moussa Ba (fictional)"}
    post_form(client, f"/i/{token}/decline", data, page=f"/i/{token}")
    assert state_of(assignment) is State.DECLINED
    assert (assignment.reason, assignment.reason_text) == (Reason.SUGGEST, "Moussa Ba (fictional)")
    assert heading(client.get(f"/i/{token}").text) == "You said that you cannot"


def test_no_without_a_word(client: FlaskClient, event: Event, amina: Alumnus) -> None:
    assignment = asked(event, amina)
    token = token_for(assignment)
    post_form(client, f"/i/{token}/decline", page=f"/i/{token}")
    assert state_of(assignment) is State.DECLINED
    assert (assignment.reason, assignment.reason_text) == (None, "")


def test_a_second_yes_is_answered_plainly_and_writes_nothing(client: FlaskClient, event: Event, amina: Alumnus) -> None:
    token = token_for(asked(event, amina))
    post_form(client, f"/i/{token}/accept", page=f"/i/{token}")
    before = rows()
    post_form(client, f"/i/{token}/accept", page=f"/i/{token}")
    assert "You have said yes already; nothing more is needed." in client.get(f"/i/{token}").text
    assert rows() == before


def test_changing_a_yes_to_a_no(client: FlaskClient, event: Event, amina: Alumnus, make: Factory) -> None:
    assignment = asked(event, amina)
    token = token_for(assignment)
    post_form(client, f"/i/{token}/accept", page=f"/i/{token}")
    post_form(client, f"/i/{token}/withdraw", {"reason": "busy"}, page=f"/i/{token}")
    assert state_of(assignment) is State.WITHDRAWN
    # And not back again with the same link.
    post_form(client, f"/i/{token}/accept", page=f"/i/{token}")
    assert state_of(assignment) is State.WITHDRAWN
    assert asked(event, make.alumnus("Next")).seat == 1


@pytest.mark.parametrize("answer", ["", "/accept", "/decline", "/withdraw", "/session.ics"])
def test_a_wrong_token_is_not_there_and_tells_of_nobody(
    client: FlaskClient, event: Event, amina: Alumnus, answer: str
) -> None:
    token = token_for(asked(event, amina))
    wrong = token[:-1] + ("A" if token[-1] != "A" else "B")
    get = answer in ("", "/session.ics")
    page = client.get(f"/i/{wrong}{answer}") if get else post_form(client, f"/i/{wrong}{answer}")
    assert page.status_code == 404
    assert [word for word in ("Amina", "Diallo", "Reflections", "example.org") if word in page.text] == []


@pytest.mark.parametrize("close", ["time", "new link", "moved"])
def test_a_closed_link_is_gone_and_tells_of_nobody(
    client: FlaskClient, event: Event, amina: Alumnus, clock: time_machine.Traveller, close: str
) -> None:
    assignment = asked(event, amina)
    token = token_for(assignment)
    if close == "time":
        clock.move_to(NOW + timedelta(days=10))
    elif close == "new link":
        does(lambda: service.renew_link(assignment.id))
    else:
        event.revision += 1
        db.session.commit()
        event_id = event.id
        does(lambda: service_events.ask_again_after_move(event_id))
    page = client.get(f"/i/{token}")
    assert (page.status_code, heading(page.text)) == (410, "This link is closed")
    assert [word for word in ("Amina", "Diallo", "Reflections", "example.org") if word in page.text] == []
    assert post_form(client, f"/i/{token}/accept").status_code == 410
    assert state_of(assignment) is State.INVITED


def test_a_cancelled_seat_says_so_plainly(client: FlaskClient, event: Event, amina: Alumnus) -> None:
    assignment = asked(event, amina)
    token = token_for(assignment)
    does(lambda: service.cancel(assignment.id))
    assert heading(client.get(f"/i/{token}").text) == "This invitation was cancelled"
    post_form(client, f"/i/{token}/accept", page=f"/i/{token}")
    assert state_of(assignment) is State.CANCELLED


def test_posting_without_the_pages_own_token_is_refused(client: FlaskClient, event: Event, amina: Alumnus) -> None:
    assignment = asked(event, amina)
    token = token_for(assignment)
    client.get(f"/i/{token}")
    assert client.post(f"/i/{token}/accept").status_code == 400
    assert state_of(assignment) is State.INVITED


def test_an_answer_over_https_needs_no_referrer(app: Flask, event: Event, amina: Alumnus) -> None:
    """The page sends none, so asking for one would refuse every answer outside the demo."""
    assignment = asked(event, amina)
    token = token_for(assignment)
    settings = app.extensions["bsm_settings"]
    secure = Settings("demo", settings.database_url, settings.secret_key, "https://localhost", settings.mail_url)
    secure_app = create_app(secure, TESTING=True)
    client = secure_app.test_client()
    page = client.get(f"/i/{token}", base_url="https://localhost")
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert csrf is not None
    posted = client.post(f"/i/{token}/accept", data={"csrf_token": csrf[1]}, base_url="https://localhost")
    with secure_app.app_context():
        db.engine.dispose()
    assert posted.status_code == 302
    assert state_of(assignment) is State.ACCEPTED


def test_the_page_is_in_the_readers_language_and_direction(client: FlaskClient, event: Event, make: Factory) -> None:
    token = token_for(asked(event, make.alumnus(locale="ar")))
    assert '<html lang="ar" dir="rtl">' in client.get(f"/i/{token}").text
    assert '<html lang="fr" dir="ltr">' in client.get(f"/i/{token}?lang=fr").text


def test_the_page_is_light(client: FlaskClient, event: Event, amina: Alumnus) -> None:
    """Under 60 KB with its styles once compressed, for a phone on a slow line."""
    token = token_for(asked(event, amina))
    plain = client.get(f"/i/{token}").text
    styles = re.findall(r'<link rel="(?:stylesheet|icon)"[^>]*href="([^"]+)"', plain)
    assert len(styles) == 3
    total = len(gzip.compress(plain.encode()))
    for address in styles:
        with client.get(address) as answer:
            total += len(gzip.compress(answer.data))
    assert total < 60 * 1024


def test_only_the_hash_of_a_token_is_kept(event: Event, amina: Alumnus) -> None:
    token = token_for(asked(event, amina))
    link = db.session.scalars(sa.select(InvitationLink)).one()
    mail = db.session.scalars(sa.select(Mail)).one()
    assert link.token_hash == hash_of(token)
    kept = " ".join(str(value) for value in [*vars(link).values(), *vars(mail).values()])
    assert token not in kept


def test_the_private_calendar_has_the_accepted_sessions_of_its_owner(
    app: Flask, client: FlaskClient, event: Event, amina: Alumnus, make: Factory
) -> None:
    user = make.user(Role.ALUMNUS, alumnus_id=amina.id)
    token = links.calendar_token(user.id, user.fs_uniquifier)
    mine = token_for(asked(event, amina))
    asked(event, make.alumnus("Other"))
    assert Calendar.from_ical(client.get(f"/calendar/{token}.ics").data).events == []
    post_form(client, f"/i/{mine}/accept", page=f"/i/{mine}")
    found = client.get(f"/calendar/{token}.ics")
    assert [str(entry["SUMMARY"]) for entry in Calendar.from_ical(found.data).events] == ["Reflections"]
    assert "example.org" not in found.text
    number, mac = token.split("-", 1)
    for wrong in (f"{int(number) + 1}-{mac}", f"{number}-{mac[:-1]}", number, "x", "-"):
        assert client.get(f"/calendar/{wrong}.ics").status_code == 404
    user.fs_uniquifier = "signed-out-everywhere"
    db.session.commit()
    assert client.get(f"/calendar/{token}.ics").status_code == 404
