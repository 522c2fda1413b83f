"""Small readings that the rows of several kinds share: lists, countries, zones, yes and no, whole numbers."""

import re
from functools import lru_cache

from bsm_alumni.alumni.enums import Gender
from bsm_alumni.cohorts.enums import EnrolmentResult
from bsm_alumni.imports.contacts import NOTHING
from bsm_alumni.imports.context import Context
from bsm_alumni.imports.problems import ERROR, NOTE, WARNING, Problem, Read, problem
from bsm_alumni.reference.countries import country_name, find_country, suggest_countries
from bsm_alumni.reference.folding import fold
from bsm_alumni.reference.themes import find_theme_code
from bsm_alumni.reference.zones import default_zone, find_offset, find_zone

_PARTNERS = re.compile(r"\s*(?:[,;/&+\n]|\band\b)\s*")
_LIST = re.compile(r"\s*(?:[;,\n•]|\s/\s)\s*")
_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})

_WOMAN = "f|female|woman|féminin|feminin|femme|mme|mrs|ms|femenino|mujer|ж|женский|жен|أنثى|女"
_MAN = "m|male|man|masculin|homme|mr|m.|masculino|hombre|h|м|мужской|муж|ذكر|男"
_SEXES = {fold(word): Gender.WOMAN for word in _WOMAN.split("|")} | {fold(word): Gender.MAN for word in _MAN.split("|")}

_DONE = frozenset(
    fold(w)
    for w in ["yes", "y", "true", "1", "oui", "sí", "si", "да", "نعم", "是", "completed", "passed", "certified", "x"]
)
_NOT = frozenset(
    fold(w) for w in ["no", "n", "false", "0", "non", "нет", "لا", "否", "failed", "not completed", "withdrawn"]
)
_LATER = frozenset(
    fold(w) for w in ["pending", "tbc", "in progress", "awaiting", "en cours", "pendiente", "ожидается", "待定"]
)
_TICKS = frozenset("✓✔☑√")
_CROSSES = frozenset("✗✘☒×")


def split_list(text: str) -> list[str]:
    """The items of a cell that holds several, without empty ones; 'API/PNR' stays one."""
    return [item.strip(" .") for item in _LIST.split(text.strip()) if item.strip(" .")]


def clear_errors(values: dict[str, str]) -> list[Problem]:
    """Empty the cells that hold a spreadsheet's own error, in place, and say so; name formulas, which stay text."""
    remarks = []
    for name, text in values.items():
        if text.strip() in _ERRORS:
            values[name] = ""
            remarks.append(problem("spreadsheet_error", WARNING, text, name))
        elif text.startswith("="):
            remarks.append(problem("formula_kept_as_text", NOTE, text, name))
    return remarks


@lru_cache(maxsize=8192)
def read_country(text: str, name: str = "country") -> Read[str | None]:
    """The code of a country in any usual spelling."""
    if not text.strip():
        return Read(None)
    country = find_country(text)
    if country is not None:
        return Read(country.code)
    near = ", ".join(found.name for found in suggest_countries(text))
    return Read(None, (problem("country_not_known", WARNING, text, name, suggestions=near),))


@lru_cache(maxsize=512)
def read_sex(text: str, name: str = "sex") -> Read[Gender | None]:
    """Woman or man as the register states it; never worked out from a name or a title."""
    if not text.strip():
        return Read(None)
    found = _SEXES.get(fold(text))
    return Read(found, () if found else (problem("sex_not_understood", WARNING, text, name),))


@lru_cache(maxsize=512)
def read_certified(text: str, name: str = "certified") -> Read[EnrolmentResult]:
    """What came of the training; pending where nothing is said."""
    written = text.strip()
    folded = fold(written)
    if written[:1] in _TICKS or folded in _DONE:
        return Read(EnrolmentResult.COMPLETED)
    if written[:1] in _CROSSES or folded in _NOT:
        return Read(EnrolmentResult.NOT_COMPLETED)
    if not written or folded in _LATER:
        return Read(EnrolmentResult.PENDING)
    return Read(EnrolmentResult.PENDING, (problem("certified_not_understood", WARNING, text, name),))


@lru_cache(maxsize=8192)
def read_zone(text: str, country: str | None, name: str = "zone") -> Read[str | None]:
    """A person's zone. 'GMT+3' names no place, so it has to fit the country; an empty cell takes the capital's zone."""
    usual = default_zone(country) if country else None
    place = country_name(country) if country else ""
    if not text.strip():
        if usual is None:
            return Read(None)
        return Read(usual, (problem("zone_from_country", NOTE, "", name, zone=usual, country=place),))
    found = find_zone(text, country)
    if found is not None:
        if not found.interpreted:
            return Read(found.zone)
        return Read(found.zone, (problem("zone_interpreted", NOTE, text, name, zone=found.zone, country=place),))
    if find_offset(text) is not None and usual is not None:
        details = {"offset": text.strip(), "zone": usual, "country": place}
        return Read(usual, (problem("offset_not_in_country", WARNING, text, name, **details),))
    return Read(usual, (problem("zone_unknown", WARNING, text, name, zone=usual or "–"),))


def read_themes(text: str, context: Context, name: str = "themes") -> Read[tuple[str, ...]]:
    """Codes of the themes named, each once. A slash may part two themes or belong to one ('API/PNR')."""
    codes: dict[str, None] = {}
    remarks: list[Problem] = []
    for item in split_list(text):
        found = _theme(item, context)
        if not found:
            near = context.suggest_theme(item)
            remarks.append(problem("theme_not_known", WARNING, item, name, suggestion=near))
        codes.update(dict.fromkeys(found))
    return Read(tuple(codes), tuple(remarks))


def _theme(item: str, context: Context) -> list[str]:
    code = context.find_theme(item) or find_theme_code(item)
    if code is not None:
        return [code]
    parts = [context.find_theme(part) or find_theme_code(part) for part in item.split("/")]
    return [part for part in parts if part] if all(parts) and len(parts) > 1 else []


def read_partners(text: str, context: Context, name: str = "partners") -> Read[tuple[str, ...]]:
    """Codes of the partners named, each once; the programme's own office among them is left out."""
    codes: dict[str, None] = {}
    remarks: list[Problem] = []
    if text.strip().casefold() in NOTHING:
        return Read(())
    for item in _PARTNERS.split(text):
        code = context.find_partner(item) if item.strip() else ""
        if code is None:
            remarks.append(problem("partner_not_in_registry", NOTE, text, name, partner=item.strip()))
        elif code in context.partners:
            codes[code] = None
    if remarks and not codes:  # a name of its own, commas and all
        remarks = [problem("partner_not_in_registry", NOTE, text, name, partner=" ".join(text.split()))]
    return Read(tuple(codes), tuple(remarks))


def read_count(text: str, name: str, least: int, most: int) -> Read[int | None]:
    """A whole number within bounds, both included."""
    written = text.strip().replace("\u00a0", "").replace(" ", "")
    if not written:
        return Read(None)
    if not re.fullmatch(r"[0-9]{1,6}", written):
        return Read(None, (problem("number_not_understood", ERROR, text, name),))
    if not least <= int(written) <= most:
        return Read(None, (problem("number_out_of_range", ERROR, text, name, least=least, most=most),))
    return Read(int(written))


def shortened(text: str, limit: int, name: str) -> Read[str]:
    """Text on one line within a length."""
    written = " ".join(text.split())
    if len(written) <= limit:
        return Read(written)
    return Read(written[:limit], (problem("cut_short", WARNING, written[:60], name, limit=limit),))
