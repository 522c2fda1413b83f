"""Nothing that was not agreed reaches a partner, by any way in. The data holds what could leak."""

import base64
import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from tests.browsing import post_form
from tests.factories import Factory
from tests.partner.files import rows_of, text_of
from tests.partner.worlds import World, make_world

SignIn = Callable[[User], FlaskClient]

ROSTERS = (
    "/partner/alumni",
    "/partner/alumni?q=canarymail",
    "/partner/alumni?q=hidden",
    "/partner/alumni?place=SN",
    "/partner/alumni?language=fr&level=5",
    "/partner/alumni?status=inactive",
    "/partner/alumni?status=archived",
    "/partner/alumni?free_from=2031-05-17",
    "/partner/alumni?sort=phone",
    "/partner/alumni/export",
    "/partner/alumni/export?q=hidden",
    "/partner/events",
    "/partner/events?show=past",
    "/?lang=fr",
)


def leaked(text: str, world: World) -> list[str]:
    """The words in ``text`` that partner A must not read."""
    return [word for word in world.secrets if word.casefold() in text.casefold()]


@pytest.mark.parametrize("url", ROSTERS)
def test_no_page_tells_what_was_not_agreed(url: str, make: Factory, sign_in: SignIn) -> None:
    world = make_world(make)
    answer = sign_in(world.user_a).get(url, follow_redirects=True)
    assert answer.status_code == 200
    typed = answer.text.replace('value="canarymail"', "").replace("“canarymail”", "").replace("q=canarymail", "")
    typed = typed.replace("“hidden”", "").replace('value="hidden"', "").replace("q=hidden", "")
    assert leaked(typed, world) == []


def test_the_same_words_are_found_where_they_may_be_shown(make: Factory, sign_in: SignIn) -> None:
    """The twin: partner A reads what was agreed, and the check sees words that are there."""
    world = make_world(make)
    text = sign_in(world.user_a).get("/partner/alumni").text
    for word in ("Shown000", "Shown001", "Agencyshown0", "Position-shown", "TOT-SHOWN", "Senegal"):
        assert word in text
    assert leaked(text + "<td>Hiddenother</td> 555-CANARYPHONE", world) == ["555-canaryphone", "Hiddenother"]


def test_events_name_the_presenters_who_may_be_seen(make: Factory, sign_in: SignIn) -> None:
    world = make_world(make)
    text = sign_in(world.user_a).get("/partner/events").text
    assert [name for name in ("Shown000", "Shown001", "Hiddenother") if name in text] == ["Shown000", "Shown001"]


def test_staff_find_the_same_words(make: Factory, sign_in: SignIn) -> None:
    """Another twin: the words are in the database, so that a leak would show."""
    world = make_world(make)
    client = sign_in(make.user(Role.OFFICER))
    for person in world.hidden.values():
        assert "canaryremark" in client.get(f"/staff/alumni/{person.id}").text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", 2),
        ("?q=shown", 2),
        ("?q=agencyshown1", 1),
        ("?q=hidden", 0),
        ("?q=hiddenother", 0),
        # Words of addresses find nobody, not even people whom the partner may see.
        ("?q=canarymail", 0),
        ("?q=shown0%40canarymail.example.org", 0),
        ("?q=example", 0),
        # Filters over fields that were not agreed narrow nothing.
        ("?status=inactive", 2),
        ("?free_from=2031-05-17", 2),
        ("?place=SN", 2),
        ("?place=KE", 0),
        ("?place=Western+Africa", 2),
        ("?language=fr&level=6", 0),
        ("?language=fr&level=5", 2),
    ],
)
def test_counts_and_lists_are_over_what_may_be_seen(query: str, shown: int, make: Factory, sign_in: SignIn) -> None:
    world = make_world(make)
    text = sign_in(world.user_a).get(f"/partner/alumni{query}").text
    assert text.count('<th scope="row">') == shown
    assert (f"{shown} person" if shown == 1 else f"{shown} people") in text


def test_cohorts_to_choose_from_are_those_of_people_who_may_be_seen(make: Factory, sign_in: SignIn) -> None:
    world = make_world(make)
    client = sign_in(world.user_a)
    assert client.get(f"/partner/alumni?cohort={world.cohort.id}").text.count('<th scope="row">') == 2
    text = client.get(f"/partner/alumni?cohort={world.hidden_cohort.id}").text
    assert (text.count('<th scope="row">'), "TOT-SECRET" in text) == (0, False)


def test_hidden_and_missing_people_are_the_same_page(make: Factory, sign_in: SignIn) -> None:
    world = make_world(make)
    client = sign_in(world.user_a)
    client.get("/partner/alumni")
    missing = client.get("/partner/alumni/999999")
    assert missing.status_code == 404

    def plain(data: bytes, alumnus_id: int) -> bytes:
        # The page's own address and the form's token are all that differs from request to request.
        return without_token(data).replace(f"/partner/alumni/{alumnus_id}".encode(), b"/here")

    for why, person in world.hidden.items():
        answer = client.get(f"/partner/alumni/{person.id}")
        assert (why, answer.status_code) == (why, 404)
        assert plain(answer.data, person.id) == plain(missing.data, 999999), why
        assert sorted(answer.headers.keys()) == sorted(missing.headers.keys())
    shown = client.get(f"/partner/alumni/{world.shown[0].id}")
    assert shown.status_code == 200
    assert leaked(shown.text, world) == []
    assert plain(shown.data, world.shown[0].id) != plain(missing.data, 999999)


def without_token(data: bytes) -> bytes:
    """A page without its CSRF tokens, which are signed with the time."""
    return re.sub(rb'(name="csrf_token"[^>]*value=")[^"]+', rb"\1", data)


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("query", ["", "?status=archived", "?free_from=2031-05-17&free_to=2031-05-17"])
def test_files_hold_the_agreed_fields_alone(file_format: str, query: str, make: Factory, sign_in: SignIn) -> None:
    world = make_world(make)
    client = sign_in(world.user_a)
    answer = post_form(
        client,
        f"/partner/alumni/export{query}",
        {"purpose": "Choosing presenters for a workshop", "file_format": file_format},
        page="/partner/alumni/export",
    )
    assert answer.status_code == 200
    assert leaked(text_of(answer.data), world) == []
    rows = rows_of(answer.data, file_format)
    assert [row["name"] for row in rows] == ["Person Shown000", "Person Shown001"]
    # JSON has no place for the file's mark but its rows.
    assert set(rows[0]) - {"export"} == {
        "id", "name", "latin_name", "country", "country_code", "agency", "position", "languages", "themes", "cohorts",
    }  # fmt: skip


def test_a_search_for_an_address_finds_nothing_in_a_file_either(make: Factory, sign_in: SignIn) -> None:
    world = make_world(make)
    client = sign_in(world.user_a)
    answer = post_form(
        client,
        "/partner/alumni/export?q=canarymail",
        {"purpose": "Choosing presenters for a workshop", "file_format": "json"},
        page="/partner/alumni/export",
    )
    assert rows_of(answer.data, "json") == []


def test_the_other_partner_sees_its_own_people(make: Factory, sign_in: SignIn) -> None:
    world = make_world(make)
    client = sign_in(make.user(Role.PARTNER, organisation_id=world.partner_b.id))
    text = client.get("/partner/alumni").text
    assert text.count('<th scope="row">') == 1
    assert "Hiddenother" in text
    assert client.get(f"/partner/alumni/{world.shown[0].id}").status_code == 404


def test_keys_of_pages_cannot_be_bent_to_reach_others(make: Factory, sign_in: SignIn) -> None:
    world = make_world(make)
    client = sign_in(world.user_a)
    bent = (["hidden", 0], ["", 0], [0, "x"], [None, None], ["a\x00", 1], ["a", 10**30], ["\ud800", 1], [True, True])
    for key in ("", "x", *[encode_json(values) for values in bent]):
        for way in ("after", "before"):
            answer = client.get(f"/partner/alumni?{way}={key}")
            assert (answer.status_code, leaked(answer.text, world)) == (200, [])


def encode_json(values: list[object]) -> str:
    """A key as an attacker would write it."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
