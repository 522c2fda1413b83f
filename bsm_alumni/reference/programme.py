"""The BSM programme's own lists: outcome areas, cross-cutting principles, resolutions and phases.

Source: the programme's public announcement of the webinar on border community dynamics (8 July 2026).
These lists are fixed; staff cannot add to them.
"""

import re
from dataclasses import dataclass
from datetime import date

from bsm_alumni.reference.folding import fold


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a fixed list: a code that is stored and the programme's words for it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class OutcomeArea(Entry):
    """An outcome area of BSM 2.0, numbered in small Roman figures as the programme does."""

    numeral: str

    @property
    def label(self) -> str:
        """As the programme writes it: "(i) cooperation and coordination"."""
        return f"({self.numeral}) {self.name}"


@dataclass(frozen=True, slots=True)
class Resolution(Entry):
    """A resolution the programme rests on; `code` is the document symbol or the Council's number."""

    year: int
    body: str


@dataclass(frozen=True, slots=True)
class Phase(Entry):
    """A phase of the programme: its first and last year, the last None while it runs."""

    first_year: int
    last_year: int | None


OUTCOME_AREAS: dict[str, OutcomeArea] = {
    area.code: area
    for area in (
        OutcomeArea("cooperation", "cooperation and coordination", "i"),
        OutcomeArea("capacity", "capacity-building and training", "ii"),
        OutcomeArea("policy", "policy and strategy development", "iii"),
        OutcomeArea("technology", "technology and risk-based approaches", "iv"),
    )
}

PRINCIPLES: dict[str, Entry] = {
    principle.code: principle
    for principle in (
        Entry("human-rights", "human rights"),
        Entry("gender", "gender mainstreaming"),
        Entry("community", "community engagement"),
    )
}

RESOLUTIONS: dict[str, Resolution] = {
    resolution.code: resolution
    for resolution in (
        Resolution("A/RES/60/288", "A/RES/60/288 (2006)", 2006, "General Assembly"),
        Resolution("1373", "1373 (2001)", 2001, "Security Council"),
        Resolution("2178", "2178 (2014)", 2014, "Security Council"),
        Resolution("2396", "2396 (2017)", 2017, "Security Council"),
        Resolution("2482", "2482 (2019)", 2019, "Security Council"),
    )
}

PHASES: dict[str, Phase] = {
    phase.code: phase
    for phase in (
        Phase("initial", "initial implementation", 2019, 2025),
        Phase("bsm-2", "BSM 2.0", 2026, None),
    )
}

_NUMBERED = re.compile(r"^\(?\s*(iv|iii|ii|i|[1-4])\s*[).:]?(?:\s+(.*))?$", re.IGNORECASE)
_FIGURES = {"1": "i", "2": "ii", "3": "iii", "4": "iv"}


def find_outcome_area(text: str | None) -> OutcomeArea | None:
    """The outcome area meant by its code, numeral or words, else None; both must agree when both stand."""
    written = (text or "").strip()
    if not written:
        return None
    match = _NUMBERED.match(written)
    if match is None:
        return _area_by_words(written)
    numeral = _FIGURES.get(match[1], match[1].lower())
    numbered = next(area for area in OUTCOME_AREAS.values() if area.numeral == numeral)
    if not match[2]:
        return numbered
    return numbered if _area_by_words(match[2]) == numbered else None


def find_principle(text: str | None) -> Entry | None:
    """The cross-cutting principle meant by its code or words, in any case, else None."""
    wanted = fold(text or "")
    return next((p for p in PRINCIPLES.values() if wanted in (fold(p.code), fold(p.name))), None)


def find_resolution(text: str | None) -> Resolution | None:
    """The resolution meant by its number, with or without year and body ("UNSCR 2396 (2017)"), else None."""
    wanted = fold(text or "")
    for resolution in RESOLUTIONS.values():
        code = fold(resolution.code)
        rest = f" {wanted} ".replace(f" {code} ", " ", 1)
        if rest != f" {wanted} " and set(rest.split()) <= {str(resolution.year), *_RESOLUTION_WORDS}:
            return resolution
    return None


def phase_on(day: date) -> Phase | None:
    """The phase of the programme a day falls in, None before the programme began."""
    return next(
        (
            phase
            for phase in PHASES.values()
            if phase.first_year <= day.year and (phase.last_year is None or day.year <= phase.last_year)
        ),
        None,
    )


_RESOLUTION_WORDS = {"unscr", "scr", "res", "s", "a", "un", "unsc", "security", "council", "resolution"}
_RESOLUTION_WORDS |= {"unga", "general", "assembly", "of", "the"}


def _area_by_words(words: str) -> OutcomeArea | None:
    wanted = fold(words)
    for area in OUTCOME_AREAS.values():
        first_words = fold(area.name).split(" and ")[0]
        if wanted in (fold(area.code), fold(area.name), first_words):
            return area
    return None
