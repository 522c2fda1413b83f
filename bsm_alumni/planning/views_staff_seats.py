"""One seat of a plan, or a free one: who could take it at what price, why somebody is not there, staff's marks."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, staff_read, staff_write
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.events.models import Slot
from bsm_alumni.extensions import utc_now
from bsm_alumni.matching.queries import ids_named
from bsm_alumni.matching.service import look_at
from bsm_alumni.planning import service_marks, service_moves
from bsm_alumni.planning.forms import PersonForm
from bsm_alumni.planning.models import Plan
from bsm_alumni.planning.pages import about_plan
from bsm_alumni.planning.queries import get_plan, get_seat, get_slot_of_plan, people_of
from bsm_alumni.planning.queries_board import board_of_event
from bsm_alumni.planning.shapes import BoardSeat, BoardSlot, MovePrice, Replacement, WhyNot
from bsm_alumni.web.errors import NotThere, Refused
from bsm_alumni.web.filtering import asked_text

bp = Blueprint("planning_seats", __name__)

MOST_FOUND = 3


@bp.get("/plan/<int:plan_id>/seats/<int:seat_id>")
@access(staff_read)
def seat(plan_id: int, seat_id: int) -> ResponseReturnValue:
    """Who has the seat and why, the ten best others with their prices, and why somebody named is not there."""
    plan = get_plan(plan_id)
    shown, place = _seat_on_board(plan, seat_id)
    slot, viewer = place.slot, current_viewer()
    rows = look_at(viewer, slot, [shown.seat.alumnus_id], utc_now()) if shown.alumnus else []
    others, closed = _candidates(plan, slot, seat_id)
    return render_template(
        "planning/staff_seat.html",
        seat=shown,
        place=place,
        seat_of={one.seat.alumnus_id: one.seat.id for one in place.seats},
        why=rows[0] if rows else None,
        others=others,
        closed=closed,
        url=url_for(".seat", plan_id=plan_id, seat_id=seat_id),
        move_url=lambda alumnus_id: url_for(".move", plan_id=plan_id, seat_id=seat_id, to=alumnus_id),
        **_named(plan, slot),
        **about_plan(plan),
    )


@bp.get("/plan/<int:plan_id>/slots/<int:slot_id>")
@access(staff_read)
def slot(plan_id: int, slot_id: int) -> ResponseReturnValue:
    """A free seat of a slot: why it stays free, who could take it at what price, why somebody named is not there."""
    plan = get_plan(plan_id)
    place = _place(plan, get_slot_of_plan(plan, slot_id))
    others, closed = _candidates(plan, place.slot, None)
    return render_template(
        "planning/staff_slot.html",
        place=place,
        seat_of={one.seat.alumnus_id: one.seat.id for one in place.seats},
        others=others,
        closed=closed,
        url=url_for(".slot", plan_id=plan_id, slot_id=slot_id),
        move_url=lambda alumnus_id: url_for(".filling", plan_id=plan_id, slot_id=slot_id, to=alumnus_id),
        **_named(plan, place.slot),
        **about_plan(plan),
    )


@bp.get("/plan/<int:plan_id>/seats/<int:seat_id>/swap")
@access(staff_write)
def move(plan_id: int, seat_id: int) -> ResponseReturnValue:
    """What giving the seat to somebody (``to``) would change; nothing is changed."""
    plan = get_plan(plan_id)
    shown, place = _seat_on_board(plan, seat_id)
    return _move_page(
        plan,
        place,
        shown,
        lambda alumnus_id: service_moves.price_of_swap(plan, seat_id, alumnus_id),
        post_url=url_for(".swap", plan_id=plan_id, seat_id=seat_id),
        back=url_for(".seat", plan_id=plan_id, seat_id=seat_id),
    )


@bp.post("/plan/<int:plan_id>/seats/<int:seat_id>/swap")
@access(staff_write)
def swap(plan_id: int, seat_id: int) -> ResponseReturnValue:
    """Give the seat to somebody else."""
    plan = get_plan(plan_id)
    get_seat(plan, seat_id)
    return _give(plan, lambda alumnus_id: service_moves.swap(plan, seat_id, alumnus_id).id, seat_id)


@bp.get("/plan/<int:plan_id>/slots/<int:slot_id>/fill")
@access(staff_write)
def filling(plan_id: int, slot_id: int) -> ResponseReturnValue:
    """What giving a free seat to somebody (``to``) would change; nothing is changed."""
    plan = get_plan(plan_id)
    place = _place(plan, get_slot_of_plan(plan, slot_id))
    return _move_page(
        plan,
        place,
        None,
        lambda alumnus_id: service_moves.price_of_filling(plan, slot_id, alumnus_id),
        post_url=url_for(".fill", plan_id=plan_id, slot_id=slot_id),
        back=url_for(".slot", plan_id=plan_id, slot_id=slot_id),
    )


@bp.post("/plan/<int:plan_id>/slots/<int:slot_id>/fill")
@access(staff_write)
def fill(plan_id: int, slot_id: int) -> ResponseReturnValue:
    """Give a free seat to somebody."""
    plan = get_plan(plan_id)
    get_slot_of_plan(plan, slot_id)
    return _give(plan, lambda alumnus_id: service_moves.fill(plan, slot_id, alumnus_id).id, None, slot_id)


def _move_page(
    plan: Plan,
    place: BoardSlot,
    leaves: BoardSeat | None,
    price_for: Callable[[int], MovePrice],
    *,
    post_url: str,
    back: str,
) -> ResponseReturnValue:
    taker = _person(request.args.get("to", 0, type=int))
    try:
        price = price_for(taker.id)
    except Refused as refusal:
        flash(refusal.words, "error")
        return redirect(back)
    return render_template(
        "planning/staff_move.html",
        place=place,
        leaves=leaves,
        taker=taker,
        price=price,
        post_url=post_url,
        back=back,
        **about_plan(plan),
    )


def _give(
    plan: Plan, give: Callable[[int], int], seat_id: int | None, slot_id: int | None = None
) -> ResponseReturnValue:
    form = PersonForm()
    back = (
        url_for(".seat", plan_id=plan.id, seat_id=seat_id)
        if seat_id is not None
        else url_for(".slot", plan_id=plan.id, slot_id=slot_id)
    )
    if not form.validate_on_submit():
        for _field, words in form.error_list():
            flash(words, "error")
        return redirect(back)
    taker = _person(form.alumnus_id.data or 0)
    try:
        new_id = give(taker.id)
    except Refused as refusal:
        flash(refusal.words, "error")
        return redirect(back)
    flash(
        _("The seat is given to %(name)s. Nobody is told before the plan is applied.", name=taker.display_name),
        "success",
    )
    return redirect(url_for(".seat", plan_id=plan.id, seat_id=new_id))


@bp.post("/plan/<int:plan_id>/seats/<int:seat_id>/lock")
@access(staff_write)
def lock(plan_id: int, seat_id: int) -> ResponseReturnValue:
    """Keep the person in the seat when the plan is made anew."""
    plan = get_plan(plan_id)
    seat = get_seat(plan, seat_id)
    user_id = current_viewer().user_id
    _mark(
        lambda: service_marks.lock(plan, seat.slot_id, seat.alumnus_id, user_id),
        _("Locked. This seat stays as it is when the plan is made anew."),
    )
    return redirect(url_for(".seat", plan_id=plan_id, seat_id=seat_id))


@bp.post("/plan/<int:plan_id>/seats/<int:seat_id>/forbid")
@access(staff_write)
def forbid(plan_id: int, seat_id: int) -> ResponseReturnValue:
    """Give the person no seat in this slot, or in the whole session (``whole``), when the plan is made anew."""
    plan = get_plan(plan_id)
    seat = get_seat(plan, seat_id)
    slot_id = None if request.form.get("whole") == "1" else seat.slot_id
    user_id = current_viewer().user_id
    _mark(
        lambda: service_marks.forbid(plan, seat.event_id, slot_id, seat.alumnus_id, user_id),
        _("Excluded. Give the seat to somebody else below, or make the plan anew."),
    )
    return redirect(url_for(".seat", plan_id=plan_id, seat_id=seat_id))


@bp.post("/plan/<int:plan_id>/marks/<int:mark_id>/remove")
@access(staff_write)
def unmark(plan_id: int, mark_id: int) -> ResponseReturnValue:
    """Take a mark back; ``seat`` is the seat from whose page it was done."""
    plan = get_plan(plan_id)
    _mark(lambda: service_marks.unmark(plan, mark_id), _("The mark is taken back."))
    seat_id = request.form.get("seat", type=int)
    if seat_id is None:
        return redirect(url_for("planning_staff.plan", plan_id=plan_id))
    return redirect(url_for(".seat", plan_id=plan_id, seat_id=seat_id))


def _mark(step: Callable[[], object], done: str) -> None:
    try:
        step()
        flash(done, "success")
    except Refused as refusal:
        flash(refusal.words, "error")


def _place(plan: Plan, slot: Slot) -> BoardSlot:
    board = board_of_event(plan, slot.event_id, current_viewer())
    for place in board.slots if board else ():
        if place.slot.id == slot.id:
            return place
    raise NotThere(f"Plan {plan.id} has no slot {slot.id}.")


def _seat_on_board(plan: Plan, seat_id: int) -> tuple[BoardSeat, BoardSlot]:
    place = _place(plan, get_seat(plan, seat_id).slot)
    return next((one, place) for one in place.seats if one.seat.id == seat_id)


def _person(alumnus_id: int) -> Alumnus:
    people = people_of(current_viewer(), [alumnus_id])
    if alumnus_id not in people:
        raise NotThere(f"There is no alumnus {alumnus_id}.")
    return people[alumnus_id]


def _candidates(plan: Plan, slot: Slot, seat_id: int | None) -> tuple[tuple[Replacement, ...], str]:
    """The best others; with words instead where the session cannot be planned any more."""
    try:
        return service_moves.candidates_for(plan, slot.id, current_viewer(), seat_id), ""
    except Refused as refusal:
        return (), refusal.words


def _named(plan: Plan, slot: Slot) -> dict[str, Any]:
    """What was typed into 'Why not …?' and what there is to say of each person found."""
    q, viewer = asked_text(request.args, "q"), current_viewer()
    found: list[WhyNot] = []
    words = ""
    if q:
        try:
            ids = ids_named(viewer, q, MOST_FOUND)
            seen = people_of(viewer, ids)
            ids = [alumnus_id for alumnus_id in ids if alumnus_id in seen]
            found = service_moves.why_not(plan, slot.id, ids, viewer) if ids else []
        except Refused as refusal:
            words = refusal.words
    return {"q": q, "named": found, "named_closed": words}
