"""What any duals prove: a bound that holds whether or not the solver came to an end.

Duals are first brought to where they prove something: the right sign for each row, and no helping column that could be
taken without end at a gain. What is left is added up by hand, so that the bound does not rest on the solver's word.
"""

import numpy as np

from bsm_alumni.matching.planner.master import Master
from bsm_alumni.matching.planner.programme import Bools, Floats


def fit_duals(master: Master, duals: Floats) -> Floats:
    """The duals, with 0 for the rows that came since, brought to where they prove something."""
    w = master.programme.weights
    y = np.minimum(np.pad(duals, (0, master.row_count - len(duals))), 0.0)
    at_least = [rows[rows >= 0] for rows in (master.women_row, master.men_row, master.half_row, master.odd_row)]
    for rows in at_least:
        y[rows] = np.maximum(duals[rows], 0.0)
    cells = master.cell_row[master.cell_row >= 0]
    y[cells] = np.minimum(duals[cells], w.unfilled)
    half = master.half_row >= 0
    y[master.half_row[half]] = np.minimum(y[master.half_row[half]], w.women)
    odd = master.odd_row >= 0
    y[master.odd_row[odd]] = np.minimum(y[master.odd_row[odd]], (w.women - y[master.half_row[odd]]) / 2)
    regions = master.region_row[master.region_row >= 0]
    y[regions] = np.maximum(y[regions], -w.region)
    return y


def value_at(master: Master, y: Floats) -> float:
    """What fitted duals prove before any pair is looked at: the right sides of rows, helping columns at their best."""
    w = master.programme.weights
    value = float(y @ master.right_sides())
    asks = master.women_row >= 0
    value += float(np.minimum(0.0, w.gender - y[master.women_row[asks]] - y[master.men_row[asks]]).sum())
    people = np.flatnonzero(master.load_row >= 0)
    if len(people):
        dual, most = y[master.load_row[people]], master.programme.most_seats(people)
        for k in range(2, int(most.max()) + 1):
            gain = np.minimum(0.0, 2.0 * w.load * (k - 1) + dual) * (most >= k)
            if not gain.any():
                break
            value += float(gain.sum())
    return value


def held(prices: Floats, fixed: Bools) -> float:
    """What pairs that must be taken add: they are paid for even where nobody would choose them."""
    return float(np.maximum(prices[fixed], 0.0).sum())
