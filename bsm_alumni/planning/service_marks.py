"""Marks: a person stays in a slot, or takes no seat in it. They hold when the plan is made anew, and for swaps."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.access.viewer import SYSTEM
from bsm_alumni.alumni.queries import find_visible
from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.events.models import Slot
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.planning.enums import MarkKind, PlanState, SeatKind
from bsm_alumni.planning.models import Plan, PlanMark, PlanSeat
from bsm_alumni.planning.queries import get_slot_of_plan
from bsm_alumni.planning.service import UNDER_WAY
from bsm_alumni.web.errors import NotThere, Refused


def lock(plan: Plan, slot_id: int, alumnus_id: int, actor_id: int | None) -> PlanMark:
    """Keep the person in the slot in which the plan has them. Raises NotThere, and Refused when it has them not."""
    _must_be_open(plan)
    slot = get_slot_of_plan(plan, slot_id)
    if _seat(plan, slot_id, alumnus_id) is None:
        raise Refused(_("Only somebody whom the plan has in this slot can be locked. Give them the seat first."))
    return _mark(plan, slot.event_id, slot_id, alumnus_id, MarkKind.LOCK, actor_id)


def forbid(plan: Plan, event_id: int, slot_id: int | None, alumnus_id: int, actor_id: int | None) -> PlanMark:
    """Give the person no seat in the slot, or in no slot of the event when `slot_id` is None.

    A seat that they have by the plan is to be given to somebody else, by hand or by making the plan anew. Raises
    NotThere, and Refused when the person has accepted.
    """
    _must_be_open(plan)
    slots = db.session.scalars(sa.select(Slot.id).where(Slot.event_id == event_id)).all()
    if not slots or slot_id not in (None, *slots) or find_visible(SYSTEM, alumnus_id) is None:
        raise NotThere(f"There is no slot {slot_id} of event {event_id}, or no alumnus {alumnus_id}.")
    seat = _seat(plan, slot_id, alumnus_id, slots)
    if seat is not None and seat.kind is SeatKind.ACCEPTED:
        raise Refused(_("This person said yes to the session. Cancel it with them on the session's page first."))
    return _mark(plan, event_id, slot_id, alumnus_id, MarkKind.FORBID, actor_id)


def unmark(plan: Plan, mark_id: int) -> None:
    """Take a mark back. Raises NotThere, and Refused while the plan is being made."""
    _must_be_open(plan)
    mark = db.session.scalar(sa.select(PlanMark).where(PlanMark.id == mark_id, PlanMark.plan_id == plan.id))
    if mark is None:
        raise NotThere(f"Plan {plan.id} has no mark {mark_id}.")
    record_many([Change("plan.unmarked", "plans", plan.id, _facts(mark), {}, mark.alumnus_id)])
    db.session.delete(mark)
    db.session.flush()


def _must_be_open(plan: Plan) -> None:
    if plan.state in UNDER_WAY:
        raise Refused(_("This plan is still being made. Wait for it, or stop it first."))
    if plan.state is PlanState.SUPERSEDED:
        raise Refused(_("A later plan has taken the place of this one. Open that one."))


def _seat(plan: Plan, slot_id: int | None, alumnus_id: int, slots: Sequence[int] = ()) -> PlanSeat | None:
    wanted = [slot_id] if slot_id is not None else slots
    return db.session.scalar(
        sa.select(PlanSeat)
        .where(PlanSeat.plan_id == plan.id, PlanSeat.alumnus_id == alumnus_id, PlanSeat.slot_id.in_(wanted))
        .limit(1)
    )


def _mark(
    plan: Plan, event_id: int, slot_id: int | None, alumnus_id: int, kind: MarkKind, actor_id: int | None
) -> PlanMark:
    """Put the mark down in place of those it contradicts."""
    same = [PlanMark.plan_id == plan.id, PlanMark.event_id == event_id, PlanMark.alumnus_id == alumnus_id]
    if kind is MarkKind.LOCK:
        same.append(sa.or_(PlanMark.slot_id == slot_id, PlanMark.slot_id.is_(None)))
    elif slot_id is not None:
        same.append(PlanMark.slot_id == slot_id)
    before = db.session.scalars(sa.select(PlanMark).where(*same).order_by(PlanMark.id)).all()
    old = {f"mark {mark.id}": _facts(mark) for mark in before}
    for mark in before:
        db.session.delete(mark)
    db.session.flush()
    mark = PlanMark(
        plan_id=plan.id,
        event_id=event_id,
        slot_id=slot_id,
        alumnus_id=alumnus_id,
        kind=kind,
        by=actor_id,
        at=utc_now(),
    )
    db.session.add(mark)
    db.session.flush()
    record_many([Change("plan.marked", "plans", plan.id, old, _facts(mark), alumnus_id)])
    return mark


def _facts(mark: PlanMark) -> dict[str, object]:
    return {"kind": mark.kind, "event": mark.event_id, "slot": mark.slot_id, "alumnus": mark.alumnus_id}
