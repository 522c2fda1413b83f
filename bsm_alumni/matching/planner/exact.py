"""The last part of the gap: all plans that could still be better, as one whole-number programme.

A pair whose price, counted from the bound, is more than the gap stands in no better plan. What is left is often few
enough for HiGHS to settle for good.
"""

from typing import Protocol

import highspy
import numpy as np

from bsm_alumni.matching.planner.master import Master
from bsm_alumni.matching.planner.plan import Limits
from bsm_alumni.matching.planner.programme import Floats, Ints, Programme, cost_of
from bsm_alumni.matching.planner.relax import Bound
from bsm_alumni.matching.planner.separation import add_all_rows

MOST_PAIRS = 60_000


class Run(Protocol):
    limits: Limits
    bound: Bound
    objective: float
    chosen: Ints

    def offer(self, chosen: Ints) -> None: ...


def improve(run: Run, programme: Programme, base: Floats, seconds: float) -> None:
    """Offer the run the best plan of the pairs that are left, and raise its bound to what was proven."""
    if run.bound.prices is None:
        return
    gap = run.objective - run.bound.counted_from
    left = (run.bound.prices <= gap + 1e-6) | programme.fixed
    left[run.chosen] = True
    pairs = np.flatnonzero(left)
    whole = len(pairs) <= MOST_PAIRS
    if not whole:
        pairs = np.sort(pairs[np.argsort(run.bound.prices[pairs], kind="stable")[:MOST_PAIRS]])
        pairs = np.unique(np.concatenate((pairs, run.chosen, np.flatnonzero(programme.fixed))))
    # The plan so far is not given to HiGHS 1.16 as a start: with one, its presolve lost a part of the objective and
    # called a plan optimal that was not. What it answers is counted again here, and asked anew if it differs.
    for presolve in ("on", "off"):
        master = _whole_numbers(programme, pairs, base, run.limits.seed, presolve, seconds)
        master.highs.run()
        info, values = master.highs.getInfo(), np.array(master.highs.getSolution().col_value)
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return
        found = np.sort(master.pairs[values[master.columns] > 0.5])
        cost = cost_of(programme, found).total
        if abs(cost - info.objective_function_value) > 1e-6 * max(1.0, abs(cost)):
            continue
        run.offer(found)
        if whole:
            run.bound.value = max(run.bound.value, min(run.objective, info.mip_dual_bound))
        return


def _whole_numbers(programme: Programme, pairs: Ints, base: Floats, seed: int, presolve: str, seconds: float) -> Master:
    master = Master(programme, base, seed)
    master.add_pairs(pairs)
    add_all_rows(master)
    count, low = len(master.columns), programme.fixed[master.pairs].astype(np.float64)
    master.highs.changeColsBounds(count, master.columns, low, np.ones(count))
    master.highs.changeColsIntegrality(count, master.columns, np.full(count, highspy.HighsVarType.kInteger))
    options: dict[str, float | str] = {
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 1e-7,
        # HiGHS gives up what is better by less than this, and its bound is short of the plan by as much.
        "mip_feasibility_tolerance": 1e-8,
        "presolve": presolve,
        "time_limit": max(0.1, seconds),
    }
    for name, value in options.items():
        master.highs.setOptionValue(name, value)
    return master
