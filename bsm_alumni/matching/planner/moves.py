"""One seat at a time: who else could take it, what a move costs, what a refused seat leads to."""

from dataclasses import dataclass

import numpy as np

from bsm_alumni.matching.planner.programme import Bools, Cost, Ints, Programme, cost_of, violations
from bsm_alumni.matching.planner.seating import Seating


@dataclass(frozen=True, slots=True)
class Replacement:
    """A pair that could take a free seat as the plan stands, and by how much the cost of the plan would change."""

    pair: int
    price: float


@dataclass(frozen=True, slots=True)
class Move:
    """What a plan costs before and after a move, and the rules it would break; `price` above 0 is a loss."""

    before: Cost
    after: Cost
    broken: tuple[str, ...]

    @property
    def price(self) -> float:
        return self.after.total - self.before.total


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


def price_of(programme: Programme, chosen: Ints, leave: Ints, take: Ints) -> Move:
    """What giving up some pairs and taking others does to a plan."""
    after = np.union1d(np.setdiff1d(chosen, leave), take)
    broken = set(violations(programme, after)) - set(violations(programme, chosen))
    return Move(cost_of(programme, chosen), cost_of(programme, after), tuple(sorted(broken)))
