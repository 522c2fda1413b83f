"""Staff put down what a person told them: with a proof, and only with a second person or the alumnus."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.consent.enums import ConsentSource, FieldGroup, ProposalDecision, SharingAnswer, SharingSource
from bsm_alumni.consent.models import ConsentProposal, ConsentRecord
from bsm_alumni.consent.service import set_sharing
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.models import Organisation
from tests.alumni_me.reading import lines_of, send
from tests.browsing import post_form
from tests.consent.test_pages_links import given, kinds, link_in
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
NAME, WORK, CONTACT, _DAYS, _SESSIONS = FieldGroup
PROOF = "Mail of 3 March 2031, in the shared mailbox"


@pytest.fixture
def unx(make: Factory) -> Organisation:
    partner = make.organisation("UNX", name="The United Example")
    make.agreement(partner, frozenset(FieldGroup))
    return partner


@pytest.fixture
def person(make: Factory) -> Alumnus:
    return make.alumnus(email="amina@example.org")


@pytest.fixture
def recorder(make: Factory) -> User:
    return make.user(Role.OFFICER, name="Rita Recorder")


@pytest.fixture
def officer(recorder: User, sign_in: SignIn) -> FlaskClient:
    return sign_in(recorder)


@pytest.fixture
def second(make: Factory, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.OFFICER, name="Sam Second"))


def said(partner: Organisation, *groups: FieldGroup, **more: Any) -> dict[str, Any]:
    return {"what": "given", "organisation": partner.id, "groups": [*groups], "evidence": PROOF, **more}


def put(client: FlaskClient, person: Alumnus, data: dict[str, Any]) -> Any:
    return post_form(client, f"/staff/alumni/{person.id}/sharing/record", data)


def proposals() -> list[ConsentProposal]:
    db.session.rollback()
    select = sa.select(ConsentProposal).order_by(ConsentProposal.id).execution_options(populate_existing=True)
    return list(db.session.scalars(select))


def verbs() -> list[str]:
    db.session.rollback()
    like = sa.or_(AuditEntry.verb.startswith("consent."), AuditEntry.verb.startswith("sharing."))
    return list(db.session.scalars(sa.select(AuditEntry.verb).where(like).order_by(AuditEntry.id)))


def test_a_second_person_confirms_in_the_words_they_read(
    officer: FlaskClient, second: FlaskClient, recorder: User, person: Alumnus, unx: Organisation
) -> None:
    assert put(officer, person, said(unx, NAME, CONTACT)).status_code == 302
    (proposal,) = proposals()
    path = f"/staff/sharing/waiting/{proposal.id}"
    assert (given(), "Waiting for a second person (1)" in second.get("/staff/sharing").text) == ({}, True)
    # Whoever put it down does not confirm it, whatever they send.
    assert 'value="right"' not in officer.get(path).text
    words = second.get(path).text
    digest = dict(re.findall(r'<input type="hidden" name="(shown\w*)" value="([^"]*)">', words))
    answer = post_form(officer, path, {**digest, "answer": "right"})
    assert (answer.status_code, answer.location, given()) == (302, path, {})
    shown = lines_of(second.get(f"{path}?lang=es").text)
    assert send(second, path, {"answer": "right"}, f"{path}?lang=es").location == "/staff/sharing/waiting"
    assert given() == {(person.id, unx.id): frozenset({NAME, CONTACT})}
    kept = db.session.scalars(sa.select(ConsentRecord).order_by(ConsentRecord.id)).all()
    assert [(row.source, row.evidence, row.recorded_by_id, row.locale) for row in kept] == [
        (ConsentSource.STAFF, PROOF, recorder.id, "es")
    ] * 2
    at = [shown.index(line) for line in kept[0].words.split("\n")]
    assert at == list(range(at[0], at[0] + len(at)))
    # Sent again it is decided already.
    assert send_again(second, path).status_code == 302
    assert len(db.session.scalars(sa.select(ConsentRecord)).all()) == 2
    assert verbs() == ["consent.proposed", "consent.proposal_confirmed", "consent.given"]
    page = second.get(f"/staff/alumni/{person.id}/sharing").text
    assert ("Put down by Rita Recorder of the programme." in page, "Confirmed by Sam Second." in page) == (True, True)


def send_again(client: FlaskClient, path: str) -> Any:
    return post_form(client, path, {"answer": "wrong"})


def test_the_alumnus_confirms_on_their_own_page(
    officer: FlaskClient, person: Alumnus, unx: Organisation, make: Factory, sign_in: SignIn
) -> None:
    put(officer, person, said(unx, NAME, WORK))
    (proposal,) = proposals()
    own = make.user(Role.ALUMNUS, alumnus_id=person.id)
    client, path = sign_in(own), f"/me/sharing/put-down/{proposal.id}"
    shown = lines_of(client.get("/me/sharing?lang=fr").text)
    assert [line for line in shown if PROOF in line] == [f"The proof they name: {PROOF}"]
    # Another person's is as if it were not there.
    stranger = sign_in(make.user(Role.ALUMNUS))
    assert post_form(stranger, path, {"answer": "wrong"}).status_code == 404
    assert post_form(client, "/me/sharing/put-down/999999", {"answer": "right"}).status_code == 404
    assert (proposals()[0].decision, given()) == (None, {})
    assert send(client, path, {"answer": "right"}, "/me/sharing?lang=fr").status_code == 302
    assert given() == {(person.id, unx.id): frozenset({NAME, WORK})}
    (words,) = set(db.session.scalars(sa.select(ConsentRecord.words)))
    at = [shown.index(line) for line in words.split("\n")]
    assert at == list(range(at[0], at[0] + len(at)))
    assert [(row.decision, row.decided_by_id) for row in proposals()] == [(ProposalDecision.CONFIRMED, own.id)]


def test_the_alumnus_says_that_it_is_wrong(
    officer: FlaskClient, second: FlaskClient, person: Alumnus, unx: Organisation, make: Factory, sign_in: SignIn
) -> None:
    other = make.alumnus("Chen")
    put(officer, person, said(unx, NAME))
    put(officer, other, said(unx, NAME))
    mine, theirs = proposals()
    own = sign_in(make.user(Role.ALUMNUS, alumnus_id=person.id, name="Amina"))
    for _time in range(2):
        assert post_form(own, f"/me/sharing/put-down/{mine.id}", {"answer": "wrong"}).status_code == 302
    # A 'no' of staff is no complaint of the person.
    assert post_form(second, f"/staff/sharing/waiting/{theirs.id}", {"answer": "wrong"}).status_code == 302
    assert given() == {}
    assert verbs() == ["consent.proposed"] * 2 + ["consent.proposal_refused"] * 2
    page = second.get("/staff/sharing/wrong").text
    assert "Said to be wrong (1)" in page
    assert re.findall(r'class="person-name" href="/staff/sharing/waiting/(\d+)"', page) == [str(mine.id)]


@pytest.mark.parametrize(("answer", "shared"), [("right", True), ("wrong", False)])
def test_somebody_without_an_account_answers_from_the_mail(
    answer: str, shared: bool, app: Flask, client: FlaskClient, officer: FlaskClient, person: Alumnus, unx: Organisation
) -> None:
    put(officer, person, said(unx, NAME, WORK))
    assert kinds() == [("sharing.put_down", "amina@example.org")]
    link = link_in(app)
    page = client.get(link).text
    assert (PROOF in page, given()) == (True, {})
    assert send(client, link, {"answer": answer}).status_code == 200
    assert given() == ({(person.id, unx.id): frozenset({NAME, WORK})} if shared else {})
    # What they confirm themselves is their own word.
    assert set(db.session.scalars(sa.select(ConsentRecord.source))) == ({ConsentSource.ALUMNUS} if shared else set())
    assert client.get(link).status_code == 410
    assert ("Said to be wrong (1)" in officer.get("/staff/sharing").text) == (not shared)


def test_a_second_person_closes_the_link(
    app: Flask, client: FlaskClient, officer: FlaskClient, second: FlaskClient, person: Alumnus, unx: Organisation
) -> None:
    put(officer, person, said(unx, NAME))
    link, path = link_in(app), f"/staff/sharing/waiting/{proposals()[0].id}"
    assert send(second, path, {"answer": "right"}).status_code == 302
    assert client.get(link).status_code == 410


def test_what_is_taken_back_counts_at_once_and_is_told(
    app: Flask, officer: FlaskClient, person: Alumnus, unx: Organisation, make: Factory, sign_in: SignIn
) -> None:
    make.consent(person, unx, frozenset({NAME, WORK, CONTACT}))
    assert put(officer, person, said(unx, CONTACT, what="taken_back")).status_code == 302
    assert given() == {(person.id, unx.id): frozenset({NAME, WORK})}
    assert kinds() == [("sharing.taken_back", "amina@example.org")]
    own = sign_in(make.user(Role.ALUMNUS, alumnus_id=person.id))
    page = own.get("/me/sharing").text
    assert ("Staff took something back for you" in page, PROOF in page) == (True, True)
    row = db.session.scalars(sa.select(ConsentRecord).where(ConsentRecord.given.is_(False))).one()
    assert row.words.split("\n")[0] == "The United Example may no longer see:"
    assert "Waiting for a second person (0)" in officer.get("/staff/sharing").text
    db.session.execute(sa.update(ConsentProposal).values(at=utc_now() - timedelta(days=91), decided_at=utc_now()))
    db.session.commit()
    assert "Staff took something back for you" not in own.get("/me/sharing").text


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"what": ""}, "what"),
        ({"organisation": 0}, "organisation"),
        ({"organisation": 999_999}, "organisation"),
        ({"groups": []}, "groups"),
        ({"groups": ["contact"]}, "groups"),
        ({"groups": ["everything"]}, "groups"),
        ({"what": "taken_back"}, "groups"),
        ({"evidence": ""}, "evidence"),
        ({"evidence": "a mail"}, "evidence"),
    ],
)
def test_each_error_stands_at_its_field(
    more: dict[str, Any], field: str, officer: FlaskClient, person: Alumnus, unx: Organisation
) -> None:
    page = put(officer, person, said(unx, NAME, **more))
    assert (page.status_code, proposals()) == (422, [])
    assert re.findall(r'class="field-error" id="(\w+)-error"', page.text) == [field]


def test_one_waits_at_a_time(officer: FlaskClient, person: Alumnus, unx: Organisation) -> None:
    assert [put(officer, person, said(unx, NAME)).status_code for _time in range(2)] == [302, 422]
    assert len(proposals()) == 1


def test_a_viewer_reads_and_does_not_write(
    officer: FlaskClient, person: Alumnus, unx: Organisation, make: Factory, sign_in: SignIn
) -> None:
    put(officer, person, said(unx, NAME))
    viewer, path = sign_in(make.user(Role.VIEWER)), f"/staff/sharing/waiting/{proposals()[0].id}"
    assert (viewer.get(path).status_code, viewer.get(path).text.count('value="right"')) == (200, 0)
    assert post_form(viewer, path, {"answer": "wrong"}).status_code == 403
    assert viewer.get(f"/staff/alumni/{person.id}/sharing").text.count("/record") == 0
    assert put(viewer, person, said(unx, NAME)).status_code == 403
    assert (proposals()[0].decision, len(proposals())) == (None, 1)


def test_people_and_proposals_that_are_not_there(officer: FlaskClient, unx: Organisation) -> None:
    for path in (
        "/staff/alumni/999999/sharing",
        "/staff/alumni/999999/sharing/record",
        "/staff/sharing/waiting/999999",
    ):
        assert officer.get(path).status_code == 404
    assert post_form(officer, "/staff/alumni/999999/sharing/record", said(unx, NAME)).status_code == 404
    assert post_form(officer, "/staff/sharing/waiting/999999", {"answer": "right"}).status_code == 404
    assert post_form(officer, "/staff/sharing/999999/ask").status_code == 404


def test_the_page_of_a_person_says_why_a_partner_sees_nothing(officer: FlaskClient, make: Factory) -> None:
    sees, part, uncovered = make.organisation("AAA"), make.organisation("BBB"), make.organisation("CCC")
    none, said_nothing, unconfirmed = make.organisation("DDD"), make.organisation("EEE"), make.organisation("FFF")
    for partner in (sees, said_nothing, unconfirmed):
        make.agreement(partner)
    make.agreement(part, frozenset({NAME, CONTACT}))
    make.agreement(uncovered, frozenset({NAME}))
    person = make.alumnus()
    with writing():
        set_sharing(person.id, SharingAnswer.SOME, [unconfirmed.id], source=SharingSource.IMPORT)
        db.session.commit()
    for partner in (sees, part, uncovered, none):
        make.consent(person, partner, frozenset({NAME, WORK}))
    expected = [
        ["Name and country and Work and expertise"],
        ["Name and country", "Without consent: Contact", "Not in the agreement: Work and expertise"],
        ["Name and country", "Not in the agreement: Work and expertise"],
        ["No agreement in force", "Given: Name and country and Work and expertise"],
        ["No consent"],
        ["The register's statement is not confirmed"],
    ]
    assert partners_on(officer, person) == expected
    found = db.session.get_one(Alumnus, person.id)
    found.restricted = True
    db.session.commit()
    assert {words[0] for words in partners_on(officer, person)} == {"The person is restricted"}


def partners_on(officer: FlaskClient, person: Alumnus) -> list[list[str]]:
    """What the page of the person says of each partner, by code."""
    page = officer.get(f"/staff/alumni/{person.id}").text
    section = page.split('<h2 id="sees">')[1].split("</section>")[0]
    items = re.findall(r"<li>.*?</li>", section, re.DOTALL)
    spans = [re.findall(r'class="what">\s*([^<]+?)\s*<|class="person-latin">([^<]+)<', item) for item in items]
    return [[badge or below for badge, below in found] for found in spans]


@pytest.mark.parametrize("url", ["/staff/sharing/waiting", "/staff/sharing/wrong", "/staff/alumni/{}/sharing"])
def test_queries_do_not_grow(
    url: str, officer: FlaskClient, second: FlaskClient, make: Factory, count_queries: Any
) -> None:
    counts = []
    for number in (1, 2):
        person = make.alumnus()
        for _ in range(number):
            partner = make.organisation()
            make.agreement(partner)
            make.consent(person, partner, frozenset({NAME}))
            put(officer, person, said(partner, NAME, WORK))
        if url.endswith("wrong"):
            db.session.execute(sa.update(ConsentProposal).values(decision="refused", decided_at=utc_now()))
            db.session.commit()
        with count_queries() as queries:
            assert second.get(url.format(person.id)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
