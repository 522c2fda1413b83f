"""Solving the linear programme over all pairs and all rules, of which only the needed ones are ever brought in."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bsm_alumni.matching.planner.lagrange import fit_duals, held, value_at
from bsm_alumni.matching.planner.master import Master, Relaxed
from bsm_alumni.matching.planner.pricing import Pricer
from bsm_alumni.matching.planner.programme import Floats
from bsm_alumni.matching.planner.separation import add_broken_rows

PER_CELL = 6
MOST = 6000
NEAR = 12.0
"""Pairs that cost no more than this are looked at each round, the others only when none of these prices out."""
TIGHT = 1e-7
"""A bound this near to the value, relative to it, is the value."""
PART_OF_GAP, FEW_ROWS = 0.1, 70
"""Each broken row that is left to the dive costs a plan about a point and a half."""
PART_WHEN_LARGE = 0.1
"""The part of the gap that the bound may take where the linear programme is solved only nearly."""


@dataclass
class Bound:
    """The best bound so far, and the prices of all pairs at the duals that proved it.

    No plan with a pair costs less than `counted_from` and the price of the pair; `value` may have been raised since.
    """

    value: float
    prices: Floats | None = None
    counted_from: float = -np.inf

    def offer(self, value: float, prices: Floats) -> bool:
        """Keep a bound that is better than the best so far, and say whether it is."""
        if value <= self.value:
            return False
        self.value, self.counted_from, self.prices = value, value, prices
        return True


def relax(
    master: Master,
    pricer: Pricer,
    seconds_left: Callable[[], float],
    bound: Bound | None,
    goes_on: Callable[[], bool],
    rounds: int = 10_000,
    gap: float = 0.0,
) -> Relaxed | None:
    """The present solution once no row is broken and no pair prices out, or when rounds or time are over.

    `bound` is improved on the way; it is not given while pairs are held, when the value bounds nothing. With a relative
    `gap` that is good enough it ends once few rows are broken and neither rows nor pairs move the value by more than a
    small part of the gap. None when the linear programme has no solution or there was no time for the first round.
    """
    found: Relaxed | None = None
    before = np.inf
    near: Pricer | None = None
    for _round in range(rounds):
        solved = master.solve(seconds_left())
        if solved is None:
            break
        found = solved
        enough = max(TIGHT, gap * PART_OF_GAP) * max(1.0, abs(solved.value))
        moved, before = abs(solved.value - before), solved.value
        rows = add_broken_rows(master, solved.shares)
        duals = fit_duals(master, solved.duals)
        if near is not None:
            prices = near.prices(master, duals)
            new = near.best(prices, master.is_in, PER_CELL, MOST)
        is_last = not goes_on() or seconds_left() <= 0
        if near is None or is_last or near.still_to_gain(prices) >= -enough:
            prices = pricer.prices(master, duals)
            gain = pricer.still_to_gain(prices)
            if bound is not None:
                better = bound.offer(value_at(master, duals) + gain + held(prices, master.programme.fixed), prices)
                if master.is_large and (_is_near(bound, solved, gap) or not (better or master.sharpen())):
                    break
            new = pricer.best(prices, master.is_in, PER_CELL, MOST)
            settled = rows == 0 or (gap > 0 and rows <= FEW_ROWS and moved <= enough)
            if settled and (gain >= -enough or not len(new)):
                break
            # Where a round takes seconds all pairs are priced each time: the bound is worth more than the look.
            near = None if master.is_large else pricer.among(prices < NEAR)
        if is_last:
            break
        master.add_pairs(new)
    return found


def _is_near(bound: Bound, solved: Relaxed, gap: float) -> bool:
    return solved.value - bound.value <= gap * PART_WHEN_LARGE * abs(solved.value)
