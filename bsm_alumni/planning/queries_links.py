"""Which lost seats a plan can refill: asked by the pages of events and by staff's first page."""

from collections.abc import Collection

import sqlalchemy as sa

from bsm_alumni.events.models import Slot
from bsm_alumni.extensions import db
from bsm_alumni.planning.enums import PlanState
from bsm_alumni.planning.models import Plan, PlanSeat


def slots_in_applied_plans(slot_ids: Collection[int]) -> set[int]:
    """Those of the slots whose session is in a plan that was applied. One query."""
    if not slot_ids:
        return set()
    in_plan = (
        sa.select(PlanSeat.id)
        .join(Plan, Plan.id == PlanSeat.plan_id)
        .where(PlanSeat.event_id == Slot.event_id, Plan.state == PlanState.APPLIED)
    )
    return set(db.session.scalars(sa.select(Slot.id).where(Slot.id.in_(slot_ids), in_plan.exists())))
