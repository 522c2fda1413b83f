"""Ranking a slot for a viewer, telling why and why not, and keeping staff's weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

import sqlalchemy as sa

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.events.models import Slot
from bsm_alumni.extensions import db
from bsm_alumni.matching.columns import Columns
from bsm_alumni.matching.enums import Reason, Rule
from bsm_alumni.matching.facts import Facts, facts_of
from bsm_alumni.matching.models import MatchingWeight
from bsm_alumni.matching.need import Need
from bsm_alumni.matching.queries import (
    names_for,
    need_of,
    people_named,
    people_yet_to_answer,
    saved_weights,
    weights_of,
)
from bsm_alumni.matching.ranking import Candidate, Ranking, look, rank
from bsm_alumni.matching.resident import current_columns
from bsm_alumni.matching.weights import WEIGHTS
from bsm_alumni.matching.words import Names, reason_words, rule_name, rule_words, sentence

TOP = 12
"""How many people a shortlist shows unless more are asked for."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One reason of one person, ready to be shown: `value` 0..1, `weight` 0..100."""

    reason: Reason
    name: str
    value: float
    weight: int
    words: str


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One rule that excludes a named person."""

    rule: Rule
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """A person before a slot. `rank` counts from 1, None for one whom a rule excludes; `score` is 0..1."""

    alumnus: Alumnus
    rank: int | None
    score: float
    sentence: str
    bars: tuple[Bar, ...]
    facts: Facts
    exclusions: tuple[Exclusion, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the funnel: how many people a rule removed of those before it."""

    rule: Rule
    name: str
    removed: int


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The best people for a slot and how the list came about."""

    need: Need
    rows: tuple[Row, ...]
    funnel: tuple[Step, ...]
    total: int
    eligible: int


@dataclass(frozen=True, slots=True)
class Reserve:
    """A person who has yet to answer for a slot, and who could take the seat instead; None when nobody is left."""

    alumnus: Alumnus
    row: Row | None


def rank_slot(viewer: Viewer, slot: Slot, now: datetime, top: int = TOP) -> Shortlist:
    """The `top` best people for the slot among those the viewer may see, who are staff. Reads only."""
    columns, need, weights = current_columns(), need_of(slot, now), weights_of(slot.event.series_id)
    ranking = rank(columns, need, weights, top)
    people = people_named(viewer, [candidate.alumnus_id for candidate in ranking.candidates])
    titles = _titles()
    names = names_for(need.themes, ())
    rows = [
        _row(people[candidate.alumnus_id], columns, need, names, titles, candidate, place)
        for place, candidate in enumerate(ranking.candidates, 1)
        if candidate.alumnus_id in people
    ]
    return Shortlist(need, tuple(rows), _funnel(ranking), ranking.total, ranking.eligible)


def reserves_of(viewer: Viewer, slot: Slot, shortlist: Shortlist) -> list[Reserve]:
    """Who else, should those decline who have yet to answer: the best of the shortlist, each for one of them."""
    waiting = people_yet_to_answer(viewer, slot.id)
    return [Reserve(person, row) for person, row in zip_longest(waiting, shortlist.rows[: len(waiting)]) if person]


def look_at(viewer: Viewer, slot: Slot, alumnus_ids: Sequence[int], now: datetime) -> list[Row]:
    """Named people before the slot, in the order given: reasons for each, and every rule that excludes them.

    People whom the viewer may not see, and those who do not exist, are left out.
    """
    columns, need, weights = current_columns(), need_of(slot, now), weights_of(slot.event.series_id)
    people = people_named(viewer, alumnus_ids, whole=True)
    titles = _titles()
    positions = {i: columns.find_position(i) for i in alumnus_ids if i in people}
    known = [(i, position) for i, position in positions.items() if position is not None]
    facts = {i: facts_of(columns, need, position) for i, position in known}
    names = names_for(need.themes, [fact.clash for fact in facts.values() if fact.clash is not None])
    looked = look(columns, need, weights, [position for _i, position in known])
    return [
        _row(
            people[i],
            columns,
            need,
            names,
            titles,
            item.candidate,
            item.place,
            tuple(Exclusion(rule, rule_words(rule, facts[i], need, names)) for rule in item.rules),
        )
        for (i, _position), item in zip(known, looked, strict=True)
    ]


def _titles() -> dict[Reason, str]:
    return {reason: str(weight.name) for reason, weight in WEIGHTS.items()}


def _row(
    alumnus: Alumnus,
    columns: Columns,
    need: Need,
    names: Names,
    titles: Mapping[Reason, str],
    candidate: Candidate,
    place: int | None,
    excluded: tuple[Exclusion, ...] = (),
) -> Row:
    facts = facts_of(columns, need, candidate.position)
    bars = tuple(
        Bar(
            reason=item.reason,
            name=titles[item.reason],
            value=item.value,
            weight=item.weight,
            words=reason_words(item.reason, facts, need, names),
        )
        for item in candidate.reasons
    )
    return Row(alumnus, place, candidate.score, sentence(facts, need, names), bars, facts, excluded)


def _funnel(ranking: Ranking) -> tuple[Step, ...]:
    return tuple(Step(rule, rule_name(rule), count) for rule, count in ranking.removed.items() if count)


def save_weights(series_id: int, weights: Mapping[Reason, int]) -> None:
    """Keep the weights (0..100) of a series, 0 for the whole programme.

    Nothing is written when nothing changes.
    """
    before = saved_weights(series_id)
    after = {reason.value: weight for reason, weight in weights.items()}
    if before == after:
        return
    db.session.execute(sa.delete(MatchingWeight).where(MatchingWeight.series_id == series_id))
    db.session.add_all(
        MatchingWeight(series_id=series_id, reason=reason, weight=weight) for reason, weight in after.items()
    )
    db.session.flush()
    record_many([Change("weights.saved", "matching_weights", series_id, before, after)])


def reset_weights(series_id: int) -> None:
    """Drop the weights of a series, so that the programme's, or the defaults, are in force again."""
    before = saved_weights(series_id)
    if before:
        db.session.execute(sa.delete(MatchingWeight).where(MatchingWeight.series_id == series_id))
        record_many([Change("weights.reset", "matching_weights", series_id, before, {})])
