"""Staff pages: the slots of an event."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, staff_write
from bsm_alumni.events import service_slots as service
from bsm_alumni.events.forms_small import SlotForm
from bsm_alumni.events.models import Event, Slot
from bsm_alumni.events.queries import find_event, find_slot
from bsm_alumni.reference.queries import theme_choices
from bsm_alumni.web.errors import FieldErrors, Refused

bp = Blueprint("slots_staff", __name__)


@bp.get("/<int:event_id>/slots/new")
@access(staff_write)
def new(event_id: int) -> ResponseReturnValue:
    """The empty form of a slot; its language is the event's where there is one alone."""
    event = _event_or_404(event_id)
    form = _form()
    if len(event.languages) == 1:
        form.language_code.data = event.languages[0].language_code
    return render_template("events/staff_new_slot.html", form=form, event=event)


@bp.post("/<int:event_id>/slots/new")
@access(staff_write)
def create(event_id: int) -> ResponseReturnValue:
    """Add a slot and show the event with it in hand."""
    event, form = _event_or_404(event_id), _form()
    if form.validate_on_submit():
        try:
            slot = service.add_slot(event, form.details())
            flash(_("The slot is added."), "success")
            return redirect(url_for("desk_staff.event", event_id=event_id, slot=slot.id))
        except FieldErrors as found:
            form.set_errors(found.errors)
        except Refused as refusal:
            form.set_errors({"": refusal.words})
    return render_template("events/staff_new_slot.html", form=form, event=event), 422


@bp.get("/<int:event_id>/slots/<int:slot_id>/edit")
@access(staff_write)
def edit(event_id: int, slot_id: int) -> ResponseReturnValue:
    """The form with a slot."""
    slot = _slot_or_404(event_id, slot_id)
    form = _form(slot)
    form.role.data, form.seats.data, form.language_code.data = slot.role.value, slot.seats, slot.language_code or ""
    form.level.data, form.theme_id.data, form.note.data = slot.level_needed, slot.theme_id or 0, slot.note
    return render_template("events/staff_edit_slot.html", form=form, event=slot.event, slot=slot)


@bp.post("/<int:event_id>/slots/<int:slot_id>/edit")
@access(staff_write)
def save(event_id: int, slot_id: int) -> ResponseReturnValue:
    """Change a slot."""
    slot = _slot_or_404(event_id, slot_id)
    form = _form(slot)
    if form.validate_on_submit():
        try:
            service.edit_slot(slot, form.details())
            flash(_("The slot is saved."), "success")
            return redirect(url_for("desk_staff.event", event_id=event_id, slot=slot_id))
        except FieldErrors as found:
            form.set_errors(found.errors)
        except Refused as refusal:
            form.set_errors({"": refusal.words})
    return render_template("events/staff_edit_slot.html", form=form, event=slot.event, slot=slot), 422


@bp.post("/<int:event_id>/slots/<int:slot_id>/remove")
@access(staff_write)
def remove(event_id: int, slot_id: int) -> ResponseReturnValue:
    """Remove a slot for which nobody was asked."""
    slot = _slot_or_404(event_id, slot_id)
    try:
        service.remove_slot(slot)
        flash(_("The slot is removed."), "success")
    except Refused as refusal:
        flash(refusal.words, "error")
    return redirect(url_for("desk_staff.event", event_id=event_id))


def _form(slot: Slot | None = None) -> SlotForm:
    form = SlotForm()
    form.fill_choices(theme_choices([slot.theme_id] if slot and slot.theme_id else ()))
    return form


def _event_or_404(event_id: int) -> Event:
    return find_event(event_id) or abort(404)


def _slot_or_404(event_id: int, slot_id: int) -> Slot:
    slot = find_slot(slot_id)
    return slot if slot is not None and slot.event_id == event_id else abort(404)
