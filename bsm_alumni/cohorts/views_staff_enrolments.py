"""Who is in a cohort, as staff change it."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, staff_write
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.alumni.queries_profile import get_visible
from bsm_alumni.cohorts import service_enrolments
from bsm_alumni.cohorts.enums import EnrolmentResult
from bsm_alumni.cohorts.queries import get_cohort
from bsm_alumni.cohorts.queries_enrolments import get_enrolment
from bsm_alumni.web.errors import Refused

bp = Blueprint("cohorts_staff_enrolments", __name__)


def _to_cohort(cohort_id: int) -> ResponseReturnValue:
    return redirect(url_for("cohorts_staff.cohort", cohort_id=cohort_id, _anchor="people"))


@bp.post("/cohorts/<int:cohort_id>/enrolments")
@access(staff_write)
def enrol(cohort_id: int) -> ResponseReturnValue:
    """Put a person into the cohort."""
    cohort = get_cohort(cohort_id)
    person = get_visible(current_viewer(), request.form.get("alumnus_id", 0, int))
    try:
        service_enrolments.enrol(cohort, person)
        flash(_("%(name)s was added to the cohort.", name=person.display_name), "success")
    except Refused as refusal:
        flash(refusal.words, "error")
    return _to_cohort(cohort_id)


@bp.post("/cohorts/<int:cohort_id>/enrolments/<int:enrolment_id>/result")
@access(staff_write)
def set_result(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Say what came of the enrolment."""
    result = request.form.get("result", "")
    if result not in set(EnrolmentResult):
        abort(400)
    enrolment = get_enrolment(current_viewer(), cohort_id, enrolment_id)
    service_enrolments.set_result(enrolment, EnrolmentResult(result))
    flash(_("The result of %(name)s was saved.", name=enrolment.alumnus.display_name), "success")
    return _to_cohort(cohort_id)


@bp.post("/cohorts/<int:cohort_id>/enrolments/<int:enrolment_id>/remove")
@access(staff_write)
def remove(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Take the person out of the cohort."""
    enrolment = get_enrolment(current_viewer(), cohort_id, enrolment_id)
    name = enrolment.alumnus.display_name
    service_enrolments.remove(enrolment)
    flash(_("%(name)s was taken out of the cohort.", name=name), "success")
    return _to_cohort(cohort_id)
