"""Staff pages: the list of events, its files, adding one, putting one away. One event's page is in a higher room."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, staff_read, staff_write
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.audit.service_reads import note_export
from bsm_alumni.events import service
from bsm_alumni.events.forms import EventForm
from bsm_alumni.events.models import Event
from bsm_alumni.events.pages import event_form, filter_choices, list_tabs, pills
from bsm_alumni.events.queries import find_event
from bsm_alumni.events.queries_list import COLUMNS, count_events, events_page, export_rows
from bsm_alumni.events.rules_list import read_filter
from bsm_alumni.events.words import LOOKS, STATUSES, outcome_label
from bsm_alumni.extensions import utc_now
from bsm_alumni.web.errors import FieldErrors, Refused
from bsm_alumni.web.exports import FORMATS, table_response

bp = Blueprint("events_staff", __name__)


@bp.get("")
@access(staff_read)
def events() -> ResponseReturnValue:
    """The events that a filter leaves: those to come, unless something else is asked for."""
    narrow, now, zone = read_filter(request.args), utc_now(), current_viewer().zone
    choices = filter_choices(narrow)
    return render_template(
        "events/staff_events.html",
        narrow=narrow,
        now=now,
        page=events_page(narrow, now, zone, request.args.get("after"), request.args.get("before")),
        total=count_events(narrow, now, zone),
        choices=choices,
        pills=pills(narrow, choices),
        tabs=list_tabs(narrow),
        exports=[(name.upper(), url_for(".export", format=name, **narrow.to_args())) for name in FORMATS],  # type: ignore[arg-type]
        statuses=STATUSES,
        looks=LOOKS,
        outcome_label=outcome_label,
    )


@bp.get("/export.<string:format>")
@access(staff_read)
def export(format: str) -> ResponseReturnValue:
    """Exactly the events that the list shows, all pages of it, as a file."""
    if format not in FORMATS:
        abort(404)
    narrow = read_filter(request.args)
    rows = list(export_rows(narrow, utc_now(), current_viewer().zone))
    note_export("events", format, len(rows), narrow.to_args())
    return table_response("events", format, COLUMNS, rows)


@bp.get("/new")
@access(staff_write)
def new() -> ResponseReturnValue:
    """The empty form of an event."""
    return render_template("events/staff_new.html", form=event_form(current_viewer()))


@bp.post("/new")
@access(staff_write)
def create() -> ResponseReturnValue:
    """Add an event and show it; its slots come next."""
    form: EventForm = event_form(current_viewer())
    if form.validate_on_submit():
        try:
            event = service.create_event(form.details())
            flash(_("“%(title)s” is added. Add the slots that need people.", title=event.title), "success")
            return redirect(url_for("desk_staff.event", event_id=event.id))
        except FieldErrors as found:
            form.set_errors(found.errors)
    return render_template("events/staff_new.html", form=form), 422


@bp.post("/<int:event_id>/archive")
@access(staff_write)
def archive(event_id: int) -> ResponseReturnValue:
    """Put an event away."""
    try:
        service.archive_event(_event_or_404(event_id))
        flash(_("The event is archived. It stays on record and can be put back."), "success")
    except Refused as refusal:
        flash(refusal.words, "error")
    return redirect(url_for("desk_staff.event", event_id=event_id))


@bp.post("/<int:event_id>/restore")
@access(staff_write)
def restore(event_id: int) -> ResponseReturnValue:
    """Take an event out of the archive."""
    service.restore_event(_event_or_404(event_id))
    flash(_("The event is back among the others."), "success")
    return redirect(url_for("desk_staff.event", event_id=event_id))


def _event_or_404(event_id: int) -> Event:
    return find_event(event_id) or abort(404)
