"""Staff pages: one event with its people, and what moves or cancels it."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from bsm_alumni.access import access, staff_read, staff_write
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.assignments.queries import SlotSeats, seats_of_event
from bsm_alumni.assignments.words import REASONS
from bsm_alumni.audit.service_reads import note_list
from bsm_alumni.desk.links import find_url
from bsm_alumni.desk.queries_event import (
    count_told,
    event_history,
    find_event_with_parts,
    letters_of,
    since,
    slot_in_hand,
)
from bsm_alumni.desk.service_events import Saved, cancel_event, save_event
from bsm_alumni.desk.steps import next_steps
from bsm_alumni.desk.words_event import VERBS, change_words
from bsm_alumni.events.forms_small import CancelForm
from bsm_alumni.events.models import Event
from bsm_alumni.events.pages import event_form
from bsm_alumni.events.rules import PUT_AWAY, by_clock, pinned_zones
from bsm_alumni.events.words import KINDS, LOOKS, ROLES, STATUSES, level_label, outcome_label, principle_label
from bsm_alumni.extensions import utc_now
from bsm_alumni.planning.queries_links import slots_in_applied_plans
from bsm_alumni.web.errors import FieldErrors, Refused

bp = Blueprint("desk_staff", __name__)

PEOPLE, LETTERS, BRIEFING, HISTORY = "people", "correspondence", "briefing", "history"


@bp.get("/<int:event_id>")
@access(staff_read)
def event(event_id: int) -> ResponseReturnValue:
    """One event: its people and the shortlist of the slot in hand, or one of the other tabs."""
    shown, viewer, now = _event_or_404(event_id), current_viewer(), utc_now()
    tabs = {PEOPLE: _("People"), LETTERS: _("Correspondence"), BRIEFING: _("Briefing"), HISTORY: _("History")}
    tab = request.args.get("tab", PEOPLE)
    tab = tab if tab in tabs else PEOPLE
    urls = {name: url_for(".event", event_id=event_id, tab=name if name != PEOPLE else None) for name in tabs}
    places = seats_of_event(event_id) if tab in (PEOPLE, LETTERS) else []
    in_hand = slot_in_hand(places, request.args.get("slot", type=int)) if tab == PEOPLE else None
    letters = letters_of(places) if tab == LETTERS else []
    lost = [place.slot.id for place in places if place.past and None in place.seats] if tab == PEOPLE else []
    planned = slots_in_applied_plans(lost)
    if letters:
        note_list("mail.listed", "events", len(letters), {}, event_id)
    return render_template(
        "events/staff_event.html",
        event=shown,
        tab=tab,
        tabs=[(words, urls[name], name == tab) for name, words in tabs.items()],
        cities=by_clock(pinned_zones(shown.zone, viewer.zone), shown.starts_at),
        places=places,
        in_hand=in_hand,
        shortlist_url=_shortlist_url(shown, in_hand),
        refill_url=lambda slot_id: find_url("planning_apply.refill", slot_id=slot_id) if slot_id in planned else None,
        letters=letters,
        history=event_history(shown) if tab == HISTORY else [],
        is_open=shown.status not in PUT_AWAY,
        is_over=shown.ends_at <= now,
        steps=lambda assignment: next_steps(assignment, viewer, now),
        alumnus_url=lambda alumnus_id: find_url("alumni_staff.alumnus", alumnus_id=alumnus_id),
        mail_url=lambda mail_id: find_url("mail_staff.mail", mail_id=mail_id),
        since=since,
        change_words=change_words,
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "kinds": KINDS,
        "statuses": STATUSES,
        "looks": LOOKS,
        "roles": ROLES,
        "reasons": REASONS,
        "verbs": VERBS,
        "level_label": level_label,
        "outcome_label": outcome_label,
        "principle_label": principle_label,
    }


def _shortlist_url(shown: Event, place: SlotSeats | None) -> str | None:
    """Where the shortlist of a slot is, while somebody can still be asked."""
    if place is None or shown.status in PUT_AWAY or shown.starts_at <= utc_now():
        return None
    return find_url("matching_staff.shortlist", event_id=shown.id, slot_id=place.slot.id)


@bp.get("/<int:event_id>/edit")
@access(staff_write)
def edit(event_id: int) -> ResponseReturnValue:
    """The form with the event."""
    shown = _event_or_404(event_id)
    form = event_form(current_viewer(), shown, fresh=True)
    return render_template("events/staff_edit.html", form=form, event=shown, told=count_told(event_id))


@bp.post("/<int:event_id>/edit")
@access(staff_write)
def save(event_id: int) -> ResponseReturnValue:
    """Change the event; when it moved, its people are asked again."""
    shown = _event_or_404(event_id)
    form = event_form(current_viewer(), shown)
    if form.validate_on_submit():
        try:
            flash(_saved_words(save_event(shown, form.details(), form.seen())), "success")
            return redirect(url_for(".event", event_id=event_id))
        except FieldErrors as found:
            form.set_errors(found.errors)
        except Refused as refusal:
            form.set_errors({"": refusal.words})
    return render_template("events/staff_edit.html", form=form, event=shown, told=count_told(event_id)), 422


def _saved_words(saved: Saved) -> str:
    if saved.asked_again:
        return ngettext(
            "The event has moved. %(num)s person is asked again, with the new time.",
            "The event has moved. %(num)s people are asked again, with the new time.",
            saved.asked_again,
        )
    if saved.moved:
        return _("The event has moved. Nobody had been asked yet.")
    return _("The event is saved.") if saved.changed else _("Nothing was changed.")


@bp.get("/<int:event_id>/cancel")
@access(staff_write)
def cancel_form(event_id: int) -> ResponseReturnValue:
    """Ask why the event is called off, and say who will hear of it."""
    shown = _event_or_404(event_id)
    return render_template("events/staff_cancel.html", form=CancelForm(), event=shown, told=count_told(event_id))


@bp.post("/<int:event_id>/cancel")
@access(staff_write)
def cancel(event_id: int) -> ResponseReturnValue:
    """Call the event off and release its people."""
    shown, form = _event_or_404(event_id), CancelForm()
    if form.validate_on_submit():
        try:
            count = cancel_event(shown, (form.reason.data or "").strip())
            words = ngettext(
                "The event is cancelled and %(num)s person is released.",
                "The event is cancelled and %(num)s people are released.",
                count,
            )
            flash(words if count else _("The event is cancelled. Nobody held a seat."), "success")
            return redirect(url_for(".event", event_id=event_id))
        except Refused as refusal:
            form.set_errors({"": refusal.words})
    return render_template("events/staff_cancel.html", form=form, event=shown, told=count_told(event_id)), 422


def _event_or_404(event_id: int) -> Event:
    return find_event_with_parts(event_id) or abort(404)
