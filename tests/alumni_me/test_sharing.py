"""Who sees one: chosen part by part, in words that are kept as they were read."""

import html
import re
from collections.abc import Callable, Sequence
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.consent.enums import FieldGroup, SharingAnswer, SharingSource
from bsm_alumni.consent.models import ConsentRecord, SharedWith, SharingStatement, StatedWith
from bsm_alumni.consent.service import set_sharing
from bsm_alumni.database import writing
from bsm_alumni.extensions import db
from bsm_alumni.organisations.models import Agreement, Organisation
from bsm_alumni.organisations.rules import groups_of, mask_of
from tests.alumni_me.reading import form_of, lines_of, send
from tests.browsing import csrf_token, post_form
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
NAME, WORK, CONTACT, _DAYS, SESSIONS = FieldGroup
ALL = frozenset(FieldGroup)


@pytest.fixture
def unx(make: Factory) -> Organisation:
    """A partner whose agreement covers everything."""
    partner = make.organisation("UNX", name="The United Example")
    make.agreement(partner, ALL, purpose="Choosing presenters", ends_on=date(2031, 12, 31))
    return partner


@pytest.fixture
def own(make: Factory) -> User:
    return make.user(Role.ALUMNUS, alumnus_id=make.alumnus(email="amina@example.org", phone="+221 33 555 0100").id)


def given(alumnus_id: int | None) -> dict[int, frozenset[FieldGroup]]:
    db.session.rollback()
    rows = db.session.scalars(sa.select(SharedWith).where(SharedWith.alumnus_id == alumnus_id))
    return {row.organisation_id: groups_of(row.groups) for row in rows}


def records() -> Sequence[ConsentRecord]:
    db.session.rollback()
    return db.session.scalars(sa.select(ConsentRecord).order_by(ConsentRecord.id)).all()


def register_says(alumnus_id: int | None, answer: SharingAnswer, *partners: Organisation, words: str = "") -> None:
    ids = [partner.id for partner in partners]
    with writing():
        set_sharing(alumnus_id or 0, answer, ids, source=SharingSource.IMPORT, words=words)
        db.session.commit()


@pytest.mark.parametrize("locale", ["en", "fr", "ar"])
@pytest.mark.parametrize("ticked", [{NAME}, {NAME, WORK}, {NAME, CONTACT, SESSIONS}, ALL])
def test_the_words_kept_are_the_words_shown(
    ticked: frozenset[FieldGroup], locale: str, unx: Organisation, own: User, sign_in: SignIn
) -> None:
    client = sign_in(own)
    url = f"/me/sharing?lang={locale}"
    shown = lines_of(client.get(url).text)
    answer = send(client, f"/me/sharing/{unx.id}", {"groups": [group.value for group in ticked]}, url)
    assert (answer.status_code, answer.location) == (302, "/me/sharing")
    assert given(own.alumnus_id) == {unx.id: frozenset(ticked)}
    kept = records()
    assert {(row.field_group, row.given, row.locale, row.source.value) for row in kept} == {
        (group, True, locale, "alumnus") for group in ticked
    }
    (words,) = {row.words for row in kept}
    lines = words.split("\n")
    first = shown.index(lines[0])
    boxes = [line for line in lines if line[0] in "☑☐"]
    assert [line[0] for line in boxes] == ["☑" if group in ticked else "☐" for group in FieldGroup]
    # Each line stands on the page, in the same order, with nothing between but the examples.
    at = [shown.index(line[2:] if line in boxes else line, first) for line in lines]
    assert at == sorted(at)
    assert at[-1] - at[0] == len(lines) - 1 + len(boxes)


def test_words_of_another_language_are_other_words(unx: Organisation, own: User, sign_in: SignIn) -> None:
    """The twin of the test above: dates are written otherwise, so that the language shown is seen to be kept."""
    client = sign_in(own)
    send(client, f"/me/sharing/{unx.id}", {"groups": ["identity"]}, "/me/sharing?lang=fr")
    send(client, f"/me/sharing/{unx.id}", {"groups": ["identity", "contact"]}, "/me/sharing?lang=ru")
    assert [("31 décembre 2031" in row.words, "31 декабря 2031" in row.words) for row in records()] == [
        (True, False),
        (False, True),
    ]


def test_the_example_is_ones_own_profile(unx: Organisation, own: User, sign_in: SignIn, make: Factory) -> None:
    make.alumnus("Hidden", "Other", agency="Elsewhere", email="other@secret.example.org")
    shown = lines_of(sign_in(own).get("/me/sharing").text)
    examples = [line for line in shown if line.startswith("UNX would see")]
    assert examples == [
        "UNX would see: Amina Diallo · Senegal",
        "UNX would see: Border Police · Captain · English C1",
        "UNX would see: amina@example.org · +221 33 555 0100",
        "UNX would see: Dakar (UTC) · Needs 14 days of notice. · Takes on 2 sessions a quarter at most.",
        "UNX would see nothing at present: your profile has nothing here.",
    ]
    assert [line for line in shown if "Hidden" in line or "secret" in line or "Elsewhere" in line] == []


def test_nothing_is_ticked_for_somebody_who_said_nothing(unx: Organisation, own: User, sign_in: SignIn) -> None:
    register_says(own.alumnus_id, SharingAnswer.SOME, unx)
    page = sign_in(own).get("/me/sharing").text
    assert (page.count('type="checkbox"'), page.count(" checked")) == (5, 0)


def test_parts_outside_the_agreement_are_not_asked_about(make: Factory, own: User, sign_in: SignIn) -> None:
    partner = make.organisation("UNY")
    make.agreement(partner, frozenset({NAME, CONTACT}))
    client = sign_in(own)
    assert client.get("/me/sharing").text.count('type="checkbox"') == 2
    send(client, f"/me/sharing/{partner.id}", {"groups": [group.value for group in FieldGroup]}, "/me/sharing")
    assert given(own.alumnus_id) == {partner.id: frozenset({NAME, CONTACT})}


def test_without_the_name_nothing_is_shared(unx: Organisation, own: User, sign_in: SignIn) -> None:
    client = sign_in(own)
    send(client, f"/me/sharing/{unx.id}", {"groups": ["identity", "contact"]}, "/me/sharing")
    send(client, f"/me/sharing/{unx.id}", {"groups": ["contact"]}, "/me/sharing")
    assert given(own.alumnus_id) == {}
    assert [(row.field_group, row.given) for row in records()] == [
        (NAME, True),
        (CONTACT, True),
        (NAME, False),
        (CONTACT, False),
    ]
    assert "☐ Name and country" in records()[-1].words


def test_withdrawing_all_in_one_tap(unx: Organisation, own: User, sign_in: SignIn, make: Factory) -> None:
    other = make.organisation("UNY")
    make.agreement(other)
    client = sign_in(own)
    for partner in (unx, other):
        send(client, f"/me/sharing/{partner.id}", {"groups": ["identity", "professional"]}, "/me/sharing")
    shown = lines_of(client.get("/me/sharing?lang=es").text)
    action = f"/me/sharing/{unx.id}/withdraw"
    assert send(client, action, page="/me/sharing?lang=es").status_code == 302
    assert given(own.alumnus_id) == {other.id: frozenset({NAME, WORK})}
    taken = [row for row in records() if not row.given]
    assert [(row.field_group, row.locale) for row in taken] == [(NAME, "es"), (WORK, "es")]
    assert {row.words in shown for row in taken} == {True}
    count = len(records())
    assert post_form(client, action).status_code == 302
    assert len(records()) == count


@pytest.mark.parametrize("change", ["purpose", "ends_on", "groups"])
def test_a_text_that_changed_meanwhile_is_not_agreed_to(
    change: str, unx: Organisation, own: User, sign_in: SignIn
) -> None:
    client, action = sign_in(own), f"/me/sharing/{unx.id}"
    hidden = form_of(client.get("/me/sharing").text, action)
    values = {"purpose": "Anything at all", "ends_on": date(2040, 1, 1), "groups": mask_of({NAME, WORK})}
    db.session.execute(sa.update(Agreement).values({change: values[change]}))
    db.session.commit()
    answer = client.post(action, data={**hidden, "groups": ["identity"]}, follow_redirects=True)
    assert "The text was changed while you read it." in answer.text
    assert (given(own.alumnus_id), list(records())) == ({}, [])
    send(client, action, {"groups": ["identity"]}, "/me/sharing")
    assert given(own.alumnus_id) == {unx.id: frozenset({NAME})}


def test_a_form_without_its_text_changes_nothing(unx: Organisation, own: User, sign_in: SignIn) -> None:
    client, action = sign_in(own), f"/me/sharing/{unx.id}"
    assert post_form(client, action, {"groups": ["identity"]}).status_code == 302
    assert post_form(client, action, {"groups": ["everything"], "shown": "x", "shown_in": "xx"}).status_code == 302
    assert list(records()) == []


def test_partners_that_are_not_there(make: Factory, own: User, sign_in: SignIn) -> None:
    client = sign_in(own)
    archived = make.organisation(archived_at=db.session.scalar(sa.select(User.created_at).limit(1)))
    make.agreement(archived)
    for number in (archived.id, 999_999):
        assert post_form(client, f"/me/sharing/{number}", {"groups": ["identity"]}).status_code == 404
        assert post_form(client, f"/me/sharing/{number}/withdraw").status_code == 404


def test_a_partner_without_an_agreement_sees_nothing(make: Factory, own: User, sign_in: SignIn) -> None:
    partner = make.organisation("UNY")
    client = sign_in(own)
    page = client.get("/me/sharing").text
    assert (page.count('type="checkbox"'), page.count("Partners without an agreement")) == (0, 1)
    answer = client.post(
        f"/me/sharing/{partner.id}",
        data={"csrf_token": csrf_token(client), "groups": ["identity"]},
        follow_redirects=True,
    )
    assert "no agreement with this partner now" in answer.text
    assert list(records()) == []


def test_the_switch_on_the_home_page(unx: Organisation, own: User, sign_in: SignIn) -> None:
    client, action = sign_in(own), f"/me/sharing/{unx.id}"
    page = client.get("/me/").text
    shown = lines_of(page)
    answer = send(client, action, {"groups": ["identity", "professional"]}, "/me/")
    assert answer.location == "/me/#who"
    assert given(own.alumnus_id) == {unx.id: frozenset({NAME, WORK})}
    (words,) = {row.words for row in records()}
    at = [shown.index(line) for line in words.split("\n")]
    assert at == list(range(at[0], at[0] + len(at)))
    assert send(client, f"{action}/withdraw", page="/me/").status_code == 302
    assert given(own.alumnus_id) == {}


def test_looking_changes_nothing(unx: Organisation, own: User, sign_in: SignIn) -> None:
    register_says(own.alumnus_id, SharingAnswer.SOME, unx)
    client = sign_in(own)
    for url in ("/me/", "/me/sharing", "/me/sharing/history", f"/me/sharing/{unx.id}?groups=identity"):
        client.get(url)
    assert (given(own.alumnus_id), list(records())) == ({}, [])
    assert db.session.scalars(sa.select(StatedWith.organisation_id)).all() == [unx.id]


@pytest.mark.parametrize(("page", "locale"), [("/me/", "en"), ("/me/sharing", "fr")])
def test_a_statement_of_the_register_is_confirmed(
    page: str, locale: str, unx: Organisation, own: User, sign_in: SignIn
) -> None:
    register_says(own.alumnus_id, SharingAnswer.SOME, unx, words="ok for UNX only")
    client, url = sign_in(own), f"{page}?lang={locale}"
    shown = lines_of(client.get(url).text)
    told = "Your cohort's register says you agreed to be seen by The United Example. Nothing is shared until you"
    assert len([line for line in shown if line.startswith(told)]) == 1
    assert send(client, "/me/sharing/statement", {"answer": "right"}, url).status_code == 302
    assert given(own.alumnus_id) == {unx.id: frozenset({NAME, WORK})}
    (words,) = {row.words for row in records()}
    assert ("“ok for UNX only”" in words, {row.locale for row in records()}) == (True, {locale})
    at = [shown.index(line) for line in words.split("\n")]
    assert at == list(range(at[0], at[0] + len(at)))
    assert "Is this right?" not in client.get(page).text
    assert db.session.get_one(SharingStatement, own.alumnus_id).source is SharingSource.ALUMNUS
    # Twice has one effect.
    count = len(records())
    post_form(client, "/me/sharing/statement", {"answer": "right"})
    assert len(records()) == count


def test_a_statement_of_the_register_is_refused(unx: Organisation, own: User, sign_in: SignIn) -> None:
    register_says(own.alumnus_id, SharingAnswer.ALL, unx)
    client = sign_in(own)
    for _time in range(2):
        assert post_form(client, "/me/sharing/statement", {"answer": "wrong"}).status_code == 302
    assert (given(own.alumnus_id), list(records())) == ({}, [])
    assert list(db.session.scalars(sa.select(StatedWith))) == []
    statement = db.session.get_one(SharingStatement, own.alumnus_id, populate_existing=True)
    assert (statement.source, statement.answer) == (SharingSource.ALUMNUS, SharingAnswer.NO)
    verbs = list(db.session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.id)))
    assert verbs == ["sharing.answered", "sharing.refused"]
    assert "Is this right?" not in client.get("/me/").text


def test_that_nobody_may_see_one_is_confirmed_too(unx: Organisation, own: User, sign_in: SignIn) -> None:
    register_says(own.alumnus_id, SharingAnswer.NO, words="no thanks")
    client = sign_in(own)
    page = client.get("/me/sharing").text
    assert ("no thanks" in page, "does not say that a partner may see you" in page) == (True, True)
    post_form(client, "/me/sharing/statement", {"answer": "right"})
    assert "Is this right?" not in client.get("/me/sharing").text
    assert (given(own.alumnus_id), list(records())) == ({}, [])


def test_the_past_is_paged(unx: Organisation, own: User, sign_in: SignIn, make: Factory) -> None:
    person = db.session.get_one(Alumnus, own.alumnus_id)
    for number in range(14):
        make.consent(person, unx, frozenset({NAME, WORK} if number % 2 else ALL))
    total = len(records())
    client = sign_in(own)
    seen, url = 0, "/me/sharing/history"
    while url:
        page = client.get(url).text
        seen += page.count("The words of then")
        found = re.search(r'rel="next" href="([^"]+)"', page)
        url = html.unescape(found[1]) if found else ""
    assert (seen, total > 25) == (total, True)
    other = sign_in(make.user(Role.ALUMNUS))
    assert other.get("/me/sharing/history").text.count("The words of then") == 0
