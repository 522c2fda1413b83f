"""Staff's page of requests: what alumni ask for, open ones first, and the answers."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, admin_only, fresh, staff_read, staff_write
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.alumni.queries_profile import get_visible
from bsm_alumni.consent.erased import lift
from bsm_alumni.extensions import utc_now
from bsm_alumni.rights import service_erasures, service_requests
from bsm_alumni.rights.enums import Item, RequestKind, RequestState
from bsm_alumni.rights.forms import AnswerForm, LetInForm, RecordForm, RefuseForm
from bsm_alumni.rights.models import Erasure, RightsRequest
from bsm_alumni.rights.queries import (
    count_open_requests,
    find_erasure_of_request,
    find_request,
    names_of_items,
    requests_page,
)
from bsm_alumni.rights.rules import days_left
from bsm_alumni.rights.words import ERASURES, KINDS, LOOKS, STATES, item_words
from bsm_alumni.web.errors import FieldErrors, NotThere, Refused

bp = Blueprint("rights_staff", __name__)


def _request_or_404(request_id: int) -> RightsRequest:
    found = find_request(request_id)
    if found is None:
        raise NotThere
    return found


@bp.get("/requests")
@access(staff_read)
def requests() -> ResponseReturnValue:
    """Open requests by the day they are due, or those that are over."""
    state = "over" if request.args.get("show") == "over" else "open"
    page = requests_page(state, request.args.get("after"), request.args.get("before"))
    today = utc_now().date()
    return render_template(
        "rights/staff_requests.html",
        page=page,
        state=state,
        total=count_open_requests(),
        names=names_of_items(page.rows),
        kinds=KINDS,
        states_words=STATES,
        looks=LOOKS,
        item_words=item_words,
        left=lambda due: days_left(due, today),
    )


@bp.get("/requests/<int:request_id>")
@access(staff_read)
def one(request_id: int) -> ResponseReturnValue:
    """One request in the person's words, and the form to answer it."""
    form = AnswerForm()
    form.fill_choices()
    return _request_page(_request_or_404(request_id), form, RefuseForm(), 200)


def _request_page(shown: RightsRequest, form: AnswerForm, refuse_form: RefuseForm, status: int) -> ResponseReturnValue:
    erasure: Erasure | None = find_erasure_of_request(shown.id) if shown.kind is RequestKind.ERASURE else None
    page = render_template(
        "rights/staff_request.html",
        shown=shown,
        erasure=erasure,
        form=form,
        refuse_form=refuse_form,
        name=names_of_items([shown]).get(shown.id, ""),
        kinds=KINDS,
        states_words=STATES,
        looks=LOOKS,
        erasures=ERASURES,
        item_words=item_words,
        left=days_left(shown.due_on, utc_now().date()),
        own_id=current_viewer().user_id,
    )
    return page, status


@bp.post("/requests/<int:request_id>/answer")
@access(staff_write)
def answer(request_id: int) -> ResponseReturnValue:
    """Answer; the person gets the words by mail."""
    shown, form = _request_or_404(request_id), AnswerForm()
    form.fill_choices()
    if form.validate_on_submit():
        try:
            state = RequestState(form.state.data)
            service_requests.answer_request(shown.id, state, form.answer.data or "", current_viewer().user_id)
        except FieldErrors as problem:
            form.set_errors(problem.errors)
        except Refused as refusal:
            form.set_errors({"": refusal.words})
        else:
            flash(_("The answer is on its way to the person."), "success")
            return redirect(url_for(".requests"))
    return _request_page(shown, form, RefuseForm(), 422)


@bp.post("/requests/<int:request_id>/erase")
@access(fresh(admin_only))
def approve_erasure(request_id: int) -> ResponseReturnValue:
    """Let the worker erase the person."""
    shown = _request_or_404(request_id)
    erasure = find_erasure_of_request(shown.id)
    if erasure is None:
        raise NotThere
    try:
        service_erasures.approve_erasure(erasure.id, current_viewer().user_id)
        flash(_("The person is being erased. It is done within the hour, once the last mail has left."), "success")
    except Refused as refusal:
        flash(refusal.words, "error")
    return redirect(url_for(".one", request_id=shown.id))


@bp.post("/requests/<int:request_id>/refuse")
@access(admin_only)
def refuse_erasure(request_id: int) -> ResponseReturnValue:
    """Say no to an erasure, with the reason."""
    shown, form = _request_or_404(request_id), RefuseForm()
    erasure = find_erasure_of_request(shown.id)
    if erasure is None:
        raise NotThere
    if form.validate_on_submit():
        try:
            service_erasures.refuse_erasure(erasure.id, form.answer.data or "", current_viewer().user_id)
        except FieldErrors as problem:
            form.set_errors(problem.errors)
        except Refused as refusal:
            form.set_errors({"": refusal.words})
        else:
            flash(_("The answer is on its way to the person."), "success")
            return redirect(url_for(".requests"))
    other = AnswerForm()
    other.fill_choices()
    return _request_page(shown, other, form, 422)


@bp.get("/alumni/<int:alumnus_id>/request")
@access(staff_write)
def record_form(alumnus_id: int) -> ResponseReturnValue:
    """Take down what a person asked for by letter or telephone."""
    form = RecordForm()
    form.fill_choices()
    return _record_page(alumnus_id, form, 200)


def _record_page(alumnus_id: int, form: RecordForm, status: int) -> ResponseReturnValue:
    person = get_visible(current_viewer(), alumnus_id)
    return render_template("rights/staff_record.html", form=form, person=person), status


@bp.post("/alumni/<int:alumnus_id>/request")
@access(staff_write)
def record_request(alumnus_id: int) -> ResponseReturnValue:
    """Put it down; an erasure then needs an administrator who is somebody else."""
    viewer, form = current_viewer(), RecordForm()
    person = get_visible(viewer, alumnus_id)
    form.fill_choices()
    if form.validate_on_submit():
        kind, words = RequestKind(form.kind.data), form.words.data or ""
        try:
            if kind is RequestKind.ERASURE:
                service_erasures.ask_erasure(person, words, viewer.user_id)
            else:
                service_requests.open_request(person, kind, Item.OTHER, None, words, viewer.user_id)
        except FieldErrors as problem:
            form.set_errors(problem.errors)
        except Refused as refusal:
            form.set_errors({"": refusal.words})
        else:
            flash(_("The request is put down."), "success")
            return redirect(url_for(".requests"))
    return _record_page(alumnus_id, form, 422)


@bp.get("/requests/erased")
@access(staff_write)
def erased() -> ResponseReturnValue:
    """Let an address in again whose owner was erased."""
    return render_template("rights/staff_erased.html", form=LetInForm())


@bp.post("/requests/erased")
@access(staff_write)
def let_in() -> ResponseReturnValue:
    """Do so; imports and forms take the address again."""
    form = LetInForm()
    if form.validate_on_submit():
        try:
            lift(form.address.data or "", current_viewer().user_id, form.reason.data or "")
        except FieldErrors as problem:
            form.set_errors(problem.errors)
        else:
            flash(_("The address is taken again by imports and forms."), "success")
            return redirect(url_for(".erased"))
    return render_template("rights/staff_erased.html", form=form), 422
