"""Putting work down as rows, and running what is due. Safe to run twice and from several workers."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.jobs.enums import JobState
from bsm_alumni.jobs.models import Job

Handler = Callable[[Job], dict[str, Any] | None]

# A running job that said nothing for this long belonged to a worker that died.
SILENT_FOR = timedelta(minutes=5)
MOST_ATTEMPTS = 3


def wake_worker_after_commit() -> None:
    """Ask the request edge to wake the worker once this transaction is in."""
    db.session.info["wake_worker"] = True


def enqueue(kind: str, params: dict[str, Any], actor_id: int | None = None) -> Job:
    """Put a job down. It is run after this transaction is committed."""
    job = Job(kind=kind, params=params, actor_id=actor_id)
    db.session.add(job)
    db.session.flush()
    wake_worker_after_commit()
    return job


def get_job(job_id: int) -> Job:
    """The job; raises LookupError when there is none."""
    job = db.session.get(Job, job_id)
    if job is None:
        raise LookupError(f"There is no job {job_id}.")
    return job


def report_progress(job_id: int, done: int, total: int) -> None:
    """Tell how far a job is, in a transaction of its own, so that pages see it while the work is under way.

    On SQLite the work itself must not hold the write lock at this moment: commit its batch first.
    """
    with writing():
        db.session.execute(
            sa.update(Job)
            .where(Job.id == job_id)
            .values(progress_done=done, progress_total=total, heartbeat_at=utc_now())
        )
        db.session.commit()


def _claim_next(skip: set[int]) -> int | None:
    """The id of the oldest job that waits and is not in ``skip``, now running; jobs of dead workers wait again."""
    with writing():
        stale = (Job.state == JobState.RUNNING) & (Job.heartbeat_at < utc_now() - SILENT_FOR)
        # A job that stops its worker each time must not do so for ever.
        hopeless = stale & (Job.attempts >= MOST_ATTEMPTS)
        lost = {"state": JobState.FAILED, "error": "The worker stopped while at it.", "finished_at": utc_now()}
        db.session.execute(sa.update(Job).where(hopeless).values(lost))
        db.session.execute(sa.update(Job).where(stale).values(state=JobState.QUEUED))
        job = db.session.scalars(
            sa.select(Job)
            .where(Job.state == JobState.QUEUED, Job.id.not_in(skip))
            .order_by(Job.created_at, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if job is not None:
            job.state, job.attempts = JobState.RUNNING, job.attempts + 1
            job.started_at = job.heartbeat_at = utc_now()
        db.session.commit()
        return job.id if job is not None else None


def _finish(job_id: int, state: JobState, result: dict[str, Any] | None, error: str) -> None:
    with writing():
        db.session.execute(
            sa.update(Job)
            .where(Job.id == job_id)
            .values(state=state, result=result, error=error[:500], finished_at=utc_now())
        )
        db.session.commit()


def run_due(handlers: Mapping[str, Handler]) -> int:
    """Run every job that waits; returns how many ran.

    A handler that fails is tried again by a later sweep, at most three times in all.
    """
    count = 0
    failed: set[int] = set()
    while (job_id := _claim_next(failed)) is not None:
        job = get_job(job_id)
        count += 1
        attempts = job.attempts
        try:
            with writing():
                result = handlers[job.kind](job)
                db.session.commit()
        except Exception as error:
            db.session.rollback()
            current_app.logger.exception("Job %s failed", job_id)
            failed.add(job_id)
            state = JobState.QUEUED if attempts < MOST_ATTEMPTS else JobState.FAILED
            _finish(job_id, state, None, f"{type(error).__name__}: {error}")
        else:
            _finish(job_id, JobState.DONE, result, "")
    return count
