"""The trail, for administrators: who did, saw or was refused what, and when."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bsm_alumni.access import access, admin_only
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.audit.pages import details_of, filter_choices, pills
from bsm_alumni.audit.queries import COLUMNS, export_rows, find_last_check, trail_page
from bsm_alumni.audit.rules_list import read_filter
from bsm_alumni.audit.service_reads import note_export, note_list
from bsm_alumni.audit.words import subject_words, verb_words
from bsm_alumni.web.exports import table_response

bp = Blueprint("audit_staff", __name__)


@bp.get("/audit")
@access(admin_only)
def trail() -> ResponseReturnValue:
    """Entries of the trail, newest first, narrowed by a filter."""
    narrow = read_filter(request.args)
    page = trail_page(narrow, current_viewer().zone, request.args.get("after"), request.args.get("before"))
    note_list("audit.read", "audit_entries", len(page.rows), narrow.to_args())
    return render_template(
        "audit/staff_trail.html",
        narrow=narrow,
        page=page,
        choices=filter_choices(),
        pills=pills(narrow),
        details_of=details_of,
        verb_words=verb_words,
        subject_words=subject_words,
        last_check=find_last_check(),
        exports=[("CSV", url_for(".export", format="csv", **narrow.to_args()))],  # type: ignore[arg-type]
    )


@bp.get("/audit/export.<string:format>")
@access(admin_only)
def export(format: str) -> ResponseReturnValue:
    """Exactly the entries that the page shows, all pages of it, as a file."""
    if format != "csv":
        abort(404)
    narrow = read_filter(request.args)
    rows = list(export_rows(narrow, current_viewer().zone))
    note_export("audit", format, len(rows), narrow.to_args())
    return table_response("audit-trail", format, COLUMNS, rows)
