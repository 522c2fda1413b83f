"""The largest sum of scores, proven over all pairs."""

import time

import numpy as np

from bsm_alumni.matching.planner.plan import Limits, PlanStatus
from bsm_alumni.matching.planner.programme import Bools
from bsm_alumni.matching.planner.reviewers import ReviewerPlan, Reviewers, Seconds
from bsm_alumni.matching.planner.reviewers_greedy import best_sums, fill_by_greed
from bsm_alumni.matching.planner.reviewers_master import HELP, Over, ReviewersMaster
from bsm_alumni.matching.planner.reviewers_relaxed import Relaxed, best_per_column, spread_ties

MORE_THAN_NEEDED = 2
"""How many candidates an event, and a person, has at first beyond those it needs."""
PROVEN = 1e-9


def solve_sum(instance: Reviewers, limits: Limits = Limits()) -> ReviewerPlan:
    """The plan with the largest sum of scores. Where it cannot be had in time, a plan by greed and a bound."""
    return solve_first(instance, limits)[1]


def solve_first(instance: Reviewers, limits: Limits) -> tuple[ReviewersMaster, ReviewerPlan, float, float]:
    """As `solve_sum`, with the master that found it, and the moments at which it was begun and built."""
    began = time.perf_counter()
    master = ReviewersMaster(instance, first_pairs(instance), limits.seed, began + limits.seconds)
    built = time.perf_counter()
    try:
        plan = plan_of(instance, relax_fully(master), began, built)
    except Over:
        plan = plan_by_greed(instance, began, built)
    return master, plan, began, built


def plan_of(instance: Reviewers, relaxed: Relaxed, began: float, built: float) -> ReviewerPlan:
    """The plan that a whole solution without floors is."""
    person, event = relaxed.taken()
    objective, least = float(instance.scores[person, event].sum()), instance.least_score(person, event)
    # With something missing the solution is the best of the plans that miss as little, and so bounds those.
    bound = relaxed.bound * instance.scale
    if not relaxed.is_met or is_proven(objective, bound):
        bound = objective
    status = PlanStatus.OPTIMAL if bound == objective else PlanStatus.FEASIBLE
    if not relaxed.is_met:
        status = PlanStatus.INFEASIBLE
    problems = tuple(instance.broken(person, event))
    return ReviewerPlan(status, person, event, objective, bound, least, least, seconds_since(began, built), problems)


def plan_by_greed(instance: Reviewers, began: float, built: float) -> ReviewerPlan:
    """What there is when time is over before anything is solved."""
    person, event = fill_by_greed(instance)
    objective, least = float(instance.scores[person, event].sum()), instance.least_score(person, event)
    sums = best_sums(instance)
    bound, least_bound = max(objective, float(sums.sum())), float(sums[instance.need > 0].min(initial=np.inf))
    problems = tuple(instance.broken(person, event))
    took = seconds_since(began, built)
    return ReviewerPlan(PlanStatus.STOPPED, person, event, objective, bound, least, least_bound, took, problems)


def is_proven(objective: float, bound: float) -> bool:
    """Whether the bound is met, up to what adding up rounds."""
    return bound - objective <= PROVEN * max(1.0, abs(objective))


def seconds_since(began: float, built: float) -> Seconds:
    """The three times, now that it is done."""
    now = time.perf_counter()
    return Seconds(built - began, now - built, now - began)


def first_pairs(instance: Reviewers) -> Bools:
    """A few of the best candidates of each event, and of the best events of each person."""
    most = int(instance.need.max(initial=0)) + MORE_THAN_NEEDED
    keys = spread_ties(instance.scaled, instance.allowed)
    return best_per_column(keys, most) | best_per_column(keys.T, most).T


def relax_fully(master: ReviewersMaster) -> Relaxed:
    """The solution with the least help. Raises Over.

    Help at a modest price is quick. Where it is used all the same, its price goes above what any exchange along a chain
    of seats could gain, so that what is still missing then is missing in every plan.
    """
    relaxed = master.relax()
    if not relaxed.is_met:
        master.aim(scores=True, help_price=HELP * (master.instance.events + master.instance.people + 1))
        relaxed = master.relax()
    return relaxed
