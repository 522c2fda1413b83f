"""Changes of a plan by hand, each with its price before it is made; why somebody is not in a slot."""

from collections.abc import Sequence

import numpy as np
import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.alumni.queries import find_visible
from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.events.models import Slot
from bsm_alumni.events.queries import get_slot
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.matching.planner.programme import Ints
from bsm_alumni.matching.service import look_at
from bsm_alumni.planning.changing import alumnus_of, board_around, candidates_on, locked_in, pair_taking, pairs_of
from bsm_alumni.planning.enums import PlanState, SeatKind
from bsm_alumni.planning.instance import Board
from bsm_alumni.planning.models import Plan, PlanSeat, PlanShort
from bsm_alumni.planning.prices import NO_PAIRS, price_move
from bsm_alumni.planning.queries import get_seat, get_slot_of_plan
from bsm_alumni.planning.shapes import MovePrice, Replacement, WhyNot
from bsm_alumni.web.errors import NotThere, Refused

CHANGEABLE = (PlanState.READY, PlanState.STOPPED)


def candidates_for(plan: Plan, slot_id: int, viewer: Viewer, seat_id: int | None = None) -> tuple[Replacement, ...]:
    """The ten best people for a seat of the slot, each with its price, the cheapest first.

    `seat_id` is the seat to be given to somebody else, None for a seat that is free; one who said yes keeps theirs.
    Raises NotThere.
    """
    slot = get_slot_of_plan(plan, slot_id)
    seat = None if seat_id is None else _seat_in(plan, seat_id, slot_id)
    if seat is not None and seat.kind is SeatKind.ACCEPTED:
        return ()
    board = board_around(plan, slot)
    return candidates_on(board, slot, viewer, pairs_of(board, seat))


def _seat_in(plan: Plan, seat_id: int, slot_id: int) -> PlanSeat:
    seat = get_seat(plan, seat_id)
    if seat.slot_id != slot_id:
        raise NotThere(f"Seat {seat_id} is not in slot {slot_id}.")
    return seat


def price_of_swap(plan: Plan, seat_id: int, alumnus_id: int) -> MovePrice:
    """What it costs to give the seat to this person. Raises NotThere; Refused when a rule excludes the person."""
    seat = get_seat(plan, seat_id)
    slot = get_slot(seat.slot_id)
    board = board_around(plan, slot)
    return price_move(board, pairs_of(board, seat), pair_taking(board, slot, alumnus_id))


def price_of_filling(plan: Plan, slot_id: int, alumnus_id: int) -> MovePrice:
    """What it costs (mostly: saves) to give a free seat of the slot to this person. Raises as `price_of_swap`."""
    slot = get_slot_of_plan(plan, slot_id)
    board = board_around(plan, slot)
    return price_move(board, NO_PAIRS, pair_taking(board, slot, alumnus_id))


def swap(plan: Plan, seat_id: int, alumnus_id: int) -> PlanSeat:
    """Give the seat to this person.

    Raises NotThere, and Refused when a hard rule would break, the seat is locked or accepted, or the plan was applied.
    """
    _lock_plan(plan)
    seat = get_seat(plan, seat_id)
    if seat.kind is SeatKind.ACCEPTED:
        raise Refused(_("This person said yes to the session. Cancel it with them on the session's page first."))
    if seat.alumnus_id in locked_in(plan, seat.slot_id):
        raise Refused(_("This seat is locked. Take the lock back first."))
    slot = get_slot(seat.slot_id)
    board = board_around(plan, slot)
    leave, take = pairs_of(board, seat), pair_taking(board, slot, alumnus_id)
    price = price_move(board, leave, take)
    before = _facts(seat)
    new = _write(plan, board, slot, alumnus_id, take, price)
    db.session.delete(seat)
    db.session.flush()
    record_many([Change("plan.swapped", "plans", plan.id, before, _facts(new) | {"points": round(price.points, 1)})])
    return new


def fill(plan: Plan, slot_id: int, alumnus_id: int) -> PlanSeat:
    """Give a free seat of the slot to this person. Raises as `swap`."""
    _lock_plan(plan)
    slot = get_slot_of_plan(plan, slot_id)
    short = db.session.scalar(sa.select(PlanShort).where(PlanShort.plan_id == plan.id, PlanShort.slot_id == slot_id))
    if short is None:
        raise Refused(_("This slot has no free seat in the plan."))
    board = board_around(plan, slot)
    take = pair_taking(board, slot, alumnus_id)
    price = price_move(board, NO_PAIRS, take)
    new = _write(plan, board, slot, alumnus_id, take, price)
    short.missing -= 1
    if not short.missing:
        db.session.delete(short)
    plan.filled += 1
    db.session.flush()
    record_many([Change("plan.filled", "plans", plan.id, {}, _facts(new) | {"points": round(price.points, 1)})])
    return new


def _lock_plan(plan: Plan) -> None:
    """Wait for everyone else who changes the plan. Raises Refused when it cannot be changed by hand."""
    db.session.refresh(plan, with_for_update=True)
    if plan.state not in CHANGEABLE:
        raise Refused(_("Only a plan that is ready and was not applied can be changed by hand."))


def _write(plan: Plan, board: Board, slot: Slot, alumnus_id: int, take: Ints, price: MovePrice) -> PlanSeat:
    if price.broken:
        raise Refused("\n".join(price.broken))
    pair = int(take[0])
    new = PlanSeat(
        plan_id=plan.id,
        event_id=slot.event_id,
        slot_id=slot.id,
        alumnus_id=alumnus_id,
        score=float(board.programme.pair_fit[pair]),
        price=None,
        kind=SeatKind.KEPT if (slot.id, alumnus_id) in board.planned.holders else SeatKind.NEW,
    )
    db.session.add(new)
    plan.edited, plan.optimal = True, False
    plan.objective = (plan.objective or 0.0) + price.points
    plan.parts = {**plan.parts, **{c.part.value: plan.parts.get(c.part.value, 0.0) + c.points for c in price.parts}}
    db.session.flush()
    return new


def _facts(seat: PlanSeat) -> dict[str, object]:
    return {"slot": seat.slot_id, "alumnus": seat.alumnus_id}


def why_not(plan: Plan, slot_id: int, alumnus_ids: Sequence[int], viewer: Viewer) -> list[WhyNot]:
    """Why these people are not in the slot by the plan: a rule, or the price of the cheapest move that seats them.

    The moves looked at are a free seat of the slot, and that of each who has one and neither accepted nor is locked.
    A move that breaks a rule between the sessions of the plan tells it in `price.broken`. Raises NotThere. Reads only.
    """
    slot = get_slot_of_plan(plan, slot_id)
    board = board_around(plan, slot)
    return [_why_not(plan, board, slot, alumnus_id, viewer) for alumnus_id in alumnus_ids]


def _why_not(plan: Plan, board: Board, slot: Slot, alumnus_id: int, viewer: Viewer) -> WhyNot:
    alumnus, slot_id = find_visible(viewer, alumnus_id), slot.id
    if alumnus is None:
        raise NotThere(f"There is no alumnus {alumnus_id}.")
    pair = board.find_pair(slot_id, alumnus_id)
    if pair is None:
        rows = look_at(viewer, slot, [alumnus_id], utc_now())
        return WhyNot(alumnus, False, rows[0].exclusions if rows else (), None, None)
    if pair in board.chosen:
        return WhyNot(alumnus, True, (), None, None)
    if pair < len(board.forbidden) and board.forbidden[pair]:
        return WhyNot(alumnus, False, (), None, None, barred=True)
    best = min(_ways(plan, board, slot_id, pair), key=lambda way: (bool(way[1].broken), way[1].points), default=None)
    if best is None:
        return WhyNot(alumnus, False, (), None, None)
    leaving, price = best
    who = None if leaving is None else find_visible(viewer, alumnus_of(board, leaving))
    return WhyNot(alumnus, False, (), price, who)


def _ways(plan: Plan, board: Board, slot_id: int, pair: int) -> Sequence[tuple[int | None, MovePrice]]:
    programme, cell = board.programme, board.cell(slot_id)
    here = board.chosen[programme.pair_cell[board.chosen] == cell]
    locked = locked_in(plan, slot_id)
    takes = np.array([pair])
    ways: list[tuple[int | None, MovePrice]] = []
    if len(here) < programme.need.ravel()[cell]:
        ways.append((None, price_move(board, NO_PAIRS, takes)))
    ways += [
        (one, price_move(board, np.array([one]), takes))
        for one in here.tolist()
        if not programme.fixed[one] and alumnus_of(board, one) not in locked
    ]
    return ways
