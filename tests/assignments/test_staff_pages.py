"""Officers' buttons: each does one thing, says what came of it and goes back to the event."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments import service_answers
from bsm_alumni.assignments.enums import AssignmentState as State
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.events.models import Event
from bsm_alumni.extensions import db
from bsm_alumni.mail.enums import MailState
from bsm_alumni.mail.models import Mail
from tests.assignments.steps import START, asked, does
from tests.browsing import post_form
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def officer(make: Factory, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.OFFICER, name="Olga Officer"))


def said(client: FlaskClient, url: str, data: dict | None = None) -> list[str]:
    """Post a form; what the next page would say."""
    answer = post_form(client, url, data)
    assert (answer.status_code, answer.headers["Location"][:14]) == (302, "/staff/events/")
    with client.session_transaction() as session:
        words = [text for _category, text in session.pop("_flashes", [])]
    db.session.rollback()
    db.session.expire_all()
    return words


def states() -> list[State]:
    return list(db.session.scalars(sa.select(Assignment.state).order_by(Assignment.id)))


def test_inviting_from_the_shortlist(officer: FlaskClient, event: Event, amina: Alumnus) -> None:
    url = f"/staff/slots/{event.slots[0].id}/invite"
    words = said(officer, url, {"alumnus_id": amina.id, "answer_by": "2027-02-20"})
    assert words == ["Amina Diallo is invited; the mail is on its way."]
    [assignment] = db.session.scalars(sa.select(Assignment)).all()
    # The end of that day on the event's clock, in New York.
    assert assignment.answer_by is not None
    assert assignment.answer_by.isoformat() == "2027-02-21T04:59:00+00:00"
    [mail] = db.session.scalars(sa.select(Mail)).all()
    assert (mail.state, mail.params["asked_by"]) == (MailState.QUEUED, "Olga Officer")
    assert said(officer, url, {"alumnus_id": amina.id}) == ["Amina Diallo was asked for this slot before."]


def test_a_mail_can_wait_for_a_second_look(officer: FlaskClient, event: Event, amina: Alumnus) -> None:
    url = f"/staff/slots/{event.slots[0].id}/invite"
    said(officer, url, {"alumnus_id": amina.id, "held": "y"})
    assert db.session.scalars(sa.select(Mail.state)).all() == [MailState.HELD]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choose somebody first."),
        ({"alumnus_id": "1", "answer_by": "2027-01-01"}, "Choose a day that is still to come."),
    ],
)
def test_what_is_missing_or_late_is_said(
    officer: FlaskClient, event: Event, amina: Alumnus, data: dict, words: str
) -> None:
    if data:
        data = data | {"alumnus_id": amina.id}
    assert said(officer, f"/staff/slots/{event.slots[0].id}/invite", data)[0] == words
    assert states() == []


def test_propose_then_invite_then_cancel(officer: FlaskClient, event: Event, amina: Alumnus) -> None:
    slot_id = event.slots[0].id
    said(officer, f"/staff/slots/{slot_id}/propose", {"alumnus_id": amina.id})
    assert (states(), db.session.scalars(sa.select(Mail)).all()) == ([State.PROPOSED], [])
    [number] = db.session.scalars(sa.select(Assignment.id)).all()
    said(officer, f"/staff/assignments/{number}/invite")
    assert states() == [State.INVITED]
    assert said(officer, f"/staff/assignments/{number}/cancel", {"reason": "Programme changed"}) == [
        "The seat of Amina Diallo is free again."
    ]
    assert states() == [State.CANCELLED]
    assert said(officer, f"/staff/assignments/{number}/cancel") == [
        "This cannot be done: the invitation is at “Cancelled” by now. Look at it again."
    ]


def test_inviting_many_says_who_was_left_out(officer: FlaskClient, event: Event, make: Factory) -> None:
    people = [make.alumnus(name, restricted=name == "Closed") for name in ("Fine", "Closed", "Good", "Late")]
    words = said(officer, f"/staff/slots/{event.slots[0].id}/invite-many", {"alumnus_id": [p.id for p in people]})
    assert words == [
        "2 people are invited.",
        "Amina Closed was left out: Amina Closed is restricted and cannot be asked.",
        "Amina Late was left out: That seat was taken a moment ago. "
        "Look at the session again before you ask somebody else.",
    ]
    assert states() == [State.INVITED, State.INVITED]


def test_reminding_and_renewing(officer: FlaskClient, event: Event, amina: Alumnus) -> None:
    assignment = asked(event, amina)
    assert said(officer, f"/staff/assignments/{assignment.id}/remind") == ["A reminder to Amina Diallo is on its way."]
    assert said(officer, f"/staff/assignments/{assignment.id}/renew-link") == [
        "A new link for Amina Diallo is on its way; the old one no longer works."
    ]
    does(lambda: service_answers.accept(assignment.id))
    assert said(officer, f"/staff/assignments/{assignment.id}/remind") == [
        "Only somebody who is invited and still has time to answer can be reminded."
    ]


def test_saying_who_came(make: Factory, sign_in: SignIn, event: Event, clock: time_machine.Traveller) -> None:
    came, missing = asked(event, make.alumnus("Came")), asked(event, make.alumnus("Missing"))
    for assignment in (came, missing):
        does(lambda assignment=assignment: service_answers.accept(assignment.id))
    ids = [came.id, missing.id]
    clock.move_to(START + timedelta(hours=2))
    officer = sign_in(make.user(Role.OFFICER))
    said(officer, f"/staff/assignments/{ids[0]}/delivered")
    said(officer, f"/staff/assignments/{ids[1]}/no-show", {"reason": "Recalled to duty"})
    assert states() == [State.DELIVERED, State.NO_SHOW]


@pytest.mark.parametrize("verb", ["invite", "cancel", "remind", "renew-link", "delivered", "no-show"])
def test_an_assignment_that_is_not_there(officer: FlaskClient, verb: str) -> None:
    assert post_form(officer, f"/staff/assignments/999/{verb}").status_code == 404


def test_a_read_only_viewer_changes_nothing(make: Factory, sign_in: SignIn, event: Event, amina: Alumnus) -> None:
    client = sign_in(make.user(Role.VIEWER))
    url = f"/staff/slots/{event.slots[0].id}/invite"
    assert post_form(client, url, {"alumnus_id": amina.id}).status_code == 403
    db.session.rollback()
    assert states() == []


@pytest.mark.parametrize("rows", [1, 3])
def test_a_persons_sessions_in_a_fixed_number_of_queries(
    officer: FlaskClient, make: Factory, amina: Alumnus, count_queries: Callable, rows: int
) -> None:
    for day in range(rows):
        asked(make.event(f"Session {day}", seats=1, starts_at=START + timedelta(days=day)), amina)
    number = amina.id
    db.session.rollback()
    officer.get(f"/staff/alumni/{number}/assignments")
    with count_queries() as queries:
        page = officer.get(f"/staff/alumni/{number}/assignments")
    assert page.text.count("Session ") == rows
    assert len([query for query in queries if query.startswith("SELECT")]) == 3
    fragment = officer.get(f"/staff/alumni/{number}/assignments", headers={"HX-Request": "true"})
    assert fragment.text.lstrip().startswith("<table")


def test_a_refused_step_leaves_nothing_behind(officer: FlaskClient, event: Event, amina: Alumnus) -> None:
    """The page goes on after a refusal and commits; what the step wrote before it was refused must be gone."""
    assignment = asked(event, amina)
    does(lambda: service_answers.accept(assignment.id))
    waiting = db.session.scalars(sa.select(Mail.state).order_by(Mail.id)).all()
    assert waiting == [MailState.CANCELLED, MailState.QUEUED]
    does(lambda: service_answers.withdraw(assignment.id))
    before = db.session.scalars(sa.select(Mail.state).order_by(Mail.id)).all()
    assert before == [MailState.CANCELLED, MailState.CANCELLED, MailState.QUEUED]
    number = assignment.id
    # Cancelling takes back the waiting mails first and is then refused.
    assert said(officer, f"/staff/assignments/{number}/cancel") == [
        "This cannot be done: the invitation is at “Withdrawn” by now. Look at it again."
    ]
    assert db.session.scalars(sa.select(Mail.state).order_by(Mail.id)).all() == before
