"""From a plan to people: its seats become proposals, everything or nothing; proposals are invited in one batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.access.viewer import SYSTEM
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.moving import all_or_nothing, lock_seats
from bsm_alumni.assignments.rules import OPEN
from bsm_alumni.assignments.service import invite
from bsm_alumni.audit.service import record
from bsm_alumni.events.queries import get_slot
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.matching.service import look_at
from bsm_alumni.planning.applying import CannotApply, apply_pairs
from bsm_alumni.planning.enums import MarkKind, PlanState, SeatKind
from bsm_alumni.planning.instance import build_for
from bsm_alumni.planning.models import Plan, PlanSeat
from bsm_alumni.planning.queries import marks_of, people_of, seats_of_plan
from bsm_alumni.planning.service_moves import CHANGEABLE
from bsm_alumni.planning.shapes import Stale
from bsm_alumni.web.errors import Refused

Key = tuple[int, int]


class StaleSeats(Refused):
    """Seats that can no longer be taken as planned; nothing was applied. `seats` names all of them."""

    def __init__(self, seats: Sequence[Stale]) -> None:
        super().__init__("\n".join(stale.words for stale in seats))
        self.seats = tuple(seats)


@dataclass(frozen=True, slots=True)
class Applied:
    """How many seats were proposed, how many were held already, how many proposals were taken back."""

    proposed: int
    kept: int
    given_up: int


@all_or_nothing
def apply_plan(plan: Plan, actor_id: int | None) -> Applied:
    """Propose every seat of the plan that nobody holds yet, all or none; nobody is told.

    Proposals in its slots that were there when the plan was asked for and that it gives to others are taken back. The
    plan it was made from is put away. Raises StaleSeats naming every seat that no longer holds, and Refused when the
    plan is not ready.
    """
    db.session.refresh(plan, with_for_update=True)
    if plan.state not in CHANGEABLE:
        raise Refused(_("Only a plan that is ready and was not applied yet can be applied."))
    seats = [seat for seat in seats_of_plan(plan.id) if seat.kind is not SeatKind.ACCEPTED]
    if not seats:
        raise Refused(_("This plan gives no seat to anybody, so there is nothing to propose."))
    by_key = {(seat.slot_id, seat.alumnus_id): seat for seat in seats}
    held = _open_in(plan)
    new = [key for key in by_key if key not in held]
    if stale := _stale(plan, {key: by_key[key] for key in new}):
        raise StaleSeats(stale)
    old = [key for key, row in held.items() if key not in by_key and _may_give_up(plan, row)]
    try:
        done = apply_pairs(list(by_key), give_up=old)
    except CannotApply as refusal:
        people = people_of(SYSTEM, [seat.alumnus_id for seat in refusal.seats])
        raise StaleSeats(
            [
                Stale(by_key.get((one.slot_id, one.alumnus_id)), people.get(one.alumnus_id), one.words)
                for one in refusal.seats
            ]
        ) from refusal
    plan.state, plan.applied_at, plan.applied_by = PlanState.APPLIED, utc_now(), actor_id
    _put_away_base(plan)
    db.session.flush()
    applied = Applied(len(done.proposed), done.kept, done.given_up)
    record(
        "plan.applied",
        plan,
        after={"proposed": applied.proposed, "kept": applied.kept, "given_up": applied.given_up},
    )
    return applied


def _open_in(plan: Plan) -> dict[Key, Assignment]:
    """Who holds a seat in the slots of the plan's sessions now."""
    slots = sa.select(PlanSeat.slot_id).where(PlanSeat.plan_id == plan.id)
    rows = db.session.scalars(sa.select(Assignment).where(Assignment.slot_id.in_(slots), Assignment.state.in_(OPEN)))
    return {(row.slot_id, row.alumnus_id): row for row in rows}


def _may_give_up(plan: Plan, assignment: Assignment) -> bool:
    """A seat that the plan knew of and gave to somebody else; who accepted is never among them."""
    return assignment.state is not AssignmentState.ACCEPTED and assignment.created_at <= plan.created_at


def _stale(plan: Plan, new: dict[Key, PlanSeat]) -> list[Stale]:
    """Of these seats those that staff excluded since, or whose person the rules no longer allow, with the reason."""
    now = utc_now()
    planned = build_for(plan, now, only_slots={slot_id for slot_id, _who in new})
    people = people_of(SYSTEM, [alumnus_id for _slot, alumnus_id in new])
    barred = {(mark.event_id, mark.slot_id, mark.alumnus_id) for mark in marks_of(plan) if mark.kind is MarkKind.FORBID}
    found = []
    for (slot_id, alumnus_id), seat in new.items():
        alumnus = people.get(alumnus_id)
        if barred & {(seat.event_id, slot_id, alumnus_id), (seat.event_id, None, alumnus_id)}:
            found.append(
                Stale(seat, alumnus, _named(alumnus, _("Excluded by a mark. Give the seat to somebody else.")))
            )
        elif planned.find_pair(slot_id, alumnus_id) is None:
            rows = look_at(SYSTEM, get_slot(slot_id), [alumnus_id], now)
            why = [one.words for row in rows for one in row.exclusions]
            words = " ".join(why) or _("Can no longer take this slot. Make the plan anew.")
            found.append(Stale(seat, alumnus, _named(alumnus, words)))
    return found


def _named(alumnus: Alumnus | None, words: str) -> str:
    return _("%(name)s: %(words)s", name=alumnus.display_name if alumnus else _("Somebody"), words=words)


def _put_away_base(plan: Plan) -> None:
    base = db.session.get(Plan, plan.base_plan_id) if plan.base_plan_id else None
    if base is not None and base.state not in (PlanState.SUPERSEDED, PlanState.FAILED):
        before, base.state = base.state, PlanState.SUPERSEDED
        record("plan.superseded", base, before={"state": before}, after={"state": base.state, "plan": plan.id})


@all_or_nothing
def invite_batch(
    plan: Plan, assignment_ids: Sequence[int], answer_by: datetime | None = None, *, held: bool = False
) -> list[Assignment]:
    """Invite the reviewed proposals of the plan, all or none; without `answer_by` each has the usual time.

    `held` keeps the mails for review in the outbox. Raises Refused naming everyone who cannot be asked, or when one of
    the proposals is none of the plan's; FieldErrors for `answer_by`.
    """
    if plan.state is not PlanState.APPLIED:
        raise Refused(_("Apply the plan first; then its proposals can be invited."))
    wanted = sorted(set(assignment_ids))
    if not wanted:
        raise Refused(_("Choose at least one proposal to invite."))
    mine = (
        sa.select(Assignment)
        .join(PlanSeat, sa.and_(PlanSeat.slot_id == Assignment.slot_id, PlanSeat.alumnus_id == Assignment.alumnus_id))
        .where(PlanSeat.plan_id == plan.id, Assignment.id.in_(wanted))
        .order_by(Assignment.id)
    )
    rows = db.session.scalars(mine).all()
    if len(rows) != len(wanted):
        raise Refused(_("Some of these are no proposals of this plan any more. Look at the list again."))
    lock_seats([row.slot_id for row in rows], [row.alumnus_id for row in rows])
    invited: list[Assignment] = []
    refused: list[str] = []
    for row in rows:
        try:
            invited.append(invite(row.id, answer_by, held=held))
        except Refused as refusal:
            refused.append(_("%(name)s: %(words)s", name=row.alumnus.display_name, words=refusal.words))
    if refused:
        raise Refused("\n".join(refused))
    record("plan.invited", plan, after={"invited": len(invited), "held": held})
    return invited
