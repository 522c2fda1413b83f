"""A partner's events: its own, and in them only the people it may see."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.events.enums import EventStatus
from bsm_alumni.extensions import db, utc_now
from tests.factories import SOON, Factory
from tests.seats import hold

SignIn = Callable[[User], FlaskClient]


def main_of(page: str) -> str:
    return page.split('<main id="main"')[1].split("</main>")[0]


def titles(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><bdi>([^<]*)</bdi>', page)


def test_a_partner_sees_the_events_it_takes_part_in_and_no_others(make: Factory, sign_in: SignIn) -> None:
    iom, unodc = make.organisation("IOM"), make.organisation("UNODC")
    make.event("Ours", partners=[iom])
    make.event("Both", partners=[iom, unodc], starts_at=SOON + timedelta(days=1))
    make.event("Theirs", partners=[unodc])
    make.event("Nobody's")
    make.event("Draft", partners=[iom], status=EventStatus.DRAFT)
    make.event("Put away", partners=[iom], status=EventStatus.ARCHIVED)
    make.event("Called off", partners=[iom], status=EventStatus.CANCELLED, starts_at=SOON + timedelta(days=2))
    make.event("Over", partners=[iom], starts_at=utc_now() - timedelta(days=2))
    client = sign_in(make.user(Role.PARTNER, organisation_id=iom.id))
    page = client.get("/partner/events").text
    assert titles(page) == ["Ours", "Both", "Called off"]
    assert re.findall(r'<p class="count">([^<]*)<', page) == ["3 events"]
    assert titles(client.get("/partner/events?show=past").text) == ["Over"]
    # No way in by the staff's address.
    assert client.get("/staff/events/1").status_code == 403


def test_only_people_who_agreed_and_said_yes_are_named(make: Factory, sign_in: SignIn) -> None:
    iom, unodc = make.organisation("IOM"), make.organisation("UNODC")
    event = make.event("Ours", partners=[iom, unodc], seats=8)
    slot, yes = event.slots[0], AssignmentState.ACCEPTED
    for seat, (person, state) in enumerate(
        (
            (make.alumnus("Shown", shared_with=(iom,)), yes),
            (make.alumnus("Spoke", shared_with=(iom, unodc)), AssignmentState.DELIVERED),
            (make.alumnus("Asked", shared_with=(iom,)), AssignmentState.INVITED),
            (make.alumnus("Declined", shared_with=(iom,)), AssignmentState.DECLINED),
            (make.alumnus("Elsewhere", shared_with=(unodc,)), yes),
            (make.alumnus("Unshared"), yes),
            (make.alumnus("Restricted", shared_with=(iom,), restricted=True), yes),
            (make.alumnus("Left", shared_with=(iom,), status=AlumnusStatus.LEFT_SERVICE), yes),
        ),
        1,
    ):
        hold(slot, person, state, seat)
    page = main_of(sign_in(make.user(Role.PARTNER, organisation_id=iom.id)).get("/partner/events").text)
    assert re.findall(r'class="person-name"[^>]*><bdi>([^<]*)</bdi>', page) == ["Amina Shown", "Amina Spoke"]
    for name in ("Asked", "Declined", "Elsewhere", "Unshared", "Restricted", "Left"):
        assert name not in page, name
    # How many seats there are, and how many are taken by whom, is not the partner's to know.
    assert "●" not in page
    assert re.findall(r"\b\d+ of \d+\b", page) == []


def test_queries_do_not_grow_and_the_page_stays_small(
    make: Factory, sign_in: SignIn, count_queries: Callable[[], object]
) -> None:
    iom, counts = make.organisation("IOM"), {}
    themes = [make.theme(f"A theme with a long name {n}") for n in range(3)]
    client = sign_in(make.user(Role.PARTNER, organisation_id=iom.id))
    for number in range(1, 27):
        event = make.event(f"Border Community Dynamics {number}", partners=[iom], themes=themes, seats=2)
        for seat in (1, 2):
            person = make.alumnus(f"P{number}", shared_with=(iom,))
            hold(event.slots[0], person, AssignmentState.ACCEPTED, seat)
        if number in (1, 3, 26):
            db.session.rollback()
            with count_queries() as queries:  # type: ignore[attr-defined]
                page = client.get("/partner/events")
            counts[number] = len(queries)
    assert counts[1] == counts[3] == counts[26]
    assert len(titles(page.text)) == 25
    assert len(page.data) < 60_000
