"""Adding, editing and putting away people, through the pages."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.audit.service import find_first_break
from bsm_alumni.extensions import db
from tests.alumni.pages import names_of, words_in
from tests.factories import Factory

Counter = Callable[[], AbstractContextManager[list[str]]]
Post = Callable[..., Any]

FILLED = {
    "given_names": "Amina",
    "family_name": "al-Khatib",
    "display_name": "أمينة الخطيب",
    "emails": "Kontakt@example.org\nsecond@example.org",
    "country_code": "JO",
    "agency": "Border Guard",
    "locale": "ar",
    "zone": "Asia/Amman",
    "languages-0-language": "French",
    "languages-0-level": "5",
    "languages-1-language": "ar",
    "languages-1-level": "7",
    "languages-2-language": "",
    "languages-2-level": "0",
    "notice_days": "10",
    "quarter_limit": "3",
    "status": "active",
}


@pytest.fixture
def staff(make: Factory, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in(make.user(Role.OFFICER, name="Ingrid Holm"))


def verbs() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.id)))


def test_adding_a_person(staff: FlaskClient, post: Post, make: Factory) -> None:
    theme = make.theme()
    answer = post(staff, "/staff/alumni/add", {**FILLED, "themes": [str(theme.id)]})
    person = db.session.scalars(sa.select(Alumnus)).one()
    assert (answer.status_code, answer.location) == (302, f"/staff/alumni/{person.id}")
    assert (person.display_name, person.latin_name) == ("أمينة الخطيب", "Amina al-Khatib")
    assert [email.address for email in person.emails] == ["Kontakt@example.org", "second@example.org"]
    assert {item.language_code: item.level for item in person.languages} == {"fr": 5, "ar": 7}
    assert [item.name for item in person.themes] == [theme.name]
    assert (person.notice_days, person.quarter_limit, person.zone) == (10, 3, "Asia/Amman")
    assert verbs() == ["alumnus.added"]


def test_the_added_person_is_found_in_either_script(staff: FlaskClient, post: Post) -> None:
    post(staff, "/staff/alumni/add", FILLED)
    for text in ("khatib", "أمينة", "kontakt@example.org", "border"):
        assert names_of(staff.get("/staff/alumni", query_string={"q": text}).text) == ["أمينة الخطيب"]


def test_all_errors_come_at_once_and_nothing_is_added(staff: FlaskClient, post: Post, make: Factory) -> None:
    make.alumnus("Diallo", "Amina", email="taken@example.org")
    wrong = {
        **FILLED,
        "given_names": "",
        "family_name": "",
        "display_name": "",
        "emails": "amina at example.org\nTAKEN@example.org",
    }
    answer = post(staff, "/staff/alumni/add", wrong)
    assert answer.status_code == 422
    assert words_in(answer.text, "field-error") == [
        "Error: Write at least a family name, or the name in full.",
        'Error: "amina at example.org" cannot be used. Write it as name@domain or leave it out. '
        "taken@example.org belongs to Amina Diallo. Leave it out here or there.",
    ]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Alumnus)) == 1


def test_values_that_cannot_be_read_are_named_in_words(staff: FlaskClient, post: Post) -> None:
    wrong = {**FILLED, "notice_days": "soon", "quarter_limit": "99", "languages-0-language": "Klingonese"}
    answer = post(staff, "/staff/alumni/add", wrong)
    assert words_in(answer.text, "field-error") == [
        'Error: "Klingonese" is not in the list of languages. Choose one from the list.',
        "Error: Write a whole number, such as 14.",
        "Error: Write a number from 0 to 50.",
    ]
    assert answer.text.count('aria-invalid="true"') == 3


def test_editing_changes_what_was_changed_and_says_so(staff: FlaskClient, post: Post, make: Factory) -> None:
    post(staff, "/staff/alumni/add", FILLED)
    person = db.session.scalars(sa.select(Alumnus)).one()
    changed = {**FILLED, "agency": "Customs", "emails": "second@example.org", "languages-1-language": ""}
    answer = post(staff, f"/staff/alumni/{person.id}/edit", changed)
    assert answer.status_code == 302
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.verb, entry.actor) == ("alumnus.edited", "Ingrid Holm")
    assert entry.before == {
        "agency": "Border Guard",
        "emails": ["Kontakt@example.org", "second@example.org"],
        "languages": {"fr": 5, "ar": 7},
    }
    assert entry.after == {"agency": "Customs", "emails": ["second@example.org"], "languages": {"fr": 5}}
    assert names_of(staff.get("/staff/alumni?q=kontakt").text) == []


def test_saving_without_a_change_leaves_no_trace(staff: FlaskClient, post: Post) -> None:
    post(staff, "/staff/alumni/add", FILLED)
    person = db.session.scalars(sa.select(Alumnus)).one()
    post(staff, f"/staff/alumni/{person.id}/edit", FILLED)
    assert verbs() == ["alumnus.added"]


def test_who_saves_last_does_not_win_silently(staff: FlaskClient, post: Post) -> None:
    post(staff, "/staff/alumni/add", FILLED)
    person = db.session.scalars(sa.select(Alumnus)).one()
    form = staff.get(f"/staff/alumni/{person.id}/edit").text
    seen_at = form.split('name="seen_at" type="hidden" value="')[1].split('"')[0]
    post(staff, f"/staff/alumni/{person.id}/edit", {**FILLED, "agency": "Customs", "seen_at": seen_at})
    late = post(staff, f"/staff/alumni/{person.id}/edit", {**FILLED, "agency": "Police", "seen_at": seen_at})
    assert late.status_code == 422
    db.session.expire_all()
    assert db.session.get(Alumnus, person.id).agency == "Customs"


def test_the_form_shows_the_profile_it_edits(staff: FlaskClient, post: Post) -> None:
    post(staff, "/staff/alumni/add", FILLED)
    person = db.session.scalars(sa.select(Alumnus)).one()
    page = staff.get(f"/staff/alumni/{person.id}/edit").text
    for control in (
        'value="al-Khatib"',
        'type="text" value="French"',
        'type="text" value="Arabic"',
        '<option selected value="Asia/Amman">',
    ):
        assert page.count(control) == 1


def test_archive_and_restore(staff: FlaskClient, post: Post, make: Factory) -> None:
    person = make.alumnus("Diallo", "Amina")
    post(staff, f"/staff/alumni/{person.id}/archive")
    assert names_of(staff.get("/staff/alumni").text) == []
    assert staff.get(f"/staff/alumni/{person.id}/edit").status_code == 409
    post(staff, f"/staff/alumni/{person.id}/restore")
    db.session.expire_all()
    assert db.session.get(Alumnus, person.id).status is AlumnusStatus.ACTIVE
    assert verbs() == ["alumnus.archived", "alumnus.restored"]
    assert find_first_break() is None


def test_archiving_twice_is_put_down_once(staff: FlaskClient, post: Post, make: Factory) -> None:
    person = make.alumnus()
    post(staff, f"/staff/alumni/{person.id}/archive")
    post(staff, f"/staff/alumni/{person.id}/archive")
    assert verbs() == ["alumnus.archived"]


def test_nobody_is_404(staff: FlaskClient, post: Post) -> None:
    assert staff.get("/staff/alumni/999").status_code == 404
    assert staff.get("/staff/alumni/999/edit").status_code == 404
    assert post(staff, "/staff/alumni/999/archive").status_code == 404


def test_a_reader_is_offered_no_change(make: Factory, sign_in: Callable[..., FlaskClient], post: Post) -> None:
    person = make.alumnus()
    reader = sign_in(make.user(Role.VIEWER))
    page = reader.get(f"/staff/alumni/{person.id}").text
    assert [part for part in ("/edit", "/archive", "/periods") if f"{person.id}{part}" in page] == []
    assert post(reader, f"/staff/alumni/{person.id}/archive").status_code == 403


def test_one_heading_and_the_title_starts_with_it(staff: FlaskClient, make: Factory) -> None:
    person = make.alumnus("O'Brien", "Siobhán")
    page = staff.get(f"/staff/alumni/{person.id}").text
    title = page.split("<title>")[1].split("</title>")[0]
    assert (page.count("<h1"), title) == (1, "Siobhán O&#39;Brien – BSM Alumni")


def test_queries_do_not_grow_with_a_longer_profile(make: Factory, staff: FlaskClient, count_queries: Counter) -> None:
    def cost(person: Alumnus) -> int:
        path = f"/staff/alumni/{person.id}"
        with count_queries() as queries:
            staff.get(path)
        return len(queries)

    short = make.alumnus(themes=(make.theme(),), languages={"en": 5})
    make.enrolment(make.cohort(), short)
    long = make.alumnus(themes=tuple(make.theme() for _n in range(3)), languages={"en": 5, "fr": 4, "ar": 3})
    for _number in range(3):
        make.enrolment(make.cohort(), long)
    assert cost(short) == cost(long)
