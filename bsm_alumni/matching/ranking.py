"""Ranking for one slot: the best first, ties by id, the same answer every time. Pure NumPy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import NamedTuple

import numpy as np

from bsm_alumni.matching.columns import Bools, Columns, Floats, Ints
from bsm_alumni.matching.enums import Reason, Rule
from bsm_alumni.matching.few import some_of
from bsm_alumni.matching.need import Need
from bsm_alumni.matching.reasons import REASONS, Who, applying
from bsm_alumni.matching.rules import OF_THE_SLOT, RULES, STANDING, Question, apply_rules

OUT = -1.0
"""Score of a person whom a rule excludes, below everybody else's."""
BLOCK = 64
"""So many scores, each as far from the next, are a block, whose largest is looked at to find the best of all."""


class ReasonValue(NamedTuple):
    """One reason of one candidate: `value` 0..1 and the weight it had."""

    reason: Reason
    value: float
    weight: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who may be asked.

    `score` is the weighed mean of the reasons, 0..1; `position` is their row.
    """

    alumnus_id: int
    position: int
    score: float
    reasons: tuple[ReasonValue, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """A named person: their reasons, their place (from 1) among those who can be asked, the rules that exclude them."""

    candidate: Candidate
    place: int | None
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best candidates, how many people each rule removed, and how many there were and may be asked."""

    candidates: tuple[Candidate, ...]
    removed: dict[Rule, int]
    total: int
    eligible: int


def rank(
    columns: Columns,
    need: Need,
    weights: Mapping[Reason, int],
    top: int = 20,
    only: Ints | None = None,
) -> Ranking:
    """The `top` best people for a slot.

    `only` holds alumnus ids: the viewer's door. When it is given nobody else is counted or returned.
    """
    able = _find_able(columns, need, only)
    question = Question(able.columns, need)
    funnel = apply_rules(question, rules=OF_THE_SLOT)
    values, scores = weigh(question, weights, slice(None))
    np.copyto(scores, OUT, where=~funnel.eligible)
    eligible = funnel.total - sum(funnel.removed.values())
    best = top_positions(scores, min(top, eligible))
    candidates = _candidates(able.columns.ids[best], able.positions[best], weights, values, scores, best)
    return Ranking(candidates, able.removed | funnel.removed, able.total, eligible)


@dataclass(frozen=True, slots=True)
class _Able:
    """Those whom the rules of standing and language leave: their columns, their positions among all, and who went.

    `total` is how many there were, `removed` how many each of those rules took.
    """

    columns: Columns
    positions: Ints
    total: int
    removed: dict[Rule, int]


def _find_able(columns: Columns, need: Need, only: Ints | None) -> _Able:
    """People before the rules of the slot itself. Without a door they are kept for the next slot in its languages."""
    if only is not None:
        return _look_for_able(columns, need, np.isin(columns.ids, only))
    return columns.once(("able", need.languages), lambda: _look_for_able(columns, need, None))


def _look_for_able(columns: Columns, need: Need, among: Bools | None) -> _Able:
    funnel = apply_rules(Question(columns, need), among, STANDING)
    positions = np.flatnonzero(funnel.eligible)
    return _Able(some_of(columns, positions), positions, funnel.total, funnel.removed)


def weigh(question: Question, weights: Mapping[Reason, int], who: Who) -> tuple[dict[Reason, Floats], Floats]:
    """Value of each applying reason, and the weighed mean of them, for the people at the positions `who`.

    Added up in the order of `Reason`, so that equal people get equal scores to the last bit.
    """
    values = {reason: REASONS[reason](question, who) for reason in applying(question.need)}
    total = sum(weights[reason] for reason in values)
    scores = np.zeros(len(question.columns.ids[who]), dtype=np.float64)
    for reason, value in values.items():
        scores += value * float(weights[reason])
    if total:
        scores /= total
    return values, scores


def top_positions(scores: Floats, top: int) -> Ints:
    """Indices of the `top` largest scores, largest first, ties by index."""
    top = min(top, len(scores))
    if top <= 0:
        return np.empty(0, dtype=np.intp)
    near = _near_the_top(scores, top)
    values = scores[near]
    if top < len(near):
        bar = values[np.argpartition(values, len(near) - top)[len(near) - top]]
        above, level = np.flatnonzero(values > bar), np.flatnonzero(values == bar)
        chosen = np.concatenate((above, level[: top - len(above)]))
    else:
        chosen = np.arange(len(near))
    return near[chosen[np.lexsort((chosen, -values[chosen]))]]


def _near_the_top(scores: Floats, top: int) -> Ints:
    """Indices of at least `top` scores that all others are below: no worse than the `top` best of the blocks' best."""
    blocks = len(scores) // BLOCK
    if blocks <= top:
        return np.arange(len(scores))
    peaks = scores[: blocks * BLOCK].reshape(BLOCK, blocks).max(axis=0)
    return np.flatnonzero(scores >= np.partition(peaks, blocks - top)[blocks - top])


def look(columns: Columns, need: Need, weights: Mapping[Reason, int], positions: Sequence[int]) -> list[Looked]:
    """Named people, in the order given, whether or not a rule excludes them. Each rule is worked out once."""
    question = Question(columns, need)
    masks = {rule: excludes(question) for rule, excludes in RULES.items()}
    who = np.flatnonzero(~np.logical_or.reduce(list(masks.values())))
    _values, everyone = weigh(question, weights, who)
    at = np.array(positions, dtype=np.intp)
    values, scores = weigh(question, weights, at)
    found = []
    for i, candidate in enumerate(_candidates(columns.ids[at], at, weights, values, scores, np.arange(len(at)))):
        rules = tuple(rule for rule, mask in masks.items() if mask[candidate.position])
        found.append(Looked(candidate, None if rules else _place(who, everyone, positions[i]), rules))
    return found


def _place(who: Ints, scores: Floats, position: int) -> int:
    """The place of one of `who`: those who score more, and those before them who score the same, come first."""
    at = int(np.searchsorted(who, position))
    return 1 + int(np.count_nonzero(scores > scores[at])) + int(np.count_nonzero(scores[:at] == scores[at]))


def _candidates(
    ids: Ints,
    positions: Ints,
    weights: Mapping[Reason, int],
    values: Mapping[Reason, Floats],
    scores: Floats,
    chosen: Ints,
) -> tuple[Candidate, ...]:
    """The people of these ids and positions, whose scores and values stand at the places `chosen`."""
    told = [
        map(ReasonValue, repeat(reason), value[chosen].tolist(), repeat(weights[reason]))
        for reason, value in values.items()
    ]
    reasons = zip(*told, strict=False)
    rows = zip(ids.tolist(), positions.tolist(), scores[chosen].tolist(), reasons, strict=True)
    return tuple(Candidate(*row) for row in rows)
