"""What the planner answers: which pairs are taken, what that costs, how good any plan could be, how long it took."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bsm_alumni.matching.planner.programme import Ints


class PlanStatus(StrEnum):
    OPTIMAL = "optimal"
    """No plan is better."""
    FEASIBLE = "feasible"
    """Keeps all rules; `bound` says how much better a plan could be at most."""
    STOPPED = "stopped"
    """Somebody stopped it, or its time was over; keeps all rules."""
    INFEASIBLE = "infeasible"
    """What was accepted breaks the rules already, or a demand cannot be met."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the planner is: the cost of the best plan so far and the proven bound, None before there is one."""

    stage: str
    seconds: float
    objective: float | None
    bound: float | None


OnProgress = Callable[[Progress], bool]
"""Called some times a second at most; answers whether to go on."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop: after `seconds` of solving, or at a relative gap that is good enough."""

    seconds: float = 60.0
    gap: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan. `chosen` holds indices of pairs, ascending; `objective` and `bound` are costs, smaller is better.

    No plan over all eligible pairs costs less than `bound`.
    """

    status: PlanStatus
    chosen: Ints
    objective: float
    bound: float
    seconds: float

    @property
    def gap(self) -> float:
        """(objective − bound) / |objective|, 0 for a proven optimum."""
        return max(0.0, self.objective - self.bound) / max(1e-9, abs(self.objective))
