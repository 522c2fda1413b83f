"""Staff page: the way to everything that is set once and used everywhere."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, staff_read
from bsm_alumni.desk.links import find_url

bp = Blueprint("settings_staff", __name__)


@bp.get("/settings")
@access(staff_read)
def settings() -> ResponseReturnValue:
    """The pages of settings that are open to the viewer, each with a line on what it is for."""
    pages = (
        ("reference_staff.themes", _("Themes"), _("What alumni know and what sessions are about. Staff extend them.")),
        ("series_staff.series", _("Series"), _("Runs of events under one name.")),
        ("cohorts_staff_courses.courses", _("Courses"), _("What the cohorts were trained in.")),
        (
            "matching_staff.weights",
            _("Weights for ranking"),
            _("How much each reason counts when people are ranked for a slot."),
        ),
        (
            "reference_staff.reference",
            _("Reference lists"),
            _("Countries, languages, time zones, and the programme's own lists. They are fixed."),
        ),
        ("organisations_staff.organisations", _("Organisations"), _("The programme office and its partners.")),
        ("approvals_staff.approvals", _("Requests for a second person"), _("What one asks for and another decides.")),
        ("users_staff.users", _("Users"), _("Who may sign in, and as what.")),
        (
            "provider_staff.table",
            _("Sign-in of organisations"),
            _("Which role the claims of an identity provider give."),
        ),
        ("audit_staff.trail", _("Audit trail"), _("Who did, saw or was refused what, and when.")),
        ("retention_staff.retention", _("How long data is kept"), _("When what goes, with a preview.")),
    )
    found = [(find_url(endpoint), title, words) for endpoint, title, words in pages]
    return render_template("settings/staff_settings.html", pages=[page for page in found if page[0]])
