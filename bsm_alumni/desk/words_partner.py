"""Words of the partner's pages."""

from datetime import date

from babel.dates import format_skeleton
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bsm_alumni.alumni.enums import PeriodKind
from bsm_alumni.alumni.words import place_words
from bsm_alumni.assignments.words import STATES as ASSIGNMENT_STATES
from bsm_alumni.desk.queries_figures import Figures
from bsm_alumni.events.words import ROLES as SLOT_ROLES
from bsm_alumni.reference.languages import language_name
from bsm_alumni.web.locale import page_locale

PERIODS = {PeriodKind.WINDOW: _l("Can be asked"), PeriodKind.BLACKOUT: _l("Cannot be asked")}
ROLES = {role.value: words for role, words in SLOT_ROLES.items()}
STATES = {state.value: words for state, words in ASSIGNMENT_STATES.items()}

# Heading, first column, the people counted in words, and (words, count, part of the greatest) for each row.
FigureTable = tuple[str, str, int, list[tuple[str, int, float]]]


def figure_tables(found: Figures) -> list[FigureTable]:
    """The figures as tables, in the page's language."""
    locale = page_locale()
    regions = [(place_words(name, locale) if name else _("No country given"), n) for name, n in found.subregions]
    languages = [(language_name(code, locale), n) for code, n in found.languages]
    months = [(_month(first, locale), n) for first, n in found.months]
    return [
        (_("By region"), _("Region"), found.people, _bars(regions)),
        (_("By language"), _("Language"), found.experts, _bars(languages)),
        (_("By theme"), _("Theme"), found.experts, _bars(list(found.themes))),
        (_("Can be asked around the middle of the month"), _("Month"), found.planned, _bars(months)),
    ]


def _month(first: date, locale: str) -> str:
    return format_skeleton("yMMMM", first, locale=locale)


def _bars(rows: list[tuple[str, int]]) -> list[tuple[str, int, float]]:
    most = max((count for _words, count in rows), default=0)
    return [(words, count, count / most if most else 0.0) for words, count in rows]
