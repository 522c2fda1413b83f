"""Solving the linear programme over all pairs and all rules, of which only the needed ones are ever brought in."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bsm_alumni.matching.planner.master import Master, Relaxed
from bsm_alumni.matching.planner.pricing import Pricer
from bsm_alumni.matching.planner.programme import Floats
from bsm_alumni.matching.planner.separation import add_broken_rows

PER_CELL = 6
MOST = 6000
TIGHT = 1e-7
"""A bound this near to the value, relative to it, is the value."""


@dataclass
class Bound:
    """The best bound so far, and the prices of all pairs at the duals that proved it."""

    value: float
    prices: Floats | None = None
    base_value: float = -np.inf
    """What the prices are counted from: no plan with a pair costs less than this and the pair's price."""


def relax(
    master: Master,
    pricer: Pricer,
    seconds_left: Callable[[], float],
    bound: Bound | None,
    goes_on: Callable[[], bool],
    rounds: int = 10_000,
) -> Relaxed | None:
    """The present solution once no row is broken and no pair prices out, or when rounds or time are over.

    `bound` is improved on the way; it is not given while pairs are held, when the value bounds nothing. None when the
    linear programme has no solution or there was no time for the first round.
    """
    found = None
    for _round in range(rounds):
        solved = master.solve(seconds_left())
        if solved is None:
            return found
        found = solved
        rows = add_broken_rows(master, solved.shares)
        prices = pricer.prices(master, _padded(solved.duals, master.row_count))
        gain = pricer.still_to_gain(prices)
        if bound is not None and solved.value + gain > bound.value:
            bound.value, bound.prices, bound.base_value = solved.value + gain, prices, solved.value + gain
        is_tight = -gain <= TIGHT * max(1.0, abs(solved.value))
        if not is_tight:
            master.add_pairs(pricer.best(prices, master.is_in, PER_CELL, MOST))
        if (is_tight and rows == 0) or not goes_on():
            break
    return found


def _padded(duals: Floats, rows: int) -> Floats:
    return np.pad(duals, (0, rows - len(duals)))
