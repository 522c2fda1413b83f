"""Plans of staff: the list, a season to be planned, a plan being made, its board."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, staff_read, staff_write
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.assignments.queries import live_by_event
from bsm_alumni.events.queries_seats import Seats, seats_of
from bsm_alumni.extensions import utc_now
from bsm_alumni.planning import pages, service
from bsm_alumni.planning.enums import PlanState
from bsm_alumni.planning.forms import (
    WHOLE_PROGRAMME,
    AgainForm,
    PlanForm,
    default_days,
    filled_plan_form,
    usual_words,
)
from bsm_alumni.planning.models import Plan
from bsm_alumni.planning.pages import about_plan
from bsm_alumni.planning.queries import (
    count_proposals,
    event_choices,
    get_plan,
    others_to_compare,
    plan_weights_of,
    plans_page,
)
from bsm_alumni.planning.queries_balance import balance, count_moved
from bsm_alumni.planning.queries_board import board_by_person, board_by_week, live_seats, mark_rows, weeks_of_plan
from bsm_alumni.planning.service_moves import CHANGEABLE
from bsm_alumni.planning.shapes import BoardSeat, BoardWeek
from bsm_alumni.planning.words import failure_words
from bsm_alumni.web.errors import FieldErrors, Refused
from bsm_alumni.web.filtering import asked_days, asked_number

bp = Blueprint("planning_staff", __name__)

WEEKS, SEATS = 8, 150
"""A page of the board has at most so many weeks, and about so many seats."""
PERSON, WEEK = "person", "week"


@bp.get("/plan")
@access(staff_read)
def plans() -> ResponseReturnValue:
    """All plans, the latest first."""
    page = plans_page(request.args.get("after"), request.args.get("before"))
    return render_template(
        "planning/staff_plans.html", page=page, pages=pages.PAGE_WORDS, may_write=current_viewer().may_write
    )


@bp.get("/plan/new")
@access(staff_write)
def new() -> ResponseReturnValue:
    """The form for a season; ``first_day``, ``last_day`` and ``series_id`` say which sessions it shows."""
    today = utc_now().date()
    first, last = asked_days(request.args, "first_day", "last_day")
    days = (first or default_days(today)[0], last or default_days(first or today)[1])
    series_id = asked_number(request.args, "series_id")
    rows = _sessions(*days, series_id)
    form = filled_plan_form(
        plan_weights_of(series_id or None),
        title=_("%(first)s to %(last)s", first=pages.day_text(days[0]), last=pages.day_text(days[1])),
        days=days,
        series_id=series_id,
        event_ids=[event.id for event, seats in rows if seats.open],
    )
    return _new_page(form, rows)


@bp.post("/plan/new")
@access(staff_write)
def create() -> ResponseReturnValue:
    """Put the plan down; the worker makes it."""
    form = PlanForm()
    if form.validate_on_submit():
        try:
            plan = service.create_plan(current_viewer().user_id, form.details())
            return redirect(url_for(".plan", plan_id=plan.id))
        except FieldErrors as found:
            form.set_errors(found.errors)
    return _new_page(form, _sessions_of(form)), 422


@bp.post("/plan/weights")
@access(staff_write)
def save_weights() -> ResponseReturnValue:
    """Keep the weights of the form for its series; nothing is planned."""
    form = PlanForm()
    form.validate()
    wrong = {name: list(form[name].errors) for name in service.PLAN_WEIGHTS if form[name].errors}
    # What else is in the form waits: only its weights and its series are kept.
    for field in form:
        field.errors = wrong.get(field.name, []) if field.name != "series_id" else field.errors
    if wrong or form.series_id.errors:
        return _new_page(form, _sessions_of(form)), 422
    service.save_plan_weights(form.series_id.data or WHOLE_PROGRAMME, form.weights())
    flash(_("The weights are saved. New plans begin with them."), "success")
    first, last, series_id = form.first_day.data, form.last_day.data, form.series_id.data
    return redirect(url_for(".new", first_day=first, last_day=last, series_id=series_id or None))


def _sessions(first: date, last: date, series_id: int) -> list[tuple[Any, Seats]]:
    events = event_choices(first, last, series_id or None)
    seats = seats_of([event.id for event in events])
    return [(event, seats.get(event.id, Seats())) for event in events]


def _sessions_of(form: PlanForm) -> list[tuple[Any, Seats]]:
    first, last = form.first_day.data, form.last_day.data
    return _sessions(first, last, form.series_id.data or WHOLE_PROGRAMME) if first and last else []


def _new_page(form: PlanForm, rows: list[tuple[Any, Seats]]) -> str:
    return render_template(
        "planning/staff_new.html",
        form=form,
        rows=rows,
        ticked=set(form.event_ids.data or ()),
        usual=usual_words,
    )


@bp.get("/plan/<int:plan_id>")
@access(staff_read)
def plan(plan_id: int) -> ResponseReturnValue:
    """A plan: how far it is, why it could not be made, or its board by week or by person."""
    shown = get_plan(plan_id)
    if shown.state in service.UNDER_WAY:
        return _progress(shown)
    if request.headers.get("HX-Request") == "true":
        # The page that looked on shows the board now.
        return "", 200, {"HX-Refresh": "true"}
    if shown.state is PlanState.FAILED or (not shown.filled and not shown.asked):
        return render_template("planning/staff_failed.html", why=failure_words(shown.error), **about_plan(shown))
    return _board(shown)


def _progress(shown: Plan) -> str:
    alone = request.headers.get("HX-Request") == "true"
    return render_template(
        "planning/_progress.html" if alone else "planning/staff_progress.html",
        lines=pages.gap_lines(shown),
        **about_plan(shown),
    )


def _board(shown: Plan) -> str:
    viewer = current_viewer()
    view = PERSON if request.args.get("view") == PERSON else WEEK
    if view == PERSON:
        people = board_by_person(shown, viewer, request.args.get("after"), request.args.get("before"))
        weeks, earlier, later = list[BoardWeek](), None, None
    else:
        people = None
        mondays = weeks_of_plan(shown, viewer)
        since, _none = asked_days(request.args, "since", "")
        start = sum(monday < since for monday in mondays) if since else 0
        most = min(WEEKS, max(1, SEATS * len(mondays) // max(1, shown.asked)))
        weeks = board_by_week(shown, viewer, mondays[start] if start < len(mondays) else None, most)
        earlier = mondays[max(0, start - most)] if start else None
        later = mondays[start + most] if start + most < len(mondays) else None
    applied = shown.state is PlanState.APPLIED
    base = get_plan(shown.base_plan_id) if shown.base_plan_id and shown.state in CHANGEABLE else None
    return render_template(
        "planning/staff_plan.html",
        view=view,
        base=base,
        moves=count_moved(shown, base) if base else 0,
        weeks=weeks,
        people_rows=people,
        earlier=earlier,
        later=later,
        others=others_to_compare(shown, 1),
        balance=balance(shown),
        costs=pages.cost_lines(shown),
        lost=_open_lost(shown) if applied else [],
        marks=mark_rows(shown, viewer),
        proposals=count_proposals(shown, viewer) if applied else 0,
        live=_live([event.event.id for week in weeks for event in week.events]) if applied else {},
        **about_plan(shown),
    )


def _open_lost(shown: Plan) -> list[BoardSeat]:
    """Seats that were lost and that nobody else has taken since."""
    lost = live_seats(shown, current_viewer())
    live = _live([seat.seat.event_id for seat in lost])
    return [seat for seat in lost if len(live.get(seat.seat.slot_id, ())) < seat.seat.slot.seats]


def _live(events: list[int]) -> dict[int, list[Any]]:
    """Who holds a seat of each slot of the events now, whether or not the plan has them."""
    found: dict[int, list[Any]] = {}
    for holders in live_by_event(events).values():
        for holder in holders:
            found.setdefault(holder.slot_id, []).append(holder)
    return found


@bp.post("/plan/<int:plan_id>/stop")
@access(staff_write)
def stop(plan_id: int) -> ResponseReturnValue:
    """Take the best plan so far."""
    shown = get_plan(plan_id)
    try:
        service.stop_plan(shown)
        flash(_("The work stops in a moment. The best plan so far is kept."), "success")
    except Refused as refusal:
        flash(refusal.words, "error")
    return redirect(url_for(".plan", plan_id=plan_id))


@bp.get("/plan/<int:plan_id>/again")
@access(staff_write)
def again(plan_id: int) -> ResponseReturnValue:
    """The form for making a plan anew, perhaps with other weights."""
    shown = get_plan(plan_id)
    form = AgainForm(formdata=None, data={**shown.weights, "title": service.next_title(shown.title)})
    return render_template("planning/staff_again.html", form=form, usual=usual_words, **about_plan(shown))


@bp.post("/plan/<int:plan_id>/again")
@access(staff_write)
def replan(plan_id: int) -> ResponseReturnValue:
    """Put a new plan down that keeps what this one has where it can."""
    shown, form = get_plan(plan_id), AgainForm()
    if form.validate_on_submit():
        try:
            anew = service.replan(shown, current_viewer().user_id, form.title.data or "", form.weights())
            return redirect(url_for(".plan", plan_id=anew.id))
        except FieldErrors as found:
            form.set_errors(found.errors)
        except Refused as refusal:
            form.set_errors({"": refusal.words})
    return render_template("planning/staff_again.html", form=form, usual=usual_words, **about_plan(shown)), 422
