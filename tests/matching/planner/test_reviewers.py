"""Reviewer-style instances against enumeration, CP-SAT and min-cost flow."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bsm_alumni.matching.planner.plan import Limits, PlanStatus
from bsm_alumni.matching.planner.reviewers import ReviewerPlan, Reviewers
from bsm_alumni.matching.planner.reviewers_fair import solve_fair
from bsm_alumni.matching.planner.reviewers_floor import Floors
from bsm_alumni.matching.planner.reviewers_relaxed import Duals
from bsm_alumni.matching.planner.reviewers_sum import first_pairs, solve_sum
from tests.matching.planner.reviewers_oracle import (
    all_plans,
    cpsat_fair,
    cpsat_sum,
    flow_sum,
    random_reviewers,
    sums_of,
)

CLOSE = 1e-7
SEEDS = st.integers(0, 10**9)


def bids(people: int, events: int, most: int, seed: int = 0) -> Reviewers:
    """As conferences have them: three reviewers a paper, few bids in three strengths, a conflict now and then."""
    random = np.random.default_rng(seed)
    scores = random.choice((0.0, 0.25, 0.5, 1.0), size=(people, events), p=(0.86, 0.05, 0.05, 0.04))
    allowed = random.random((people, events)) < 0.97
    return Reviewers(
        np.where(allowed, scores, 0.0), allowed, np.full(events, 3), np.full(people, most), np.zeros(people, np.int64)
    )


def spread(people: int, events: int, most: int, seed: int = 0, grid: int = 2**20) -> Reviewers:
    """No two scores alike, all multiples of 1/grid."""
    random = np.random.default_rng(seed)
    scores = random.integers(0, grid, size=(people, events)) / grid
    return Reviewers(
        scores, np.ones((people, events), np.bool_), np.full(events, 3), np.full(people, most),
        np.zeros(people, np.int64),
    )  # fmt: skip


def assert_optimal(instance: Reviewers, plan: ReviewerPlan) -> None:
    """Whole, as good as it says, and proven."""
    assert (plan.status, instance.broken(plan.person, plan.event), plan.gap) == (PlanStatus.OPTIMAL, [], 0.0)
    assert plan.objective == pytest.approx(instance.scores[plan.person, plan.event].sum(), abs=CLOSE)
    assert plan.least_score == instance.least_score(plan.person, plan.event)


@settings(max_examples=150)
@given(SEEDS)
def test_small_ones_agree_with_enumeration(seed: int) -> None:
    random = Random(seed)
    instance = random_reviewers(random, random.randint(1, 5), random.randint(1, 4), need=2)
    found = [sums_of(instance, plan) for plan in all_plans(instance)]
    by_sum, by_floor = solve_sum(instance), solve_fair(instance)
    if not found:
        assert (by_sum.status, by_floor.status) == (PlanStatus.INFEASIBLE, PlanStatus.INFEASIBLE)
        assert by_sum.problems
        return
    assert_optimal(instance, by_sum)
    assert_optimal(instance, by_floor)
    assert by_sum.objective == pytest.approx(max(total for _, total in found), abs=CLOSE)
    floor, total = max(found)
    assert by_floor.least_score == pytest.approx(floor, abs=CLOSE)
    assert by_floor.objective == pytest.approx(total, abs=CLOSE)


@settings(max_examples=30)
@given(SEEDS)
def test_middling_ones_agree_with_cpsat(seed: int) -> None:
    random = Random(seed)
    instance = random_reviewers(random, random.randint(5, 11), random.randint(4, 11))
    missing, total = cpsat_sum(instance)
    plan = solve_sum(instance)
    assert plan.objective == pytest.approx(total, abs=CLOSE)
    assert (plan.status is PlanStatus.INFEASIBLE) == (missing > 0)
    seated, loads = (
        np.bincount(plan.event, minlength=instance.events),
        np.bincount(plan.person, minlength=instance.people),
    )
    short = (instance.need - seated).sum() + np.maximum(instance.min_load - loads, 0).sum()
    assert short == missing
    fair = cpsat_fair(instance)
    if fair is not None:
        by_floor = solve_fair(instance)
        assert_optimal(instance, by_floor)
        assert (by_floor.least_score, by_floor.objective) == pytest.approx(fair, abs=CLOSE)


@settings(max_examples=12)
@given(SEEDS)
def test_fair_with_scores_of_any_value_agrees_with_cpsat(seed: int) -> None:
    """Too many sums to try one by one: the floor is closed in from both sides."""
    random = Random(seed)
    instance = random_reviewers(random, 7, 6)
    fine = np.random.default_rng(seed).integers(0, 10**4, size=instance.scores.shape)
    instance = replace(instance, scores=np.where(instance.allowed, fine / 8, 0.0))
    fair = cpsat_fair(instance)
    assume(fair is not None and Floors(instance).possible(-1.0) is None)
    plan = solve_fair(instance)
    assert_optimal(instance, plan)
    assert (plan.least_score, plan.objective) == pytest.approx(fair, rel=1e-9)


@pytest.mark.parametrize(
    ("instance", "grid"),
    [
        (bids(146, 176, 6), 4),
        (bids(161, 442, 9), 4),
        (spread(146, 176, 4), 2**20),
        (spread(200, 240, 5), 2**20),
        (replace(spread(500, 600, 4), max_load=np.full(500, 4)), 2**20),
    ],
    ids=["bids", "many bids", "tight", "wide", "large"],
)
def test_large_ones_agree_with_min_cost_flow(instance: Reviewers, grid: int) -> None:
    plan = solve_sum(instance)
    assert_optimal(instance, plan)
    assert plan.objective == pytest.approx(flow_sum(instance, grid), abs=1e-6)


def test_the_first_candidates_alone_would_not_do() -> None:
    """Where these were all, the large ones above would be solved wrongly: prices of all pairs bring in the rest."""
    instance = spread(146, 176, 4)
    narrow = replace(instance, allowed=first_pairs(instance))
    assert solve_sum(narrow).objective < solve_sum(instance).objective - 1e-3


@pytest.mark.parametrize("most", [6, 4])
def test_fair_with_bids_agrees_with_cpsat(most: int) -> None:
    instance = bids(40, 50, most, seed=most)
    plan = solve_fair(instance)
    assert_optimal(instance, plan)
    assert (plan.least_score, plan.objective) == pytest.approx(cpsat_fair(instance), abs=CLOSE)


def test_fair_gives_up_the_sum_for_the_event_that_is_worst_off() -> None:
    """Person 0 is best in both events, but event 1 has nobody else who is any good."""
    scores = np.array([[1.0, 0.75], [0.5, 0.0]])
    ones = np.ones(2, dtype=np.int64)
    instance = Reviewers(scores, np.ones((2, 2), np.bool_), ones, ones, ones * 0)
    by_sum, by_floor = solve_sum(instance), solve_fair(instance)
    assert (by_sum.objective, by_floor.objective) == (1.25, 1.25)
    richer = replace(instance, scores=scores + np.array([[0.5, 0.0], [0.0, 0.0]]))
    by_sum, by_floor = solve_sum(richer), solve_fair(richer)
    assert (by_sum.objective, by_sum.least_score) == (1.5, 0.0)
    assert (by_floor.objective, by_floor.least_score) == (1.25, 0.5)


@settings(max_examples=60)
@given(SEEDS)
def test_any_duals_bound_every_plan(seed: int) -> None:
    random, numbers = Random(seed), np.random.default_rng(seed)
    instance = random_reviewers(random, 4, 3, need=2)
    duals = Duals(numbers.normal(size=3), numbers.normal(size=4), -np.abs(numbers.normal(size=3)) * (instance.need > 0))
    for floor, total in (sums_of(instance, plan) for plan in all_plans(instance)):
        prices = duals.prices(instance.scores, counts_scores=True)
        assert total <= duals.bound(instance, floor, prices[instance.allowed]) + CLOSE


def test_a_bound_that_forgets_pairs_would_be_wrong() -> None:
    ones = np.ones(1, dtype=np.int64)
    instance = Reviewers(np.ones((1, 1)), np.ones((1, 1), np.bool_), ones, ones, ones * 0)
    duals = Duals(np.zeros(1), np.zeros(1), np.zeros(1))
    assert duals.bound(instance, -np.inf, np.zeros(0)) < 1.0 == duals.bound(instance, -np.inf, np.ones(1))


@settings(max_examples=80)
@given(SEEDS)
def test_no_plan_with_a_floor_has_a_pair_that_is_not_usable(seed: int) -> None:
    instance = random_reviewers(Random(seed), 5, 3, need=2)
    floors = Floors(instance) if instance.asked else None
    for plan in all_plans(instance) if floors else ():
        floor, _ = sums_of(instance, plan)
        usable = floors.usable(floor / instance.scale)
        assert all(usable[person, event] for event, team in enumerate(plan) for person in team)


def test_what_cannot_be_met_is_named() -> None:
    ones = np.ones(2, dtype=np.int64)
    instance = Reviewers(
        np.array([[1.0, 0.5], [0.0, 0.0]]), np.array([[True, True], [False, False]]), ones, ones * 2, ones
    )
    plan = solve_sum(replace(instance, need=np.array([2, 1])))
    assert (plan.status, plan.objective) == (PlanStatus.INFEASIBLE, 1.5)
    assert plan.problems == ("Event 0 has 1 of 2 people.", "Person 1 has 0 events, 1 at least.")


def test_broken_plans_are_found() -> None:
    instance = bids(6, 4, 3)
    plan = solve_sum(replace(instance, max_load=instance.max_load - 1))
    assert len(plan.event) == 12
    assert instance.broken(plan.person, plan.event) == []
    assert len(instance.broken(plan.person[1:], plan.event[1:])) == 1
    twice = np.append(plan.person, plan.person[0]), np.append(plan.event, plan.event[0])
    assert instance.broken(*twice) == ["Somebody has two seats in one event.", "Event 0 has 4 people for 3 seats."]
    barred = replace(instance, allowed=np.zeros_like(instance.allowed), max_load=instance.max_load * 0)
    loads = [f"Person {i} has {n} events, 0 at most." for i, n in enumerate(np.bincount(plan.person)) if n]
    assert barred.broken(plan.person, plan.event) == ["Somebody has an event that is not allowed.", *loads]


def test_nothing_asked_is_nothing_done() -> None:
    instance = replace(bids(3, 2, 1), need=np.zeros(2, dtype=np.int64))
    for solve in (solve_sum, solve_fair):
        plan = solve(instance)
        assert (plan.status, plan.objective, plan.least_score, len(plan.event)) == (PlanStatus.OPTIMAL, 0.0, 0.0, 0)


@pytest.mark.parametrize(("people", "events"), [(0, 0), (3, 0), (0, 2)])
def test_without_people_or_events(people: int, events: int) -> None:
    nothing = np.zeros((people, events))
    nobody, none = np.zeros(people, dtype=np.int64), np.zeros(events, dtype=np.int64)
    instance = Reviewers(nothing, nothing.astype(np.bool_), none, nobody, nobody)
    for solve in (solve_sum, solve_fair):
        assert solve(instance).status is PlanStatus.OPTIMAL
    if events:
        short = replace(instance, need=none + 1)
        assert [solve(short).status for solve in (solve_sum, solve_fair)] == [PlanStatus.INFEASIBLE] * 2
        assert solve_sum(short, Limits(seconds=0.0)).status is PlanStatus.STOPPED


def test_no_time_gives_a_plan_by_greed_and_a_bound() -> None:
    instance = spread(146, 176, 4)
    best = solve_sum(instance).objective
    for solve in (solve_sum, solve_fair):
        plan = solve(instance, Limits(seconds=0.0))
        assert plan.status is PlanStatus.STOPPED
        assert plan.objective <= best <= plan.bound
        assert not any("not allowed" in words or "at most" in words for words in plan.problems)


def test_the_same_plan_each_time() -> None:
    instance = bids(146, 176, 6)
    for solve in (solve_sum, solve_fair):
        one, other = solve(instance), solve(instance)
        assert one.person.tolist() == other.person.tolist()
        assert one.event.tolist() == other.event.tolist()


@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_the_unit_of_scores_does_not_matter(factor: float) -> None:
    instance = bids(40, 50, 5)
    for solve in (solve_sum, solve_fair):
        one, other = solve(instance), solve(replace(instance, scores=instance.scores * factor))
        assert other.objective == pytest.approx(one.objective * factor)
        assert other.least_score == pytest.approx(one.least_score * factor)
        assert other.status is PlanStatus.OPTIMAL
