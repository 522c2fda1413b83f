"""What a partner opens: the roster it may see, one person of it, figures of it, and the roster as a file."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bsm_alumni.access import access, partner
from bsm_alumni.access.viewer import Viewer, current_viewer
from bsm_alumni.alumni.rules_roster import read_filter
from bsm_alumni.consent.disclosures import disclose
from bsm_alumni.consent.enums_disclosures import DisclosureWay
from bsm_alumni.consent.words import NAMES, group_names
from bsm_alumni.desk.filters_partner import filter_choices, pills
from bsm_alumni.desk.forms_partner import ExportForm
from bsm_alumni.desk.queries_figures import figures
from bsm_alumni.desk.queries_partner import agreed, count_shared, find_shared, shared_page
from bsm_alumni.desk.service_exports import export_shared
from bsm_alumni.desk.words import joined_names, spoken_words
from bsm_alumni.desk.words_partner import PERIODS, ROLES, STATES, figure_tables
from bsm_alumni.extensions import utc_now
from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.organisations.models import Agreement, Organisation
from bsm_alumni.organisations.queries import get_organisation
from bsm_alumni.organisations.queries_agreements import find_agreement
from bsm_alumni.web.errors import Refused
from bsm_alumni.web.exports import FORMATS

bp = Blueprint("alumni_partner", __name__)


@bp.get("/alumni")
@access(partner)
def roster() -> ResponseReturnValue:
    """The people who agreed to be seen by this partner."""
    viewer = current_viewer()
    allowed = _allowed(viewer)
    narrow = agreed(read_filter(request.args), allowed.covered)
    choices = filter_choices(viewer)
    page = shared_page(viewer, narrow, request.args.get("after"), request.args.get("before"))
    disclose(viewer, [(person.id, person.groups) for person in page.rows], DisclosureWay.LIST)
    return render_template(
        "alumni/partner_roster.html",
        narrow=narrow,
        choices=choices,
        pills=pills(narrow, choices),
        page=page,
        total=count_shared(viewer, narrow),
        spoken_words=spoken_words,
        **allowed.for_page(),
    )


@bp.get("/alumni/<int:alumnus_id>")
@access(partner)
def alumnus(alumnus_id: int) -> ResponseReturnValue:
    """One person, a section for each part that is shown; whoever is not to be seen is not there."""
    viewer = current_viewer()
    person = find_shared(viewer, alumnus_id)
    if person is None:
        abort(404)
    disclose(viewer, [(person.id, person.groups)], DisclosureWay.PAGE)
    return render_template(
        "alumni/partner_alumnus.html",
        person=person,
        spoken_words=spoken_words,
        periods=PERIODS,
        roles=ROLES,
        states=STATES,
        viewer_zone=viewer.zone,
        **_allowed(viewer).for_page(),
    )


@bp.get("/figures")
@access(partner)
def in_numbers() -> ResponseReturnValue:
    """How many people by region, language, theme and month; each counted only over those of whom it is shown."""
    viewer = current_viewer()
    found = figures(viewer, utc_now().date())
    return render_template(
        "alumni/partner_figures.html", total=found.people, tables=figure_tables(found), **_allowed(viewer).for_page()
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
    viewer, ending = current_viewer(), form.file_format.data
    try:
        file = export_shared(viewer, read_filter(request.args), ending, (form.purpose.data or "").strip())
    except Refused as refused:
        flash(str(refused), "error")
        return redirect(url_for("alumni_partner.roster"))
    answer = Response(file.content, content_type=FORMATS[ending])
    answer.headers.set("Content-Disposition", "attachment", filename=f"{file.name}.{ending}")
    return answer


@dataclass(frozen=True, slots=True)
class _Allowed:
    """What the agreement allows, for the line that every page begins with."""

    organisation: Organisation
    agreement: Agreement | None

    @property
    def covered(self) -> frozenset[FieldGroup]:
        return self.agreement.field_groups if self.agreement is not None else frozenset()

    def for_page(self) -> dict[str, Any]:
        return {
            "organisation": self.organisation,
            "agreement": self.agreement,
            "covered": self.covered,
            "covered_words": joined_names(group_names(self.covered)),
            "group_words": NAMES,
        }


def _allowed(viewer: Viewer) -> _Allowed:
    organisation_id = viewer.organisation_id or 0
    return _Allowed(get_organisation(organisation_id), find_agreement(organisation_id, utc_now().date()))


def _export_page(form: ExportForm, status: int) -> ResponseReturnValue:
    viewer = current_viewer()
    allowed = _allowed(viewer)
    narrow = agreed(read_filter(request.args), allowed.covered)
    return (
        render_template(
            "alumni/partner_export.html",
            form=form,
            narrow=narrow,
            pills=pills(narrow, filter_choices(viewer)),
            total=count_shared(viewer, narrow),
            **allowed.for_page(),
        ),
        status,
    )
