"""Reviewer-style instances: people, events that need some of them, a score for each pair, and no time. Pure NumPy.

They are what conferences have (papers and reviewers), and what our programme has when dates do not matter. Who solves
them is in `reviewers_sum` (the largest sum of scores) and `reviewers_fair` (the best for the event that is worst off).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bsm_alumni.matching.planner.plan import PlanStatus
from bsm_alumni.matching.planner.programme import Bools, Floats, Ints


@dataclass(frozen=True)
class Reviewers:
    """What is to be solved: `scores` and `allowed` [people × events], `need` [events], loads [people].

    Each event takes exactly `need` different people out of those allowed, and each person `min_load` to `max_load`
    events. Scores that are not allowed are 0.
    """

    scores: Floats
    allowed: Bools
    need: Ints
    max_load: Ints
    min_load: Ints

    @property
    def people(self) -> int:
        return int(self.scores.shape[0])

    @property
    def events(self) -> int:
        return int(self.scores.shape[1])

    @property
    def asked(self) -> int:
        """Seats over all events."""
        return int(self.need.sum())

    @cached_property
    def scale(self) -> float:
        """The largest score by size, 1 when all are 0: divided by it, scores lie between -1 and 1."""
        return float(np.abs(self.scores).max(initial=0.0)) or 1.0

    @cached_property
    def scaled(self) -> Floats:
        """The scores divided by `scale`."""
        return self.scores / self.scale

    def event_scores(self, person: Ints, event: Ints) -> Floats:
        """The sum of scores of each event."""
        return np.bincount(event, weights=self.scores[person, event], minlength=self.events).astype(np.float64)

    def least_score(self, person: Ints, event: Ints) -> float:
        """The sum of scores of the event that is worst off, among those that need somebody; 0 when none does."""
        return float(self.event_scores(person, event)[self.need > 0].min()) if self.asked else 0.0

    def broken(self, person: Ints, event: Ints) -> list[str]:
        """What a plan breaks or leaves open, in plain words; nothing when it is whole."""
        found = []
        loads = np.bincount(person, minlength=self.people)
        seated = np.bincount(event, minlength=self.events)
        if not self.allowed[person, event].all():
            found.append("Somebody has an event that is not allowed.")
        if len(np.unique(event * self.people + person)) < len(person):
            found.append("Somebody has two seats in one event.")
        found += [
            f"Event {i} has {seated[i]} people for {self.need[i]} seats." for i in np.flatnonzero(seated > self.need)
        ]
        found += [f"Person {i} has {loads[i]} events, {self.max_load[i]} at most." for i in _over(loads, self.max_load)]
        found += [f"Event {i} has {seated[i]} of {self.need[i]} people." for i in _over(self.need, seated)]
        found += [
            f"Person {i} has {loads[i]} events, {self.min_load[i]} at least." for i in _over(self.min_load, loads)
        ]
        return found


def _over(one: Ints, other: Ints) -> list[int]:
    return [int(i) for i in np.flatnonzero(one > other)]


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long it took: making the model, solving it (with the prices of all pairs), and all in all."""

    build: float
    solve: float
    total: float


@dataclass(frozen=True, slots=True)
class ReviewerPlan:
    """A plan: `person` and `event` of each seat taken, by event and person.

    `objective` is its sum of scores; no plan has a larger one than `bound` (of those in which no event has less than
    `least_score`, where the worst event was asked for). `least_bound` is a bound in the same way for the worst event.
    INFEASIBLE is proven: then the plan leaves the fewest seats open, and `problems` names them.
    """

    status: PlanStatus
    person: Ints
    event: Ints
    objective: float
    bound: float
    least_score: float
    least_bound: float
    seconds: Seconds
    problems: tuple[str, ...] = ()

    @property
    def gap(self) -> float:
        """(bound − objective) / |objective|, 0 for a proven optimum."""
        return max(0.0, self.bound - self.objective) / max(1e-9, abs(self.objective))
