"""From a plan to people: compare, apply, invite in one batch, refill a seat that was lost, offer a new plan."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from bsm_alumni.access import access, staff_read, staff_write
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.assignments.forms import end_of_day
from bsm_alumni.assignments.queries import live_by_event, seats_of_event
from bsm_alumni.assignments.service import propose_and_invite
from bsm_alumni.assignments.words import REASONS
from bsm_alumni.events.models import Slot
from bsm_alumni.events.queries import get_slot
from bsm_alumni.planning import service_apply, service_refill
from bsm_alumni.planning.forms import BatchForm, PersonForm
from bsm_alumni.planning.models import Plan
from bsm_alumni.planning.pages import about_plan
from bsm_alumni.planning.queries import get_plan, latest_applied, others_to_compare, people_of, proposals_of
from bsm_alumni.planning.queries_balance import compare as compare_plans
from bsm_alumni.planning.queries_board import board_by_week
from bsm_alumni.planning.service import UNDER_WAY
from bsm_alumni.planning.service_apply import StaleSeats
from bsm_alumni.planning.shapes import BoardEvent
from bsm_alumni.web.errors import FieldErrors, NotThere, Refused

bp = Blueprint("planning_apply", __name__)

MOST_OFFERED = 5


@bp.get("/plan/<int:plan_id>/compare")
@access(staff_read)
def compare(plan_id: int) -> ResponseReturnValue:
    """The plan beside another (``with``): seats that only one has, and their figures."""
    plan = get_plan(plan_id)
    if plan.state in UNDER_WAY:
        flash(_("This plan is still being made. Compare it when it is ready."), "error")
        return redirect(url_for("planning_staff.plan", plan_id=plan_id))
    others = others_to_compare(plan)
    chosen = request.args.get("with", others[0].id if others else 0, type=int)
    other = next((one for one in others if one.id == chosen), None)
    if chosen and other is None:
        raise NotThere(f"Plan {plan_id} cannot be compared with plan {chosen}.")
    return render_template(
        "planning/staff_compare.html",
        others=others,
        other=other,
        comparison=compare_plans(plan, other, current_viewer()) if other is not None else None,
        **about_plan(plan),
    )


@bp.get("/plan/<int:plan_id>/apply")
@access(staff_write)
def review(plan_id: int) -> ResponseReturnValue:
    """The proposals that applying the plan makes."""
    return _review(get_plan(plan_id))


@bp.post("/plan/<int:plan_id>/apply")
@access(staff_write)
def apply(plan_id: int) -> ResponseReturnValue:
    """Make the proposals, all or none."""
    plan = get_plan(plan_id)
    try:
        done = service_apply.apply_plan(plan, current_viewer().user_id)
    except StaleSeats as refusal:
        return _review(plan, refusal), 422
    except Refused as refusal:
        flash(refusal.words, "error")
        return redirect(url_for("planning_staff.plan", plan_id=plan_id))
    flash(
        ngettext(
            "%(num)d seat is proposed. Nobody was told yet: invite them below.",
            "%(num)d seats are proposed. Nobody was told yet: invite them below.",
            done.proposed,
        ),
        "success",
    )
    return redirect(url_for(".batch", plan_id=plan_id))


def _review(plan: Plan, refusal: StaleSeats | None = None) -> str:
    events = [event for week in board_by_week(plan, current_viewer()) for event in week.events]
    held = live_by_event([event.event.id for event in events])
    held_keys = {(row.slot_id, row.alumnus_id) for rows in held.values() for row in rows}
    new, kept = list[BoardEvent](), 0
    for event in events:
        seats = [seat.seat for place in event.slots for seat in place.seats]
        fresh = sum((seat.slot_id, seat.alumnus_id) not in held_keys for seat in seats)
        kept += len(seats) - fresh
        if fresh:
            new.append(event)
    return render_template(
        "planning/staff_apply.html",
        events=new,
        held_keys=held_keys,
        proposals=sum(
            (seat.seat.slot_id, seat.seat.alumnus_id) not in held_keys
            for event in new
            for place in event.slots
            for seat in place.seats
        ),
        kept=kept,
        stale=refusal.seats if refusal else (),
        **about_plan(plan),
    )


@bp.get("/plan/<int:plan_id>/invite")
@access(staff_write)
def batch(plan_id: int) -> ResponseReturnValue:
    """The proposals of the plan, all ticked, to be read before they are invited."""
    return _batch(get_plan(plan_id), BatchForm(formdata=None))


@bp.post("/plan/<int:plan_id>/invite")
@access(staff_write)
def invite(plan_id: int) -> ResponseReturnValue:
    """Invite those who are ticked, all or none."""
    plan, form = get_plan(plan_id), BatchForm()
    ids = [int(text) for text in request.form.getlist("assignment_id") if text.isascii() and text.isdigit()]
    if form.validate_on_submit():
        try:
            held = bool(form.held.data)
            # The end of the day on the officer's own clock: the sessions lie in many zones.
            answer_by = end_of_day(form.answer_by.data, current_viewer().zone)
            asked = service_apply.invite_batch(plan, ids, answer_by, held=held)
        except FieldErrors as found:
            form.set_errors(found.errors)
        except Refused as refusal:
            form.set_errors({str(number): words for number, words in enumerate(refusal.words.splitlines())})
        else:
            flash(_invited_words(len(asked), held), "success")
            return redirect(url_for("planning_staff.plan", plan_id=plan_id))
    return _batch(plan, form, set(ids)), 422


def _invited_words(count: int, held: bool) -> str:
    if held:
        return ngettext(
            "%(num)d person is invited; the mail waits in the outbox for you to read it.",
            "%(num)d people are invited; the mails wait in the outbox for you to read them.",
            count,
        )
    return ngettext(
        "%(num)d person is invited; the mail is on its way.",
        "%(num)d people are invited; the mails are on their way.",
        count,
    )


def _batch(plan: Plan, form: BatchForm, ticked: set[int] | None = None) -> str:
    return render_template(
        "planning/staff_invite.html",
        form=form,
        proposals=proposals_of(plan, current_viewer()),
        ticked=ticked,
        **about_plan(plan),
    )


@bp.get("/plan/slots/<int:slot_id>/refill")
@access(staff_read)
def refill(slot_id: int) -> ResponseReturnValue:
    """Who could take a free seat of the slot at once, by the plan applied last."""
    slot = _slot(slot_id)
    plan = latest_applied(slot_id)
    if plan is None:
        raise NotThere(f"No applied plan has slot {slot_id}.")
    offer = service_refill.refill_offer(slot_id, current_viewer())
    place = next(one for one in seats_of_event(slot.event_id) if one.slot.id == slot_id)
    return render_template(
        "planning/staff_refill.html",
        slot=slot,
        offer=offer,
        candidates=offer.candidates[:MOST_OFFERED] if offer else (),
        free=place.seats.count(None),
        lost=place.past,
        reasons=REASONS,
        **about_plan(plan),
    )


@bp.post("/plan/slots/<int:slot_id>/refill")
@access(staff_write)
def take(slot_id: int) -> ResponseReturnValue:
    """Invite somebody for a seat that was lost."""
    _slot(slot_id)
    plan, form = latest_applied(slot_id), PersonForm()
    if plan is None:
        raise NotThere(f"No applied plan has slot {slot_id}.")
    here = url_for(".refill", slot_id=slot_id)
    if not form.validate_on_submit():
        for _field, words in form.error_list():
            flash(words, "error")
        return redirect(here)
    alumnus_id = form.alumnus_id.data or 0
    people = people_of(current_viewer(), [alumnus_id])
    if alumnus_id not in people:
        raise NotThere(f"There is no alumnus {alumnus_id}.")
    try:
        propose_and_invite(slot_id, alumnus_id)
    except Refused as refusal:
        flash(refusal.words, "error")
        return redirect(here)
    flash(_("%(name)s is invited; the mail is on its way.", name=people[alumnus_id].display_name), "success")
    return redirect(url_for("planning_staff.plan", plan_id=plan.id))


@bp.post("/plan/<int:plan_id>/offer")
@access(staff_write)
def offer(plan_id: int) -> ResponseReturnValue:
    """Have a new plan made, to see what it would move; nothing changes until it is applied."""
    try:
        anew = service_refill.replan_offer(get_plan(plan_id), current_viewer().user_id)
    except Refused as refusal:
        flash(refusal.words, "error")
        return redirect(url_for("planning_staff.plan", plan_id=plan_id))
    return redirect(url_for("planning_staff.plan", plan_id=anew.id))


def _slot(slot_id: int) -> Slot:
    try:
        return get_slot(slot_id)
    except LookupError as missing:
        raise NotThere(str(missing)) from missing
