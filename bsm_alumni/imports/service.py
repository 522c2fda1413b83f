"""The steps of an import as staff take them: upload, correct columns, repair rows, apply, undo."""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db
from bsm_alumni.imports.enums import ImportState
from bsm_alumni.imports.errors import ImportRefused, NotUndoable
from bsm_alumni.imports.fields import SheetKind
from bsm_alumni.imports.models import ImportBatch, ImportProblem, ImportRow, SavedMapping
from bsm_alumni.imports.queries import get_batch, get_row
from bsm_alumni.imports.service_apply import claim
from bsm_alumni.imports.service_check import known_cohorts_of, read_row
from bsm_alumni.imports.service_read import OF_THE_FILE, correct, is_enough, new_batch
from bsm_alumni.imports.stored import ProblemLog, maps_of, rows_by_id
from bsm_alumni.jobs.service import enqueue

READ, CHECK, APPLY, UNDO = "imports.read", "imports.check", "imports.apply", "imports.undo"
# Problems that need the whole file to be seen; repairing one row leaves them until the next check.
OF_SEVERAL_ROWS = (
    "same_person_address",
    "same_person_name",
    "may_be_same_person",
    "address_of_another",
    "differs_from_row",
    "sharing_differs",
    "same_event_twice",
    "event_same_title",
)
MAX_REPAIR = 1_000


def upload(kind: str, filename: str, content: bytes, actor_id: int | None) -> ImportBatch:
    """Take a file in; the worker reads it."""
    batch = new_batch(kind, filename, content, actor_id)
    _enqueue(batch, READ)
    return batch


def _enqueue(batch: ImportBatch, job_kind: str, **params: Any) -> None:
    job = enqueue(job_kind, {"import": batch.id, **params}, batch.actor_id)
    batch.job_id = job.id
    db.session.flush()


def _must_be_ready(batch: ImportBatch) -> None:
    if batch.state is ImportState.READING:
        raise ImportRefused("not_ready")
    if batch.state is not ImportState.READY:
        raise ImportRefused("already_applied")


def correct_columns(batch: ImportBatch, sheets: Mapping[str, dict[str, Any]]) -> None:
    """Put an officer's meanings on columns, and read or check anew.

    `sheets` is sheet → {"columns": {heading: meaning}, "kind", "header_row"}; where kind or heading row change, the
    file is read again. Raises ImportRefused when no column is left that tells what a row is.
    """
    _must_be_ready(batch)
    maps = maps_of(batch)
    again = False
    for name, wanted in sheets.items():
        sheet = maps.get(name)
        if sheet is None:
            continue
        again |= wanted.get("kind", sheet.kind) != sheet.kind
        again |= int(wanted.get("header_row") or sheet.header_row) != sheet.header_row
        correct(sheet, wanted.get("columns") or {})
        if not is_enough(sheet):
            raise ImportRefused("needed_columns", sheet=name)
    before = batch.mapping
    if not again:
        batch.mapping = {"sheets": {name: sheet.to_json() for name, sheet in maps.items()}}
    batch.state = ImportState.READING
    _enqueue(batch, READ if again else CHECK, **({"given": {"sheets": dict(sheets)}} if again else {}))
    record("import.columns_corrected", batch, before=_columns(before), after=_columns(batch.mapping))


def _columns(mapping: dict[str, Any]) -> dict[str, Any]:
    return {name: sheet.get("columns", {}) for name, sheet in (mapping.get("sheets") or {}).items()}


def keep_mapping(batch: ImportBatch, name: str, actor_id: int | None) -> SavedMapping:
    """Keep this import's reading of columns under a name; a mapping of that name is replaced."""
    saved = db.session.scalar(sa.select(SavedMapping).where(SavedMapping.name == name))
    before = dict(saved.mapping) if saved else {}
    if saved is None:
        saved = SavedMapping(name=name, kind=batch.kind)
        db.session.add(saved)
    saved.kind, saved.actor_id = batch.kind, actor_id
    saved.mapping = {
        "sheets": {
            sheet: {"kind": data["kind"], "columns": data["columns"]}
            for sheet, data in (batch.mapping.get("sheets") or {}).items()
        }
    }
    db.session.flush()
    record("mapping.kept", saved, before=_columns(before), after=_columns(saved.mapping))
    return saved


def use_mapping(batch: ImportBatch, saved: SavedMapping) -> None:
    """Read columns as a kept mapping says: by sheet name, or by heading where the sheet has another name."""
    sheets: dict[str, dict[str, Any]] = {}
    kept = saved.mapping.get("sheets") or {}
    for name, sheet in maps_of(batch).items():
        same_kind = [data for data in kept.values() if data.get("kind") == sheet.kind.value]
        data = kept.get(name) or (same_kind[0] if same_kind else None)
        if data is not None:
            sheets[name] = {"columns": data.get("columns") or {}}
    correct_columns(batch, sheets)


def repair(batch: ImportBatch, row_id: int, repairs: Mapping[str, str]) -> None:
    """Put corrected cells (heading → text) over those of one row, and look at the row again."""
    _must_be_ready(batch)
    row = get_row(batch.id, row_id).row
    sheet = maps_of(batch)[row.sheet]
    changed = {
        heading: text.strip()[:MAX_REPAIR]
        for heading, text in repairs.items()
        if heading in sheet.headings and text.strip() != str({**row.cells, **row.repairs}.get(heading, "")).strip()
    }
    if not changed:
        return
    row.repairs = {**row.repairs, **changed}
    db.session.flush()
    _look_again(batch, row)
    where = {"sheet": row.sheet, "row": row.row}
    # The row keeps what was and what is; the trail does not hold the words of people it cannot name.
    record("import.row_repaired", batch, after={**where, "columns": list(changed)})


def leave_out(batch: ImportBatch, row_ids: Collection[int], out: bool = True) -> int:
    """Leave rows out of the import, or take them in again; returns how many changed."""
    _must_be_ready(batch)
    rows = db.session.scalars(
        sa.select(ImportRow).where(
            ImportRow.batch_id == batch.id, ImportRow.id.in_(list(row_ids)), ImportRow.left_out.is_(not out)
        )
    ).all()
    for row in rows:
        row.left_out = out
    if rows:
        db.session.flush()
        verb = "import.rows_left_out" if out else "import.rows_taken_in"
        record(verb, batch, after={"rows": [f"{row.sheet}: {row.row}" for row in rows]})
    return len(rows)


def _look_again(batch: ImportBatch, row: ImportRow) -> None:
    kept = (*OF_THE_FILE, *OF_SEVERAL_ROWS)
    db.session.execute(
        sa.delete(ImportProblem).where(
            ImportProblem.batch_id == batch.id,
            ImportProblem.sheet == row.sheet,
            ImportProblem.row == row.row,
            ImportProblem.kind.not_in(kept),
        )
    )
    kind = SheetKind(row.sheet_kind)
    context = known_cohorts_of(batch)
    stored = rows_by_id(batch, [row.id])[row.id]
    log = ProblemLog(batch)
    log.add(row.sheet, row.row, read_row(kind, stored, context, maps_of(batch)[row.sheet]).problems)
    log.write()


def start_applying(batch_id: int) -> ImportBatch:
    """Have the worker apply the import. Raises AlreadyApplied the second time."""
    batch = get_batch(batch_id)
    claim(batch)
    _enqueue(batch, APPLY)
    return batch


def start_undoing(batch_id: int) -> ImportBatch:
    """Have the worker undo the import. Raises NotUndoable unless it was applied."""
    batch = get_batch(batch_id)
    if batch.state is not ImportState.APPLIED or batch.report.get("undoing"):
        raise NotUndoable("not_undoable")
    batch.report = {**batch.report, "undoing": True}
    _enqueue(batch, UNDO)
    return batch
