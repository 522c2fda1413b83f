"""What a solution of the linear programme says about all pairs: their prices, and a bound on every plan. Pure NumPy."""

from dataclasses import dataclass

import numpy as np

from bsm_alumni.matching.planner.programme import Bools, Floats, Ints
from bsm_alumni.matching.planner.reviewers import Reviewers

WHOLE = 1e-6
"""How near to a whole number a share is one."""
SPREAD = 1e-9


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


def best_per_column(values: Floats, count: int, among: Bools) -> Bools:
    """The `count` largest values of each column among the marked ones; ties fall evenly over the rows.

    Where scores are few (a reviewer bids 'yes' or 'maybe'), taking the first of equals would send all events to the
    same few people.
    """
    people, events = values.shape
    if people <= count:
        return among
    spread = (np.arange(people)[:, None] * 7919 + np.arange(events) * 104729) % 10007
    keys = np.where(among, values, -np.inf) + spread * (SPREAD / 10007)
    found = np.zeros(values.shape, dtype=np.bool_)
    found[np.argpartition(keys, people - count, axis=0)[people - count :], np.arange(events)] = True
    return found & among
