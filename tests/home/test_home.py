"""The work list and the search."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.enums import AlumnusStatus, PeriodKind
from bsm_alumni.alumni.models import AvailabilityPeriod
from bsm_alumni.assignments.enums import AssignmentState, Reason
from bsm_alumni.events.enums import EventStatus
from bsm_alumni.extensions import db, utc_now
from tests.factories import Factory
from tests.seats import hold

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def officer(make: Factory, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user())


def part(page: str, label: str) -> str:
    """The section of the page under the heading with this id."""
    return page.split(f'aria-labelledby="{label}"')[1].split("</section>")[0]


def total(page: str, label: str) -> str:
    found = re.search(rf'id="{label}">[^<]*<span class="muted">\((\d+)\)', page)
    assert found is not None
    return found[1]


def names(section: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*><bdi>([^<]*)</bdi>', section)


def test_an_empty_desk_says_so(officer: FlaskClient) -> None:
    page = officer.get("/staff/home").text
    assert [total(page, label) for label in ("needs-people", "waiting", "lost")] == ["0", "0", "0"]
    assert page.count('class="empty"') == 3
    assert page.count("Nothing planned") == 4


def test_what_needs_people_is_listed_by_date_and_what_does_not_is_not(make: Factory, officer: FlaskClient) -> None:
    soon = utc_now() + timedelta(days=3)
    make.event("Second", seats=2, starts_at=soon + timedelta(days=1))
    first = make.event("First", seats=2, starts_at=soon)
    hold(first.slots[0], make.alumnus(), AssignmentState.ACCEPTED, 1)
    make.event("No slots", starts_at=soon + timedelta(days=2))
    full = make.event("Full", seats=1, starts_at=soon)
    hold(full.slots[0], make.alumnus(), AssignmentState.INVITED, 1)
    make.event("Draft", seats=1, starts_at=soon, status=EventStatus.DRAFT)
    make.event("Cancelled", seats=1, starts_at=soon, status=EventStatus.CANCELLED)
    make.event("Over", seats=1, starts_at=utc_now() - timedelta(days=1))
    page = officer.get("/staff/home").text
    section = part(page, "needs-people")
    assert names(section) == ["First", "Second", "No slots"]
    assert total(page, "needs-people") == "3"
    assert re.findall(r'<span class="muted nowrap">([^<]*)</span>', section)[0] == "2 days left"
    assert re.findall(r"btn-sm[^>]*>([^<]*)<", section) == ["Choose people", "Choose people", "Add slots"]


def test_who_has_not_answered_is_listed_by_deadline_and_can_be_reminded(make: Factory, officer: FlaskClient) -> None:
    event, now = make.event(seats=3), utc_now()
    late = hold(event.slots[0], make.alumnus("Late"), seat=1, answer_by=now + timedelta(days=9))
    early = hold(event.slots[0], make.alumnus("Early"), seat=2, answer_by=now + timedelta(days=2))
    hold(event.slots[0], make.alumnus("Done"), AssignmentState.ACCEPTED, 3)
    page = officer.get("/staff/home").text
    section = part(page, "waiting")
    assert names(section) == ["Amina Early", "Amina Late"]
    assert re.findall(r'action="([^"]*)"', section) == [f"/staff/assignments/{row.id}/remind" for row in (early, late)]


def test_a_lost_seat_is_listed_until_somebody_takes_it(make: Factory, officer: FlaskClient) -> None:
    event = make.event(seats=1)
    hold(event.slots[0], make.alumnus("Busy"), AssignmentState.DECLINED, reason=Reason.BUSY)
    page = officer.get("/staff/home").text
    assert (names(part(page, "lost")), total(page, "lost")) == (["Amina Busy"], "1")
    assert "I am busy then" in part(page, "lost")
    hold(event.slots[0], make.alumnus("Willing"), AssignmentState.INVITED)
    page = officer.get("/staff/home").text
    assert (names(part(page, "lost")), total(page, "lost")) == ([], "0")


def test_accepted_seats_are_at_risk_when_something_changed_under_them(make: Factory, officer: FlaskClient) -> None:
    partner = make.organisation("IOM")
    event = make.event(seats=6, partners=[partner])
    slot, day = event.slots[0], event.starts_at.date()
    away = make.alumnus("Away")
    db.session.add(AvailabilityPeriod(alumnus_id=away.id, kind=PeriodKind.BLACKOUT, starts_on=day, ends_on=day))
    elsewhere = make.alumnus("Elsewhere")
    other = day + timedelta(days=40)
    db.session.add(AvailabilityPeriod(alumnus_id=elsewhere.id, kind=PeriodKind.WINDOW, starts_on=other, ends_on=other))
    gone = make.alumnus("Gone", status=AlumnusStatus.LEFT_SERVICE)
    restricted = make.alumnus("Restricted", restricted=True)
    hidden = make.alumnus("Hidden", shared_with=(partner,))
    well = make.alumnus("Well", shared_with=(partner,))
    for seat, person in enumerate((away, elsewhere, gone, restricted, hidden, well), 1):
        hold(slot, person, AssignmentState.ACCEPTED, seat)
    make.consent(hidden, partner, frozenset())
    section = part(officer.get("/staff/home").text, "lost")
    risks = re.findall(r"<bdi>([^<]*)</bdi></a>.*?</span>At risk</span> ([^<]*)</td>", section, re.DOTALL)
    assert [(name, words.strip()) for name, words in risks] == [
        ("Amina Away", "Not available on that day any more"),
        ("Amina Elsewhere", "The day is outside the times given"),
        ("Amina Gone", "No longer an active alumnus"),
        ("Amina Restricted", "Restricted since"),
        ("Amina Hidden", "Changed the sharing answer; a partner of the event cannot see them"),
    ]


def test_queries_do_not_grow_and_the_page_stays_small(
    make: Factory, officer: FlaskClient, count_queries: Callable[[], object]
) -> None:
    counts, now = {}, utc_now()
    for number in range(1, 26):
        event = make.event(f"Border Community Dynamics {number}", seats=5, starts_at=now + timedelta(days=1 + number))
        slot = event.slots[0]
        hold(slot, make.alumnus(f"A{number}"), AssignmentState.INVITED, 1)
        hold(slot, make.alumnus(f"B{number}"), AssignmentState.DECLINED, 2)
        accepted = make.alumnus(f"C{number}")
        hold(slot, accepted, AssignmentState.ACCEPTED, 3)
        day = event.starts_at.date()
        db.session.add(AvailabilityPeriod(alumnus_id=accepted.id, kind=PeriodKind.BLACKOUT, starts_on=day, ends_on=day))
        db.session.commit()
        if number in (1, 3, 25):
            with count_queries() as queries:  # type: ignore[attr-defined]
                page = officer.get("/staff/home")
            counts[number] = len(queries)
    assert counts[1] == counts[3] == counts[25]
    assert total(page.text, "lost") == "50"
    assert len(names(part(page.text, "lost"))) == 16
    assert len(page.data) < 60_000


def test_a_reader_sees_the_list_without_buttons_that_change(make: Factory, sign_in: SignIn) -> None:
    event = make.event(seats=2)
    make.event("No slots")
    hold(event.slots[0], make.alumnus())
    page = sign_in(make.user(Role.VIEWER)).get("/staff/home").text
    main = page.split('<main id="main"')[1].split("</main>")[0]
    assert "<form" not in main
    assert re.findall(r"btn-sm[^>]*>([^<]*)<", main) == ["See people"]


def found_in(page: str, label: str) -> list[str]:
    return re.findall(r"<li[^>]*>.*?<bdi>([^<]*)</bdi>", part(page, label), re.DOTALL) if f'"{label}"' in page else []


def test_one_search_finds_people_events_and_cohorts(make: Factory, officer: FlaskClient) -> None:
    make.alumnus("Daouda", "Éva")
    make.alumnus("Other")
    make.event("Dakar evaluation")
    make.event("Another")
    make.cohort("EVA-2026")
    page = officer.get("/staff/search?q=EVA").text
    found = {label: found_in(page, label) for label in ("found-people", "found-events", "found-cohorts")}
    assert found == {
        "found-people": ["Éva Daouda"],
        "found-events": ["Dakar evaluation"],
        "found-cohorts": ["EVA-2026"],
    }
    assert 'class="empty"' in officer.get("/staff/search?q=zzz").text
    assert 'class="empty"' not in officer.get("/staff/search").text


def test_each_kind_is_cut_and_leads_on(
    make: Factory, officer: FlaskClient, count_queries: Callable[[], object]
) -> None:
    counts = {}
    for number in range(1, 10):
        make.alumnus(f"Same{number}")
        make.event(f"Same {number}")
        make.cohort(f"SAME-{number}")
        if number in (1, 3, 9):
            db.session.rollback()
            with count_queries() as queries:  # type: ignore[attr-defined]
                page = officer.get("/staff/search?q=same").text
            counts[number] = len(queries)
    assert counts[1] == counts[3] == counts[9]
    assert [len(found_in(page, label)) for label in ("found-people", "found-events", "found-cohorts")] == [8, 8, 8]
    assert re.findall(r'<p><a href="([^"]*)">More', page) == [
        "/staff/alumni?q=same",
        "/staff/events?q=same&amp;show=all",
        "/staff/cohorts?q=same",
    ]
