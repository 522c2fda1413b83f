"""Planning a programme: a first plan by greed, a bound over all pairs, a dive to a better plan, a proof if it fits.

What was measured, and why this way and not another, is in docs/planner.md.
"""

import time
from dataclasses import replace

import numpy as np

from bsm_alumni.matching.planner.dive import dive
from bsm_alumni.matching.planner.exact import improve
from bsm_alumni.matching.planner.master import Master
from bsm_alumni.matching.planner.plan import Limits, OnProgress, Plan, PlanStatus, Progress
from bsm_alumni.matching.planner.pricing import Pricer, base_costs, first_pairs
from bsm_alumni.matching.planner.programme import Ints, Programme, cost_of, violations
from bsm_alumni.matching.planner.relax import Bound, relax
from bsm_alumni.matching.planner.seating import Seating, fill
from bsm_alumni.matching.planner.separation import add_likely_rows

FIRST_PER_CELL = 16
OPTIMAL = 1e-9
BOUND_SHARE = 0.6
"""Share of the time that the bound may take; the rest is for a plan near it."""
PROOF_SECONDS, PROOF_SHARE = 5.0, 2.0
"""The proof may take this long at least, and this many times what the plan took."""


class _Run:
    """One run: its clock, the best plan so far, the bound, and whether somebody asked to stop."""

    def __init__(self, programme: Programme, limits: Limits, on_progress: OnProgress | None) -> None:
        self.programme, self.limits, self.on_progress = programme, limits, on_progress
        self.began = time.perf_counter()
        self.stopped = False
        self.stage = "first plan"
        self.chosen: Ints = np.empty(0, dtype=np.intp)
        self.objective = np.inf
        self.bound = Bound(-np.inf)

    def seconds(self) -> float:
        return time.perf_counter() - self.began

    def seconds_left(self) -> float:
        return self.limits.seconds - self.seconds()

    def offer(self, chosen: Ints) -> None:
        """Keep a plan when it is better than the best so far."""
        cost = cost_of(self.programme, chosen).total
        if cost < self.objective - OPTIMAL:
            self.chosen, self.objective = chosen, cost

    def goes_on(self) -> bool:
        """Tell how far it is; False when it is to stop, or good enough."""
        if self.on_progress is not None and not self.stopped:
            bound = self.bound.value if np.isfinite(self.bound.value) else None
            objective = self.objective if np.isfinite(self.objective) else None
            self.stopped = not self.on_progress(Progress(self.stage, self.seconds(), objective, bound))
        return not (self.stopped or self.is_good or self.seconds_left() <= 0)

    @property
    def is_good(self) -> bool:
        """Whether the gap is as small as it was asked to be."""
        return self.objective - self.bound.value <= max(1e-7, self.limits.gap) * max(1.0, abs(self.objective))

    def plan(self) -> Plan:
        bound = min(self.bound.value, self.objective)
        is_best = self.objective - bound <= 1e-7 * max(1.0, abs(self.objective))
        late = self.stopped or self.seconds_left() <= 0
        status = PlanStatus.OPTIMAL if is_best else PlanStatus.STOPPED if late else PlanStatus.FEASIBLE
        return Plan(status, self.chosen, self.objective, bound, self.seconds())


def plan_programme(
    programme: Programme,
    limits: Limits = Limits(),
    on_progress: OnProgress | None = None,
    start: Ints | None = None,
) -> Plan:
    """The best plan found within the limits, and how much better any plan could be.

    `start` is a plan to begin with, whole or in part; one that breaks a rule is passed over. The same programme, start
    and seed give the same plan as long as time does not cut it short.
    """
    run = _Run(programme, limits, on_progress)
    fixed = np.flatnonzero(programme.fixed)
    if violations(programme, fixed):
        return Plan(PlanStatus.INFEASIBLE, fixed, np.inf, np.inf, run.seconds())
    usable = _usable(programme)
    whole = bool(usable.all())
    smaller = programme if whole else programme.with_pairs(usable)
    numbers = None if whole else np.flatnonzero(usable)
    run.programme = smaller
    begin: Ints = np.flatnonzero(smaller.fixed)
    if start is not None and not violations(programme, start):
        begin = start if numbers is None else np.searchsorted(numbers, start)
    seating = Seating(smaller, begin.tolist())
    fill(seating)
    run.offer(seating.as_pairs())
    if not smaller.pairs:
        run.bound.value = run.objective
    elif run.goes_on():
        _search(run, smaller)
    plan = run.plan()
    chosen = plan.chosen if numbers is None else numbers[plan.chosen]
    return replace(plan, chosen=chosen, seconds=run.seconds())


def _usable(programme: Programme) -> np.ndarray:
    """Pairs that some plan could hold: there is a seat, and the person has one to give in the year and the quarter."""
    person, session = programme.pair_person, programme.pair_session
    if (programme.need > 0).all() and (programme.person_year_cap > 0).all() and (programme.quarter_left > 0).all():
        return np.ones(programme.pairs, dtype=np.bool_)
    return programme.fixed | (
        (programme.need.ravel()[programme.pair_cell] > 0)
        & (programme.person_year_cap[person] > 0)
        & (programme.quarter_left[person, programme.quarter_index[session]] > 0)
    )


def _search(run: _Run, programme: Programme) -> None:
    base = base_costs(programme)
    pricer = Pricer.of(programme, base)
    master = Master(programme, base, run.limits.seed)
    first = first_pairs(programme, base, FIRST_PER_CELL)
    master.add_pairs(np.unique(np.concatenate((first, run.chosen, np.flatnonzero(programme.fixed)))))
    add_likely_rows(master)
    until = run.limits.seconds * BOUND_SHARE
    # A bound that is good enough is tried first: its last rounds take a quarter of the time and move it hardly at all.
    for gap in dict.fromkeys((run.limits.gap, 0.0)):
        run.stage = "bound"
        solved = relax(master, pricer, lambda: until - run.seconds(), run.bound, run.goes_on, gap=gap)
        if solved is None or not run.goes_on():
            return
        run.stage = "plan"
        run.offer(dive(master, pricer, solved, run.seconds_left, run.goes_on, run.bound.prices))
        if not run.goes_on():
            return
        master.release()
    # Where the linear programme is large the whole-number programme is not settled, and HiGHS overruns its time by far.
    if not master.is_large:
        run.stage = "proof"
        improve(run, programme, base, min(run.seconds_left(), max(PROOF_SECONDS, PROOF_SHARE * run.seconds())))
