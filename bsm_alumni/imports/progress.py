"""How far the worker is with an import."""

from dataclasses import dataclass

from bsm_alumni.extensions import db, utc_now
from bsm_alumni.imports.models import ImportBatch
from bsm_alumni.jobs.enums import JobState
from bsm_alumni.jobs.models import Job


@dataclass(frozen=True, slots=True)
class ProgressView:
    """Rows done of all (0 while that is not known), rows a second, and whether the work has stopped for good."""

    done: int
    total: int
    per_second: int | None
    waiting: bool
    stopped: bool


def find_progress(batch: ImportBatch) -> ProgressView | None:
    """The progress of the work under way; None when there is none."""
    job = db.session.get(Job, batch.job_id) if batch.job_id else None
    if job is None:
        return None
    seconds = (utc_now() - job.started_at).total_seconds() if job.started_at else 0.0
    rate = round(job.progress_done / seconds) if seconds >= 1 and job.progress_done else None
    return ProgressView(
        done=job.progress_done,
        total=job.progress_total,
        per_second=rate,
        waiting=job.state is JobState.QUEUED,
        stopped=job.state is JobState.FAILED,
    )
