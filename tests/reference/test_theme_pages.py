"""The staff pages about themes and code lists, through the real client."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.extensions import db
from bsm_alumni.reference import queries, service
from bsm_alumni.reference.countries import COUNTRIES
from bsm_alumni.reference.languages import LANGUAGES
from bsm_alumni.reference.models import Theme
from bsm_alumni.reference.zones import ZONES
from tests.browsing import post_form
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
THEMES = "/staff/settings/themes"
REFERENCE = "/staff/settings/reference"


@pytest.fixture
def officer(make: Factory, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.OFFICER, name="Odile Officer"))


def heading(html: str) -> str:
    headings = re.findall(r"<h1>(.*?)</h1>", html, re.S)
    assert len(headings) == 1
    title = re.search(r"<title>(.*?)</title>", html, re.S)
    assert title is not None
    assert title[1].startswith(headings[0].strip())
    return str(headings[0].strip())


def test_officer_adds_renames_archives_and_restores(officer: FlaskClient) -> None:
    answer = post_form(officer, f"{THEMES}/new", {"name": "Port security"}, page=f"{THEMES}/new")
    theme = queries.themes_by_code()["port-security"]
    url = f"{THEMES}/{theme.id}"
    assert (answer.status_code, answer.location) == (302, url)
    page = officer.get(url).text
    assert heading(page) == "Port security"
    assert "Theme “Port security” is added. It can be chosen from now on." in page

    answer = post_form(officer, f"{url}/edit", {"name": "Security of ports"}, page=f"{url}/edit")
    assert (answer.status_code, answer.location) == (302, url)
    assert post_form(officer, f"{url}/archive").location == url
    assert "Security of ports" not in officer.get(THEMES).text
    assert heading(officer.get(f"{THEMES}?archived=1").text) == "Archived themes"
    assert "Security of ports" in officer.get(f"{THEMES}?archived=1").text
    assert post_form(officer, f"{url}/restore").location == url

    page = officer.get(url).text
    cells = [re.sub(r"<.*?>", "", cell).strip() for cell in re.findall(r"<td data-label=[^>]*>(.*?)</td>", page, re.S)]
    rows = [tuple(cells[start + 1 : start + 5]) for start in range(0, len(cells), 5)]
    assert rows == [
        ("Odile Officer", "Put back into use", "", ""),
        ("Odile Officer", "Archived", "", ""),
        ("Odile Officer", "Renamed", "Port security", "Security of ports"),
        ("Odile Officer", "Added", "", "Port security"),
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Write a name, such as Maritime security."),
        ("x" * 121, "Shorten this to 120 characters or fewer."),
        ("port SECURITY", "There is a theme for this already: Port security. Use it, or write another name."),
    ],
)
def test_name_that_cannot_be_taken_is_said_at_the_field(
    officer: FlaskClient, make: Factory, name: str, words: str
) -> None:
    make.theme("Port security")
    answer = post_form(officer, f"{THEMES}/new", {"name": name}, page=f"{THEMES}/new")
    assert answer.status_code == 422
    assert answer.text.count(words) == 2
    assert queries.count_themes() == 1


def test_rename_that_cannot_be_taken_changes_nothing(officer: FlaskClient, make: Factory) -> None:
    make.theme("Port security")
    other = make.theme("Rail security")
    answer = post_form(officer, f"{THEMES}/{other.id}/edit", {"name": "Port security"})
    assert answer.status_code == 422
    assert db.session.get(Theme, other.id).name == "Rail security"


def test_viewer_looks_but_is_not_offered_changes(make: Factory, sign_in: SignIn) -> None:
    theme = make.theme("Port security")
    viewer = sign_in(make.user(Role.VIEWER))
    for url in (THEMES, f"{THEMES}/{theme.id}"):
        page = viewer.get(url).text
        assert [link for link in ("/new", "/edit", "/archive") if f'{link}"' in page] == []
    assert post_form(viewer, f"{THEMES}/{theme.id}/archive").status_code == 403
    assert db.session.get(Theme, theme.id).archived_at is None


def test_officer_is_offered_changes(officer: FlaskClient, make: Factory) -> None:
    theme = make.theme("Port security")
    page = officer.get(THEMES).text + officer.get(f"{THEMES}/{theme.id}").text
    assert [link for link in ("/new", "/edit", "/archive") if f'{link}"' in page] == ["/new", "/edit", "/archive"]


@pytest.mark.parametrize("path", ["", "/edit"])
def test_missing_theme_is_not_found(officer: FlaskClient, path: str) -> None:
    assert officer.get(f"{THEMES}/999999{path}").status_code == 404


def test_hostile_name_is_shown_as_text(officer: FlaskClient, make: Factory) -> None:
    theme = make.theme("<b>Port</b>", code="port")
    assert "<b>Port</b>" not in officer.get(THEMES).text
    assert "<b>Port</b>" not in officer.get(f"{THEMES}/{theme.id}").text


def test_empty_lists_say_so(officer: FlaskClient) -> None:
    assert "There is no theme in use." in officer.get(THEMES).text
    assert "No theme is archived." in officer.get(f"{THEMES}?archived=1").text


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_themes(officer: FlaskClient, make: Factory, count_queries, rows: int) -> None:  # type: ignore[no-untyped-def]
    for _ in range(rows):
        make.alumnus(themes=(make.theme(),))
    officer.get(THEMES)
    with count_queries() as queries_sent:
        officer.get(THEMES)
    assert len([q for q in queries_sent if q.lstrip().upper().startswith("SELECT") and "theme" in q]) == 4


def test_code_lists_are_whole(officer: FlaskClient) -> None:
    service.add_missing_themes()
    db.session.commit()
    page = officer.get(REFERENCE).text
    assert heading(page) == "Code lists"
    assert "193 Member States and 2 observer States" in page
    assert "20 in use" in page
    assert "2396 (2017)" in page
    countries = officer.get(f"{REFERENCE}/countries").text
    assert heading(countries) == "Countries"
    assert len(re.findall(r"<bdi dir=\"ltr\">[A-Z]{2} [A-Z]{3} \d{3}</bdi>", countries)) == len(COUNTRIES)
    assert countries.count("(observer State)") == 2
    assert countries.count("<h2>") == 22
    languages = officer.get(f"{REFERENCE}/languages").text
    assert len(re.findall(r"<bdi dir=\"ltr\">[a-z]{2,3}</bdi>", languages)) == len(LANGUAGES)
    zones = officer.get(f"{REFERENCE}/zones").text
    assert len(re.findall(r"<td><bdi dir=\"ltr\">UTC[-+:\d]*</bdi></td></tr>", zones)) == len(ZONES)


def test_code_lists_are_in_the_language_of_the_page(officer: FlaskClient) -> None:
    page = officer.get(f"{REFERENCE}/countries?lang=ar").text
    assert 'dir="rtl"' in page
    assert "دولة فلسطين" in page
    assert "أفريقيا: شرق أفريقيا" in page


@pytest.mark.parametrize("path", ["", "/countries", "/languages", "/zones"])
def test_code_lists_are_light(officer: FlaskClient, path: str) -> None:
    with officer.get(f"{REFERENCE}{path}", headers={"Accept-Encoding": "gzip"}) as answer:
        assert len(answer.data) < 60_000
