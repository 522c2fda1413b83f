"""Staff step: invite an alumnus to their own page."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, staff_write
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.settings.service_alumni_users import invite_alumnus
from bsm_alumni.web.errors import Refused

bp = Blueprint("users_alumni", __name__)


@bp.post("/alumni/<int:alumnus_id>/invite-to-sign-in")
@access(staff_write)
def invite(alumnus_id: int) -> ResponseReturnValue:
    """Write to the person with a link that works once; an earlier one stops working."""
    try:
        user = invite_alumnus(current_viewer(), alumnus_id)
        flash(_("An invitation goes to %(email)s. Its link works once, for a week.", email=user.email), "success")
    except Refused as refusal:
        flash(refusal.words, "error")
    return redirect(url_for("alumni_staff.alumnus", alumnus_id=alumnus_id))
