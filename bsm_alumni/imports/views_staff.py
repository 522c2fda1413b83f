"""An import in four steps that can be left and come back to: file, columns, rows, done."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from bsm_alumni.access import access, staff_read, staff_write
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.audit.service import note
from bsm_alumni.audit.service_reads import note_list
from bsm_alumni.imports import service
from bsm_alumni.imports.enums import ImportState
from bsm_alumni.imports.errors import ImportRefused
from bsm_alumni.imports.forms import KeepMappingForm, UploadForm
from bsm_alumni.imports.problem_names import PROBLEM_NAMES
from bsm_alumni.imports.progress import find_progress
from bsm_alumni.imports.queries import (
    count_left_out,
    file_problems,
    find_same_file,
    get_batch,
    get_mapping,
    get_row,
    imports_page,
    problem_groups,
    rows_page,
    saved_mappings,
)
from bsm_alumni.imports.service_read import KINDS
from bsm_alumni.imports.views_helpers import column_choices, go_to, refused, sheet_views, summary_of

bp = Blueprint("imports_staff", __name__)


@bp.get("/imports")
@access(staff_read)
def imports() -> ResponseReturnValue:
    """All imports, newest first, and the form that takes in a file."""
    page = imports_page(request.args.get("after"), request.args.get("before"))
    return render_template("imports/staff_imports.html", page=page, form=UploadForm())


@bp.post("/imports")
@access(staff_write)
def upload() -> ResponseReturnValue:
    """Take a file in."""
    form = UploadForm()
    if not form.validate_on_submit() or form.kind.data not in KINDS:
        return render_template("imports/staff_imports.html", page=imports_page(), form=form), 422
    stored = form.file.data
    batch = service.upload(form.kind.data, stored.filename or _("file"), stored.read(), current_viewer().user_id)
    return go_to("batch", batch.id)


@bp.get("/imports/<int:import_id>")
@access(staff_read)
def batch(import_id: int) -> ResponseReturnValue:
    """Where an import stands: under way, refused, or done. One that waits for a person leads on to its columns."""
    found = get_batch(import_id)
    if found.state in (ImportState.READING, ImportState.APPLYING) or found.report.get("undoing"):
        return render_template("imports/staff_progress.html", batch=found, progress=find_progress(found))
    if found.state is ImportState.FAILED:
        return render_template("imports/staff_refused.html", batch=found)
    if found.state is ImportState.READY:
        return redirect(url_for("imports_staff.columns", import_id=import_id))
    groups = problem_groups(import_id)
    return render_template("imports/staff_done.html", batch=found, groups=groups, names=PROBLEM_NAMES)


@bp.get("/imports/<int:import_id>/columns")
@access(staff_read)
def columns(import_id: int) -> ResponseReturnValue:
    """What each column was understood to mean, with samples."""
    found = get_batch(import_id)
    if found.state is not ImportState.READY:
        return go_to("batch", import_id)
    note("import.read", "import_batches", import_id, {"columns": True})
    return render_template(
        "imports/staff_columns.html",
        batch=found,
        sheets=sheet_views(found),
        choices=column_choices,
        notes=file_problems(import_id),
        same=find_same_file(found),
        saved=saved_mappings(found.kind),
        keep_form=KeepMappingForm(formdata=None),
    )


@bp.post("/imports/<int:import_id>/columns")
@access(staff_write)
def save_columns(import_id: int) -> ResponseReturnValue:
    """Put the officer's meanings on columns; the rows are looked at again."""
    found = get_batch(import_id)
    sheets = {}
    for number, sheet in enumerate(sheet_views(found)):
        chosen = {
            column.heading: request.form.get(f"s{number}c{place}", column.meaning)
            for place, column in enumerate(sheet.columns)
        }
        header_row = request.form.get(f"s{number}row", "")
        wanted: dict[str, object] = {"columns": chosen, "kind": request.form.get(f"s{number}kind", sheet.kind)}
        if header_row.isdigit():
            wanted["header_row"] = int(header_row)
        sheets[sheet.name] = wanted
    try:
        service.correct_columns(found, sheets)
    except ImportRefused as error:
        return refused(error, "columns", import_id)
    return go_to("batch", import_id)


@bp.post("/imports/<int:import_id>/mapping")
@access(staff_write)
def keep_mapping(import_id: int) -> ResponseReturnValue:
    """Keep this reading of columns for the next file."""
    form = KeepMappingForm()
    if form.validate_on_submit():
        service.keep_mapping(get_batch(import_id), str(form.name.data).strip(), current_viewer().user_id)
        flash(_("Kept as “%(name)s”.", name=form.name.data), "success")
    else:
        flash(_("Give the reading a name of at most 100 characters."), "error")
    return go_to("columns", import_id)


@bp.post("/imports/<int:import_id>/use-mapping")
@access(staff_write)
def use_mapping(import_id: int) -> ResponseReturnValue:
    """Read the columns as a kept mapping says."""
    number = request.form.get("mapping", "")
    try:
        service.use_mapping(get_batch(import_id), get_mapping(int(number) if number.isdigit() else 0))
    except ImportRefused as error:
        return refused(error, "columns", import_id)
    return go_to("batch", import_id)


@bp.get("/imports/<int:import_id>/rows")
@access(staff_read)
def rows(import_id: int) -> ResponseReturnValue:
    """All problems by kind, then row by row, each to be repaired or left out."""
    found = get_batch(import_id)
    if found.state is not ImportState.READY:
        return go_to("batch", import_id)
    kind, left_out = request.args.get("kind", ""), request.args.get("show") == "left-out"
    page = rows_page(import_id, kind or None, request.args.get("after"), request.args.get("before"), left_out=left_out)
    asked = {"kind": kind, "show": "left-out" if left_out else ""}
    note_list("import.read", "import_batches", len(page.rows), asked, import_id)
    return render_template(
        "imports/staff_rows.html",
        batch=found,
        summary=summary_of(found, count_left_out(import_id)),
        groups=problem_groups(import_id),
        names=PROBLEM_NAMES,
        kind=kind,
        left_out=left_out,
        page=page,
    )


@bp.get("/imports/<int:import_id>/rows/<int:row_id>")
@access(staff_read)
def row(import_id: int, row_id: int) -> ResponseReturnValue:
    """One row with all its cells."""
    found = get_batch(import_id)
    view = get_row(import_id, row_id)
    sheet = next(one for one in sheet_views(found) if one.name == view.row.sheet)
    note("import.read", "import_batches", import_id, {"sheet": view.row.sheet, "row": view.row.row})
    return render_template("imports/staff_row.html", batch=found, view=view, sheet=sheet)


@bp.post("/imports/<int:import_id>/rows/<int:row_id>")
@access(staff_write)
def repair(import_id: int, row_id: int) -> ResponseReturnValue:
    """Put corrected cells over those of the file."""
    found = get_batch(import_id)
    view = get_row(import_id, row_id)
    sheet = next(one for one in sheet_views(found) if one.name == view.row.sheet)
    repairs = {name[2:]: text for name, text in request.form.items() if name.startswith("h:")}
    for place, column in enumerate(sheet.columns):
        if f"c{place}" in request.form:
            repairs[column.heading] = request.form[f"c{place}"]
    try:
        service.repair(found, row_id, repairs)
    except ImportRefused as error:
        return refused(error, "batch", import_id)
    flash(_("Row %(row)s was looked at again.", row=view.row.row), "success")
    return _back_to_rows(import_id)


@bp.post("/imports/<int:import_id>/rows")
@access(staff_write)
def leave_out(import_id: int) -> ResponseReturnValue:
    """Leave rows out, or take them in again."""
    chosen = [int(text) for text in request.form.getlist("row") if text.isdigit()]
    out = request.form.get("do") != "take-in"
    try:
        count = service.leave_out(get_batch(import_id), chosen, out)
    except ImportRefused as error:
        return refused(error, "batch", import_id)
    if out:
        flash(ngettext("%(num)d row is left out.", "%(num)d rows are left out.", count), "success")
    else:
        flash(ngettext("%(num)d row is taken in again.", "%(num)d rows are taken in again.", count), "success")
    return _back_to_rows(import_id)


def _back_to_rows(import_id: int) -> ResponseReturnValue:
    kind, show = request.form.get("kind", ""), request.form.get("show", "")
    return redirect(url_for("imports_staff.rows", import_id=import_id, kind=kind or None, show=show or None))


@bp.post("/imports/<int:import_id>/apply")
@access(staff_write)
def apply(import_id: int) -> ResponseReturnValue:
    """Apply the import, once."""
    try:
        service.start_applying(import_id)
    except ImportRefused as error:
        return refused(error, "batch", import_id)
    return go_to("batch", import_id)


@bp.post("/imports/<int:import_id>/undo")
@access(staff_write)
def undo(import_id: int) -> ResponseReturnValue:
    """Take the import back."""
    try:
        service.start_undoing(import_id)
    except ImportRefused as error:
        return refused(error, "batch", import_id)
    return go_to("batch", import_id)
