"""People, as staff add, change and put them away."""

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, staff_read, staff_write
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.alumni import service_filters, service_periods, service_profile
from bsm_alumni.alumni.enums import AlumnusStatus, PeriodKind
from bsm_alumni.alumni.forms import AlumnusForm, PeriodForm
from bsm_alumni.alumni.queries_profile import get_visible
from bsm_alumni.alumni.rules_roster import read_filter
from bsm_alumni.alumni.views_staff import page_of_person
from bsm_alumni.audit.service import note
from bsm_alumni.reference.languages import LANGUAGES, language_name
from bsm_alumni.reference.queries import theme_choices
from bsm_alumni.web.errors import FieldErrors, Refused
from bsm_alumni.web.locale import page_locale

bp = Blueprint("alumni_staff_edit", __name__)


def _to_person(alumnus_id: int, part: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("alumni_staff.alumnus", alumnus_id=alumnus_id, _anchor=part))


def _form_page(
    form: AlumnusForm, status: int = 200, alumnus_id: int | None = None, name: str = ""
) -> ResponseReturnValue:
    names = [language_name(code, page_locale()) for code in LANGUAGES]
    page = render_template("alumni/staff_form.html", form=form, alumnus_id=alumnus_id, name=name, language_names=names)
    return page, status


@bp.get("/alumni/add")
@access(staff_write)
def add_form() -> ResponseReturnValue:
    """An empty profile."""
    form = AlumnusForm()
    form.fill_choices(theme_choices())
    return _form_page(form)


@bp.post("/alumni/add")
@access(staff_write)
def add() -> ResponseReturnValue:
    """Add the person and open their page."""
    form = AlumnusForm()
    form.fill_choices(theme_choices())
    if form.validate_on_submit():
        try:
            person = service_profile.create_alumnus(form.details())
        except FieldErrors as problem:
            form.set_errors(problem.errors)
        else:
            flash(_("%(name)s was added.", name=person.display_name), "success")
            return _to_person(person.id)
    return _form_page(form, 422)


@bp.get("/alumni/<int:alumnus_id>/edit")
@access(staff_write)
def edit_form(alumnus_id: int) -> ResponseReturnValue:
    """The profile to be changed."""
    person = get_visible(current_viewer(), alumnus_id)
    if person.status is AlumnusStatus.ARCHIVED:
        abort(409)
    note("alumni.read", "alumni", person.id)
    form = AlumnusForm()
    form.show(person)
    form.fill_choices(theme_choices([theme.id for theme in person.themes]))
    return _form_page(form, 200, person.id, person.display_name)


@bp.post("/alumni/<int:alumnus_id>/edit")
@access(staff_write)
def edit(alumnus_id: int) -> ResponseReturnValue:
    """Save the profile, unless somebody else did meanwhile."""
    person = get_visible(current_viewer(), alumnus_id)
    if person.status is AlumnusStatus.ARCHIVED:
        abort(409)
    form = AlumnusForm()
    form.fill_choices(theme_choices([theme.id for theme in person.themes]))
    if form.validate_on_submit():
        try:
            service_profile.edit_alumnus(person, form.details(), _instant(form.seen_at.data))
        except FieldErrors as problem:
            form.set_errors(problem.errors)
        except Refused as refusal:
            form.set_errors({"": refusal.words})
        else:
            flash(_("The profile was saved."), "success")
            return _to_person(person.id)
    return _form_page(form, 422, person.id, person.display_name)


def _instant(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


@bp.post("/alumni/<int:alumnus_id>/archive")
@access(staff_write)
def archive(alumnus_id: int) -> ResponseReturnValue:
    """Put the profile away."""
    person = get_visible(current_viewer(), alumnus_id)
    service_profile.archive_alumnus(person)
    flash(_("%(name)s was archived. You can restore the profile here.", name=person.display_name), "success")
    return _to_person(person.id)


@bp.post("/alumni/<int:alumnus_id>/restore")
@access(staff_write)
def restore(alumnus_id: int) -> ResponseReturnValue:
    """Take the profile out of the archive."""
    person = get_visible(current_viewer(), alumnus_id)
    service_profile.restore_alumnus(person)
    flash(_("%(name)s is active again.", name=person.display_name), "success")
    return _to_person(person.id)


@bp.post("/alumni/<int:alumnus_id>/periods")
@access(staff_write)
def add_period(alumnus_id: int) -> ResponseReturnValue:
    """Add days in which the person can, or cannot, be asked."""
    person = get_visible(current_viewer(), alumnus_id)
    form = PeriodForm()
    form.fill_choices()
    if form.validate_on_submit():
        try:
            service_periods.add_period(
                person, PeriodKind(form.kind.data), form.starts_on.data, form.ends_on.data, form.note.data or ""
            )
        except FieldErrors as problem:
            form.set_errors(problem.errors)
        else:
            flash(_("The days were added."), "success")
            return _to_person(person.id, "availability")
    return render_template("alumni/staff_alumnus.html", **page_of_person(person.id, form)), 422


@bp.post("/alumni/<int:alumnus_id>/periods/<int:period_id>/remove")
@access(staff_write)
def remove_period(alumnus_id: int, period_id: int) -> ResponseReturnValue:
    """Take such days away."""
    person = get_visible(current_viewer(), alumnus_id)
    service_periods.remove_period(person, period_id)
    flash(_("The days were removed."), "success")
    return _to_person(person.id, "availability")


@bp.post("/alumni/filters")
@access(staff_read)
def save_filter() -> ResponseReturnValue:
    """Keep the roster's present filter as a tab of the viewer's own."""
    narrow = read_filter(request.form)
    try:
        service_filters.save_filter(current_viewer().user_id or 0, request.form.get("name", ""), narrow)
        flash(_("The filter was kept. It is among the tabs."), "success")
    except Refused as refusal:
        flash(refusal.words, "error")
    return redirect(url_for("alumni_staff.roster", **narrow.to_args()))  # type: ignore[arg-type]


@bp.post("/alumni/filters/<int:filter_id>/remove")
@access(staff_read)
def remove_filter(filter_id: int) -> ResponseReturnValue:
    """Forget one of the viewer's own filters."""
    service_filters.remove_filter(current_viewer().user_id or 0, filter_id)
    flash(_("The filter was removed."), "success")
    return redirect(url_for("alumni_staff.roster"))
