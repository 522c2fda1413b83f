"""What the worker does for imports. Each may run twice and has one effect."""

from typing import Any

from bsm_alumni.extensions import db
from bsm_alumni.imports.enums import ImportState
from bsm_alumni.imports.errors import ImportRefused
from bsm_alumni.imports.queries import get_batch
from bsm_alumni.imports.service import APPLY, CHECK, READ, UNDO
from bsm_alumni.imports.service_apply import apply_batch
from bsm_alumni.imports.service_check import check_batch
from bsm_alumni.imports.service_read import forget_rows, read_content
from bsm_alumni.imports.service_undo import undo_batch
from bsm_alumni.imports.stored import Progress
from bsm_alumni.imports.words import refusal_words
from bsm_alumni.jobs.models import Job
from bsm_alumni.jobs.service import Handler, report_progress


def _progress(job_id: int) -> Progress:
    """Commits the batch of rows that was just done and shows how far the work is."""
    return lambda done, total: report_progress(job_id, done, total)


def read_job(job: Job) -> dict[str, Any] | None:
    """Read the file and check its rows. A file that cannot be read leaves nothing but the reason."""
    batch_id, progress = int(job.params["import"]), _progress(job.id)
    batch = get_batch(batch_id)
    if batch.state is not ImportState.READING:
        return None
    try:
        read_content(batch, progress, job.params.get("given"))
        check_batch(batch, progress)
    except ImportRefused as refused:
        db.session.rollback()
        batch = get_batch(batch_id)
        forget_rows(batch)
        batch.state, batch.content = ImportState.FAILED, None
        batch.error = refusal_words(refused.code, refused.details)[:500]
        return {"refused": refused.code}
    batch.state = ImportState.READY
    return batch.report.get("preview")


def check_job(job: Job) -> dict[str, Any] | None:
    """Check all rows anew, after columns were corrected."""
    batch = get_batch(int(job.params["import"]))
    if batch.state is not ImportState.READING:
        return None
    check_batch(batch, _progress(job.id))
    batch.state = ImportState.READY
    return batch.report.get("preview")


def apply_job(job: Job) -> dict[str, Any] | None:
    """Apply an import that was claimed; begun anew, it goes on where it stood."""
    batch = get_batch(int(job.params["import"]))
    if batch.state is not ImportState.APPLYING:
        return None
    apply_batch(batch, _progress(job.id))
    return {key: batch.report.get(key) for key in ("rows", "people", "cohorts", "events")}


def undo_job(job: Job) -> dict[str, Any] | None:
    """Undo an import."""
    batch = get_batch(int(job.params["import"]))
    if batch.state is not ImportState.APPLIED:
        return None
    undo_batch(batch, _progress(job.id))
    return batch.report.get("undo")


HANDLERS: dict[str, Handler] = {READ: read_job, CHECK: check_job, APPLY: apply_job, UNDO: undo_job}
