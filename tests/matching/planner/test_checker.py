"""The contract's own costs and rules against the checker, on plans by chance; and that the two can disagree."""

from collections import Counter
from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsm_alumni.matching.planner.programme import Ints, PlanWeights, Programme, cost_of, violations
from tests.matching.planner.checker import check, price
from tests.matching.planner.random_programmes import legal_plan, of_seed, small

MANY = 250
RULES = ("chosen twice", "given up", "seats", "of country", "in the year", "in quarter", "too close")


def any_plan(random: Random, programme: Programme) -> Ints:
    """Legal, or nearly so, or anything at all, now and then with one pair twice."""
    chosen = legal_plan(random, programme)
    kind = random.randrange(4)
    if kind == 1 and programme.pairs:
        chosen.append(random.randrange(programme.pairs))
    elif kind == 2 and chosen:
        chosen.remove(random.choice(chosen))
    elif kind == 3:
        chosen = [pair for pair in range(programme.pairs) if random.random() < 0.3]
    return np.array(chosen, dtype=np.intp)


@settings(max_examples=150)
@given(st.randoms(use_true_random=False))
def test_the_contract_and_the_checker_say_the_same(random: Random) -> None:
    programme = small(random)
    chosen = any_plan(random, programme)
    assert bool(violations(programme, chosen)) == bool(check(programme, chosen))
    assert cost_of(programme, chosen).total == pytest.approx(price(programme, chosen), abs=1e-9)


def test_plans_by_chance_are_legal_and_illegal_and_break_every_rule() -> None:
    legal, rules = Counter[bool](), Counter[str]()
    for seed in range(MANY):
        broken = violations(*by_chance(seed))
        legal[not broken] += 1
        rules.update({rule for rule in RULES if any(rule in line for line in broken)})
    assert min(legal.values()) > MANY // 5
    assert sorted(rules) == sorted(RULES)


@cache
def by_chance(seed: int) -> tuple[Programme, Ints]:
    programme = of_seed(seed)
    return programme, any_plan(Random(seed), programme)


def noticed(of: Callable[[Programme, Ints], object], told: Callable[[Programme, Ints], object]) -> bool:
    """Whether some of many plans tells the two apart."""
    for seed in range(MANY):
        programme, chosen = by_chance(seed)
        if of(programme, chosen) != told(programme, chosen):
            return True
    return False


# A pair chosen twice is too close to itself as well, so that one rule is never missed alone.
@pytest.mark.parametrize("rule", RULES[1:])
def test_a_rule_that_is_dropped_is_noticed(rule: str) -> None:
    def without(programme: Programme, chosen: Ints) -> bool:
        return any(rule not in line for line in violations(programme, chosen))

    assert noticed(without, lambda programme, chosen: bool(check(programme, chosen)))


@pytest.mark.parametrize("weight", [field.name for field in fields(PlanWeights)])
def test_a_weight_that_is_changed_is_noticed(weight: str) -> None:
    def other(programme: Programme, chosen: Ints) -> float:
        changed = {weight: getattr(programme.weights, weight) + 0.125}
        return cost_of(replace(programme, weights=replace(programme.weights, **changed)), chosen).total

    assert noticed(other, price)


def test_nothing_changed_is_nothing_noticed() -> None:
    assert not noticed(lambda programme, chosen: cost_of(programme, chosen).total, price)
    assert not noticed(lambda *plan: bool(violations(*plan)), lambda *plan: bool(check(*plan)))
