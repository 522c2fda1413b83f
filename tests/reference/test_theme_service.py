"""Themes are added, renamed, archived and put back, each with its audit entry."""

from typing import Any

import pytest
from flask import Flask

from bsm_alumni.audit.service import find_first_break
from bsm_alumni.extensions import db
from bsm_alumni.maintenance.lists import ensure_lists
from bsm_alumni.reference import queries, service
from bsm_alumni.reference.errors import NoSuchTheme
from bsm_alumni.reference.models import Theme
from bsm_alumni.reference.themes import THEMES
from bsm_alumni.web.errors import FieldErrors
from tests.factories import Factory

TAKEN = "There is a theme for this already: {}. Use it, or write another name."


def history(theme: Theme) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    return [(entry.verb, entry.before, entry.after) for entry in queries.theme_history(theme)]


def test_added_theme_has_a_code_and_an_entry(app: Flask) -> None:
    theme = service.add_theme("  Port   security ")
    assert (theme.code, theme.name, theme.archived_at) == ("port-security", "Port security", None)
    assert history(theme) == [("theme.added", {}, {"code": "port-security", "name": "Port security"})]


@pytest.mark.parametrize("name", ["Port security", "PORT  SECURITY", "Port-security"])
def test_theme_of_the_same_name_is_refused(app: Flask, name: str) -> None:
    service.add_theme("Port security")
    with pytest.raises(FieldErrors) as refused:
        service.add_theme(name)
    assert refused.value.errors == {"name": TAKEN.format("Port security")}
    assert queries.count_themes() == 1


def test_archived_theme_keeps_its_name(app: Flask) -> None:
    service.archive_theme(service.add_theme("Port security"))
    with pytest.raises(FieldErrors):
        service.add_theme("Port security")


def test_known_spelling_of_a_seed_theme_is_refused_once_the_theme_is_there(app: Flask) -> None:
    assert service.add_theme("FTF").code == "ftf"
    db.session.rollback()
    service.add_missing_themes()
    with pytest.raises(FieldErrors) as refused:
        service.add_theme("FTF")
    assert refused.value.errors == {"name": TAKEN.format("Foreign terrorist fighters")}


def test_renamed_theme_keeps_its_code(app: Flask) -> None:
    theme = service.add_theme("Port security")
    service.rename_theme(theme, "Security of ports")
    assert (theme.code, theme.name) == ("port-security", "Security of ports")
    assert history(theme)[0] == ("theme.renamed", {"name": "Port security"}, {"name": "Security of ports"})


def test_case_of_its_own_name_may_be_changed_and_the_same_name_changes_nothing(app: Flask) -> None:
    theme = service.add_theme("Port security")
    service.rename_theme(theme, "Port security ")
    assert len(history(theme)) == 1
    service.rename_theme(theme, "Port Security")
    assert (theme.name, len(history(theme))) == ("Port Security", 2)


def test_name_of_another_theme_is_refused(app: Flask) -> None:
    service.add_theme("Port security")
    theme = service.add_theme("Rail security")
    with pytest.raises(FieldErrors):
        service.rename_theme(theme, "port security")
    assert theme.name == "Rail security"


def test_archived_and_put_back(app: Flask) -> None:
    theme = service.add_theme("Port security")
    service.archive_theme(theme)
    service.archive_theme(theme)
    assert (queries.count_themes(), queries.count_themes(archived=True)) == (0, 1)
    assert queries.theme_choices() == []
    assert queries.theme_choices(keep=[theme.id]) == [(theme.id, "Port security")]
    service.restore_theme(theme)
    service.restore_theme(theme)
    assert queries.theme_choices() == [(theme.id, "Port security")]
    assert [verb for verb, _, _ in history(theme)] == ["theme.restored", "theme.archived", "theme.added"]


def test_clash_found_by_the_database_is_a_field_error(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    service.add_theme("Port security")
    # What a second officer sees who read the list before the first one saved.
    monkeypatch.setattr(service, "_known", dict)
    with pytest.raises(FieldErrors) as refused:
        service.add_theme("Port security")
    assert refused.value.errors == {
        "name": "Somebody has just saved a theme of this name. Look at the list, then try again."
    }
    assert queries.count_themes() == 1


def test_missing_seed_themes_are_added_once(app: Flask) -> None:
    service.add_theme("Biometrics")
    assert service.add_missing_themes() == len(THEMES) - 1
    assert service.add_missing_themes() == 0
    assert sorted(queries.themes_by_code()) == sorted(code for code, _ in THEMES)
    assert find_first_break() is None


def test_every_spelling_finds_its_theme(app: Flask) -> None:
    service.add_missing_themes()
    own = service.add_theme("Port security")
    themes = queries.themes_by_code()
    service.rename_theme(themes["biometrics"], "Biometrics and identity")
    found = {
        text: theme.code if (theme := queries.find_theme(text, themes)) else None
        for text in ("API", "FTF", "port SECURITY", own.code, "biometric data", "Biometrics and identity", "x", "")
    }
    assert found == {
        "API": "api-pnr",
        "FTF": "foreign-terrorist-fighters",
        "port SECURITY": "port-security",
        "port-security": "port-security",
        "biometric data": "biometrics",
        "Biometrics and identity": "biometrics",
        "x": None,
        "": None,
    }


def test_no_such_theme(app: Flask) -> None:
    with pytest.raises(NoSuchTheme):
        queries.get_theme(999_999)


def test_pages_are_in_order_and_count_uses(app: Flask, make: Factory) -> None:
    names = [f"Theme {letter}" for letter in "ABCDE"]
    themes = {name: make.theme(name) for name in reversed(names)}
    make.alumnus(themes=(themes["Theme A"], themes["Theme B"]))
    make.alumnus(themes=(themes["Theme A"],))
    first = queries.themes_page(size=3)
    assert [(row.theme.name, row.alumni, row.events) for row in first.rows] == [
        ("Theme A", 2, 0),
        ("Theme B", 1, 0),
        ("Theme C", 0, 0),
    ]
    second = queries.themes_page(size=3, after=first.next_key)
    assert [row.theme.name for row in second.rows] == ["Theme D", "Theme E"]
    assert second.next_key is None
    back = queries.themes_page(size=3, before=second.previous_key)
    assert [row.theme.name for row in back.rows] == names[:3]


def test_a_new_installation_has_the_themes_with_their_entries(app: Flask) -> None:
    ensure_lists()
    ensure_lists()
    themes = queries.themes_by_code()
    assert sorted((theme.code, theme.name) for theme in themes.values()) == sorted(THEMES)
    assert history(themes["biometrics"]) == [("theme.added", {}, {"code": "biometrics", "name": "Biometrics"})]
