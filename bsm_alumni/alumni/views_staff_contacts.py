"""Staff pages: addresses and telephones of the roster as a file."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, staff_read
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.alumni.forms_contacts import ContactsForm
from bsm_alumni.alumni.queries_export import COLUMNS
from bsm_alumni.alumni.queries_roster import count_roster
from bsm_alumni.alumni.rules_roster import RosterFilter, read_filter
from bsm_alumni.alumni.service_contacts import ALONE, ContactFile, download_contacts, export_contacts
from bsm_alumni.web.errors import Refused
from bsm_alumni.web.exports import table_response

bp = Blueprint("contacts_staff", __name__)


@bp.get("/alumni/contacts-export")
@access(staff_read)
def export_form() -> ResponseReturnValue:
    """Ask what the file is for."""
    return _page(ContactsForm(), read_filter(request.args), 200)


@bp.post("/alumni/contacts-export")
@access(staff_read)
def export() -> ResponseReturnValue:
    """Give the file when it is of a few people, else ask a second person for it."""
    form, narrow = ContactsForm(), read_filter(request.args)
    if not form.validate_on_submit():
        return _page(form, narrow, 422)
    found = export_contacts(current_viewer(), narrow, form.file_format.data, (form.purpose.data or "").strip())
    if isinstance(found, ContactFile):
        return _file(found)
    flash(_("A second person is asked. You are told by mail what they decide."), "success")
    return redirect(url_for("approvals_staff.approval", approval_id=found.id))


@bp.post("/alumni/contacts-export/<int:approval_id>")
@access(staff_read)
def download(approval_id: int) -> ResponseReturnValue:
    """Give the file that was granted, once."""
    try:
        return _file(download_contacts(current_viewer(), approval_id))
    except Refused as refusal:
        flash(refusal.words, "error")
        return redirect(url_for("approvals_staff.approval", approval_id=approval_id))


def _file(file: ContactFile) -> Response:
    return table_response("alumni-contacts", file.file_format, COLUMNS, file.rows)


def _page(form: ContactsForm, narrow: RosterFilter, status: int) -> ResponseReturnValue:
    page = render_template(
        "alumni/staff_contacts_export.html",
        form=form,
        narrow=narrow,
        total=count_roster(current_viewer(), narrow),
        alone=ALONE,
    )
    return page, status
