"""Eight states of consent and eight of agreement: each partner reads exactly what both cover, and finds by no more."""

import base64
import re
from collections.abc import Callable

from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from tests.browsing import post_form
from tests.factories import Factory
from tests.partner.files import rows_of, text_of
from tests.partner.states import (
    AGREED,
    ASSIGNMENTS,
    AVAILABILITY,
    CONSENTS,
    CONTACT,
    IDENTITY,
    PROFESSIONAL,
    States,
    canary,
    make_states,
)

SignIn = Callable[[User], FlaskClient]
EXPORT = "/partner/alumni/export"
LISTED = frozenset({IDENTITY, PROFESSIONAL})


def take(client: FlaskClient, file_format: str, query: str = "") -> bytes:
    form = {"purpose": "Choosing presenters", "file_format": file_format}
    answer = post_form(client, EXPORT + query, form, page=EXPORT)
    assert answer.status_code == 200
    return answer.data


def listed(text: str) -> int:
    return text.count('<th scope="row">')


def themes_to_choose(text: str) -> str:
    """The page without the list of all themes, which is no person's."""
    return re.sub(r'<select[^>]*id="filter-theme".*?</select>', "", text, flags=re.DOTALL)


def test_pages_and_files_hold_what_agreement_and_consent_cover(make: Factory, sign_in: SignIn) -> None:
    states = make_states(make)
    for partner in AGREED:
        reads_what_is_covered(states, partner, sign_in(states.users[partner]))


def reads_what_is_covered(states: States, partner: str, client: FlaskClient) -> None:
    roster = client.get("/partner/alumni").text
    assert states.found(themes_to_choose(roster)) == states.expected(partner, LISTED)
    for name, person in states.people.items():
        answer = client.get(f"/partner/alumni/{person.row.id}")
        shown = states.shown(partner, name)
        assert (name, answer.status_code) == (name, 200 if shown else 404)
        words = {word for group in shown for word in person.words[group]}
        assert (name, states.found(answer.text)) == (name, words)
    for file_format in ("json", "csv", "xlsx"):
        assert states.found(text_of(take(client, file_format))) == states.expected(partner)
    assert states.found(client.get("/partner/events").text) == set()
    figures = client.get("/partner/figures").text
    assert states.found(figures) == {canary("theme", n) for n in people_with_work(states, partner)}


def people_with_work(states: States, partner: str) -> list[int]:
    return [n for n, name in enumerate(CONSENTS, 1) if PROFESSIONAL in states.shown(partner, name)]


def test_nobody_is_found_by_what_is_not_shown(make: Factory, sign_in: SignIn) -> None:
    states = make_states(make)
    for partner in ("full", "narrow", "work"):
        finds_by_what_is_shown(states, partner, sign_in(states.users[partner]))


def finds_by_what_is_shown(states: States, partner: str, client: FlaskClient) -> None:
    agreed = AGREED[partner]
    everyone = sum(bool(states.shown(partner, name)) for name in CONSENTS)
    for number, (name, person) in enumerate(states.people.items(), 1):
        shown = states.shown(partner, name)
        searches = {"name": IDENTITY in shown, "latin": IDENTITY in shown, "agency": PROFESSIONAL in shown}
        searches |= dict.fromkeys(("family", "given", "mail", "second", "phone", "remark", "position"), False)
        for field, is_found in searches.items():
            text = client.get(f"/partner/alumni?q={canary(field, number)}").text
            assert (name, field, listed(text)) == (name, field, int(is_found))
        for query in (f"theme={person.theme_id}", f"cohort={person.cohort_id}"):
            # A filter over what the agreement does not cover at all narrows nothing.
            meant = int(PROFESSIONAL in shown) if PROFESSIONAL in agreed else everyone
            assert (name, query, listed(client.get(f"/partner/alumni?{query}").text)) == (name, query, meant)
        day = f"{2900 + number}-05-18"
        meant = everyone
        if AVAILABILITY in agreed:
            meant = sum(AVAILABILITY in states.shown(partner, other) and other != name for other in CONSENTS)
        text = client.get(f"/partner/alumni?free_from={day}&free_to={day}").text
        assert (name, listed(text)) == (name, meant)


def test_files_have_a_column_for_what_is_agreed_and_empty_cells_for_what_is_not_shared(
    make: Factory, sign_in: SignIn
) -> None:
    states = make_states(make)
    for partner, columns in (
        ("work", {"agency", "position", "languages", "themes", "cohorts"}),
        ("narrow", {"zone", "notice_days", "quarter_limit", "free", "not_free"}),
    ):
        rows = rows_of(take(sign_in(states.users[partner]), "xlsx"), "xlsx")
        assert set(rows[0]) == {"id", "name", "latin_name", "country", "country_code", *columns}
    rows = rows_of(take(sign_in(states.users["full"]), "json"), "json")
    by_name = {row["name"].split()[1]: row for row in rows}
    reach = by_name[canary("name", list(CONSENTS).index("reach") + 1)]
    hidden = ("agency", "position", "languages", "themes", "cohorts", "zone", "notice_days", "free", "not_free")
    assert {name: reach[name] for name in hidden} == dict.fromkeys(hidden)
    assert (len(reach["emails"]), len(reach["sessions"])) == (2, 1)


def test_the_banner_says_what_is_agreed_and_figures_count_what_is_shown(make: Factory, sign_in: SignIn) -> None:
    states = make_states(make)
    text = sign_in(states.users["narrow"]).get("/partner/alumni").text
    assert "at most Name and country and Availability" in text
    assert ('id="filter-language"' in text, 'id="filter-free_from"' in text) == (False, True)
    for partner in ("ended", "over", "future", "nothing"):
        text = sign_in(states.users[partner]).get("/partner/alumni").text
        assert "No agreement with" in text
        assert ("write to the programme office" in text, listed(text)) == (True, 0)
    figures_count_what_is_shown(states, sign_in)


def figures_count_what_is_shown(states: States, sign_in: SignIn) -> None:
    text = sign_in(states.users["full"]).get("/partner/figures").text
    counted = [int(n) for n in re.findall(r"Counted over (\d+) ", text)]

    def having(group: object) -> int:
        return sum(group in states.shown("full", name) for name in CONSENTS)

    assert counted == [having(IDENTITY), having(PROFESSIONAL), having(PROFESSIONAL), having(AVAILABILITY)]
    assert counted == [5, 3, 3, 1]
    assert re.findall(r'<th scope="row">French</th><td>(\d+)</td>', text) == ["3"]
    text = sign_in(states.users["ended"]).get("/partner/figures").text
    assert text.count("Nobody shares this with you.") == 4


def test_a_partners_order_follows_the_name_that_is_shown(make: Factory, sign_in: SignIn) -> None:
    """Neither the order nor the key of the next page tells a family name that is not shown."""
    partner = make.organisation()
    for number in range(30):
        make.alumnus(f"Zqhidden{29 - number:02d}", "X", display_name=f"Person Name{number:02d}", shared_with=(partner,))
    client = sign_in(make.user(Role.PARTNER, organisation_id=partner.id))
    text = client.get("/partner/alumni").text
    assert re.findall(r"Person Name(\d\d)<", text) == [f"{n:02d}" for n in range(25)]
    key = re.search(r"after=([\w-]+)", text).group(1)
    assert b"zqhidden" not in base64.urlsafe_b64decode(key + "==").lower()


def test_the_words_are_there_to_leak(make: Factory, sign_in: SignIn) -> None:
    """The twin: staff read them all, so the check sees what it looks for."""
    states = make_states(make)
    client = sign_in(make.user(Role.OFFICER))
    person = states.people["none"]
    text = client.get(f"/staff/alumni/{person.row.id}").text
    assert {*person.words[IDENTITY], *person.words[CONTACT], *person.words[PROFESSIONAL]} <= states.found(text)
    assert states.expected("full") > states.expected("work") > states.expected("nothing") == set()
    assert ASSIGNMENTS in states.shown("full", "reach")
    assert CONTACT not in states.shown("full", "partly")
