"""The hard rules: who cannot be asked for a slot, and why. Pure: no database, no Flask, no clock.

Each rule answers with a mask of the people it excludes. The rules are applied in the order of `Rule`; the
first that excludes a person is the one that is told, and how many each removed is the funnel.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bsm_alumni.matching.clock import day_table
from bsm_alumni.matching.columns import NOT_LISTED, Bools, Columns, Ints, Periods
from bsm_alumni.matching.enums import Rule
from bsm_alumni.matching.need import Need

FAR = 366
"""Days to the nearest other session of a person who has none within a year."""


@dataclass(frozen=True)
class Question:
    """The columns and the slot together, with what several rules and reasons share, worked out once."""

    columns: Columns
    need: Need

    @cached_property
    def distance(self) -> Ints:
        """Days between this session and each held seat's session."""
        return np.abs(self.columns.seats.holding.day - self.need.day)

    @cached_property
    def gap(self) -> Ints:
        """Days between this session and each person's nearest in another event; FAR where there is none."""
        held = self.columns.seats.holding
        near = (self.distance < FAR) & (held.event != self.need.event_id)
        people, days = held.person[near], self.distance[near]
        gap = np.full(len(self.columns), FAR, dtype=np.int32)
        if len(people):
            first = np.flatnonzero(np.diff(people, prepend=-1))
            gap[people[first]] = np.minimum.reduceat(days, first)
        return gap

    @cached_property
    def day_groups(self) -> list[tuple[Bools | None, range]]:
        """Who lives through the session on which local dates: one row per distinct run of dates."""
        columns, need = self.columns, self.need
        table = day_table(columns.zones, need.start, need.end)
        runs = sorted(set(table))
        if len(runs) == 1:
            return [(None, range(runs[0][0], runs[0][1] + 1))]
        which = np.array([runs.index(run) for run in table])[columns.zone]
        return [(which == i, range(first, last + 1)) for i, (first, last) in enumerate(runs)]


def inside(periods: Periods, day: int, size: int) -> Bools:
    """Who has a period that contains the day."""
    mask = np.zeros(size, dtype=np.bool_)
    mask[periods.person[(periods.first <= day) & (periods.last >= day)]] = True
    return mask


def _flag(size: int, people: Ints) -> Bools:
    mask = np.zeros(size, dtype=np.bool_)
    mask[people] = True
    return mask


def by_status(question: Question) -> Bools:
    """Not an active alumnus."""
    return ~question.columns.active


def by_restriction(question: Question) -> Bools:
    """Restricted by staff."""
    return question.columns.restricted


def by_address(question: Question) -> Bools:
    """No address that mail can be sent to."""
    return ~question.columns.reachable


def by_language(question: Question) -> Bools:
    """Lists none of the languages that would do."""
    if not question.need.languages:
        return np.zeros(len(question.columns), dtype=np.bool_)
    return ~_speaks(question, at_level=False)


def by_level(question: Question) -> Bools:
    """Lists a language that would do, but in none of them reaches the level, or has not said the level."""
    return _speaks(question, at_level=False) & ~_speaks(question, at_level=True)


def _speaks(question: Question, at_level: bool) -> Bools:
    columns = question.columns
    speaks = np.zeros(len(columns), dtype=np.bool_)
    for code, level in question.need.languages:
        if code in columns.languages:
            row = columns.levels[columns.languages.index(code)]
            speaks |= row >= level + 1 if at_level else row > NOT_LISTED
    return speaks


def by_window(question: Question) -> Bools:
    """Has said when they are free, and a day of the session lies outside."""
    columns = question.columns
    outside = np.zeros(len(columns), dtype=np.bool_)
    for group, days in question.day_groups:
        for day in days:
            missing = columns.has_window & ~inside(columns.windows, day, len(columns))
            outside |= missing if group is None else missing & group
    return outside


def by_blackout(question: Question) -> Bools:
    """Away on a day of the session."""
    columns = question.columns
    away = np.zeros(len(columns), dtype=np.bool_)
    for group, days in question.day_groups:
        for day in days:
            gone = inside(columns.blackouts, day, len(columns))
            away |= gone if group is None else gone & group
    return away


def by_notice(question: Question) -> Bools:
    """Needs more days of notice than are left. A session that is over asks for none: its list says who would fit."""
    left = question.need.day - question.need.today
    return question.columns.notice_days > left if left >= 0 else np.zeros(len(question.columns), dtype=np.bool_)


def by_overlap(question: Question) -> Bools:
    """Holds a seat in another event at the same time; touching ends do not overlap."""
    need, held = question.need, question.columns.seats.holding
    start, end = int(need.start.timestamp()), int(need.end.timestamp())
    clash = (held.start < end) & (held.end > start) & (held.event != need.event_id)
    return _flag(len(question.columns), held.person[clash])


def by_load(question: Question) -> Bools:
    """Already holds as many seats in the session's quarter as they take on."""
    columns, held = question.columns, question.columns.seats.holding
    load = np.bincount(held.person[held.quarter == question.need.quarter], minlength=len(columns))
    return load >= columns.quarter_limit


def by_asked(question: Question) -> Bools:
    """Was asked for this slot before, whatever the answer."""
    seats = question.columns.seats
    return _flag(len(question.columns), seats.person[seats.slot == question.need.slot_id])


def by_seated(question: Question) -> Bools:
    """Holds another seat in this event."""
    held, need = question.columns.seats.holding, question.need
    return _flag(len(question.columns), held.person[held.event == need.event_id])


def by_rest_days(question: Question) -> Bools:
    """Another session of theirs is fewer days away than the rest that everyone gets."""
    return question.gap < question.need.rest_days


RULES: dict[Rule, Callable[[Question], Bools]] = {
    Rule.STATUS: by_status,
    Rule.RESTRICTED: by_restriction,
    Rule.ADDRESS: by_address,
    Rule.LANGUAGE: by_language,
    Rule.LEVEL: by_level,
    Rule.WINDOW: by_window,
    Rule.BLACKOUT: by_blackout,
    Rule.NOTICE: by_notice,
    Rule.OVERLAP: by_overlap,
    Rule.LOAD: by_load,
    Rule.ASKED: by_asked,
    Rule.SEATED: by_seated,
    Rule.REST_DAYS: by_rest_days,
}


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many people there were, who is left after all rules, and how many each rule removed of those
    before it.
    """

    total: int
    eligible: Bools
    removed: dict[Rule, int]


def apply_rules(question: Question, among: Bools | None = None) -> Funnel:
    """One pass over all rules in order, over everyone or over those under the mask `among`."""
    left = np.ones(len(question.columns), dtype=np.bool_) if among is None else among.copy()
    total = count = int(np.count_nonzero(left))
    removed = {}
    for rule, excludes in RULES.items():
        left &= ~excludes(question)
        after = int(np.count_nonzero(left))
        removed[rule], count = count - after, after
    return Funnel(total, left, removed)
