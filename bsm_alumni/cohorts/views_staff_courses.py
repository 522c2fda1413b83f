"""Courses, as staff read and change them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, staff_read, staff_write
from bsm_alumni.audit.queries import history_of
from bsm_alumni.cohorts import service
from bsm_alumni.cohorts.forms import CourseForm
from bsm_alumni.cohorts.queries import cohorts_page, count_cohorts, count_courses, courses_page, get_course
from bsm_alumni.cohorts.rules import CohortFilter
from bsm_alumni.web.errors import FieldErrors

bp = Blueprint("cohorts_staff_courses", __name__)


@bp.get("/courses")
@access(staff_read)
def courses() -> ResponseReturnValue:
    """The list of courses."""
    archived, text = bool(request.args.get("archived")), request.args.get("q", "").strip()[:100]
    return render_template(
        "cohorts/staff_courses.html",
        page=courses_page(archived, text, request.args.get("after"), request.args.get("before")),
        count=count_courses(archived, text),
        archived=archived,
        text=text,
    )


@bp.get("/courses/<int:course_id>")
@access(staff_read)
def course(course_id: int) -> ResponseReturnValue:
    """One course and its cohorts."""
    found = get_course(course_id)
    narrow = CohortFilter(course_id=course_id)
    return render_template(
        "cohorts/staff_course.html",
        course=found,
        page=cohorts_page(narrow, request.args.get("after"), request.args.get("before")),
        count=count_cohorts(narrow),
        history=history_of("courses", course_id),
    )


def _form_page(
    form: CourseForm, status: int = 200, course_id: int | None = None, title: str = ""
) -> ResponseReturnValue:
    return render_template("cohorts/staff_course_form.html", form=form, course_id=course_id, title=title), status


@bp.get("/courses/add")
@access(staff_write)
def add_course_form() -> ResponseReturnValue:
    """An empty course."""
    return _form_page(CourseForm())


@bp.post("/courses/add")
@access(staff_write)
def add_course() -> ResponseReturnValue:
    """Add the course and open its page."""
    form = CourseForm()
    if form.validate_on_submit():
        try:
            made = service.create_course(*form.texts())
        except FieldErrors as problem:
            form.set_errors(problem.errors)
        else:
            flash(_("The course was added."), "success")
            return redirect(url_for("cohorts_staff_courses.course", course_id=made.id))
    return _form_page(form, 422)


@bp.get("/courses/<int:course_id>/edit")
@access(staff_write)
def edit_course_form(course_id: int) -> ResponseReturnValue:
    """The course to be changed."""
    found = get_course(course_id)
    form = CourseForm(title=found.title, description=found.description)
    return _form_page(form, 200, found.id, found.title)


@bp.post("/courses/<int:course_id>/edit")
@access(staff_write)
def edit_course(course_id: int) -> ResponseReturnValue:
    """Save the course."""
    found, form = get_course(course_id), CourseForm()
    if form.validate_on_submit():
        try:
            service.edit_course(found, *form.texts())
        except FieldErrors as problem:
            form.set_errors(problem.errors)
        else:
            flash(_("The course was saved."), "success")
            return redirect(url_for("cohorts_staff_courses.course", course_id=found.id))
    return _form_page(form, 422, found.id, found.title)


@bp.post("/courses/<int:course_id>/archive")
@access(staff_write)
def archive_course(course_id: int) -> ResponseReturnValue:
    """Put the course away."""
    service.set_course_archived(get_course(course_id), True)
    flash(_("The course was archived. You can restore it here."), "success")
    return redirect(url_for("cohorts_staff_courses.course", course_id=course_id))


@bp.post("/courses/<int:course_id>/restore")
@access(staff_write)
def restore_course(course_id: int) -> ResponseReturnValue:
    """Take the course out of the archive."""
    service.set_course_archived(get_course(course_id), False)
    flash(_("The course is in use again."), "success")
    return redirect(url_for("cohorts_staff_courses.course", course_id=course_id))
