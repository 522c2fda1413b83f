"""An alumnus's rights: who saw them, requests, restriction, erasure."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, alumnus, fresh
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries_profile import get_visible
from bsm_alumni.consent.enums_disclosures import DisclosureWay
from bsm_alumni.rights import service_erasures, service_requests, service_restriction
from bsm_alumni.rights.enums import RequestKind
from bsm_alumni.rights.forms import EraseForm, RequestForm
from bsm_alumni.rights.queries import (
    disputables_of,
    find_open_erasure,
    find_own_restriction,
    names_of_items,
    requests_of,
)
from bsm_alumni.rights.queries_seen import CSV_COLUMNS, csv_rows, recipients_of, seen_page, seen_rows
from bsm_alumni.rights.rules import ANSWER_WITHIN
from bsm_alumni.rights.words import KINDS, LOOKS, STATES, WAYS, item_words
from bsm_alumni.web.errors import FieldErrors, NotThere, Refused
from bsm_alumni.web.exports import table_response
from bsm_alumni.web.filters import day

bp = Blueprint("rights_me", __name__)


def own_profile() -> Alumnus:
    """The profile of the person who is signed in."""
    viewer = current_viewer()
    return get_visible(viewer, viewer.alumnus_id or 0)


@bp.get("/rights")
@access(alumnus)
def rights() -> ResponseReturnValue:
    """The way to everything the person can ask for, and the switch of the restriction."""
    person = own_profile()
    return render_template(
        "rights/me_rights.html",
        person=person,
        own_restriction=find_own_restriction(person.id),
        erasure=find_open_erasure(person.id),
    )


def _narrowed() -> tuple[int | None, DisclosureWay | None]:
    way = request.args.get("way", "")
    return request.args.get("organisation", type=int), DisclosureWay(way) if way in set(DisclosureWay) else None


@bp.get("/seen")
@access(alumnus)
def seen() -> ResponseReturnValue:
    """Who saw or received what about me, when."""
    person, (organisation, way) = own_profile(), _narrowed()
    return render_template(
        "rights/me_seen.html",
        page=seen_page(person.id, organisation, way, request.args.get("after"), request.args.get("before")),
        organisation=organisation,
        way=way,
        recipients=recipients_of(person.id),
        ways=[(one.value, words) for one, words in WAYS.items()],
        csv_url=url_for(".seen_file", organisation=organisation, way=way.value if way else None),
    )


@bp.get("/seen.csv")
@access(alumnus)
def seen_file() -> ResponseReturnValue:
    """The same as a table."""
    return table_response("who-saw-me", "csv", CSV_COLUMNS, csv_rows(seen_rows(own_profile().id, *_narrowed())))


@bp.get("/requests")
@access(alumnus)
def requests() -> ResponseReturnValue:
    """My requests with their answers, and a form for a new one."""
    person = own_profile()
    return _requests_page(person, _form_for(person), 200)


def _form_for(person: Alumnus) -> RequestForm:
    form = RequestForm()
    form.fill_choices(disputables_of(person.id))
    return form


def _requests_page(person: Alumnus, form: RequestForm, status: int) -> ResponseReturnValue:
    held = requests_of(person.id)
    page = render_template(
        "rights/me_requests.html",
        form=form,
        requests=held,
        names=names_of_items(held),
        within=ANSWER_WITHIN.days,
        kinds=KINDS,
        states_words=STATES,
        looks=LOOKS,
        item_words=item_words,
    )
    return page, status


@bp.post("/requests")
@access(alumnus)
def open_request() -> ResponseReturnValue:
    """Send a request."""
    person = own_profile()
    form = _form_for(person)
    if form.validate_on_submit():
        try:
            kind = RequestKind(form.kind.data)
            opened = service_requests.open_request(person, kind, *form.chosen(), form.words.data or "")
        except FieldErrors as problem:
            form.set_errors(problem.errors)
        except Refused as refusal:
            form.set_errors({"": refusal.words})
        else:
            flash(_("Sent. You get an answer by mail by %(day)s.", day=day(opened.due_on)), "success")
            return redirect(url_for(".requests"))
    return _requests_page(person, form, 422)


@bp.post("/requests/<int:request_id>/withdraw")
@access(alumnus)
def withdraw_request(request_id: int) -> ResponseReturnValue:
    """Take a request back."""
    try:
        service_requests.withdraw_request(request_id, own_profile().id)
        flash(_("The request is taken back."), "success")
    except LookupError as missing:
        raise NotThere(str(missing)) from missing
    except Refused as refusal:
        flash(refusal.words, "error")
    return redirect(url_for(".requests"))


@bp.post("/restriction")
@access(alumnus)
def restrict() -> ResponseReturnValue:
    """Restrict my data at once."""
    service_restriction.restrict(own_profile())
    flash(_("Your data is restricted from now on. No partner sees you, and nobody asks you for sessions."), "success")
    return redirect(url_for(".rights"))


@bp.post("/restriction/lift")
@access(alumnus)
def lift_restriction() -> ResponseReturnValue:
    """End my restriction."""
    try:
        service_restriction.lift(own_profile())
        flash(_("The restriction is over. Partners you share with see you again."), "success")
    except Refused as refusal:
        flash(refusal.words, "error")
    return redirect(url_for(".rights"))


@bp.get("/erasure")
@access(fresh(alumnus))
def erasure_form() -> ResponseReturnValue:
    """What is erased, what is left, and by when."""
    return _erasure_page(EraseForm(), 200)


def _erasure_page(form: EraseForm, status: int) -> ResponseReturnValue:
    erasure = find_open_erasure(own_profile().id)
    return render_template("rights/me_erasure.html", form=form, erasure=erasure, within=ANSWER_WITHIN.days), status


@bp.post("/erasure")
@access(fresh(alumnus))
def ask_erasure() -> ResponseReturnValue:
    """Ask to be erased."""
    form = EraseForm()
    if form.validate_on_submit():
        try:
            asked = service_erasures.ask_erasure(own_profile(), form.words.data or "")
        except Refused as refusal:
            form.set_errors({"": refusal.words})
        else:
            flash(
                _("Asked. Everything about you is erased by %(day)s at the latest.", day=day(asked.due_on)), "success"
            )
            return redirect(url_for(".rights"))
    return _erasure_page(form, 422)


@bp.post("/erasure/withdraw")
@access(alumnus)
def withdraw_erasure() -> ResponseReturnValue:
    """Stay after all."""
    try:
        service_erasures.withdraw_erasure(own_profile())
        flash(_("Taken back. Nothing is erased."), "success")
    except Refused as refusal:
        flash(refusal.words, "error")
    return redirect(url_for(".rights"))
