"""Names as people write them, with a form in Latin letters beside those of other scripts."""

import re
import unicodedata
from dataclasses import dataclass

from bsm_alumni.imports.problems import ERROR, NOTE, WARNING, Problem, Read, problem
from bsm_alumni.reference.romanising import romanise

MAX_NAME = 120
_FAMILY_FIRST = frozenset({"VN"})
_TITLE = re.compile(r"(?:mr|mrs|ms|miss|dr|prof|mme|mlle|sr|sra|col|maj|capt|lt|gen|insp)\.?\s+", re.IGNORECASE)
_EDGES = " \t\n\u00a0,;"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written; `latin` is empty where it is written in Latin letters already."""

    family: str
    given: str
    display: str
    latin: str
    title: str = ""


def tidy(text: str) -> str:
    """One form of Unicode, single spaces, none at the ends; letters and capitals stay as they were written."""
    composed = unicodedata.normalize("NFC", text).replace("\u200b", "").replace("\ufeff", "")
    return " ".join(composed.split()).strip(_EDGES)


def is_latin(text: str) -> bool:
    """Whether every letter of the text is of the Latin script."""
    if text.isascii():
        return True
    return all("LATIN" in unicodedata.name(char, "") for char in text if char.isalpha())


def read_name(family: str, given: str, full: str = "", country: str | None = None) -> Read[Name | None]:
    """Read a name from two cells or from one. A row without any has None and an error."""
    family, given, full = tidy(family), tidy(given), tidy(full)
    remarks: list[Problem] = []
    title = ""
    if not (family or given) and full:
        title, full = _title_of(full)
        family, given = _split(full)
        if not family:
            remarks.append(problem("name_not_split", NOTE, full, "full_name"))
            family = full
    if not (family or given):
        return Read(None, (problem("name_missing", ERROR, "", "family_name"),))
    where = "family_name" if not full else "full_name"
    if not family or not given:
        present = family or given
        if "name_not_split" not in [remark.code for remark in remarks]:
            remarks.append(problem("name_in_part", WARNING, present, where))
    if any(char.isdigit() or char in "<>@=" for char in family + given):
        remarks.append(problem("name_looks_odd", WARNING, f"{family} {given}".strip(), where))
    if max(len(family), len(given)) > MAX_NAME:
        remarks.append(problem("cut_short", WARNING, family[:60], where, limit=MAX_NAME))
        family, given = family[:MAX_NAME], given[:MAX_NAME]
    display = _display(family, given, country)
    latin = "" if is_latin(display) else _latin(family, given, display)
    if latin:
        remarks.append(problem("latin_form", NOTE, display, where, latin=latin))
    return Read(Name(family, given, display, latin, title), tuple(remarks))


def _title_of(full: str) -> tuple[str, str]:
    match = _TITLE.match(full)
    return (match[0].strip(), full[match.end() :]) if match else ("", full)


def _split(full: str) -> tuple[str, str]:
    """(family, given) of a name in one cell, where capitals or a comma show it; ('', '') where nothing does."""
    if "," in full:
        family, _, given = full.partition(",")
        return tidy(family), tidy(given)
    words = full.split()
    capitals = [word for word in words if len(word) > 1 and word.isupper()]
    others = [word for word in words if word not in capitals]
    if capitals and others and (words == capitals + others or words == others + capitals):
        return " ".join(capitals), " ".join(others)
    return "", ""


def _east_asian(text: str) -> bool:
    if text.isascii():
        return False
    return any(unicodedata.name(char, "").startswith(("CJK", "HANGUL", "HIRAGANA", "KATAKANA")) for char in text)


def _display(family: str, given: str, country: str | None) -> str:
    if _east_asian(family + given):
        return family + given if _east_asian(family) and _east_asian(given) else f"{family} {given}".strip()
    parts = (family, given) if country in _FAMILY_FIRST else (given, family)
    return " ".join(part for part in parts if part)


def _latin(family: str, given: str, display: str) -> str:
    east = _east_asian(display)
    parts = (family, given) if east or display.startswith(family) else (given, family)
    return " ".join(romanise(part) for part in parts if part)[:240]
