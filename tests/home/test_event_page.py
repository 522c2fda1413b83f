"""The page of one event, and what moving and cancelling does to its people."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.assignments import service as assignments
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.database import writing
from bsm_alumni.events.enums import EventStatus
from bsm_alumni.events.models import Event
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.models import Mail
from tests.factories import Factory
from tests.seats import hold

SignIn = Callable[[User], FlaskClient]
START = datetime(2027, 7, 8, 14, tzinfo=UTC)


@pytest.fixture
def officer(make: Factory, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(zone="Africa/Nairobi"))


def invited(make: Factory, event: Event) -> Assignment:
    person_id, slot_id = make.alumnus().id, event.slots[0].id
    db.session.rollback()
    with writing():
        row = assignments.propose_and_invite(slot_id, person_id)
        db.session.commit()
    return row


def edit_data(event: Event, **changes: str) -> dict[str, str]:
    data = {
        "title": event.title,
        "kind": "webinar",
        "series_id": "0",
        "start_day": "2027-07-08",
        "start_clock": "10:00",
        "end_clock": "11:30",
        "zone": "America/New_York",
        "status": "planned",
        "languages": "en",
    }
    return {**data, **changes}


def main_of(page: str) -> str:
    return page.split('<main id="main"')[1].split("</main>")[0]


def test_the_head_shows_the_clocks_of_everyone_who_matters(make: Factory, officer: FlaskClient) -> None:
    event = make.event("Dynamics", starts_at=START)
    page = main_of(officer.get(f"/staff/events/{event.id}").text)
    assert re.findall(r"<h1><bdi>([^<]*)</bdi></h1>", page) == ["Dynamics"]
    assert "Thursday 8 July 2027, 10:00, New York (UTC-4)" in page
    assert re.findall(r'<span class="nowrap">([^<]*)</span>', page) == [
        "New York (UTC-4) 10:00",
        "London (UTC+1) 15:00",
        "Vienna (UTC+2) 16:00",
        "Nairobi (UTC+3) 17:00",
    ]


def test_a_clock_on_another_day_says_which(make: Factory, officer: FlaskClient) -> None:
    event = make.event(starts_at=START.replace(hour=22))
    page = main_of(officer.get(f"/staff/events/{event.id}").text)
    assert re.findall(r'<span class="nowrap">([^<]*)</span>', page)[-1] == "Nairobi (UTC+3) 9 Jul 2027, 01:00"


def test_seats_are_cards_with_their_next_steps(make: Factory, officer: FlaskClient) -> None:
    event = make.event(seats=3)
    slot = event.slots[0]
    asked = hold(slot, make.alumnus("Asked"), AssignmentState.INVITED, 1)
    proposed = hold(slot, make.alumnus("Proposed"), AssignmentState.PROPOSED, 2)
    hold(slot, make.alumnus("Gone"), AssignmentState.DECLINED, 3)
    page = main_of(officer.get(f"/staff/events/{event.id}").text)
    cards = re.findall(r'<li class="seat-card[^"]*">(.*?)</li>', page, re.DOTALL)
    assert [re.findall(r"<bdi>([^<]*)</bdi>", card) for card in cards] == [["Amina Asked"], ["Amina Proposed"], []]
    assert [re.findall(r'action="[^"]*/(\w[\w-]*/[\w-]+)"', card) for card in cards] == [
        [f"{asked.id}/remind", f"{asked.id}/renew-link", f"{asked.id}/cancel"],
        [f"{proposed.id}/invite", f"{proposed.id}/cancel"],
        [],
    ]
    assert "1 person was asked before" in page


def test_a_seat_of_a_session_that_began_asks_whether_they_came(make: Factory, officer: FlaskClient) -> None:
    event = make.event(seats=1, starts_at=utc_now() - timedelta(hours=5))
    row = hold(event.slots[0], make.alumnus(), AssignmentState.ACCEPTED)
    page = main_of(officer.get(f"/staff/events/{event.id}").text)
    assert re.findall(r'action="([^"]*)"', page) == [
        f"/staff/assignments/{row.id}/delivered",
        f"/staff/assignments/{row.id}/no-show",
    ]
    assert "hx-get" not in page


def test_the_slot_in_hand_is_the_one_asked_for_else_the_first_that_is_open(make: Factory, officer: FlaskClient) -> None:
    event = make.event(seats=1)
    full, open_slot, last = event.slots[0], make.slot(event, position=1), make.slot(event, position=2)
    hold(full, make.alumnus())

    def in_hand(query: str) -> list[str]:
        page = officer.get(f"/staff/events/{event.id}{query}").text
        return re.findall(r'hx-get="[^"]*/slots/(\d+)/shortlist"', page)

    assert in_hand("") == [str(open_slot.id)]
    assert in_hand(f"?slot={last.id}") == [str(last.id)]
    assert in_hand("?slot=999") == [str(open_slot.id)]
    assert officer.get(f"/staff/events/{event.id}/slots/{last.id}/shortlist").status_code == 200


@pytest.mark.parametrize("tab", ["people", "correspondence", "briefing", "history"])
def test_queries_do_not_grow_with_people(
    make: Factory, officer: FlaskClient, count_queries: Callable[[], object], tab: str
) -> None:
    event, counts = make.event(seats=5, themes=[make.theme()], partners=[make.organisation()]), {}
    for number in range(1, 4):
        invited(make, event)
        hold(event.slots[0], make.alumnus(), AssignmentState.DECLINED, number)
        if number in (1, 3):
            with count_queries() as queries:  # type: ignore[attr-defined]
                page = officer.get(f"/staff/events/{event.id}?tab={tab}")
            counts[number] = len(queries)
    assert counts[1] == counts[3]
    assert len(page.data) < 60_000


def test_letters_and_history_are_told(make: Factory, officer: FlaskClient) -> None:
    event = make.event("Dynamics", seats=1)
    row = invited(make, event)
    letters = main_of(officer.get(f"/staff/events/{event.id}?tab=correspondence").text)
    assert re.findall(r'<span class="person-latin"><bdi>([^<]*)</bdi>', letters) == [row.alumnus.emails[0].address]
    history = main_of(officer.get(f"/staff/events/{event.id}?tab=history").text)
    assert re.findall(r'<p class="mb-0"><bdi>([^<]*)</bdi>', history) == ["Amina Diallo", "Amina Diallo"]


def test_moving_asks_the_people_again_and_says_so(
    make: Factory, officer: FlaskClient, post: Callable[..., object]
) -> None:
    event = make.event("Dynamics", seats=2, starts_at=START)
    row = invited(make, event)
    form = officer.get(f"/staff/events/{event.id}/edit").text
    assert 'value="2027-07-08"' in form
    assert 'value="10:00"' in form
    assert "1 person was asked for this event." in form
    post(officer, f"/staff/events/{event.id}/edit", edit_data(event, title="Dynamics, again"))
    db.session.expire_all()
    assert (event.title, event.revision, row.event_revision) == ("Dynamics, again", 0, 0)
    db.session.rollback()
    answer = post(officer, f"/staff/events/{event.id}/edit", edit_data(event, start_clock="09:00"))
    assert answer.status_code == 302  # type: ignore[attr-defined]
    db.session.expire_all()
    assert (event.starts_at, event.revision) == (START - timedelta(hours=1), 1)
    assert (row.state, row.event_revision) == (AssignmentState.INVITED, 1)
    db.session.rollback()
    page = officer.get(f"/staff/events/{event.id}?tab=history").text
    assert "The event has moved. 1 person is asked again, with the new time." in page
    assert "start: 8 Jul 2027, 10:00 → 8 Jul 2027, 09:00" in page


def test_an_error_in_the_form_moves_nobody(make: Factory, officer: FlaskClient, post: Callable[..., object]) -> None:
    event = make.event("Dynamics", seats=2, starts_at=START)
    row = invited(make, event)
    answer = post(officer, f"/staff/events/{event.id}/edit", edit_data(event, start_clock="09:00", end_clock="08:00"))
    assert answer.status_code == 422  # type: ignore[attr-defined]
    db.session.expire_all()
    assert (event.starts_at, event.revision, row.event_revision) == (START, 0, 0)


def test_two_editors_do_not_overwrite_each_other(
    make: Factory, officer: FlaskClient, post: Callable[..., object]
) -> None:
    event = make.event("Dynamics", starts_at=START)
    url = f"/staff/events/{event.id}/edit"
    db.session.rollback()
    seen = re.findall(r'name="seen_at"[^>]*value="([^"]*)"', officer.get(url).text)
    data = {**edit_data(event), "seen_at": html.unescape(seen[0])}
    db.session.rollback()
    # Only what is not in the event's own row: it counts as a change too.
    assert post(officer, url, {**data, "languages": ["en", "fr"]}).status_code == 302  # type: ignore[attr-defined]
    second = post(officer, url, {**data, "title": "Overwritten"})
    assert second.status_code == 422  # type: ignore[attr-defined]
    assert "Somebody else changed this event meanwhile." in second.text  # type: ignore[attr-defined]
    db.session.expire_all()
    assert event.title == "Dynamics"


def test_cancelling_releases_everyone_and_needs_a_reason(
    make: Factory, officer: FlaskClient, post: Callable[..., object]
) -> None:
    event = make.event("Dynamics", seats=2, starts_at=START)
    row = invited(make, event)
    url = f"/staff/events/{event.id}/cancel"
    assert "1 person is told by mail and released." in officer.get(url).text
    assert post(officer, url, {"reason": " "}).status_code == 422  # type: ignore[attr-defined]
    assert post(officer, url, {"reason": "The venue is closed."}).status_code == 302  # type: ignore[attr-defined]
    db.session.expire_all()
    assert (event.status, row.state) == (EventStatus.CANCELLED, AssignmentState.CANCELLED)
    assert db.session.scalars(sa.select(Mail.kind).order_by(Mail.id)).all()[0] == "invitation"
    db.session.rollback()
    assert post(officer, f"/staff/events/{event.id}/edit", edit_data(event)).status_code == 422  # type: ignore[attr-defined]
    page = main_of(officer.get(f"/staff/events/{event.id}").text)
    assert "hx-get" not in page
    assert f"/staff/events/{event.id}/edit" not in page


def test_archive_and_restore(make: Factory, officer: FlaskClient, post: Callable[..., object]) -> None:
    event = make.event(starts_at=utc_now() - timedelta(days=3))
    coming = make.event()
    db.session.rollback()
    for action, status in (("archive", EventStatus.ARCHIVED), ("restore", EventStatus.DELIVERED)):
        post(officer, f"/staff/events/{event.id}/{action}")
        db.session.expire_all()
        assert event.status is status
        db.session.rollback()
    post(officer, f"/staff/events/{coming.id}/archive")
    db.session.expire_all()
    assert coming.status is EventStatus.PLANNED


def test_a_reader_sees_people_without_buttons(make: Factory, sign_in: SignIn) -> None:
    event = make.event(seats=2)
    hold(event.slots[0], make.alumnus())
    reader = sign_in(make.user(Role.VIEWER))
    for tab in ("people", "briefing"):
        page = main_of(reader.get(f"/staff/events/{event.id}?tab={tab}").text)
        assert "<form" not in page
        assert "/edit" not in page
    assert reader.get(f"/staff/events/{event.id}/edit").status_code == 403


def test_an_event_that_is_not_there(officer: FlaskClient) -> None:
    for path in ("", "/edit", "/cancel", "/slots/new"):
        assert officer.get(f"/staff/events/999{path}").status_code == 404
