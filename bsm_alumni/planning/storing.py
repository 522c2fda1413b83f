"""What a plan leaves in the database: rows of its seats, of the seats it leaves free, and the price of each seat."""

import time
from collections.abc import Iterable

import numpy as np

from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.matching.planner.programme import Ints, Programme
from bsm_alumni.matching.planner.seating import Seating
from bsm_alumni.planning.building import PlannedProgramme, why_unfilled
from bsm_alumni.planning.enums import SeatKind
from bsm_alumni.planning.models import PlanSeat, PlanShort

PRICE_SECONDS = 5.0
"""How long prices of seats are worked out at most."""


def prices_of(programme: Programme, chosen: Ints) -> dict[int, float]:
    """By how much the plan gets dearer, seat by seat, when the seat goes to its best reserve, or stays free.

    What was accepted has none. Where there are too many seats, those that time is left for.
    """
    ends, seating = time.perf_counter() + PRICE_SECONDS, Seating(programme, chosen.tolist())
    found: dict[int, float] = {}
    for pair in chosen[~programme.fixed[chosen]].tolist():
        if time.perf_counter() > ends:
            break
        session = int(programme.pair_session[pair])
        seating.take_out(pair)
        others = programme.pairs_of_cell(int(programme.pair_cell[pair]))
        others = others[seating.allowed(others, session) & (others != pair)]
        best = min(0.0, float(seating.added_cost(others, session).min(initial=0.0)))
        found[pair] = best - float(seating.added_cost(np.array([pair]), session)[0])
        seating.put(pair)
    return found


def seats_from(plan_id: int, planned: PlannedProgramme, chosen: Ints, prices: dict[int, float]) -> list[PlanSeat]:
    programme = planned.programme
    found = [
        PlanSeat(
            plan_id=plan_id,
            event_id=event_id,
            slot_id=slot_id,
            alumnus_id=alumnus_id,
            score=float(programme.pair_fit[pair]),
            price=prices.get(pair),
            kind=_kind(planned, slot_id, alumnus_id),
        )
        for pair, (event_id, slot_id, alumnus_id) in zip(chosen.tolist(), planned.ids_of(chosen), strict=True)
    ]
    return found + list(_settled(plan_id, planned))


def _kind(planned: PlannedProgramme, slot_id: int, alumnus_id: int) -> SeatKind:
    holder = planned.holders.get((slot_id, alumnus_id))
    if holder is None:
        return SeatKind.NEW
    return SeatKind.ACCEPTED if holder.state is AssignmentState.ACCEPTED else SeatKind.KEPT


def _settled(plan_id: int, planned: PlannedProgramme) -> Iterable[PlanSeat]:
    """Accepted seats that the planner leaves alone are on the board too."""
    for holder in planned.settled:
        session, _slot = planned.place_of[holder.slot_id]
        yield PlanSeat(
            plan_id=plan_id,
            event_id=planned.event_ids[session],
            slot_id=holder.slot_id,
            alumnus_id=holder.alumnus_id,
            score=planned.fit(holder.slot_id, holder.alumnus_id),
            price=None,
            kind=SeatKind.ACCEPTED,
        )


def shorts_from(plan_id: int, planned: PlannedProgramme, chosen: Ints) -> list[PlanShort]:
    programme = planned.programme
    taken = np.bincount(programme.pair_cell[chosen], minlength=programme.need.size)
    found = []
    for cell in np.flatnonzero(programme.need.ravel() > taken).tolist():
        session, slot = divmod(cell, programme.slots)
        slot_id = planned.slot_ids[session][slot]
        found.append(
            PlanShort(
                plan_id=plan_id,
                event_id=planned.event_ids[session],
                slot_id=slot_id,
                missing=int(programme.need.ravel()[cell] - taken[cell]),
                why=why_unfilled(planned, chosen, slot_id),
            )
        )
    return found
