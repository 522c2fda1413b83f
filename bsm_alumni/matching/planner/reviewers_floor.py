"""What a floor says before anything is solved: which sums events can have, and who can be in a plan. Pure NumPy."""

import numpy as np

from bsm_alumni.matching.planner.programme import Bools, Floats
from bsm_alumni.matching.planner.reviewers import Reviewers
from bsm_alumni.matching.planner.reviewers_greedy import best_sums, top_scores

SLACK = 1e-9
"""What adding scores up in another order may change, where they are at most 1."""
MOST_SUMS = 400
"""Fewer can be tried one by one."""
MOST_STEPS = 200_000
DIGITS = 12


class Floors:
    """The floors of an instance, in scaled scores."""

    def __init__(self, instance: Reviewers) -> None:
        self.instance = instance
        self.scores = instance.scaled
        self.asks = instance.need > 0
        self.best = best_sums(instance) / instance.scale
        top = top_scores(instance) / instance.scale
        last = np.clip(instance.need - 1, 0, None)
        self.weakest = top[last, np.arange(instance.events)]
        """The score of the last of the best people of each event, had it the choice."""

    @property
    def highest(self) -> float:
        """No floor is above what the event with the poorest choice can have."""
        return float(self.best[self.asks].min())

    def usable(self, floor: float) -> Bools:
        """The pairs that can be in a plan with this floor.

        A person who stands in for the last of an event's best people lowers its best sum by the difference; who lowers
        it below the floor is in no such plan.
        """
        least = np.where(self.asks, floor - self.best + self.weakest - SLACK, np.inf)
        return self.instance.allowed & (self.scores >= least)

    def possible(self, above: float) -> Floats | None:
        """The sums that events can have, from `above` to the highest floor, ascending; None when they are too many."""
        found = [np.zeros(0)]
        values = np.unique(np.round(self.scores[self.instance.allowed], DIGITS))
        for need in np.unique(self.instance.need[self.asks]).tolist():
            sums = np.zeros(1)
            for _seat in range(need):
                if len(sums) * len(values) > MOST_STEPS:
                    return None
                sums = np.unique(np.round(np.add.outer(sums, values), DIGITS))
            found.append(sums)
        sums = np.unique(np.round(np.concatenate(found), DIGITS))
        sums = sums[(sums > above + SLACK * 10) & (sums <= self.highest + SLACK * 10)]
        # Where every event needs one person, a floor is just who may take it: the linear programme alone settles that.
        return sums if len(sums) <= MOST_SUMS or self.instance.need.max() == 1 else None
