"""The partner roster's filter bar: what can be chosen, and the pills of what was."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import format_date
from flask_babel import gettext as _

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.alumni.rules_roster import RosterFilter
from bsm_alumni.alumni.words import level_words, place_choices, place_words
from bsm_alumni.desk.queries_partner import shared_cohorts
from bsm_alumni.reference.languages import LANGUAGES, language_name
from bsm_alumni.reference.levels import Level
from bsm_alumni.reference.queries import theme_choices
from bsm_alumni.web.locale import page_locale


@dataclass(frozen=True, slots=True)
class Choices:
    """(value, words) for each select of the bar; ``places`` in groups."""

    places: list[tuple[str, list[tuple[str, str]]]]
    languages: list[tuple[str, str]]
    levels: list[tuple[int, str]]
    themes: list[tuple[int, str]]
    cohorts: list[tuple[int, str]]


def filter_choices(viewer: Viewer) -> Choices:
    """What the bar offers. Cohorts are those in which the viewer may see somebody."""
    locale = page_locale()
    return Choices(
        places=place_choices(locale),
        languages=[(code, language_name(code, locale)) for code in LANGUAGES],
        levels=[(int(level), level_words(level)) for level in Level if level != Level.UNKNOWN],
        themes=theme_choices(),
        cohorts=list(shared_cohorts(viewer)),
    )


def pills(narrow: RosterFilter, choices: Choices) -> list[tuple[str, str]]:
    """(words, address of the roster without it) for every filter in use."""
    locale = page_locale()
    found: list[tuple[str, tuple[str, ...]]] = []
    if narrow.q:
        found.append((_("“%(text)s”", text=narrow.q), ("q",)))
    if narrow.place:
        found.append((place_words(narrow.place, locale), ("place",)))
    if narrow.language:
        name, level = language_name(narrow.language, locale), level_words(narrow.level)
        words = _("%(language)s, at least %(level)s", language=name, level=level) if level else name
        found.append((words, ("language", "level")))
    if narrow.free_days:
        first, last = (format_date(day, "long") for day in narrow.free_days)
        words = (
            _("Can be asked on %(day)s", day=first)
            if first == last
            else _("Can be asked from %(first)s to %(last)s", first=first, last=last)
        )
        found.append((words, ("free_from", "free_to")))
    if narrow.theme:
        found.append((dict(choices.themes).get(narrow.theme) or _("A theme that is put away"), ("theme",)))
    if narrow.cohort:
        found.append((dict(choices.cohorts).get(narrow.cohort) or _("Another cohort"), ("cohort",)))
    return [(words, _roster_url(narrow.without(*names))) for words, names in found]


def _roster_url(narrow: RosterFilter) -> str:
    args: dict[str, Any] = narrow.to_args()
    return url_for("alumni_partner.roster", **args)
