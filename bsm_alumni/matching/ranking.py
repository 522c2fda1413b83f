"""Ranking for one slot: the best first, ties by id, the same answer every time. Pure NumPy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bsm_alumni.matching.columns import Columns, Floats, Ints
from bsm_alumni.matching.enums import Reason, Rule
from bsm_alumni.matching.need import Need
from bsm_alumni.matching.reasons import REASONS, applying
from bsm_alumni.matching.rules import RULES, Question, apply_rules


@dataclass(frozen=True, slots=True)
class ReasonValue:
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
    question = Question(columns, need)
    funnel = apply_rules(question, None if only is None else np.isin(columns.ids, only))
    who = np.flatnonzero(funnel.eligible)
    values, scores = weigh(question, weights, who)
    best = top_positions(scores, top)
    candidates = tuple(_candidate(columns, weights, values, scores, int(who[i]), int(i)) for i in best)
    return Ranking(candidates, funnel.removed, funnel.total, len(who))


def weigh(question: Question, weights: Mapping[Reason, int], who: Ints) -> tuple[dict[Reason, Floats], Floats]:
    """Value of each applying reason, and the weighed mean of them, for the people at the positions `who`.

    Added up in the order of `Reason`, so that equal people get equal scores to the last bit.
    """
    values = {reason: REASONS[reason](question, who) for reason in applying(question.need)}
    total = sum(weights[reason] for reason in values)
    scores = np.zeros(len(who), dtype=np.float64)
    for reason, value in values.items():
        scores += value * float(weights[reason])
    return values, scores / total if total else scores


def top_positions(scores: Floats, top: int) -> Ints:
    """Indices of the `top` largest scores, largest first, ties by index."""
    top = min(top, len(scores))
    if top <= 0:
        return np.empty(0, dtype=np.intp)
    if top < len(scores):
        bar = scores[np.argpartition(scores, len(scores) - top)[len(scores) - top]]
        above, level = np.flatnonzero(scores > bar), np.flatnonzero(scores == bar)
        chosen = np.concatenate((above, level[: top - len(above)]))
    else:
        chosen = np.arange(len(scores))
    return chosen[np.lexsort((chosen, -scores[chosen]))]


def look(columns: Columns, need: Need, weights: Mapping[Reason, int], positions: Sequence[int]) -> list[Looked]:
    """Named people, in the order given, whether or not a rule excludes them. Each rule is worked out once."""
    question = Question(columns, need)
    masks = {rule: excludes(question) for rule, excludes in RULES.items()}
    who = np.flatnonzero(~np.logical_or.reduce(list(masks.values())))
    _all_values, everyone = weigh(question, weights, who)
    values, scores = weigh(question, weights, np.array(positions, dtype=np.intp))
    found = []
    for i, position in enumerate(positions):
        rules = tuple(rule for rule, mask in masks.items() if mask[position])
        candidate = _candidate(columns, weights, values, scores, position, i)
        found.append(Looked(candidate, None if rules else _place(who, everyone, position), rules))
    return found


def _place(who: Ints, scores: Floats, position: int) -> int:
    """The place of one of `who`: those who score more, and those before them who score the same, come first."""
    at = int(np.searchsorted(who, position))
    return 1 + int(np.count_nonzero(scores > scores[at])) + int(np.count_nonzero(scores[:at] == scores[at]))


def _candidate(
    columns: Columns,
    weights: Mapping[Reason, int],
    values: Mapping[Reason, Floats],
    scores: Floats,
    position: int,
    i: int,
) -> Candidate:
    reasons = tuple(ReasonValue(reason, float(value[i]), weights[reason]) for reason, value in values.items())
    return Candidate(int(columns.ids[position]), position, float(scores[i]), reasons)
