"""Staff pages: the series that events belong to."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, staff_read, staff_write
from bsm_alumni.events import service_series as service
from bsm_alumni.events.forms_small import SeriesForm
from bsm_alumni.events.models import EventSeries
from bsm_alumni.events.queries import count_series, find_series, series_page
from bsm_alumni.web.errors import FieldErrors

bp = Blueprint("series_staff", __name__)


@bp.get("")
@access(staff_read)
def series() -> ResponseReturnValue:
    """The series in use, or the archived ones."""
    archived = request.args.get("archived") == "1"
    page = series_page(archived, request.args.get("after"), request.args.get("before"))
    return render_template("events/staff_series.html", page=page, archived=archived, total=count_series(archived))


@bp.get("/new")
@access(staff_write)
def new() -> ResponseReturnValue:
    """The empty form of a series."""
    return render_template("events/staff_new_series.html", form=SeriesForm())


@bp.post("/new")
@access(staff_write)
def create() -> ResponseReturnValue:
    """Add a series."""
    form = SeriesForm()
    if form.validate_on_submit():
        try:
            added = service.create_series((form.title.data or "").strip(), (form.description.data or "").strip())
            flash(_("“%(title)s” is added. Events can be put into it from now on.", title=added.title), "success")
            return redirect(url_for(".series"))
        except FieldErrors as found:
            form.set_errors(found.errors)
    return render_template("events/staff_new_series.html", form=form), 422


@bp.get("/<int:series_id>/edit")
@access(staff_write)
def edit(series_id: int) -> ResponseReturnValue:
    """The form with a series."""
    shown = _series_or_404(series_id)
    return render_template("events/staff_edit_series.html", form=SeriesForm(obj=shown), series=shown)


@bp.post("/<int:series_id>/edit")
@access(staff_write)
def save(series_id: int) -> ResponseReturnValue:
    """Change a series."""
    shown, form = _series_or_404(series_id), SeriesForm()
    if form.validate_on_submit():
        try:
            service.edit_series(shown, (form.title.data or "").strip(), (form.description.data or "").strip())
            flash(_("The series is saved."), "success")
            return redirect(url_for(".series"))
        except FieldErrors as found:
            form.set_errors(found.errors)
    return render_template("events/staff_edit_series.html", form=form, series=shown), 422


@bp.post("/<int:series_id>/archive")
@access(staff_write)
def archive(series_id: int) -> ResponseReturnValue:
    """Take a series out of the choices."""
    service.set_series_archived(_series_or_404(series_id), True)
    flash(_("The series is archived. Its events stay as they are."), "success")
    return redirect(url_for(".series"))


@bp.post("/<int:series_id>/restore")
@access(staff_write)
def restore(series_id: int) -> ResponseReturnValue:
    """Put a series among the choices again."""
    service.set_series_archived(_series_or_404(series_id), False)
    flash(_("The series is in use again."), "success")
    return redirect(url_for(".series"))


def _series_or_404(series_id: int) -> EventSeries:
    return find_series(series_id) or abort(404)
