"""What a partner opens: the roster it may see, one person of it, and the roster as a file."""

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from bsm_alumni.access import access, partner
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.alumni.rules_roster import read_filter
from bsm_alumni.desk.filters_partner import filter_choices, pills
from bsm_alumni.desk.forms_partner import ExportForm
from bsm_alumni.desk.queries_partner import agreed, count_shared, find_shared, shared_page
from bsm_alumni.desk.service_exports import export_shared
from bsm_alumni.desk.words import spoken_words
from bsm_alumni.organisations.queries import get_organisation
from bsm_alumni.web.exports import FORMATS

bp = Blueprint("alumni_partner", __name__)


@bp.get("/alumni")
@access(partner)
def roster() -> ResponseReturnValue:
    """The people who agreed to be seen by this partner."""
    viewer = current_viewer()
    narrow = agreed(read_filter(request.args))
    choices = filter_choices(viewer)
    return render_template(
        "alumni/partner_roster.html",
        organisation=get_organisation(viewer.organisation_id or 0),
        narrow=narrow,
        choices=choices,
        pills=pills(narrow, choices),
        page=shared_page(viewer, narrow, request.args.get("after"), request.args.get("before")),
        total=count_shared(viewer, narrow),
        spoken_words=spoken_words,
    )


@bp.get("/alumni/<int:alumnus_id>")
@access(partner)
def alumnus(alumnus_id: int) -> ResponseReturnValue:
    """One person; whoever is not to be seen is not there."""
    viewer = current_viewer()
    person = find_shared(viewer, alumnus_id)
    if person is None:
        abort(404)
    return render_template(
        "alumni/partner_alumnus.html",
        person=person,
        organisation=get_organisation(viewer.organisation_id or 0),
        spoken_words=spoken_words,
    )


@bp.get("/alumni/export")
@access(partner)
def export_form() -> ResponseReturnValue:
    """Ask what the list is for."""
    return _export_page(ExportForm(), 200)


@bp.post("/alumni/export")
@access(partner)
def export() -> ResponseReturnValue:
    """Give the list as a file, and put down for what it was taken."""
    form = ExportForm()
    if not form.validate_on_submit():
        return _export_page(form, 422)
    narrow = agreed(read_filter(request.args))
    file = export_shared(current_viewer(), narrow, form.file_format.data, (form.purpose.data or "").strip())
    answer = Response(file.content, content_type=FORMATS[form.file_format.data])
    answer.headers.set("Content-Disposition", "attachment", filename=f"alumni.{form.file_format.data}")
    return answer


def _export_page(form: ExportForm, status: int) -> ResponseReturnValue:
    viewer = current_viewer()
    narrow = agreed(read_filter(request.args))
    return (
        render_template(
            "alumni/partner_export.html",
            form=form,
            narrow=narrow,
            pills=pills(narrow, filter_choices(viewer)),
            total=count_shared(viewer, narrow),
        ),
        status,
    )
