"""The page of the trail: for administrators alone, narrowed, paged, exported as shown, and itself put down."""

import csv
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from html import unescape

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.audit.chain import Change, append
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.audit.service_heads import check_daily
from bsm_alumni.audit.service_shred import shred_about
from bsm_alumni.extensions import db
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def admin(make: Factory, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.ADMIN, name="Ada Admin", zone="Europe/Vienna"))


def fill() -> None:
    """Six entries of different kinds, before anything a client does."""
    days = [datetime(2026, 7, day, 22, 30, tzinfo=UTC) for day in (1, 2, 3)]
    with time_machine.travel(days[0], tick=False) as clock:
        append([Change("theme.renamed", "themes", 1, {"name": "old words"}, {"name": "new words"})], 501, "Olga")
        append([Change("alumnus.edited", "alumni", 31, {"agency": "A"}, {"agency": "B"})], 502, "Otto")
        clock.move_to(days[1])
        append([Change("enrolment.added", "enrolments", 5, {}, {"cohort": "C-1"}, 31)], 501, "Olga")
        append([Change("assignment.accepted", "assignments", 6, {}, {}, 32)], None, "Amina Diallo")
        clock.move_to(days[2])
        append([Change("access.denied", "endpoints", "users_staff.users", {}, {"role": "viewer"})], 503, "Vera")
        append([Change("access.denied_again", "endpoints", "users_staff.users", {}, {"repeats": 4})], 503, "Vera")
    db.session.commit()


def shown(page: str) -> list[int]:
    """The numbers of the entries on a page, leaving out what the client itself caused."""
    return [number for number in map(int, re.findall(r'id="entry-(\d+)"', page)) if number <= 6]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [6, 5, 4, 3, 2, 1]),
        ("who=olga", [3, 1]),
        ("who=502", [2]),
        ("who=nobody", []),
        ("verb=theme.renamed", [1]),
        ("kind=alumni&number=31", [2]),
        ("kind=alumni&number=3", []),
        ("about=31", [3, 2]),
        ("denied=1", [6, 5]),
        ("denied=1&who=olga", []),
        ("first=2026-07-03&last=2026-07-03", [4, 3]),
        ("last=2026-07-02", [2, 1]),
        ("first=nonsense&about=x&denied=2", [6, 5, 4, 3, 2, 1]),
    ],
)
def test_the_trail_is_narrowed(app: Flask, admin: FlaskClient, query: str, numbers: list[int]) -> None:
    """Days are those of Vienna: 22:30 in London is the next day there."""
    fill()
    answer = admin.get(f"/staff/audit?{query}")
    assert (answer.status_code, shown(answer.text)) == (200, numbers)


def test_each_filter_is_a_pill_that_leads_to_the_list_without_it(app: Flask, admin: FlaskClient) -> None:
    fill()
    page = admin.get("/staff/audit?who=olga&kind=themes&number=1&first=2026-07-01&denied=1").text
    pills = {
        unescape(words): unescape(url) for url, words in re.findall(r'class="pill" href="([^"]*)"><span>([^<]*)', page)
    }
    assert pills == {
        "refused requests": "/staff/audit?who=olga&kind=themes&number=1&first=2026-07-01",
        "by “olga”": "/staff/audit?kind=themes&number=1&first=2026-07-01&denied=1",
        "Theme, number 1": "/staff/audit?who=olga&first=2026-07-01&denied=1",
        "from 1 July 2026": "/staff/audit?who=olga&kind=themes&number=1&denied=1",
    }


def test_an_entry_says_what_was_and_what_is(app: Flask, admin: FlaskClient) -> None:
    fill()
    page = admin.get("/staff/audit?verb=theme.renamed").text
    assert "renamed a theme" in page
    row = r"<dt>name</dt><dd><del><bdi>old words</bdi></del> .*<ins><bdi>new words</bdi></ins></dd>"
    assert len(re.findall(row, page)) == 1


def test_words_that_were_shredded_are_not_shown(app: Flask, admin: FlaskClient) -> None:
    fill()
    assert shred_about(31) == 2
    db.session.commit()
    page = admin.get("/staff/audit?about=31").text
    assert page.count("Shredded, since it told of a person who was erased.") == 2
    assert "C-1" not in page


def test_the_pages_of_a_long_trail_hold_every_entry_once(app: Flask, admin: FlaskClient) -> None:
    append([Change("theme.renamed", "themes", number, {}, {}) for number in range(60)], None, "BSM Alumni")
    db.session.commit()
    url, numbers = "/staff/audit?verb=theme.renamed", []
    while url:
        page = admin.get(url).text
        numbers += [int(number) for number in re.findall(r'id="entry-(\d+)"', page)]
        found = re.search(r'rel="next" href="([^"]*)"', page)
        url = unescape(found[1]) if found else ""
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == len(set(numbers)) == 60


def test_the_export_is_what_is_shown_and_is_put_down(app: Flask, admin: FlaskClient) -> None:
    fill()
    answer = admin.get("/staff/audit/export.csv?who=olga")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(row["entry"], row["verb"], row["about"]) for row in rows] == [
        ("3", "enrolment.added", "31"),
        ("1", "theme.renamed", ""),
    ]
    assert rows[1]["after"] == '{"name": "new words"}'
    assert admin.get("/staff/audit/export.xlsx").status_code == 404
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "export.made")).one()
    assert entry.actor == "Ada Admin"
    assert entry.after == {"kind": "audit", "format": "csv", "count": 2, "filter": {"who": "…"}}


def test_reading_the_trail_leaves_a_trace(app: Flask, admin: FlaskClient) -> None:
    fill()
    admin.get("/staff/audit?kind=themes")
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "audit.read")).one()
    assert (entry.actor, entry.after) == ("Ada Admin", {"count": 1, "filter": {"kind": "themes"}})


def test_the_last_check_is_told(app: Flask, admin: FlaskClient) -> None:
    fill()
    assert "Whole up to entry" not in admin.get("/staff/audit").text
    check_daily()
    assert re.search(r"Whole up to entry \d+, checked on", admin.get("/staff/audit").text)
    db.session.execute(sa.text("DELETE FROM audit_entries WHERE verb = 'audit.checked'"))
    db.session.execute(sa.text("UPDATE audit_entries SET verb = 'theme.added' WHERE id = 2"))
    db.session.execute(sa.text("UPDATE audit_head SET entry_id = (SELECT max(id) FROM audit_entries)"))
    db.session.commit()
    check_daily()
    assert "Broken at entry 2, found on" in admin.get("/staff/audit").text


def test_a_day_has_one_check(app: Flask) -> None:
    checks = sa.select(sa.func.count()).where(AuditEntry.verb == "audit.checked")
    with time_machine.travel(datetime(2026, 7, 8, 12, tzinfo=UTC), tick=False) as clock:
        check_daily()
        assert db.session.scalar(checks) == 0
        append([Change("theme.renamed", "themes", 1, {}, {})], None, "BSM Alumni")
        db.session.commit()
        check_daily()
        check_daily()
        assert db.session.scalar(checks) == 1
        db.session.rollback()
        clock.move_to(datetime(2026, 7, 9, 0, 1, tzinfo=UTC))
        check_daily()
        assert db.session.scalar(checks) == 2


@pytest.mark.parametrize("role", [Role.OFFICER, Role.VIEWER, Role.PARTNER, Role.ALUMNUS])
def test_nobody_else_reads_the_trail(app: Flask, make: Factory, sign_in: SignIn, role: Role) -> None:
    fill()
    client = sign_in(make.user(role))
    for url in ("/staff/audit", "/staff/audit/export.csv"):
        answer = client.get(url)
        assert (answer.status_code, "new words" in answer.text) == (403, False)


def test_the_page_costs_the_same_for_one_entry_and_for_three(
    app: Flask, admin: FlaskClient, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    counts = []
    for number in (1, 3):
        append([Change("weights.saved", "matching_weights", number, {}, {"a": 1})] * number, 7, "Olga")
        db.session.commit()
        admin.get("/staff/audit")
        with count_queries() as queries:
            admin.get(f"/staff/audit?kind=matching_weights&number={number}")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 12
