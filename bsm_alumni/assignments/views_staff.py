"""What officers do with seats: propose, invite, remind, cancel, say who came. Each goes back to the event."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from bsm_alumni.access import access, staff_read, staff_write
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.alumni.queries import find_visible
from bsm_alumni.assignments import service
from bsm_alumni.assignments.forms import DeadlineForm, InviteForm, InviteManyForm, ReasonForm, end_of_day
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.queries import all_of_person, find_assignment
from bsm_alumni.events.models import Slot
from bsm_alumni.events.queries import get_slot
from bsm_alumni.events.words import ROLES
from bsm_alumni.web.errors import FieldErrors, Refused
from bsm_alumni.web.forms import BaseForm

bp = Blueprint("assignments_staff", __name__)


def _slot_or_404(slot_id: int) -> Slot:
    try:
        return get_slot(slot_id)
    except LookupError:
        abort(404)


def _assignment_or_404(assignment_id: int) -> Assignment:
    assignment = find_assignment(assignment_id)
    if assignment is None:
        abort(404)
    return assignment


def _back_to(slot: Slot) -> ResponseReturnValue:
    """The event's page with the same slot in hand."""
    return redirect(url_for("desk_staff.event", event_id=slot.event_id, slot=slot.id))


def _complain(form: BaseForm) -> None:
    for _field, words in form.error_list():
        flash(words, "error")


def _try(step: Callable[[], object], done: str) -> bool:
    """Run one step of the service and say what came of it; True when it was done."""
    try:
        step()
    except Refused as refusal:
        flash(refusal.words, "error")
    except FieldErrors as error:
        for words in error.errors.values():
            flash(words, "error")
    except LookupError:
        abort(404)
    else:
        flash(done, "success")
        return True
    return False


def _name(alumnus_id: int | None) -> str:
    alumnus = find_visible(current_viewer(), alumnus_id or 0)
    if alumnus is None:
        abort(404)
    return alumnus.display_name


@bp.post("/slots/<int:slot_id>/propose")
@access(staff_write)
def propose(slot_id: int) -> ResponseReturnValue:
    """Keep a seat for somebody, without asking yet."""
    slot, form = _slot_or_404(slot_id), InviteForm()
    if form.validate():
        alumnus_id = form.alumnus_id.data
        words = _("A seat is kept for %(name)s. No mail was sent.", name=_name(alumnus_id))
        _try(lambda: service.propose(slot_id, alumnus_id), words)
    else:
        _complain(form)
    return _back_to(slot)


@bp.post("/slots/<int:slot_id>/invite")
@access(staff_write)
def propose_and_invite(slot_id: int) -> ResponseReturnValue:
    """Ask one person: the seat is kept and the mail is written."""
    slot, form = _slot_or_404(slot_id), InviteForm()
    if form.validate():
        alumnus_id, held = form.alumnus_id.data, bool(form.held.data)
        answer_by = end_of_day(form.answer_by.data, slot.event.zone)
        name = _name(alumnus_id)
        words = (
            _("%(name)s is invited; the mail waits in the outbox for you to read it.", name=name)
            if held
            else _("%(name)s is invited; the mail is on its way.", name=name)
        )
        _try(lambda: service.propose_and_invite(slot_id, alumnus_id, answer_by, held=held), words)
    else:
        _complain(form)
    return _back_to(slot)


@bp.post("/slots/<int:slot_id>/invite-many")
@access(staff_write)
def invite_many(slot_id: int) -> ResponseReturnValue:
    """Ask those who are selected, in their order, and say who was left out and why."""
    slot, form = _slot_or_404(slot_id), InviteManyForm()
    ids = [int(value) for value in request.form.getlist("alumnus_id") if value.isascii() and value.isdigit()][:100]
    if not form.validate():
        _complain(form)
    elif not ids:
        flash(_("Select somebody first."), "error")
    else:
        _ask_many(slot_id, ids, end_of_day(form.answer_by.data, slot.event.zone), bool(form.held.data))
    return _back_to(slot)


def _ask_many(slot_id: int, ids: list[int], answer_by: datetime | None, held: bool) -> None:
    try:
        asked, left_out = service.invite_many(slot_id, ids, answer_by, held=held)
    except FieldErrors as error:
        for words in error.errors.values():
            flash(words, "error")
        return
    except LookupError:
        abort(404)
    flash(ngettext("%(num)s person is invited.", "%(num)s people are invited.", len(asked)), "success")
    for name, words in left_out:
        flash(_("%(name)s was left out: %(why)s", name=name, why=words), "warning")


@bp.post("/assignments/<int:assignment_id>/invite")
@access(staff_write)
def invite(assignment_id: int) -> ResponseReturnValue:
    """Ask the person whose seat was kept."""
    assignment, form = _assignment_or_404(assignment_id), DeadlineForm()
    slot, name = assignment.slot, assignment.alumnus.display_name
    if form.validate():
        answer_by = end_of_day(form.answer_by.data, slot.event.zone)
        words = _("%(name)s is invited; the mail is on its way.", name=name)
        _try(lambda: service.invite(assignment_id, answer_by), words)
    else:
        _complain(form)
    return _back_to(slot)


@bp.post("/assignments/<int:assignment_id>/cancel")
@access(staff_write)
def cancel(assignment_id: int) -> ResponseReturnValue:
    """Give the seat up; the person is told if they know of it."""
    assignment, form = _assignment_or_404(assignment_id), ReasonForm()
    slot, name = assignment.slot, assignment.alumnus.display_name
    if form.validate():
        words = _("The seat of %(name)s is free again.", name=name)
        _try(lambda: service.cancel(assignment_id, (form.reason.data or "").strip()), words)
    else:
        _complain(form)
    return _back_to(slot)


@bp.post("/assignments/<int:assignment_id>/remind")
@access(staff_write)
def remind(assignment_id: int) -> ResponseReturnValue:
    """Remind an invited person now."""
    assignment = _assignment_or_404(assignment_id)
    slot, name = assignment.slot, assignment.alumnus.display_name
    _try(lambda: service.remind(assignment_id), _("A reminder to %(name)s is on its way.", name=name))
    return _back_to(slot)


@bp.post("/assignments/<int:assignment_id>/renew-link")
@access(staff_write)
def renew_link(assignment_id: int) -> ResponseReturnValue:
    """Send an invited person a new link; the old one closes."""
    assignment, form = _assignment_or_404(assignment_id), DeadlineForm()
    slot, name = assignment.slot, assignment.alumnus.display_name
    if form.validate():
        answer_by = end_of_day(form.answer_by.data, slot.event.zone)
        words = _("A new link for %(name)s is on its way; the old one no longer works.", name=name)
        _try(lambda: service.renew_link(assignment_id, answer_by), words)
    else:
        _complain(form)
    return _back_to(slot)


@bp.post("/assignments/<int:assignment_id>/delivered")
@access(staff_write)
def delivered(assignment_id: int) -> ResponseReturnValue:
    """The person presented."""
    assignment = _assignment_or_404(assignment_id)
    slot, name = assignment.slot, assignment.alumnus.display_name
    _try(lambda: service.mark_delivered(assignment_id), _("Noted: %(name)s presented.", name=name))
    return _back_to(slot)


@bp.post("/assignments/<int:assignment_id>/no-show")
@access(staff_write)
def no_show(assignment_id: int) -> ResponseReturnValue:
    """The person accepted and did not come."""
    assignment, form = _assignment_or_404(assignment_id), ReasonForm()
    slot, name = assignment.slot, assignment.alumnus.display_name
    if form.validate():
        words = _("Noted: %(name)s did not come.", name=name)
        _try(lambda: service.mark_no_show(assignment_id, (form.reason.data or "").strip()), words)
    else:
        _complain(form)
    return _back_to(slot)


@bp.get("/alumni/<int:alumnus_id>/assignments")
@access(staff_read)
def of_alumnus(alumnus_id: int) -> ResponseReturnValue:
    """Everything one person was asked; htmx gets the list alone."""
    alumnus = find_visible(current_viewer(), alumnus_id)
    if alumnus is None:
        abort(404)
    fragment = request.headers.get("HX-Request") == "true"
    return render_template(
        "assignments/_of_alumnus.html" if fragment else "assignments/staff_of_alumnus.html",
        alumnus=alumnus,
        assignments=all_of_person(alumnus_id),
        roles=ROLES,
    )
