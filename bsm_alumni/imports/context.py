"""What the rules need to know of the registry while they read rows: lists that staff own, and cohorts."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from rapidfuzz import fuzz, process

from bsm_alumni.reference.folding import fold

T = TypeVar("T")
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class KnownCohort:
    """A cohort that a row can refer to."""

    code: str
    course: str
    venue: str
    start: dt.date | None
    end: dt.date | None

    @property
    def days(self) -> tuple[dt.date, dt.date] | None:
        """First and last day, where they are known."""
        return (self.start, self.end or self.start) if self.start else None


class CohortIndex:
    """Finds the cohort that 'BSM-ToT-05', 'ToT-05' or 'ToT: Maritime border security (Manila)' means."""

    def __init__(self, cohorts: Iterable[KnownCohort] = ()) -> None:
        self._by_key: dict[str, dict[str, KnownCohort]] = {}
        self.by_code: dict[str, KnownCohort] = {}
        for cohort in cohorts:
            self.add(cohort)

    def add(self, cohort: KnownCohort) -> None:
        """Make a cohort known under its code, the ends of its code, and its course with or without venue."""
        self.by_code[cohort.code] = cohort
        words = fold(cohort.code).split()
        keys = {" ".join(words[start:]) for start in range(len(words)) if len(words) - start > 1 or start == 0}
        course, venue = fold(cohort.course), fold(cohort.venue)
        keys |= {course, f"{course} {venue}", f"{venue} {course}"} if course else set()
        if cohort.start:
            keys |= {f"{course} {cohort.start.year}", f"{course} {venue} {cohort.start.year}"}
        for key in keys - {""}:
            self._by_key.setdefault(key, {})[cohort.code] = cohort

    def find(self, text: str) -> list[KnownCohort]:
        """Every cohort that the words can mean: one when they are certain, none when they are unknown."""
        return list(self._by_key.get(fold(text), {}).values())

    def suggest(self, text: str) -> str:
        """The code of the cohort whose name is nearest, '' when none is near."""
        best = process.extractOne(fold(text), self._by_key.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=80)
        return next(iter(self._by_key[best[0]])) if best else ""


@dataclass(slots=True)
class Context:
    """Lists of the registry, by folded spelling. `partners` are the codes of all partner organisations."""

    themes: dict[str, str] = field(default_factory=dict)
    organisations: dict[str, str] = field(default_factory=dict)
    partners: tuple[str, ...] = ()
    cohorts: CohortIndex = field(default_factory=CohortIndex)
    # Whether an address belonged to somebody who asked to be erased.
    is_erased: Callable[[str], bool] = lambda address: False

    memory: dict[tuple[str, str], Any] = field(default_factory=dict)

    def remember(self, name: str, text: str, read: Callable[[], T]) -> T:
        """What a cell of a column says, read once: in most columns the same few cells come again and again."""
        key = (name, text)
        if key not in self.memory:
            if len(self.memory) >= MOST_REMEMBERED:
                self.memory.clear()
            self.memory[key] = read()
        found: T = self.memory[key]
        return found

    def find_theme(self, text: str) -> str | None:
        """The code of a theme by its name, its code or a usual spelling."""
        return self.themes.get(fold(text))

    def suggest_theme(self, text: str) -> str:
        """The spelling of the nearest theme, '' when none is near."""
        best = process.extractOne(fold(text), self.themes.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=75)
        return best[0] if best else ""

    def find_partner(self, text: str) -> str | None:
        """The code of a partner organisation by its code or name."""
        return self.organisations.get(fold(text))
