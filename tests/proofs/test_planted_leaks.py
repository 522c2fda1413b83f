"""Leaks are planted one by one, as mistakes make them; the hunt that finds nothing without them finds each."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Awaits
from bsm_alumni.accounts.models import User, UserSession
from bsm_alumni.assignments.service import remind
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.enums import FieldGroup as G
from tests import databases
from tests.factories import Factory
from tests.proofs.asking import Asker, Found, kept_log, mails_of, send_all
from tests.proofs.canaries import PARTNER_ACTORS, shown_to
from tests.proofs.differences import Step
from tests.proofs.mutants import MUTANTS
from tests.proofs.planting import planted
from tests.proofs.scanning import marks_in
from tests.proofs.test_two_worlds import Ask, Pair

pytestmark = pytest.mark.sqlite

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
FIRST = "partner, all agreed"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


class Hunt:
    """Everything that is looked for, quickest first; each part gives the first thing it finds."""

    def __init__(self, pair: Pair, broken: dict[str, FlaskClient], folder: Path) -> None:
        self.pair, self.broken, self.folder = pair, broken, folder
        self.world = pair.world
        self.numbers = {person.state: person.ids["alumnus_id"] for person in self.world.people}

    def __call__(self) -> str | None:
        self.pair.kept.put_back()
        return self.doors() or self.pages() or self.mails() or self.pairs()

    def _client(self, actor: str) -> FlaskClient:
        client = self.pair.app.test_client()
        client._cookies = dict(self.pair.jars[actor]._cookies or {})
        return client

    def doors(self) -> str | None:
        """Pages that are closed, and what closed ones answer."""
        person = self.world.people[0]
        staff, partner, own = "/staff/alumni", "/partner/alumni", f"/me/invitations/{person.ids['assignment_id']}"
        expected: list[tuple[str, str, int]] = [
            *(("nobody", path, 302) for path in (staff, partner, "/me/", "/staff/audit")),
            *((FIRST, path, 403) for path in (staff, "/me/", "/staff/audit", "/partner/users")),
            *(("another alumnus", path, 403) for path in (staff, partner, "/staff/audit")),
            ("another alumnus", own, 404),
            *((FIRST, f"{partner}/{self.numbers[state]}", 404) for state in ("never asked", "restricted", "withdrawn")),
            (FIRST, f"{partner}/999999", 404),
            ("nobody", f"/calendar/{person.ids['user_id']}-guess.ics", 404),
            *(("viewer", path, 403) for path in ("/staff/audit", "/staff/events/new")),
        ]
        for actor, path, status in expected:
            answer = self._client(actor).get(path)
            if answer.status_code != status:
                return f"{actor}: {path} answers {answer.status_code}"
            if answer.headers["Cache-Control"] != "no-store":
                return f"{actor}: {path} may be kept"
        for why, client in self.broken.items():
            if client.get(staff).status_code != 302:
                return f"{why} opens {staff}"
        return None

    def pages(self) -> str | None:
        """Words that were not given, on partners' and alumni's pages, in files and in the log."""
        found = Found()
        with kept_log() as log:
            for actor in (*PARTNER_ACTORS, "another alumnus"):
                asker = Asker(self.pair.app, self.world, actor, self._client(actor), found)
                for path in self._paths(actor):
                    asker.get(path, -1)
                if actor in PARTNER_ACTORS:
                    form = {"purpose": "Choosing presenters", "file_format": "json", "csrf_token": asker.token}
                    asker.post("/partner/alumni/export", form, -1)
        logged = [line for line in log.lines if marks_in(line.encode())]
        return next((f"{who}: {where} tells {what}" for who, where, what in sorted(found.leaks)), None) or next(
            (f"the log: {line}" for line in logged), None
        )

    def _paths(self, actor: str) -> list[str]:
        if actor == "another alumnus":
            sessions = [f"/me/invitations/{person.ids['assignment_id']}" for person in self.world.people[:3]]
            return ["/me/", "/me/invitations", "/me/seen.csv", "/me/requests", "/me/sharing", *sessions]
        people = [f"/partner/alumni/{number}" for number in self.numbers.values()]
        users = ["/partner/users"] if actor == "focal point" else []
        return [
            "/partner/alumni",
            "/partner/alumni?q=zqx",
            *people,
            "/partner/events",
            "/partner/events?show=past",
            "/partner/figures",
            *users,
        ]

    def mails(self) -> str | None:
        """A reminder goes to the person, and to nobody else."""
        person = self.world.people[5]
        with writing():
            remind(person.ids["assignment_id"])
            db.session.commit()
        list(mails_of(self.folder))
        send_all()
        for address, content in mails_of(self.folder):
            own = {self.world.marks[mark][0] for mark in marks_in(address.encode()) if mark in self.world.marks}
            if own != {person.number}:
                return f"a mail about {person.state!r} goes to {address}"
            others = [line for line in content.splitlines() if line.lower().startswith((b"cc:", b"bcc:"))]
            if others:
                return f"a mail goes to others too: {others}"
        return None

    def pairs(self) -> str | None:
        """Worlds that differ in one thing that must not be noticed."""
        for actor, change, asks in self._differences():
            one = self.pair.answers(actor, asks, [])
            other = self.pair.answers(actor, asks, [change])
            for left, right in zip(one, other, strict=True):
                if left != right:
                    return f"{actor}: {left[0]} {left[1]} tells of something hidden"
        return None

    def _differences(self) -> Iterator[tuple[str, Step, list[Ask]]]:
        roster, figures = "/partner/alumni", "/partner/figures"
        without = {
            group: ", ".join(
                str(number) for state, number in self.numbers.items() if group not in shown_to(FIRST, state)
            )
            for group in G
        }
        hidden_work, hidden_days = without[G.PROFESSIONAL], without[G.AVAILABILITY]
        person = self.world.people[2]
        cohort, theme = person.ids["cohort_id"], person.ids["theme_id"]
        mark = next(word for word, where in self.world.marks.items() if where == (2, "agency"))

        def get(*paths: str) -> list[Ask]:
            return [("GET", path, {}) for path in paths]

        def sql(statement: str) -> Step:
            return lambda connection, _world, _random: connection.execute(sa.text(statement)) and None

        more = (
            "INSERT INTO alumni SELECT (SELECT max(id) FROM alumni) + 1, "
            + ", ".join(column.name for column in db.metadata.tables["alumni"].columns if column.name != "id")
            + f" FROM alumni WHERE id = {self.numbers['never asked']}"
        )
        days = f"""INSERT INTO availability_periods (alumnus_id, kind, starts_on, ends_on, note)
            SELECT id, 'blackout', '2026-11-01', '2027-06-30', '' FROM alumni WHERE id IN ({hidden_days})"""
        yield FIRST, sql(more), get(roster, figures)
        yield FIRST, sql("UPDATE alumni SET family_name = 'Z' || (100000 - id), sort_name = 'z'"), get(roster)
        yield (
            FIRST,
            sql(f"DELETE FROM alumnus_languages WHERE alumnus_id IN ({hidden_work})"),
            get(f"{roster}?language=en", figures),
        )
        yield (
            FIRST,
            sql(f"DELETE FROM enrolments WHERE alumnus_id IN ({hidden_work})"),
            get(f"{roster}?cohort={cohort}"),
        )
        yield (
            FIRST,
            sql(f"DELETE FROM alumnus_themes WHERE alumnus_id IN ({hidden_work})"),
            get(f"{roster}?theme={theme}"),
        )
        terms = "DELETE FROM alumnus_terms WHERE"
        yield FIRST, sql(f"{terms} field_bit = 2 AND alumnus_id IN ({hidden_work})"), get(f"{roster}?q={mark}")
        yield FIRST, sql(f"{terms} field_bit = 4"), get(f"{roster}?q=example")
        yield FIRST, sql(days), get(f"{roster}?free_from=2027-02-01&free_to=2027-02-02", figures)
        asked = f"UPDATE assignments SET alumnus_id = {self.numbers['never asked']} WHERE state = 'invited'"
        yield FIRST, sql(asked), get("/partner/events")
        number = self.numbers["identity and work"]
        limits = f"UPDATE alumni SET zone = 'Asia/Tokyo', notice_days = 77, phone = '1' WHERE id = {number}"
        yield FIRST, sql(limits), get(f"{roster}/{number}")
        gone = f"UPDATE users SET email = 'gone@example.org' WHERE id = {person.ids['user_id']}"
        address = next(email for email in self.pair.addresses if email.startswith("zqx02"))
        yield "nobody", sql(gone), [("POST", "/sign-in/link", {"email": address})]


@pytest.fixture
def hunt(
    app: Flask,
    make: Factory,
    sign_in: Callable[[User], FlaskClient],
    database: databases.SQLITE,
    mail_folder: Path,
) -> Hunt:
    broken: dict[str, FlaskClient] = {}
    values = {
        "half a sign-in": {"awaits": Awaits.FACTOR},
        "an ended session": {"ended_at": utc_now()},
        "an idle session": {"seen_at": utc_now() - timedelta(days=3)},
    }
    for why, change in values.items():
        user = make.user()
        broken[why] = sign_in(user)
        db.session.execute(sa.update(UserSession).where(UserSession.user_id == user.id).values(**change))
        db.session.commit()
    return Hunt(Pair(app, make, sign_in, database, also={"viewer"}), broken, mail_folder)


def test_each_planted_leak_is_found(hunt: Hunt) -> None:
    assert hunt() is None
    missed = []
    for mutant in MUTANTS:
        with planted(mutant):
            if hunt() is None:
                missed.append(mutant.name)
    print(f"planted leaks: {len(MUTANTS) - len(missed)} of {len(MUTANTS)} found; missed: {missed}")
    assert missed == []
    assert len(MUTANTS) >= 40
    assert hunt() is None
