"""What a solution of the linear programme says about all pairs: their prices, and a bound on every plan. Pure NumPy."""

from dataclasses import dataclass

import numpy as np

from bsm_alumni.matching.planner.programme import Bools, Floats, Ints
from bsm_alumni.matching.planner.reviewers import Reviewers

WHOLE = 1e-6
"""How near to a whole number a share is one."""
SPREAD = 1e-9
STEPS = (7919, 104729)


@dataclass(frozen=True, slots=True)
class Duals:
    """What a seat of each event, an event of each person, and a point of the floor of each event are worth."""

    seats: Floats
    loads: Floats
    floors: Floats

    def prices(self, scores: Floats, counts_scores: bool) -> Floats:
        """[people × events]: by how much the sum rises at most for each pair, counted from the bound."""
        return scores * (float(counts_scores) - self.floors) - self.seats - self.loads[:, None]

    def bound(self, instance: Reviewers, floor: float, usable_prices: Floats) -> float:
        """What no plan that meets everything exceeds.

        Lagrange: it holds for any duals, so that the proof does not rest on the solver's word.
        """
        seats = float(self.seats @ instance.need)
        loads = np.maximum(self.loads, 0.0) @ instance.max_load + np.minimum(self.loads, 0.0) @ instance.min_load
        floors = float(self.floors.sum()) * floor if np.isfinite(floor) else 0.0
        return seats + float(loads) + floors + float(np.maximum(usable_prices, 0.0).sum())


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A solution over all usable pairs: the share of each pair that is in, the help needed, what bounds every plan.

    `prices` [people × events] are counted from `bound`; a pair that is not usable has −∞.
    """

    person: Ints
    event: Ints
    shares: Floats
    help: float
    bound: float
    prices: Floats

    @property
    def is_met(self) -> bool:
        """Whether nothing is left unmet."""
        return self.help <= WHOLE

    @property
    def is_whole(self) -> bool:
        return bool((np.abs(self.shares - np.round(self.shares)) <= WHOLE).all())

    def taken(self) -> tuple[Ints, Ints]:
        """Person and event of each pair that is taken, by event and person."""
        return in_order(self.person[self.shares > 0.5], self.event[self.shares > 0.5])


def in_order(person: Ints, event: Ints) -> tuple[Ints, Ints]:
    """The pairs by event and person."""
    order = np.lexsort((person, event))
    return person[order], event[order]


def spread_ties(values: Floats, among: Bools) -> Floats:
    """The values, −∞ where not marked, with ties broken evenly over rows and columns, the same each time.

    Where scores are few (a reviewer bids 'yes' or 'maybe'), taking the first of equals would send all events to the
    same few people.
    """
    rows, columns = (
        np.arange(count, dtype=np.int64) * step % 8191 for count, step in zip(values.shape, STEPS, strict=True)
    )
    return np.where(among, values + (rows[:, None] ^ columns) * (SPREAD / 8192), -np.inf)


def best_per_column(keys: Floats, count: int) -> Bools:
    """The `count` largest keys of each column, less where others are −∞."""
    rows, columns = keys.shape
    if rows <= count:
        return np.isfinite(keys)
    found = np.zeros(keys.shape, dtype=np.bool_)
    found[np.argpartition(keys, rows - count, axis=0)[rows - count :], np.arange(columns)] = True
    return found & np.isfinite(keys)
