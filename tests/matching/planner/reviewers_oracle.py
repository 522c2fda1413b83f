"""Oracles of reviewer-style instances that share nothing with the solver: enumeration, CP-SAT, min-cost flow.

Scores are multiples of 1/8 wherever an oracle needs whole numbers.
"""

from itertools import combinations
from random import Random

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from ortools.sat.python import cp_model

from bsm_alumni.matching.planner.reviewers import Reviewers

GRID = 8


def random_reviewers(random: Random, people: int, events: int, *, need: int = 3) -> Reviewers:
    """Often tight, sometimes impossible, with many ties or none, now and then with least loads and negative scores."""
    levels = random.choice(((0, 2, 4, 8), tuple(range(9)), tuple(range(-8, 9)), (0, 0, 0, 8)))
    density = random.choice((0.4, 0.7, 0.95))
    shape = (people, events)
    scores = np.array([random.choice(levels) / GRID for _ in range(people * events)]).reshape(shape)
    allowed = np.array([random.random() < density for _ in range(people * events)]).reshape(shape)
    needs = np.array([random.randint(0 if random.random() < 0.2 else 1, need) for _ in range(events)])
    average = needs.sum() / people
    most = np.array([max(0, round(average + random.choice((-1, 0, 1, 2)))) for _ in range(people)])
    least = np.array([random.randint(0, int(m)) if random.random() < 0.3 else 0 for m in most])
    least = least if random.random() < 0.3 else np.zeros(people, dtype=np.int64)
    return Reviewers(np.where(allowed, scores, 0.0), allowed, needs, most, least)


def all_plans(instance: Reviewers) -> list[list[tuple[int, ...]]]:
    """Every plan that meets everything, as the people of each event."""
    plans: list[list[tuple[int, ...]]] = []

    def go_on(event: int, taken: list[tuple[int, ...]], loads: list[int]) -> None:
        if event == instance.events:
            if all(load >= least for load, least in zip(loads, instance.min_load, strict=True)):
                plans.append(taken)
            return
        able = [p for p in range(instance.people) if instance.allowed[p, event] and loads[p] < instance.max_load[p]]
        for team in combinations(able, int(instance.need[event])):
            go_on(event + 1, [*taken, team], [load + (p in team) for p, load in enumerate(loads)])

    go_on(0, [], [0] * instance.people)
    return plans


def sums_of(instance: Reviewers, plan: list[tuple[int, ...]]) -> tuple[float, float]:
    """The least sum of an event that needs somebody, and the sum of all."""
    sums = [sum(float(instance.scores[p, event]) for p in team) for event, team in enumerate(plan)]
    asked = [value for value, need in zip(sums, instance.need, strict=True) if need]
    return min(asked, default=0.0), sum(sums)


class _Model:
    """The instance for CP-SAT, with a count of what is missing where something may be."""

    def __init__(self, instance: Reviewers, may_miss: bool) -> None:
        self.model = model = cp_model.CpModel()
        self.instance = instance
        pairs = [tuple(map(int, pair)) for pair in np.argwhere(instance.allowed)]
        self.take = {pair: model.new_bool_var("") for pair in pairs}
        self.missing: list[cp_model.IntVar] = []
        for event, need in enumerate(instance.need.tolist()):
            model.add(sum(x for (_, e), x in self.take.items() if e == event) + self._miss(need, may_miss) == need)
        for person, (least, most) in enumerate(
            zip(instance.min_load.tolist(), instance.max_load.tolist(), strict=True)
        ):
            load = sum(x for (p, _), x in self.take.items() if p == person)
            model.add(load <= most)
            model.add(load + self._miss(least, may_miss) >= least)
        self.score = sum(round(instance.scores[pair] * GRID) * x for pair, x in self.take.items())

    def _miss(self, most: int, may_miss: bool) -> cp_model.LinearExprT:
        if not (may_miss and most):
            return 0
        self.missing.append(self.model.new_int_var(0, most, ""))
        return self.missing[-1]

    def floor(self) -> cp_model.IntVar:
        """No event that needs somebody has less."""
        floor = self.model.new_int_var(-(10**9), 10**9, "")
        for event in np.flatnonzero(self.instance.need).tolist():
            self.model.add(
                sum(round(self.instance.scores[p, e] * GRID) * x for (p, e), x in self.take.items() if e == event)
                >= floor
            )
        return floor

    def best(self, goal: cp_model.LinearExprT) -> int | None:
        """The largest value of the goal; None when there is no plan."""
        self.model.maximize(goal)
        solver = cp_model.CpSolver()
        # The setting that proves small assignments soonest.
        solver.parameters.num_workers, solver.parameters.linearization_level = 1, 2
        solver.parameters.max_time_in_seconds = 30
        status = solver.solve(self.model)
        assert status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
        return round(solver.objective_value) if status == cp_model.OPTIMAL else None


def cpsat_sum(instance: Reviewers) -> tuple[int, float]:
    """How much is missing at least (seats and least loads), and the largest sum of scores with no more missing."""
    model = _Model(instance, may_miss=True)
    missing = -(model.best(-sum(model.missing)) or 0) if model.missing else 0
    model.model.add(sum(model.missing) <= missing)
    best = model.best(model.score)
    assert best is not None
    return missing, best / GRID


def cpsat_fair(instance: Reviewers) -> tuple[float, float] | None:
    """The highest floor, and the largest sum under it; None when not everything can be met."""
    model = _Model(instance, may_miss=False)
    floor = model.floor()
    highest = model.best(floor)
    if highest is None:
        return None
    model.model.add(floor >= highest)
    best = model.best(model.score)
    assert best is not None
    return highest / GRID, best / GRID


def flow_sum(instance: Reviewers, grid: int) -> float | None:
    """The largest sum by min-cost flow, for scores that are multiples of 1/grid and no least loads; None when none."""
    flow = SimpleMinCostFlow()
    person, event = np.nonzero(instance.allowed)
    events = instance.people + np.arange(instance.events)
    source, sink = instance.people + instance.events, instance.people + instance.events + 1
    costs = -np.rint(instance.scores[person, event] * grid).astype(np.int64)
    flow.add_arcs_with_capacity_and_unit_cost(person, instance.people + event, np.ones_like(person), costs)
    for tail, head, most in (
        (np.full(instance.people, source), np.arange(instance.people), instance.max_load),
        (events, np.full(instance.events, sink), instance.need),
    ):
        flow.add_arcs_with_capacity_and_unit_cost(tail, head, most, np.zeros_like(tail))
    flow.set_nodes_supplies(np.array([source, sink]), np.array([instance.asked, -instance.asked]))
    return -flow.optimal_cost() / grid if flow.solve() == flow.OPTIMAL else None
