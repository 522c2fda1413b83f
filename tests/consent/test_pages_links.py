"""Asked by mail whether the register is right: the link, its one use, its end, and who is asked."""

import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.consent.enums import FieldGroup, SharingAnswer, SharingSource
from bsm_alumni.consent.models import ConsentRecord, SharedWith, SharingStatement, StatedWith
from bsm_alumni.consent.models_asks import SharingAsk
from bsm_alumni.consent.service import set_sharing
from bsm_alumni.database import writing
from bsm_alumni.desk.service_sharing_asks import REMIND_AFTER, remind_sharing_due
from bsm_alumni.extensions import db, set_clock_offset
from bsm_alumni.mail.models import Mail
from bsm_alumni.organisations.models import Organisation
from bsm_alumni.organisations.rules import groups_of
from bsm_alumni.worker import sweep
from tests.alumni_me.reading import lines_of, send
from tests.browsing import post_form
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
STATED = frozenset({FieldGroup.IDENTITY, FieldGroup.PROFESSIONAL})


@pytest.fixture
def clock() -> object:
    """Puts the clock forward for the rest of a test."""
    yield lambda delta: set_clock_offset(delta)
    set_clock_offset(timedelta(0))


@pytest.fixture
def unx(make: Factory) -> Organisation:
    partner = make.organisation("UNX", name="The United Example")
    make.agreement(partner)
    return partner


@pytest.fixture
def person(make: Factory, unx: Organisation) -> Alumnus:
    return stated(make, unx, email="amina@example.org", locale="fr")


def stated(make: Factory, *partners: Organisation, words: str = "UNX only", **fields: object) -> Alumnus:
    """Somebody of whom the register says that these partners may see them."""
    found = make.alumnus(**fields)
    ids = [partner.id for partner in partners]
    with writing():
        set_sharing(found.id, SharingAnswer.SOME, ids, source=SharingSource.IMPORT, words=words)
        db.session.commit()
    return found


def given() -> dict[tuple[int, int], frozenset[FieldGroup]]:
    db.session.rollback()
    rows = db.session.scalars(sa.select(SharedWith).execution_options(populate_existing=True))
    return {(row.alumnus_id, row.organisation_id): groups_of(row.groups) for row in rows}


def asks() -> list[SharingAsk]:
    db.session.rollback()
    return list(
        db.session.scalars(sa.select(SharingAsk).order_by(SharingAsk.id).execution_options(populate_existing=True))
    )


def kinds() -> list[tuple[str, str]]:
    db.session.rollback()
    return [tuple(row) for row in db.session.execute(sa.select(Mail.kind, Mail.to_address).order_by(Mail.id))]


def link_in(app: Flask) -> str:
    """The path of the link in the last mail that the worker sent, which must not be kept anywhere."""
    sweep(app)
    folder = app.extensions["bsm_settings"].mail_url.removeprefix("file:")
    last = max(Path(folder).iterdir(), key=lambda path: path.stat().st_mtime_ns)
    message = message_from_bytes(last.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    found = re.search(r"http://localhost(/s/[\w-]{43})", body.get_content())
    assert found is not None
    return found[1]


def ask(officer: FlaskClient, alumnus_id: int) -> None:
    assert post_form(officer, f"/staff/sharing/{alumnus_id}/ask").status_code == 302


@pytest.fixture
def officer(make: Factory, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.OFFICER))


def test_the_link_is_read_and_then_answered_once(
    app: Flask, client: FlaskClient, officer: FlaskClient, person: Alumnus, unx: Organisation
) -> None:
    ask(officer, person.id)
    link = link_in(app)
    shown = lines_of(client.get(link).text)
    client.get(link)
    assert given() == {}
    assert send(client, link, {"answer": "right"}).status_code == 200
    assert given() == {(person.id, unx.id): STATED}
    (words,) = set(db.session.scalars(sa.select(ConsentRecord.words)))
    at = [shown.index(line) for line in words.split("\n")]
    assert at == list(range(at[0], at[0] + len(at)))
    # The reader's own language, since nobody chose another in this browser.
    assert set(db.session.scalars(sa.select(ConsentRecord.locale))) == {"fr"}
    for data in ({"answer": "right"}, {"answer": "wrong"}):
        assert post_form(client, link, data).status_code == 410
    assert client.get(link).status_code == 410
    assert given() == {(person.id, unx.id): STATED}
    actors = dict(db.session.execute(sa.select(AuditEntry.verb, AuditEntry.actor)).all())
    assert actors["sharing.answered_by_link"] == "Amina Diallo"


def test_the_answer_no_forgets_the_statement(
    app: Flask, client: FlaskClient, officer: FlaskClient, person: Alumnus
) -> None:
    ask(officer, person.id)
    link = link_in(app)
    assert send(client, link, {"answer": "wrong"}).status_code == 200
    assert (given(), list(db.session.scalars(sa.select(StatedWith)))) == ({}, [])
    statement = db.session.get_one(SharingStatement, person.id, populate_existing=True)
    assert (statement.source, statement.answer) == (SharingSource.ALUMNUS, SharingAnswer.NO)
    assert client.get(link).status_code == 410


def test_a_link_without_an_answer_or_its_text_changes_nothing(
    app: Flask, client: FlaskClient, officer: FlaskClient, person: Alumnus
) -> None:
    ask(officer, person.id)
    link = link_in(app)
    assert post_form(client, link).status_code == 302
    assert post_form(client, link, {"answer": "right"}).status_code == 302
    assert post_form(client, link, {"answer": "maybe"}).status_code == 302
    assert (given(), client.get(link).status_code) == ({}, 200)


def test_wrong_and_old_links(
    app: Flask, client: FlaskClient, officer: FlaskClient, person: Alumnus, clock: Callable[[timedelta], None]
) -> None:
    ask(officer, person.id)
    link = link_in(app)
    assert client.get("/s/" + "x" * 43).status_code == 404
    assert post_form(client, "/s/" + "x" * 43, {"answer": "right"}).status_code == 404
    ask(officer, person.id)
    assert client.get(link).status_code == 410
    second = link_in(app)
    assert (second != link, client.get(second).status_code) == (True, 200)
    clock(timedelta(days=30, minutes=1))
    assert client.get(second).status_code == 410
    assert post_form(client, second, {"answer": "right"}).status_code == 410
    assert given() == {}


def test_an_answer_on_ones_own_page_closes_the_link(
    app: Flask, client: FlaskClient, officer: FlaskClient, person: Alumnus, make: Factory, sign_in: SignIn
) -> None:
    ask(officer, person.id)
    link = link_in(app)
    own = sign_in(make.user(Role.ALUMNUS, alumnus_id=person.id))
    assert post_form(own, "/me/sharing/statement", {"answer": "wrong"}).status_code == 302
    assert client.get(link).status_code == 410


def test_the_token_is_kept_nowhere(app: Flask, officer: FlaskClient, person: Alumnus) -> None:
    ask(officer, person.id)
    token = link_in(app).removeprefix("/s/")
    mail = db.session.scalars(sa.select(Mail)).one()
    (row,) = asks()
    held = [repr(mail.params), mail.sent_text, mail.sent_subject, row.nonce, row.token_hash]
    assert [text for text in held if token in text] == []
    assert "/s/…" in mail.sent_text


def test_one_reminder(
    app: Flask, officer: FlaskClient, person: Alumnus, client: FlaskClient, clock: Callable[[timedelta], None]
) -> None:
    ask(officer, person.id)
    link = link_in(app)
    clock(REMIND_AFTER - timedelta(minutes=5))
    assert remind_sharing_due() == 0
    clock(REMIND_AFTER)
    assert [remind_sharing_due(), remind_sharing_due()] == [1, 0]
    assert link_in(app) == link
    assert kinds() == [("sharing.confirm", "amina@example.org")] * 2
    assert client.get(link).status_code == 200


@pytest.mark.parametrize("change", ["restricted", "left", "answered"])
def test_nobody_is_asked_who_may_not_be_or_has_answered(
    change: str, app: Flask, officer: FlaskClient, person: Alumnus, clock: Callable[[timedelta], None]
) -> None:
    ask(officer, person.id)
    db.session.rollback()
    found = db.session.get_one(Alumnus, person.id)
    if change == "restricted":
        found.restricted = True
    elif change == "left":
        found.status = AlumnusStatus.LEFT_SERVICE
    else:
        db.session.execute(sa.delete(StatedWith))
    db.session.commit()
    sweep(app)
    assert list(db.session.scalars(sa.select(Mail.state))) == ["cancelled"]
    assert post_form(officer, f"/staff/sharing/{person.id}/ask").status_code == 302
    assert len(asks()) == 1


def test_a_batch_is_looked_through_and_asked_once(
    officer: FlaskClient, person: Alumnus, make: Factory, unx: Organisation
) -> None:
    second, third = stated(make, unx), stated(make, unx)
    nowhere, hidden = stated(make, unx, email=None), stated(make, unx, restricted=True)
    silent = make.alumnus()
    page = officer.get("/staff/sharing/ask").text
    boxes = re.findall(r'name="people" value="(\d+)"[^>]* checked', page)
    assert sorted(map(int, boxes)) == [person.id, second.id, third.id]
    assert "Ask 3 people now" in page
    assert asks() == []
    # One is left open; the others could not be ticked on the page.
    data = {"people": [person.id, second.id, nowhere.id, hidden.id, silent.id, 999_999, "x"]}
    for _time in range(2):
        assert post_form(officer, "/staff/sharing/ask", data).status_code == 302
    assert [row.alumnus_id for row in asks()] == [person.id, second.id]
    assert len(kinds()) == 2
    assert re.findall(r'name="people" value="(\d+)"', officer.get("/staff/sharing/ask").text) == [str(third.id)]


def test_the_list_says_who_was_asked(officer: FlaskClient, person: Alumnus, make: Factory, unx: Organisation) -> None:
    other = make.organisation("UNY")
    make.agreement(other)
    stated(make, other, family_name="Benali", words="")
    stated(make, unx, family_name="Chen", email=None)
    make.alumnus("Hidden", shared_with=(unx,))
    ask(officer, person.id)

    def names(query: str) -> list[str]:
        page = officer.get(f"/staff/sharing?{query}").text
        return re.findall(r'class="person-name" href="/staff/alumni/\d+/sharing"><bdi>([^<]+)', page)

    assert names("") == ["Amina Benali", "Amina Chen", "Amina Diallo"]
    assert names("state=asked") == ["Amina Diallo"]
    assert names("state=not_asked") == ["Amina Benali"]
    assert names("state=unreachable") == ["Amina Chen"]
    assert names(f"partner={unx.id}") == ["Amina Chen", "Amina Diallo"]
    assert names("q=benali") == ["Amina Benali"]
    assert names("q=nobody&state=bent&partner=x") == []
    assert "To confirm (3)" in officer.get("/staff/sharing?q=benali").text


def test_a_viewer_reads_and_does_not_ask(person: Alumnus, make: Factory, sign_in: SignIn) -> None:
    viewer = sign_in(make.user(Role.VIEWER))
    page = viewer.get("/staff/sharing").text
    assert ("Amina Diallo" in page, "/ask" in page) == (True, False)
    assert post_form(viewer, f"/staff/sharing/{person.id}/ask").status_code == 403
    assert post_form(viewer, "/staff/sharing/ask", {"people": [person.id]}).status_code == 403
    assert asks() == []


@pytest.mark.parametrize("url", ["/staff/sharing", "/staff/sharing/ask"])
def test_queries_do_not_grow(
    url: str, officer: FlaskClient, make: Factory, unx: Organisation, count_queries: Callable[[], object]
) -> None:
    counts = []
    for number in (1, 2):
        for _ in range(number):
            found = stated(make, unx)
            if url == "/staff/sharing":
                ask(officer, found.id)
        with count_queries() as queries:  # type: ignore[attr-defined]
            assert officer.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
