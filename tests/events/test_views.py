"""Staff's list of events, its files, and adding one."""

import csv
import html
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.events.enums import EventStatus
from bsm_alumni.events.models import Event
from bsm_alumni.extensions import db, utc_now
from tests.factories import SOON, Factory
from tests.seats import hold

SignIn = Callable[[User], FlaskClient]

FORM = {
    "title": "Border Community Dynamics",
    "kind": "webinar",
    "series_id": "0",
    "start_day": "2027-07-08",
    "start_clock": "10:00",
    "end_clock": "11:30",
    "zone": "America/New_York",
    "status": "planned",
}


@pytest.fixture
def officer(make: Factory, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(zone="America/New_York"))


def titles(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/staff/events/\d+"><bdi>([^<]*)</bdi>', page)


def errors(page: str) -> list[str]:
    found = re.findall(r'<p class="field-error"[^>]*>\s*<span[^>]*>[^<]*</span>\s*([^<]*)<', page)
    return [html.unescape(words) for words in found]


def test_the_list_shows_what_is_to_come_and_the_past_on_its_own(make: Factory, officer: FlaskClient) -> None:
    make.event("Later", starts_at=SOON + timedelta(days=1))
    make.event("Sooner")
    make.event("Over", starts_at=utc_now() - timedelta(days=3))
    make.event("Long over", starts_at=utc_now() - timedelta(days=9))
    make.event("Put away", status=EventStatus.ARCHIVED)
    db.session.rollback()
    assert titles(officer.get("/staff/events").text) == ["Sooner", "Later"]
    assert titles(officer.get("/staff/events?show=past").text) == ["Over", "Long over"]
    assert titles(officer.get("/staff/events?show=all").text) == ["Long over", "Over", "Sooner", "Later"]
    assert titles(officer.get("/staff/events?show=all&status=archived").text) == ["Put away"]


def test_each_filter_leaves_what_it_says(make: Factory, officer: FlaskClient) -> None:
    series, partner = make.series("Reflections"), make.organisation("IOM")
    make.event("By series", series_id=series.id)
    make.event("By partner", partners=[partner])
    make.event("By language", languages=("fr",))
    make.event("By area", outcome_area="policy")
    make.event("By status", status=EventStatus.CONFIRMED)
    make.event("100% by_title")
    # 00:30 of 9 July in Dakar is still 8 July in New York, where the officer sits.
    make.event("By day", starts_at=datetime(2027, 7, 9, 0, 30, tzinfo=UTC))
    db.session.rollback()
    for query, title in (
        (f"series={series.id}", "By series"),
        (f"partner={partner.id}", "By partner"),
        ("language=fr", "By language"),
        ("outcome=policy", "By area"),
        ("status=confirmed", "By status"),
        ("q=BY_TITLE+100%25", "100% by_title"),
        ("first=2027-07-08&last=2027-07-08", "By day"),
    ):
        page = officer.get(f"/staff/events?{query}").text
        assert (query, titles(page)) == (query, [title])
        assert page.count('class="pill"') == 1, query
    assert titles(officer.get("/staff/events?first=2027-07-09&last=2027-07-09").text) == []


def test_seats_are_filled_asked_or_open(make: Factory, officer: FlaskClient) -> None:
    event = make.event(seats=3)
    hold(event.slots[0], make.alumnus(), AssignmentState.ACCEPTED, 1)
    hold(event.slots[0], make.alumnus(), AssignmentState.INVITED, 2)
    hold(event.slots[0], make.alumnus(), AssignmentState.DECLINED, 3)
    page = officer.get("/staff/events").text
    assert re.findall(r'class="seats is-short" aria-hidden="true">([^<]*)<', page) == ["●◐○"]
    assert re.findall(r'class="seats-words">([^<]*)<', page) == ["1 of 3 filled, 1 waiting"]


def test_pages_are_walked_by_key_there_and_back(make: Factory, officer: FlaskClient) -> None:
    # Many share one start: the id decides, and none is shown twice or left out.
    names = [f"Event {number:02d}" for number in range(60)]
    for number, name in enumerate(names):
        make.event(name, starts_at=SOON + timedelta(hours=number // 10))
    db.session.rollback()
    seen, url, pages = [], "/staff/events", []
    while url:
        page = officer.get(url).text
        pages.append(titles(page))
        seen += pages[-1]
        found = re.search(r'rel="next" href="([^"]*)"', page)
        url = found[1].replace("&amp;", "&") if found else ""
    assert seen == names
    assert [len(rows) for rows in pages] == [25, 25, 10]
    back = re.search(r'rel="prev" href="([^"]*)"', page)
    assert back is not None
    assert titles(officer.get(back[1].replace("&amp;", "&")).text) == pages[1]


def test_a_full_page_is_small_and_asks_the_database_the_same_for_any_number_of_rows(
    make: Factory, officer: FlaskClient, count_queries: Callable[[], object]
) -> None:
    themes, partner = [make.theme(f"A theme with a long name {n}") for n in range(4)], make.organisation("UNODC")
    series = make.series("Operational Reflections")
    counts = {}
    for number in range(1, 27):
        make.event(
            f"Operational Reflections: Border Community Dynamics {number}",
            seats=2,
            languages=("en", "fr"),
            themes=themes,
            partners=[partner],
            series_id=series.id,
        )
        if number in (1, 3, 26):
            db.session.rollback()
            with count_queries() as queries:  # type: ignore[attr-defined]
                page = officer.get("/staff/events")
            counts[number] = len(queries)
    assert counts[1] == counts[3] == counts[26]
    assert len(page.data) < 60_000


def test_the_files_hold_exactly_what_is_shown(make: Factory, officer: FlaskClient) -> None:
    start = datetime(2027, 7, 8, 14, tzinfo=UTC)
    event = make.event("=Dynamics", starts_at=start, seats=2)
    make.event("Another")
    db.session.rollback()
    kept = json.loads(officer.get("/staff/events/export.json?q=dynamics").data)
    assert [{key: row[key] for key in ("id", "title", "start", "end", "zone")} for row in kept] == [
        {
            "id": event.id,
            "title": "=Dynamics",
            "start": "2027-07-08T14:00:00Z",
            "end": "2027-07-08T15:30:00Z",
            "zone": "America/New_York",
        }
    ]
    rows = list(csv.reader(io.StringIO(officer.get("/staff/events/export.csv?q=dynamics").data.decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["title", "'=Dynamics"]
    sheet = officer.get("/staff/events/export.xlsx?q=dynamics")
    assert sheet.data[:2] == b"PK"
    assert officer.get("/staff/events/export.pdf").status_code == 404


def test_an_event_is_added_on_the_wall_clock_of_its_zone(
    make: Factory, officer: FlaskClient, post: Callable[..., object]
) -> None:
    data = {**FORM, "languages": ["en", "fr"], "countries": "Senegal\nCote d'Ivoire", "other_language": "pt"}
    answer = post(officer, "/staff/events/new", data)
    event = db.session.scalars(sa.select(Event)).one()
    assert (answer.status_code, answer.location) == (302, f"/staff/events/{event.id}")  # type: ignore[attr-defined]
    assert event.starts_at == datetime(2027, 7, 8, 14, tzinfo=UTC)
    assert event.ends_at == datetime(2027, 7, 8, 15, 30, tzinfo=UTC)
    assert [row.language_code for row in event.languages] == ["en", "fr", "pt"]
    assert [row.country_code for row in event.countries] == ["CI", "SN"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, ["Write the event's title."]),
        ({"start_clock": "ten"}, ["Write the time as hours and minutes, such as 14:30."]),
        ({"start_day": "8/7/2027"}, ["Write the day as year-month-day, such as 2026-07-08."]),
        ({"end_clock": "09:00"}, ["The end is not after the start. Change one of them."]),
        ({"zone": "Mars"}, ["Choose one of the time zones."]),
        ({"status": "delivered"}, ["It has not begun yet, so it cannot be delivered. Choose another status."]),
    ],
)
def test_each_slip_is_said_at_its_field_and_nothing_is_kept(
    officer: FlaskClient, post: Callable[..., object], fields: dict[str, str], words: list[str]
) -> None:
    answer = post(officer, "/staff/events/new", {**FORM, **fields})
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert errors(answer.text) == words  # type: ignore[attr-defined]
    assert db.session.scalars(sa.select(Event.id)).all() == []


def test_a_country_that_is_none_gets_its_neighbours_named(officer: FlaskClient, post: Callable[..., object]) -> None:
    answer = post(officer, "/staff/events/new", {**FORM, "countries": "Sengal"})
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert ["Senegal" in words for words in errors(answer.text)] == [True]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("day", "clock", "choices", "starts"),
    [
        (
            "2027-11-07",
            "01:30",
            ["2027-11-07T05:30:00+00:00", "2027-11-07T06:30:00+00:00"],
            datetime(2027, 11, 7, 6, 30, tzinfo=UTC),
        ),
        (
            "2027-03-14",
            "02:30",
            ["2027-03-14T06:30:00+00:00", "2027-03-14T07:30:00+00:00"],
            datetime(2027, 3, 14, 7, 30, tzinfo=UTC),
        ),
    ],
    ids=["fold", "gap"],
)
def test_a_clock_that_changes_is_asked_about(
    officer: FlaskClient, post: Callable[..., object], day: str, clock: str, choices: list[str], starts: datetime
) -> None:
    data = {**FORM, "start_day": day, "start_clock": clock, "end_clock": "05:00"}
    answer = post(officer, "/staff/events/new", data)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    asked = re.findall(r'name="start_choice"[^>]*value="([^"]*)"', answer.text)  # type: ignore[attr-defined]
    assert asked == choices
    assert 'name="end_choice"' not in answer.text  # type: ignore[attr-defined]
    # An answer to another question is no answer.
    answer = post(officer, "/staff/events/new", {**data, "start_choice": "2027-11-06T05:30:00+00:00"})
    assert answer.status_code == 422  # type: ignore[attr-defined]
    answer = post(officer, "/staff/events/new", {**data, "start_choice": choices[1]})
    assert answer.status_code == 302  # type: ignore[attr-defined]
    assert db.session.scalars(sa.select(Event.starts_at)).all() == [starts]


def test_slots_are_added_edited_and_removed(make: Factory, officer: FlaskClient, post: Callable[..., object]) -> None:
    event = make.event()
    base, data = f"/staff/events/{event.id}", {"role": "moderator", "seats": "2", "language_code": "fr", "level": "5"}
    db.session.rollback()
    added = post(officer, f"{base}/slots/new", {**data, "theme_id": "0"})
    slot_id = db.session.scalar(sa.text("SELECT id FROM slots"))
    assert (added.status_code, added.location) == (302, f"{base}?slot={slot_id}")  # type: ignore[attr-defined]
    db.session.rollback()
    refused = post(officer, f"{base}/slots/{slot_id}/edit", {**data, "seats": "99", "theme_id": "0"})
    assert (refused.status_code, errors(refused.text)) == (422, ["Write a number from 1 to 50."])  # type: ignore[attr-defined]
    post(officer, f"{base}/slots/{slot_id}/edit", {**data, "seats": "4", "theme_id": "0"})
    assert db.session.scalar(sa.text("SELECT seats FROM slots")) == 4
    db.session.rollback()
    other = make.event()
    db.session.rollback()
    assert officer.get(f"/staff/events/{other.id}/slots/{slot_id}/edit").status_code == 404
    post(officer, f"{base}/slots/{slot_id}/remove")
    assert db.session.scalar(sa.text("SELECT count(*) FROM slots")) == 0


def test_series_are_kept(make: Factory, officer: FlaskClient, post: Callable[..., object]) -> None:
    post(officer, "/staff/events/series/new", {"title": "Reflections", "description": "Monthly"})
    again = post(officer, "/staff/events/series/new", {"title": "Reflections"})
    assert again.status_code == 422  # type: ignore[attr-defined]
    series_id = db.session.scalar(sa.text("SELECT id FROM event_series"))
    db.session.rollback()
    post(officer, f"/staff/events/series/{series_id}/archive")
    rows = [
        re.findall(r'<th scope="row"><bdi>([^<]*)</bdi>', officer.get(f"/staff/events/series{query}").text)
        for query in ("", "?archived=1")
    ]
    assert rows == [[], ["Reflections"]]


def test_a_reader_sees_no_buttons(make: Factory, sign_in: SignIn) -> None:
    reader = sign_in(make.user(Role.VIEWER))
    make.event("Dynamics")
    make.series("Reflections")
    db.session.rollback()
    for page in ("/staff/events", "/staff/events/series"):
        text = officer_parts(reader.get(page).text)
        assert re.findall(r'class="btn btn-primary"[^>]*href="([^"]*)"', text) == []
        assert re.findall(r'<form class="inline-form"[^>]*action="([^"]*)"', text) == []


def officer_parts(page: str) -> str:
    """The page without its frame, whose forms everyone has."""
    return page.split('<main id="main"')[1].split("</main>")[0]
