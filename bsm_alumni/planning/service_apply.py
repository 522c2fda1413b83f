"""From a plan to people: its seats become proposals, everything or nothing; proposals are invited in one batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bsm_alumni.assignments.models import Assignment
from bsm_alumni.planning.models import Plan
from bsm_alumni.planning.shapes import Stale
from bsm_alumni.web.errors import Refused


class StaleSeats(Refused):
    """Seats that can no longer be taken as planned; nothing was applied. `seats` names all of them."""

    def __init__(self, words: str, seats: Sequence[Stale]) -> None:
        super().__init__(words)
        self.seats = tuple(seats)


@dataclass(frozen=True, slots=True)
class Applied:
    """How many seats were proposed, and how many were so already."""

    proposed: int
    kept: int


def apply_plan(plan: Plan, actor_id: int | None) -> Applied:
    """Propose every seat of the plan that nobody holds yet, all or none.

    Raises StaleSeats naming every seat that no longer holds, and Refused when the plan is not ready.
    """
    raise NotImplementedError


def invite_batch(
    plan: Plan, assignment_ids: Sequence[int], answer_by: datetime | None = None, *, held: bool = False
) -> list[Assignment]:
    """Invite the reviewed proposals of the plan, all or none. Raises Refused naming everyone who cannot be asked.

    `held` keeps the mails for review in the outbox.
    """
    raise NotImplementedError
