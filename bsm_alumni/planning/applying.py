"""A plan becomes proposals: all of them, or none and every reason why not."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.moving import all_or_nothing, lock_seats
from bsm_alumni.assignments.rules import OPEN
from bsm_alumni.assignments.service import cancel, propose
from bsm_alumni.extensions import db
from bsm_alumni.matching.planner.programme import Ints
from bsm_alumni.planning.building import PlannedProgramme
from bsm_alumni.web.errors import Refused


@dataclass(frozen=True, slots=True)
class RefusedSeat:
    """A seat that could not be proposed or given up, and why."""

    slot_id: int
    alumnus_id: int
    words: str


class CannotApply(Refused):
    """Nothing was changed; `seats` names every seat in the way."""

    def __init__(self, seats: Iterable[RefusedSeat]) -> None:
        self.seats = tuple(seats)
        super().__init__("\n".join(seat.words for seat in self.seats))


@dataclass(frozen=True, slots=True)
class AppliedPairs:
    """Proposals made, those that were there already in some open state, and proposals taken back."""

    proposed: tuple[Assignment, ...]
    kept: int
    given_up: int


def apply_plan(planned: PlannedProgramme, chosen: Ints) -> AppliedPairs:
    """Propose everyone whom the plan `chosen` (indices of pairs) seats, and take back proposals that it gives up.

    Raises CannotApply as `apply_pairs` does.
    """
    wanted = [(slot_id, alumnus_id) for _event, slot_id, alumnus_id in planned.ids_of(chosen)]
    stays = {*wanted, *((one.slot_id, one.alumnus_id) for one in planned.settled)}
    return apply_pairs(wanted, [key for key in planned.holders if key not in stays])


@all_or_nothing
def apply_pairs(pairs: Collection[tuple[int, int]], give_up: Collection[tuple[int, int]] = ()) -> AppliedPairs:
    """Propose every pair (slot id, alumnus id) who does not hold a seat of the slot yet, in the order given.

    `give_up` are pairs that the plan gives to others: proposals among them are taken back first. Who was invited or
    said yes is never put aside by a plan. Raises CannotApply with every reason at once; nothing is changed then.
    """
    wanted = list(dict.fromkeys(pairs))
    lock_seats({slot for slot, _who in (*wanted, *give_up)}, {who for _slot, who in (*wanted, *give_up)})
    open_now = _open_now({slot for slot, _who in (*wanted, *give_up)})
    refused: list[RefusedSeat] = []
    given_up = 0
    for slot_id, alumnus_id in dict.fromkeys(give_up):
        assignment = open_now.get((slot_id, alumnus_id))
        if assignment is not None and assignment.state is not AssignmentState.PROPOSED:
            refused.append(RefusedSeat(slot_id, alumnus_id, _asked_words(alumnus_id)))
        elif assignment is not None:
            cancel(assignment.id)
            given_up += 1
    proposed = []
    for slot_id, alumnus_id in wanted:
        if (slot_id, alumnus_id) in open_now:
            continue
        try:
            proposed.append(propose(slot_id, alumnus_id))
        except (Refused, LookupError) as refusal:
            words = refusal.words if isinstance(refusal, Refused) else str(refusal)
            refused.append(RefusedSeat(slot_id, alumnus_id, words))
    if refused:
        raise CannotApply(refused)
    return AppliedPairs(tuple(proposed), len(wanted) - len(proposed), given_up)


def _open_now(slot_ids: Collection[int]) -> dict[tuple[int, int], Assignment]:
    rows = db.session.scalars(sa.select(Assignment).where(Assignment.slot_id.in_(slot_ids), Assignment.state.in_(OPEN)))
    return {(row.slot_id, row.alumnus_id): row for row in rows}


def _asked_words(alumnus_id: int) -> str:
    return _(
        "%(name)s was invited already, and the plan gives the seat to others. Cancel the invitation first.",
        name=db.session.get_one(Alumnus, alumnus_id).display_name,
    )
