"""The 193 Member States and two observer States of the United Nations, and the ways people write them.

Names are the short names the United Nations uses in its six languages; regions and sub-regions are those
of the UN Statistics Division's M49 standard. Where M49 divides a sub-region further (Sub-Saharan Africa,
Latin America and the Caribbean) the sub-region here is the finer one: Eastern Africa, Caribbean.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from rapidfuzz import fuzz, process

from bsm_alumni.reference.datafiles import rows_of
from bsm_alumni.reference.folding import fold

UN_LOCALES = ("ar", "en", "es", "fr", "ru", "zh")

# Languages in which CLDR's everyday names are understood as well.
_READ_LOCALES = (*UN_LOCALES, "pt", "de", "it", "tr")
# Words of two or three letters that are country codes only when written in capitals.
_ENGLISH_WORDS = "am and are at be by can cub do et gin in is it la mar me my na no per so sur to us"
_WORDS = frozenset(_ENGLISH_WORDS.split())
# How alike, of 100, a spelling must be to be suggested.
_NEAR = 80
# Least is taken away first: "the Republic of Korea" is a name behind its article, "Korea" alone is not.
_PREFIXES = ("the ", "republic of the ", "the republic of the ", "republic of ", "the republic of ")


@dataclass(frozen=True, slots=True)
class Country:
    """A State: ISO 3166-1 codes, UN short name in English, M49 region, sub-region and numeric code."""

    code: str
    name: str
    region: str
    subregion: str
    m49: str
    alpha3: str


_ROWS = {row["alpha2"]: row for row in rows_of("countries.tsv")}

COUNTRIES: dict[str, Country] = {
    code: Country(code, row["en"], row["region"], row["subregion"], row["m49"], row["alpha3"])
    for code, row in sorted(_ROWS.items(), key=lambda item: fold(item[1]["en"]))
}

OBSERVERS = frozenset({"PS", "VA"})

_REGION_NAMES = {row["en"]: row for row in rows_of("regions.tsv")}

REGIONS: dict[str, tuple[str, ...]] = {
    region: tuple(sorted({c.subregion for c in COUNTRIES.values() if c.region == region}))
    for region in sorted({c.region for c in COUNTRIES.values()})
}


def country_name(code: str, locale: str = "en") -> str:
    """The UN short name of a country in a UN language ("zh-Hans" reads as "zh"; others fall back to English).

    Raises KeyError when the code is not a State's.
    """
    return _ROWS[code][_un_language(locale)]


def region_name(name: str, locale: str = "en") -> str:
    """The M49 name of a region or sub-region, given in English, in a UN language; else KeyError."""
    return _REGION_NAMES[name][_un_language(locale)]


def find_country(text: str | None) -> Country | None:
    """The country meant by a code, a name in a UN language or a known spelling, or None.

    Case, accents and punctuation do not matter. A text that fits two countries ("Korea") or
    none is None: it is asked about, not guessed.
    """
    written = (text or "").strip()
    if not written:
        return None
    if (by_code := _by_code(written)) is not None:
        return by_code
    spellings = _spellings()
    for reading in _readings(written):
        if reading in spellings:
            code = spellings[reading]
            return COUNTRIES[code] if code else None
    return None


def suggest_countries(text: str, limit: int = 3) -> list[Country]:
    """Up to `limit` countries whose spelling is nearest to the text, best first; none when none is near."""
    wanted = fold(text)
    if len(wanted) < 3:
        return []
    names = _suggestible()
    near = process.extract(wanted, names.keys(), scorer=fuzz.WRatio, limit=limit * 8, score_cutoff=_NEAR)
    codes = dict.fromkeys(names[key] for key, _, _ in near)
    return [COUNTRIES[code] for code in codes][:limit]


def _un_language(locale: str) -> str:
    language = locale.replace("-", "_").split("_")[0].lower()
    return language if language in UN_LOCALES else "en"


def _by_code(written: str) -> Country | None:
    if len(written) not in (2, 3) or not (written.isascii() and written.isalpha()):
        return None
    if written.lower() in _WORDS and not written.isupper():
        return None
    return COUNTRIES.get(written.upper()) or _alpha3().get(written.upper())


def _readings(written: str) -> Iterator[str]:
    """The text as keys to try in turn: as it stands, turned round at its comma, without "Republic of"."""
    head, comma, tail = written.replace("(", ",").replace(")", " ").partition(",")
    orders = [fold(written), fold(f"{tail} {head}")] if comma else [fold(written)]
    for words in orders:
        yield _key(words)
    for words in orders:
        for prefix in _PREFIXES:
            if words.startswith(prefix):
                yield _key(words.removeprefix(prefix))


def _key(text: str) -> str:
    return fold(text).replace(" ", "")


@lru_cache(maxsize=1)
def _alpha3() -> dict[str, Country]:
    return {country.alpha3: country for country in COUNTRIES.values()}


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    """Key → country code, "" for a spelling that must not be guessed.

    UN names come first, then the spellings kept by hand, then CLDR's names where they fit one country only.
    """
    known: dict[str, str] = {}
    for code, row in _ROWS.items():
        for locale in UN_LOCALES:
            known[_key(row[locale])] = code
    for row in rows_of("country_spellings.tsv"):
        for spelling in row["spellings"].split("|"):
            known[_key(spelling)] = "" if row["alpha2"] == "-" else row["alpha2"]
    found: defaultdict[str, set[str]] = defaultdict(set)
    for locale in _READ_LOCALES:
        names = _cldr_names(locale)
        for code in COUNTRIES:
            if code in names:
                found[_key(names[code])].add(code)
    for key, codes in found.items():
        known.setdefault(key, codes.pop() if len(codes) == 1 else "")
    known.pop("", None)
    return known


@lru_cache(maxsize=1)
def _suggestible() -> dict[str, str]:
    names = {fold(row[locale]): code for code, row in _ROWS.items() for locale in ("en", "fr", "es")}
    for row in rows_of("country_spellings.tsv"):
        if row["alpha2"] != "-":
            names.update({fold(spelling): row["alpha2"] for spelling in row["spellings"].split("|")})
    return {name: code for name, code in names.items() if len(name) > 3}


def _cldr_names(locale: str) -> dict[str, str]:
    try:
        return dict(Locale.parse(locale).territories)
    except UnknownLocaleError:
        return {}
