"""One seat at a time: who could take it while all others stay, and at what price."""

from dataclasses import dataclass

import numpy as np

from bsm_alumni.matching.planner.programme import Bools, Ints, Programme
from bsm_alumni.matching.planner.seating import Seating


@dataclass(frozen=True, slots=True)
class Replacement:
    """A pair that could take a free seat as the plan stands, and by how much the cost of the plan would change."""

    pair: int
    price: float


def refill(
    programme: Programme, chosen: Ints, cell: int, barred: Bools | None = None, most: int = 10
) -> list[Replacement]:
    """The best people for one more seat of a cell while all others stay, the best first, ties by pair.

    `barred` marks pairs that are not to be offered, such as that of the person who declined. The cell must have a seat
    that the plan leaves free; all hard rules are kept.
    """
    seating = Seating(programme, chosen.tolist())
    if seating.free[cell] <= 0:
        return []
    session = cell // programme.slots
    pairs = programme.pairs_of_cell(cell)
    if barred is not None:
        pairs = pairs[~barred[pairs]]
    pairs = pairs[seating.allowed(pairs, session)]
    prices = seating.added_cost(pairs, session)
    order = np.lexsort((pairs, prices))[:most]
    return [Replacement(int(pairs[i]), float(prices[i])) for i in order]
