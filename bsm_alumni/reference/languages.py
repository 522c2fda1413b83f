"""Languages that officers of Member States present in: ISO 639 codes, the six UN languages first."""

import re
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError, localedata

from bsm_alumni.reference.datafiles import rows_of
from bsm_alumni.reference.folding import fold

UN_LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")

# Languages whose own names for other languages are understood.
_READ_LOCALES = ("en", "fr", "es", "ar", "ru", "zh", "pt")
_WITH_REGION = re.compile(r"^([A-Za-z]{2,3})[-_][A-Za-z]{2,4}$")


@dataclass(frozen=True, slots=True)
class Language:
    """A language: ISO 639-1 code (639-3 where there is none) and its name in English."""

    code: str
    name: str


_ROWS = {row["code"]: row for row in rows_of("languages.tsv")}

LANGUAGES: dict[str, Language] = {
    code: Language(code, _ROWS[code]["name"])
    for code in (*UN_LANGUAGES, *sorted(_ROWS.keys() - set(UN_LANGUAGES), key=lambda c: _ROWS[c]["name"]))
}


@lru_cache(maxsize=2048)  # every language in each language of the pages
def language_name(code: str, locale: str = "en") -> str:
    """The name of a language in a locale, in English where the locale has none; KeyError for no such code."""
    language = LANGUAGES[code]
    parsed = _locale(locale)
    if parsed is None or parsed.language == "en":
        return language.name
    return str(parsed.languages.get(code) or language.name)


def find_language(text: str | None) -> Language | None:
    """The language meant by an ISO 639 code or by a name in English, French, Spanish or itself, else None.

    A region after the code ("pt-BR", "zh-Hans") is left out of account.
    """
    written = (text or "").strip()
    spellings = _spellings()
    code = spellings.get(_key(written))
    if code is None and (match := _WITH_REGION.match(written)):
        code = spellings.get(match[1].lower())
    return LANGUAGES[code] if code else None


def _key(text: str) -> str:
    return fold(text).replace(" ", "")


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    """Key → language code; the table kept by hand goes before CLDR's names."""
    known: dict[str, str] = {}
    for code, row in _ROWS.items():
        for spelling in (code, row["alpha3"], row["name"], *row["spellings"].split("|")):
            known[_key(spelling)] = code
    from_cldr: dict[str, set[str]] = {}
    for locale in map(_locale, _READ_LOCALES):
        assert locale is not None
        assert locale.languages
    kept = set(localedata._cache)
    for code in LANGUAGES:
        own = _locale(code)
        names = [own.languages.get(code)] if own else []
        names += [loc.languages.get(code) for name in _READ_LOCALES if (loc := _locale(name))]
        for name in filter(None, names):
            from_cldr.setdefault(_key(name), set()).add(code)
        for name in localedata._cache.keys() - kept:  # a hundred locales, read once, are 40 MB
            del localedata._cache[name]
    for key, codes in from_cldr.items():
        if len(codes) == 1:
            known.setdefault(key, codes.pop())
    known.pop("", None)
    return known


def _locale(name: str) -> Locale | None:
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None
