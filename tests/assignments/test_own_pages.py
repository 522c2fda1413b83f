"""What an alumnus sees and answers after signing in; nobody else's session is there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from icalendar import Calendar

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments import queries, service
from bsm_alumni.assignments.enums import AssignmentState as State
from bsm_alumni.events.models import Event
from bsm_alumni.extensions import db
from tests.assignments.steps import NOW, START, asked, does
from tests.browsing import post_form
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def me(make: Factory, sign_in: SignIn, amina: Alumnus) -> FlaskClient:
    return sign_in(make.user(Role.ALUMNUS, alumnus_id=amina.id))


def test_the_whole_way_on_ones_own_pages(me: FlaskClient, event: Event, amina: Alumnus) -> None:
    assignment = asked(event, amina)
    page = f"/me/invitations/{assignment.id}"
    assert "Reflections" in me.get("/me/invitations").text
    assert "Will you present at this session?" in me.get(page).text
    post_form(me, f"{page}/accept")
    assert "Thank you: you will present" in me.get(page).text
    assert len(Calendar.from_ical(me.get(f"{page}/session.ics").data).events) == 1
    post_form(me, f"{page}/withdraw", {"reason": "not_allowed"})
    assert "You have stepped back" in me.get(page).text
    db.session.rollback()
    db.session.refresh(assignment)
    assert (assignment.state, assignment.moves[-1].reason) == (State.WITHDRAWN, "not_allowed")


def test_somebody_elses_session_is_not_there(me: FlaskClient, event: Event, make: Factory) -> None:
    number = asked(event, make.alumnus("Other")).id
    assert me.get(f"/me/invitations/{number}").status_code == 404
    assert me.get(f"/me/invitations/{number}/session.ics").status_code == 404
    for verb in ("accept", "decline", "withdraw"):
        assert post_form(me, f"/me/invitations/{number}/{verb}").status_code == 404
    db.session.rollback()
    found = queries.find_assignment(number)
    assert found is not None
    assert found.state is State.INVITED
    assert "Reflections" not in me.get("/me/invitations").text


def test_a_seat_that_was_only_proposed_is_not_told(me: FlaskClient, event: Event, amina: Alumnus) -> None:
    slot_id = event.slots[0].id
    assignment = does(lambda: service.propose(slot_id, amina.id))
    assert me.get(f"/me/invitations/{assignment.id}").status_code == 404
    assert "Reflections" not in me.get("/me/invitations").text


def test_three_lists(me: FlaskClient, make: Factory, amina: Alumnus, clock: time_machine.Traveller) -> None:
    numbers = [asked(make.event(seats=1, starts_at=START + timedelta(days=day)), amina).id for day in range(3)]
    post_form(me, f"/me/invitations/{numbers[1]}/accept")
    post_form(me, f"/me/invitations/{numbers[2]}/decline")
    db.session.rollback()

    def lists() -> list[list[int]]:
        found = (queries.asked_of(amina.id), queries.coming_for(amina.id), queries.past_for(amina.id))
        return [[row.id for row in rows] for rows in found]

    assert lists() == [[numbers[0]], [numbers[1]], [numbers[2]]]
    clock.move_to(START + timedelta(days=5))
    assert lists() == [[], [], [numbers[2], numbers[1], numbers[0]]]


def test_the_seats_of_an_event(event: Event, make: Factory) -> None:
    first, gone = asked(event, make.alumnus("First")), asked(event, make.alumnus("Gone"))
    does(lambda: service.cancel(gone.id))
    [place] = queries.seats_of_event(event.id)
    assert [row.id if row else None for row in place.seats] == [first.id, None]
    assert [row.id for row in place.past] == [gone.id]
    assert {key: [row.id for row in rows] for key, rows in queries.live_by_event([event.id, 999]).items()} == {
        event.id: [first.id]
    }
    assert first.invited_at == NOW


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_a_fixed_number_of_queries(
    me: FlaskClient, make: Factory, amina: Alumnus, count_queries: Callable, rows: int
) -> None:
    for day in range(rows):
        asked(make.event(seats=1, starts_at=START + timedelta(days=day)), amina)
    db.session.rollback()
    me.get("/me/invitations")
    with count_queries() as queries_seen:
        me.get("/me/invitations")
    # The second wall is not a query over anything: PostgreSQL is told whose rows to pick.
    asking = [query for query in queries_seen if query.startswith("SELECT") and "set_config" not in query]
    assert len(asking) == 4
