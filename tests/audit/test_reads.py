"""Staff who read contact data, or take a file away, are put down: one entry a page, and none for pages without."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments.service import propose_and_invite
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.audit.queries import history_of
from bsm_alumni.audit.rules import READS
from bsm_alumni.audit.service import find_first_break
from bsm_alumni.audit.service_reads import plain_filter
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.imports.models import ImportBatch, ImportRow
from bsm_alumni.worker import sweep
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
SHEET = "Surname,Given names,Country,E-mail\nKeita,Moussa,Mali,moussa at example.org\n"


@pytest.fixture
def admin(make: Factory, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.ADMIN, name="Ada Admin"))


@pytest.fixture
def amina(make: Factory) -> Alumnus:
    """A person with an address, who was invited to event 1 by mail 1."""
    alumnus = make.alumnus(email="amina@example.org")
    event = make.event("Reflections", seats=1, starts_at=utc_now() + timedelta(days=40))
    slot_id, alumnus_id = event.slots[0].id, alumnus.id
    db.session.rollback()
    with writing():
        propose_and_invite(slot_id, alumnus_id, held=True)
        db.session.commit()
    return alumnus


def reads() -> list[tuple[str, str, str, int | None, dict]]:
    entries = db.session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.verb.in_(READS | {"export.made"}), AuditEntry.actor == "Ada Admin")
        .order_by(AuditEntry.id)
    )
    found = [(entry.verb, entry.subject_kind, entry.subject_id, entry.about_id, entry.after) for entry in entries]
    db.session.rollback()
    return found


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("/staff/alumni/1", ("alumni.read", "alumni", "1", 1, {})),
        ("/staff/alumni/1/edit", ("alumni.read", "alumni", "1", 1, {})),
        ("/staff/mail", ("mail.listed", "mails", "list", None, {"count": 1, "filter": {}})),
        (
            "/staff/mail?state=sent&q=amina",
            ("mail.listed", "mails", "list", None, {"count": 0, "filter": {"state": "sent", "q": "…"}}),
        ),
        ("/staff/mail/1", ("mail.read", "mails", "1", 1, {})),
        ("/staff/events/1?tab=correspondence", ("mail.listed", "events", "1", None, {"count": 1, "filter": {}})),
        ("/staff/settings/users", ("user.listed", "users", "list", None, {"count": 1, "filter": {}})),
    ],
)
def test_a_page_with_contact_data_is_one_entry(admin: FlaskClient, amina: Alumnus, url: str, entry: tuple) -> None:
    answer = admin.get(url)
    assert answer.status_code == 200
    assert reads() == [entry]
    assert find_first_break() is None


@pytest.mark.parametrize("url", ["/staff/home", "/staff/alumni", "/staff/events", "/staff/events/1", "/staff/cohorts"])
def test_a_page_without_is_none(admin: FlaskClient, amina: Alumnus, url: str) -> None:
    """The twin: no address stands on these pages, so that nothing is put down."""
    answer = admin.get(url)
    assert (answer.status_code, "amina@example.org" in answer.text) == (200, False)
    assert reads() == []


def test_a_user_is_read(admin: FlaskClient, make: Factory) -> None:
    user = make.user(Role.ALUMNUS)
    user_id, alumnus_id = user.id, user.alumnus_id
    assert admin.get(f"/staff/settings/users/{user_id}").status_code == 200
    assert reads() == [("user.read", "users", str(user_id), alumnus_id, {})]


def test_somebody_who_is_not_there_was_not_read(admin: FlaskClient, amina: Alumnus) -> None:
    assert admin.get("/staff/alumni/999").status_code == 404
    assert admin.get("/staff/mail/999").status_code == 404
    assert reads() == []


def test_rows_of_an_import_are_read(app: Flask, admin: FlaskClient, post: Callable[..., object]) -> None:
    file = (io.BytesIO(SHEET.encode()), "people.csv")
    post(admin, "/staff/imports", {"kind": "alumni", "file": file}, page="/staff/imports")
    sweep(app)
    batch = db.session.scalars(sa.select(ImportBatch)).one()
    row, url = db.session.scalars(sa.select(ImportRow)).one(), f"/staff/imports/{batch.id}"
    number, place = str(batch.id), row.id
    for page in (f"{url}/columns", f"{url}/rows", f"{url}/rows/{place}"):
        assert "moussa at example.org" in admin.get(page).text
    assert [(verb, subject_id, after) for verb, _kind, subject_id, _about, after in reads()] == [
        ("import.read", number, {"columns": True}),
        ("import.read", number, {"count": 1, "filter": {}}),
        ("import.read", number, {"sheet": "file", "row": 2}),
    ]


def test_a_repair_leaves_no_words_in_the_trail(app: Flask, admin: FlaskClient, post: Callable[..., object]) -> None:
    file = (io.BytesIO(SHEET.encode()), "people.csv")
    post(admin, "/staff/imports", {"kind": "alumni", "file": file}, page="/staff/imports")
    sweep(app)
    row = db.session.scalars(sa.select(ImportRow)).one()
    url = f"/staff/imports/{row.batch_id}/rows/{row.id}"
    post(admin, url, {"h:E-mail": "moussa@example.org"}, page=url)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "import.row_repaired")).one()
    assert (entry.before, entry.after) == ({}, {"sheet": "file", "row": 2, "columns": ["E-mail"]})


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_an_export_of_events_is_put_down(admin: FlaskClient, amina: Alumnus, ending: str) -> None:
    assert admin.get(f"/staff/events/export.{ending}?q=Reflections&show=all").status_code == 200
    ((verb, kind, _user, _about, after),) = reads()
    assert (verb, kind) == ("export.made", "users")
    assert after == {"kind": "events", "format": ending, "count": 1, "filter": {"q": "…", "show": "all"}}


def test_an_export_of_people_is_put_down(admin: FlaskClient, amina: Alumnus) -> None:
    assert admin.get("/staff/alumni/export?format=csv&place=SN").status_code == 200
    ((verb, _kind, _user, _about, after),) = reads()
    assert (verb, after["kind"], after["count"], after["filter"]) == ("export.made", "alumni", 1, {"place": "SN"})


def test_a_history_tells_of_changes_alone(admin: FlaskClient, amina: Alumnus) -> None:
    admin.get("/staff/alumni/1")
    assert history_of("alumni", 1) == []


def test_words_searched_for_are_not_kept() -> None:
    assert plain_filter({"q": "Amina", "place": "SN", "status": ""}) == {"q": "…", "place": "SN"}
