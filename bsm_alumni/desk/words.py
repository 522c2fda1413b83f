"""How the desk's pages say what people speak."""

from collections.abc import Iterable

from bsm_alumni.alumni.words import level_words
from bsm_alumni.reference.languages import language_name
from bsm_alumni.web.locale import page_locale


def spoken_words(languages: Iterable[tuple[str, int]]) -> list[tuple[str, str]]:
    """(code, level) pairs as the language's name in the page's language and the level in a word."""
    locale = page_locale()
    return [(language_name(code, locale), level_words(level)) for code, level in languages]
