"""After a decline: who could take the seat at once, and what a new plan would move."""

import sqlalchemy as sa

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.events.models import Slot
from bsm_alumni.events.queries import find_slot
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.matching.queries import free_seats
from bsm_alumni.planning.changing import candidates_on
from bsm_alumni.planning.enums import PlanState
from bsm_alumni.planning.instance import Board, board_now
from bsm_alumni.planning.models import Plan, PlanSeat
from bsm_alumni.planning.prices import NO_PAIRS
from bsm_alumni.planning.queries import latest_applied
from bsm_alumni.planning.service import replan
from bsm_alumni.planning.shapes import Refill

OFFERED = (PlanState.WAITING, PlanState.RUNNING, PlanState.READY)


def refill_offer(slot_id: int, viewer: Viewer) -> Refill | None:
    """Who could take a free seat of the slot at once, by the latest applied plan that has its session.

    None without such a plan, and when no seat is free or the session cannot be planned any more. Whoever was asked for
    the slot before is never offered.
    """
    plan, slot = latest_applied(slot_id), find_slot(slot_id)
    if plan is None or slot is None or not free_seats(slot):
        return None
    slots = db.session.scalars(sa.select(Slot.id).where(Slot.event_id == slot.event_id)).all()
    board: Board = board_now(plan, utc_now(), slots)
    if slot_id not in board.planned.place_of:
        return None
    return Refill(plan, slot, candidates_on(board, slot, viewer, NO_PAIRS))


def replan_offer(plan: Plan, actor_id: int | None) -> Plan:
    """A new plan put down for the worker, to be compared with this one (`compare(offer, plan)`).

    It is an offer until it is applied. One made from this plan since a seat of it last changed is used again.
    """
    changed = db.session.scalar(
        sa.select(sa.func.max(Assignment.updated_at))
        .join(PlanSeat, PlanSeat.slot_id == Assignment.slot_id)
        .where(PlanSeat.plan_id == plan.id)
    )
    made = sa.select(Plan).where(Plan.base_plan_id == plan.id, Plan.state.in_(OFFERED))
    if changed is not None:
        made = made.where(Plan.created_at >= changed)
    found = db.session.scalar(made.order_by(Plan.id.desc()).limit(1))
    return found or replan(plan, actor_id)
