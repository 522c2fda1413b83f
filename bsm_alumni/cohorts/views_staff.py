"""Cohorts, as staff read and change them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, staff_read, staff_write
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.audit.queries import history_of
from bsm_alumni.cohorts import service
from bsm_alumni.cohorts.enums import EnrolmentResult
from bsm_alumni.cohorts.forms import CohortForm
from bsm_alumni.cohorts.queries import (
    cohort_row,
    cohorts_page,
    count_cohorts,
    course_choices,
    get_cohort,
    year_span,
)
from bsm_alumni.cohorts.queries_enrolments import enrolments_page, find_people_to_enrol
from bsm_alumni.cohorts.rules import CohortFilter, read_filter
from bsm_alumni.organisations.queries import active_partners
from bsm_alumni.reference.countries import COUNTRIES, country_name
from bsm_alumni.web.errors import FieldErrors
from bsm_alumni.web.locale import page_locale

bp = Blueprint("cohorts_staff", __name__)


@bp.get("/cohorts")
@access(staff_read)
def cohorts() -> ResponseReturnValue:
    """The list of cohorts, narrowed by what the address says."""
    narrow = read_filter(request.args)
    courses = course_choices()
    locale = page_locale()
    return render_template(
        "cohorts/staff_cohorts.html",
        page=cohorts_page(narrow, request.args.get("after"), request.args.get("before")),
        count=count_cohorts(narrow),
        narrow=narrow,
        pills=_pills(narrow, dict(courses), locale),
        courses=courses,
        countries=sorted(((code, country_name(code, locale)) for code in COUNTRIES), key=lambda item: item[1]),
        years=[(year, str(year)) for year in year_span()],
    )


def _pills(narrow: CohortFilter, courses: dict[int, str], locale: str) -> list[tuple[str, str]]:
    words: list[tuple[str, str]] = []
    if narrow.text:
        words.append((_("“%(text)s”", text=narrow.text), "q"))
    if narrow.country_code:
        words.append((country_name(narrow.country_code, locale), "country"))
    if narrow.course_id:
        words.append((courses.get(narrow.course_id) or _("An archived course"), "course"))
    if narrow.year:
        words.append((str(narrow.year), "year"))
    if narrow.archived:
        words.append((_("Archived"), "archived"))
    args = narrow.to_args()
    return [
        (text, url_for("cohorts_staff.cohorts", **{key: args[key] for key in args if key != name}))  # type: ignore[arg-type]
        for text, name in words
    ]


@bp.get("/cohorts/<int:cohort_id>")
@access(staff_read)
def cohort(cohort_id: int) -> ResponseReturnValue:
    """One cohort and who is in it."""
    viewer, found = current_viewer(), get_cohort(cohort_id)
    text = request.args.get("find", "")
    return render_template(
        "cohorts/staff_cohort.html",
        row=cohort_row(found),
        page=enrolments_page(viewer, cohort_id, request.args.get("after"), request.args.get("before")),
        find=text,
        found=find_people_to_enrol(viewer, cohort_id, text) if viewer.may_write else [],
        results=list(EnrolmentResult),
        history=history_of("cohorts", cohort_id),
    )


def _form(keep_course: int | None = None) -> CohortForm:
    form = CohortForm()
    form.fill_choices(course_choices(keep_course), [(partner.id, partner.name) for partner in active_partners()])
    return form


def _form_page(
    form: CohortForm, status: int = 200, cohort_id: int | None = None, code: str = ""
) -> ResponseReturnValue:
    return render_template("cohorts/staff_cohort_form.html", form=form, cohort_id=cohort_id, code=code), status


@bp.get("/cohorts/add")
@access(staff_write)
def add_cohort_form() -> ResponseReturnValue:
    """An empty cohort."""
    return _form_page(_form())


@bp.post("/cohorts/add")
@access(staff_write)
def add_cohort() -> ResponseReturnValue:
    """Add the cohort and open its page."""
    form = _form()
    if form.validate_on_submit():
        try:
            made = service.create_cohort(form.details())
        except FieldErrors as problem:
            form.set_errors(problem.errors)
        else:
            flash(_("Cohort %(code)s was added.", code=made.code), "success")
            return redirect(url_for("cohorts_staff.cohort", cohort_id=made.id))
    return _form_page(form, 422)


@bp.get("/cohorts/<int:cohort_id>/edit")
@access(staff_write)
def edit_cohort_form(cohort_id: int) -> ResponseReturnValue:
    """The cohort to be changed."""
    found = get_cohort(cohort_id)
    form = _form(keep_course=found.course_id)
    form.show(found)
    return _form_page(form, 200, found.id, found.code)


@bp.post("/cohorts/<int:cohort_id>/edit")
@access(staff_write)
def edit_cohort(cohort_id: int) -> ResponseReturnValue:
    """Save the cohort."""
    found = get_cohort(cohort_id)
    form = _form(keep_course=found.course_id)
    if form.validate_on_submit():
        try:
            service.edit_cohort(found, form.details())
        except FieldErrors as problem:
            form.set_errors(problem.errors)
        else:
            flash(_("The cohort was saved."), "success")
            return redirect(url_for("cohorts_staff.cohort", cohort_id=found.id))
    return _form_page(form, 422, found.id, found.code)


@bp.post("/cohorts/<int:cohort_id>/archive")
@access(staff_write)
def archive_cohort(cohort_id: int) -> ResponseReturnValue:
    """Put the cohort away."""
    service.set_cohort_archived(get_cohort(cohort_id), True)
    flash(_("The cohort was archived. You can restore it here."), "success")
    return redirect(url_for("cohorts_staff.cohort", cohort_id=cohort_id))


@bp.post("/cohorts/<int:cohort_id>/restore")
@access(staff_write)
def restore_cohort(cohort_id: int) -> ResponseReturnValue:
    """Take the cohort out of the archive."""
    service.set_cohort_archived(get_cohort(cohort_id), False)
    flash(_("The cohort is in use again."), "success")
    return redirect(url_for("cohorts_staff.cohort", cohort_id=cohort_id))
