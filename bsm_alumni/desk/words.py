"""Words of the desk's pages for alumni and partners."""

from collections.abc import Iterable
from datetime import date

from babel.lists import format_list
from flask_babel import format_date
from flask_babel import gettext as _

from bsm_alumni.alumni.words import level_words
from bsm_alumni.desk.rules_profile import Part
from bsm_alumni.reference.languages import language_name
from bsm_alumni.web.locale import page_locale


def spoken_words(languages: Iterable[tuple[str, int]]) -> list[tuple[str, str]]:
    """(code, level) pairs as the language's name in the page's language and the level in a word."""
    locale = page_locale()
    return [(language_name(code, locale), level_words(level)) for code, level in languages]


def joined_names(names: list[str]) -> str:
    """'UNODC, IOM and INTERPOL' as the page's language joins names."""
    return format_list(names, locale=page_locale())


def next_step_words(part: Part | None) -> str:
    """What to add to a profile next, as the words of a link; nothing when all is there."""
    if part is None:
        return ""
    return {
        Part.SHARING: _("Confirm which partners may see you"),
        Part.LANGUAGES: _("Add the languages you speak"),
        Part.LEVELS: _("Say how well you speak your languages"),
        Part.THEMES: _("Choose the themes you can speak about"),
        Part.COUNTRY: _("Add your country"),
        Part.ZONE: _("Choose your time zone"),
        Part.AGENCY: _("Add your agency"),
        Part.POSITION: _("Add your position"),
        Part.PHONE: _("Add a telephone number"),
        Part.CHECKED: _("Look through your profile and say that it is right"),
    }[part]


def day_in_words(day: date) -> str:
    """'Saturday 17 May 2031' in the page's language."""
    return format_date(day, "EEEE d MMMM y" if page_locale() == "en" else "full")
