"""What changes of a plan by hand stand on: the plan around a slot as pairs, and who could take a seat of it."""

import numpy as np
import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.events.models import Slot
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.matching.planner.moves import refill
from bsm_alumni.matching.planner.programme import Ints
from bsm_alumni.matching.service import look_at
from bsm_alumni.planning.enums import MarkKind, PlanState
from bsm_alumni.planning.instance import Board, board_for, board_now
from bsm_alumni.planning.models import Plan, PlanSeat
from bsm_alumni.planning.prices import NO_PAIRS, price_move
from bsm_alumni.planning.queries import marks_of
from bsm_alumni.planning.shapes import Replacement
from bsm_alumni.web.errors import Refused

SHOWN = 10
"""How many replacements are offered."""


def board_around(plan: Plan, slot: Slot) -> Board:
    """The plan around a slot. Raises Refused when the session cannot be planned any more."""
    slots = db.session.scalars(sa.select(Slot.id).where(Slot.event_id == slot.event_id)).all()
    # Of an applied plan the seats are those that people hold: some were lost since.
    make = board_now if plan.state is PlanState.APPLIED else board_for
    board = make(plan, utc_now(), slots)
    if slot.id not in board.planned.place_of:
        raise Refused(_("This session has begun, was cancelled or was moved to other days. Make the plan anew."))
    return board


def pairs_of(board: Board, seat: PlanSeat | None) -> Ints:
    """The pair of a seat, none for a free seat."""
    pair = None if seat is None else board.find_pair(seat.slot_id, seat.alumnus_id)
    return NO_PAIRS if pair is None else np.array([pair], dtype=np.int64)


def pair_taking(board: Board, slot: Slot, alumnus_id: int) -> Ints:
    """The pair of somebody who is to get a seat. Raises Refused when a rule about the person excludes them."""
    pair = board.find_pair(slot.id, alumnus_id)
    if pair is None:
        raise Refused(_("A rule excludes this person from the slot. Ask ‘why not?’ to see which."))
    if pair < len(board.forbidden) and board.forbidden[pair]:
        raise Refused(_("This person is excluded from the slot by a mark. Take the mark back first."))
    if pair in board.chosen:
        raise Refused(_("This person has a seat in the slot already."))
    return np.array([pair], dtype=np.int64)


def candidates_on(board: Board, slot: Slot, viewer: Viewer, leave: Ints) -> tuple[Replacement, ...]:
    """The ten best people for a seat of the slot, once the pairs `leave` have given theirs up."""
    barred = board.forbidden.copy()
    barred[leave] = True
    rest = np.setdiff1d(board.chosen, leave)
    found = refill(board.programme, rest, board.cell(slot.id), barred, most=SHOWN)
    people = [alumnus_of(board, one.pair) for one in found]
    rows = {row.alumnus.id: row for row in look_at(viewer, slot, people, utc_now())}
    return tuple(
        Replacement(
            alumnus=rows[alumnus_id].alumnus,
            score=float(board.programme.pair_fit[one.pair]),
            sentence=rows[alumnus_id].sentence,
            price=price_move(board, leave, np.array([one.pair])),
        )
        for one, alumnus_id in zip(found, people, strict=True)
        if alumnus_id in rows
    )


def alumnus_of(board: Board, pair: int) -> int:
    """Whose pair it is."""
    return int(board.alumnus_ids[board.programme.pair_person[pair]])


def locked_in(plan: Plan, slot_id: int) -> set[int]:
    """Who is locked in the slot."""
    return {m.alumnus_id for m in marks_of(plan) if m.kind is MarkKind.LOCK and m.slot_id == slot_id}
