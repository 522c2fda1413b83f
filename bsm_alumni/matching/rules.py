"""The hard rules: who cannot be asked for a slot, and why. Pure: no database, no Flask, no clock.

Each rule answers with a mask of the people it excludes. The rules are applied in the order of `Rule`; the
first that excludes a person is the one that is told, and how many each removed is the funnel.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

import numpy as np

from bsm_alumni.matching.clock import day_table
from bsm_alumni.matching.columns import NOT_LISTED, Bools, Columns, Ints
from bsm_alumni.matching.enums import Rule
from bsm_alumni.matching.need import Need


@dataclass(frozen=True)
class Question:
    """The columns and the slot together, with what several rules and reasons share, worked out once."""

    columns: Columns
    need: Need

    @cached_property
    def in_event(self) -> Ints:
        """Who holds a seat in this event."""
        by_event = self.columns.seats.holding.by_event
        return by_event.person[by_event.within(self.need.event_id, self.need.event_id)]

    def held_within(self, days: int) -> tuple[Ints, Ints]:
        """Who holds a seat in another event at most so many days away, and how many days; once for each such seat."""
        held, day = self.columns.seats.holding, self.need.day
        near = held.by_day.within(day - days, day + days)
        people, distance = held.by_day.person[near], np.abs(held.by_day.value[near] - day)
        if len(self.in_event):
            others = held.event[held.by_day.row[near]] != self.need.event_id
            people, distance = people[others], distance[others]
        return people, distance

    @property
    def span(self) -> tuple[int, int]:
        """The first of the first local dates of the session and the last of the last, wherever people live."""
        first, last = _days(self.columns.zones, self.need.start, self.need.end)
        return int(first.min()), int(last.max())

    def days_of(self, people: Ints) -> tuple[Ints, Ints]:
        """First and last date on which the people at these positions live through the session."""
        first, last = _days(self.columns.zones, self.need.start, self.need.end)
        zone = self.columns.zone[people].astype(np.intp)
        return first[zone], last[zone]


@lru_cache(maxsize=512)
def _days(zones: tuple[str, ...], start: datetime, end: datetime) -> tuple[Ints, Ints]:
    """First and last local date by zone, the last cell for a zone that is not known."""
    table = np.array(day_table(zones, start, end), dtype=np.int32)
    return table[:, 0].copy(), table[:, 1].copy()


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
    columns, (first, last) = question.columns, question.span
    outside = columns.has_window.copy()
    near = columns.windows.touching(first, last)
    outside[near.person[(near.first <= first) & (near.last >= last)]] = False
    # Left are few: a window opens or closes in these very days, and what decides is the date where they live.
    edge = near.where(outside[near.person])
    outside[edge.person] = False
    begins, ends = question.days_of(edge.person)
    for day in range(first, last + 1):
        there = _flag(len(columns), edge.person[(edge.first <= day) & (edge.last >= day)])
        theirs = edge.person[(begins <= day) & (ends >= day)]
        outside[theirs[~there[theirs]]] = True
    return outside


def by_blackout(question: Question) -> Bools:
    """Away on a day of the session."""
    near = question.columns.blackouts.touching(*question.span)
    begins, ends = question.days_of(near.person)
    return _flag(len(question.columns), near.person[(near.first <= ends) & (near.last >= begins)])


def by_notice(question: Question) -> Bools:
    """Needs more days of notice than are left. A session that is over asks for none: its list says who would fit."""
    left = question.need.day - question.need.today
    return question.columns.notice_days > left if left >= 0 else np.zeros(len(question.columns), dtype=np.bool_)


def by_overlap(question: Question) -> Bools:
    """Holds a seat in another event at the same time; touching ends do not overlap."""
    need, held = question.need, question.columns.seats.holding
    start, end = int(need.start.timestamp()), int(need.end.timestamp())
    rows = held.by_start.row[held.by_start.within(start - held.longest, end - 1)]
    clash = rows[(held.end[rows] > start) & (held.event[rows] != need.event_id)]
    return _flag(len(question.columns), held.person[clash])


def by_load(question: Question) -> Bools:
    """Already holds as many seats in the session's quarter as they take on."""
    columns, by_quarter = question.columns, question.columns.seats.holding.by_quarter
    people = by_quarter.person[by_quarter.within(question.need.quarter, question.need.quarter)]
    return np.bincount(people, minlength=len(columns)) >= columns.quarter_limit


def by_asked(question: Question) -> Bools:
    """Was asked for this slot before, whatever the answer."""
    by_slot, slot = question.columns.seats.by_slot, question.need.slot_id
    return _flag(len(question.columns), by_slot.person[by_slot.within(slot, slot)])


def by_seated(question: Question) -> Bools:
    """Holds another seat in this event."""
    return _flag(len(question.columns), question.in_event)


def by_rest_days(question: Question) -> Bools:
    """Another session of theirs is fewer days away than the rest that everyone gets."""
    people, _distance = question.held_within(question.need.rest_days - 1)
    return _flag(len(question.columns), people)


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


STANDING = (Rule.STATUS, Rule.RESTRICTED, Rule.ADDRESS, Rule.LANGUAGE, Rule.LEVEL)
"""The first rules: they look at nothing of the slot but its languages."""
OF_THE_SLOT = tuple(rule for rule in RULES if rule not in STANDING)
"""The others."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many people there were, who is left after all rules, and how many each rule removed of those
    before it.
    """

    total: int
    eligible: Bools
    removed: dict[Rule, int]


def apply_rules(question: Question, among: Bools | None = None, rules: Iterable[Rule] = tuple(RULES)) -> Funnel:
    """One pass over the rules in order, all of them or `rules`, over everyone or over those under the mask `among`."""
    left = np.ones(len(question.columns), dtype=np.bool_) if among is None else among.copy()
    total = count = int(np.count_nonzero(left))
    removed = {}
    for rule in rules:
        np.greater(left, RULES[rule](question), out=left)  # left, and not excluded
        after = int(np.count_nonzero(left))
        removed[rule], count = count - after, after
    return Funnel(total, left, removed)
