"""The last part of the gap: all plans that could still be better, as one whole-number programme.

A pair whose price, counted from the bound, is more than the gap stands in no better plan. What is left is often few
enough for HiGHS to settle for good.
"""

from typing import Protocol

import highspy
import numpy as np

from bsm_alumni.matching.planner.master import Master
from bsm_alumni.matching.planner.plan import Limits
from bsm_alumni.matching.planner.programme import Floats, Ints, Programme
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
    gap = run.objective - run.bound.base_value
    left = (run.bound.prices <= gap + 1e-6) | programme.fixed
    left[run.chosen] = True
    pairs = np.flatnonzero(left)
    whole = len(pairs) <= MOST_PAIRS
    if not whole:
        pairs = np.sort(pairs[np.argsort(run.bound.prices[pairs], kind="stable")[:MOST_PAIRS]])
        pairs = np.union1d(pairs, run.chosen)
    master = Master(programme, base, run.limits.seed)
    master.add_pairs(pairs)
    add_all_rows(master)
    highs = master.highs
    kinds = np.full(len(master.columns), highspy.HighsVarType.kInteger)
    highs.changeColsBounds(
        len(kinds), master.columns, programme.fixed[master.pairs].astype(np.float64), np.ones(len(kinds))
    )
    highs.changeColsIntegrality(len(kinds), master.columns, kinds)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", 1e-7)
    highs.setOptionValue("time_limit", max(0.1, seconds))
    values = np.zeros(master.column_count)
    values[master.columns[np.isin(master.pairs, run.chosen)]] = 1.0
    start = highspy.HighsSolution()
    start.col_value = values.tolist()
    highs.setSolution(start)
    highs.run()
    solution = np.array(highs.getSolution().col_value)
    if len(solution) == master.column_count and highs.getInfo().primal_solution_status == 2:
        run.offer(np.sort(master.pairs[solution[master.columns] > 0.5]))
    if whole:
        run.bound.value = max(run.bound.value, min(run.objective, highs.getInfo().mip_dual_bound))
