"""What an alumnus sees and changes of their own, through the real client."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.enums import AlumnusStatus, PeriodKind
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db, utc_now
from tests.browsing import post_form
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
PAGES = ("/me/", "/me/profile", "/me/profile/edit", "/me/availability", "/me/sharing", "/me/sharing/history")


def own_user(make: Factory, **fields: object) -> User:
    return make.user(Role.ALUMNUS, alumnus_id=make.alumnus(**fields).id)


def fresh(alumnus_id: int) -> Alumnus:
    """The profile as the database has it now."""
    db.session.rollback()
    return db.session.get_one(Alumnus, alumnus_id, populate_existing=True)


def verbs() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.id)))


PROFILE = {
    "given_names": "Awa",
    "family_name": "Ndiaye",
    "display_name": "آوا نديا",
    "title": "Captain",
    "gender": "woman",
    "country_code": "KE",
    "agency": "Border Guard",
    "position": "Head of training",
    "phone": "+254 20 555 0100",
    "languages-0-language": "français",
    "languages-0-level": "5",
    "languages-1-language": "",
    "languages-1-level": "0",
    "zone": "Africa/Nairobi",
    "locale": "fr",
}


@pytest.mark.parametrize("url", PAGES)
def test_each_page_is_one_light_page_without_scripts(url: str, make: Factory, sign_in: SignIn) -> None:
    client = sign_in(own_user(make))
    answer = client.get(url, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert len(answer.data) < 60 * 1024
    text = client.get(url).text
    assert (text.count("<h1>"), text.count("<script")) == (1, 0)
    heading = re.sub("<[^>]+>", "", text.split("<h1>")[1].split("</h1>")[0])
    assert text.split("<title>")[1].startswith(heading)
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert sorted(ids) == sorted(set(ids))


def test_nobody_reads_another_profile_through_these_pages(make: Factory, sign_in: SignIn) -> None:
    make.alumnus("Hidden", "Other", agency="Elsewhere", email="other@secret.example.org")
    client = sign_in(own_user(make))
    for url in PAGES:
        text = client.get(url).text
        assert [word for word in ("Hidden", "Elsewhere", "secret.example.org") if word in text] == []


def test_remarks_of_staff_are_not_shown(make: Factory, sign_in: SignIn) -> None:
    client = sign_in(own_user(make, remarks="canaryremark", phone="+221 33 555 0100"))
    shown = "".join(client.get(url).text for url in PAGES)
    assert ("canaryremark" in shown, "+221 33 555 0100" in shown) == (False, True)


@pytest.mark.parametrize("url", ["/me/", "/me/sharing"])
@pytest.mark.parametrize(
    ("fields", "hidden"),
    [({}, False), ({"restricted": True}, True), ({"status": AlumnusStatus.LEFT_SERVICE}, True)],
)
def test_people_who_are_not_shown_are_told_so(
    url: str, fields: dict[str, object], hidden: bool, make: Factory, sign_in: SignIn
) -> None:
    client = sign_in(own_user(make, shared_with=(make.organisation(),), **fields))
    assert ("Your profile is not shown to partners at present" in client.get(url).text) == hidden


def test_the_home_page_shows_what_is_asked_and_what_is_next(make: Factory, sign_in: SignIn) -> None:
    user = own_user(make)
    for title, state in (("Asked session", AssignmentState.INVITED), ("Coming session", AssignmentState.ACCEPTED)):
        event = make.event(title, seats=1)
        assignment = Assignment(
            slot_id=event.slots[0].id,
            event_id=event.id,
            alumnus_id=user.alumnus_id,
            seat=1,
            state=state,
            invited_at=utc_now(),
            answer_by=utc_now() + timedelta(days=3),
        )
        db.session.add(assignment)
    db.session.commit()
    text = sign_in(user).get("/me/").text
    asked, coming, _rest = re.split(r'<h2 id="(?:next|who-head)">', text)
    assert ("Asked session" in asked, "Coming session" in asked) == (True, False)
    assert ("Asked session" in coming, "Coming session" in coming) == (False, True)
    assert asked.count("/me/invitations/") == 1


def test_saving_the_profile(make: Factory, sign_in: SignIn) -> None:
    theme = make.theme("Document security")
    user = own_user(make, remarks="kept", email="awa@example.org")
    client = sign_in(user)
    answer = post_form(client, "/me/profile/edit", {**PROFILE, "themes": str(theme.id)}, page="/me/profile/edit")
    assert answer.status_code == 302
    person = fresh(user.alumnus_id)
    assert (person.display_name, person.latin_name != "", person.country_code) == ("آوا نديا", True, "KE")
    assert {spoken.language_code: spoken.level for spoken in person.languages} == {"fr": 5}
    assert [theme.name for theme in person.themes] == ["Document security"]
    # What staff alone write, and the addresses, stay as they were.
    assert (person.remarks, person.status, [email.address for email in person.emails]) == (
        "kept",
        AlumnusStatus.ACTIVE,
        ["awa@example.org"],
    )
    assert person.profile_confirmed_at is not None
    user = db.session.get_one(User, user.id, populate_existing=True)
    assert (user.locale, user.zone) == ("fr", "Africa/Nairobi")
    assert verbs() == ["alumnus.edited", "alumnus.confirmed"]


def test_a_person_cannot_write_what_is_for_staff(make: Factory, sign_in: SignIn) -> None:
    user = own_user(make, restricted=True, remarks="kept", email="awa@example.org")
    client = sign_in(user)
    more = {"restricted": "", "status": "inactive", "remarks": "mine", "emails": "new@example.org", "id": "1"}
    assert post_form(client, "/me/profile/edit", {**PROFILE, **more}).status_code == 302
    person = fresh(user.alumnus_id)
    assert (person.restricted, person.status, person.remarks) == (True, AlumnusStatus.ACTIVE, "kept")
    assert [email.address for email in person.emails] == ["awa@example.org"]


def test_all_errors_of_a_profile_at_once(make: Factory, sign_in: SignIn) -> None:
    user = own_user(make)
    client = sign_in(user)
    wrong = {"languages-0-language": "Klingon", "agency": "x" * 201, "zone": "Mars/Base"}
    answer = post_form(client, "/me/profile/edit", {**PROFILE, **wrong})
    assert answer.status_code == 422
    assert answer.text.count('class="field-error"') == 3
    assert "&#34;Klingon&#34; is not in the list of languages." in answer.text
    assert fresh(user.alumnus_id).agency == "Border Police"


def test_a_profile_changed_meanwhile_is_not_overwritten(make: Factory, sign_in: SignIn) -> None:
    user = own_user(make)
    client = sign_in(user)
    answer = post_form(client, "/me/profile/edit", {**PROFILE, "seen_at": "2020-01-01T00:00:00+00:00"})
    assert answer.status_code == 422
    assert fresh(user.alumnus_id).family_name == "Diallo"


def test_confirming_the_profile(make: Factory, sign_in: SignIn) -> None:
    user = own_user(make)
    client = sign_in(user)
    assert post_form(client, "/me/profile/confirm").status_code == 302
    assert fresh(user.alumnus_id).profile_confirmed_at is not None
    assert verbs() == ["alumnus.confirmed"]


def test_adding_and_removing_days(make: Factory, sign_in: SignIn) -> None:
    user = own_user(make)
    client = sign_in(user)
    days = {"kind": "blackout", "starts_on": "2031-05-17", "ends_on": "2031-05-19", "note": "Leave"}
    assert post_form(client, "/me/availability/periods", days).status_code == 302
    text = client.get("/me/availability").text
    assert "you cannot present from Saturday 17 May 2031 to Monday 19 May 2031" in text
    (period,) = fresh(user.alumnus_id).periods
    assert (period.kind, period.starts_on, period.ends_on, period.note) == (
        PeriodKind.BLACKOUT,
        date(2031, 5, 17),
        date(2031, 5, 19),
        "Leave",
    )
    assert post_form(client, f"/me/availability/periods/{period.id}/remove").status_code == 302
    assert fresh(user.alumnus_id).periods == []
    assert verbs() == ["availability.added", "availability.removed"]


def test_days_the_wrong_way_round_are_said_in_words(make: Factory, sign_in: SignIn) -> None:
    user = own_user(make)
    client = sign_in(user)
    days = {"kind": "window", "starts_on": "2031-05-19", "ends_on": "2031-05-17"}
    answer = post_form(client, "/me/availability/periods", days)
    assert answer.status_code == 422
    assert "The last day is before the first. Change one of them." in answer.text
    # A browser shows days in an order of its own: they are said in words as well.
    assert answer.text.count('class="echo"') == 2
    assert fresh(user.alumnus_id).periods == []


def test_days_of_another_person_cannot_be_removed(make: Factory, sign_in: SignIn) -> None:
    owner = own_user(make)
    days = {"kind": "blackout", "starts_on": "2031-05-17", "ends_on": "2031-05-19"}
    post_form(sign_in(owner), "/me/availability/periods", days)
    (period,) = fresh(owner.alumnus_id).periods
    other = sign_in(own_user(make))
    assert post_form(other, f"/me/availability/periods/{period.id}/remove").status_code == 404
    assert len(fresh(owner.alumnus_id).periods) == 1


def test_saving_how_early_and_how_often(make: Factory, sign_in: SignIn) -> None:
    user = own_user(make)
    client = sign_in(user)
    answer = post_form(client, "/me/availability/limits", {"notice_days": "30", "quarter_limit": "0"})
    assert answer.status_code == 302
    person = fresh(user.alumnus_id)
    assert (person.notice_days, person.quarter_limit) == (30, 0)
    assert verbs() == ["alumnus.edited"]
    answer = post_form(client, "/me/availability/limits", {"notice_days": "-1", "quarter_limit": "many"})
    assert answer.status_code == 422
    assert answer.text.count('class="field-error"') == 2


@pytest.mark.parametrize("url", PAGES)
def test_queries_do_not_grow_with_rows(
    url: str, make: Factory, sign_in: SignIn, count_queries: Callable[[], object]
) -> None:
    counts = []
    for number in (1, 3):
        themes = tuple(make.theme() for _ in range(number))
        partners = tuple(make.organisation() for _ in range(number))
        languages = dict(list({"en": 5, "fr": 4, "es": 3}.items())[:number])
        user = own_user(make, themes=themes, shared_with=partners, languages=languages)
        person = db.session.get_one(Alumnus, user.alumnus_id)
        for _ in range(number):
            make.enrolment(make.cohort(), person)
        client = sign_in(user)
        with count_queries() as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    # Who can see me reads every part of the profile, for the examples beside the boxes.
    assert counts[0] == counts[1] <= (16 if url == "/me/sharing" else 14)
