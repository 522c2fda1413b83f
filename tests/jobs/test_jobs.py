"""Jobs: rows that are run once their transaction is in, tried again when they fail, found when a worker died."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.jobs import service
from bsm_alumni.jobs.enums import JobState
from bsm_alumni.jobs.models import Job


def put_down(*kinds: str) -> list[int]:
    with writing():
        ids = [service.enqueue(kind, {"n": number}).id for number, kind in enumerate(kinds)]
        db.session.commit()
    return ids


def seen(job_id: int) -> Job:
    db.session.rollback()
    return db.session.get_one(Job, job_id, populate_existing=True)


def test_a_job_is_run_once_and_its_result_is_kept(app: Flask) -> None:
    [number] = put_down("count")
    ran: list[int] = []

    def count(job: Job) -> dict[str, Any]:
        ran.append(job.id)
        return {"counted": job.params["n"]}

    assert service.run_due({"count": count}) == 1
    assert service.run_due({"count": count}) == 0
    job = seen(number)
    assert (ran, job.state, job.result, job.attempts) == ([number], JobState.DONE, {"counted": 0}, 1)


def test_a_job_of_a_transaction_that_was_taken_back_is_never_run(app: Flask) -> None:
    with writing():
        service.enqueue("count", {})
        db.session.rollback()
    assert service.run_due({}) == 0


def test_a_failing_job_is_tried_three_times_and_what_it_wrote_is_taken_back(app: Flask) -> None:
    [number] = put_down("fail")

    def fail(job: Job) -> None:
        job.params = {"half": "done"}
        db.session.flush()
        raise ValueError("no luck")

    for attempt in (1, 2, 3):
        service.run_due({"fail": fail})
        job = seen(number)
        assert (job.attempts, job.params, job.error) == (attempt, {"n": 0}, "ValueError: no luck")
    assert seen(number).state is JobState.FAILED
    assert service.run_due({"fail": fail}) == 0


def test_one_failing_job_does_not_stop_the_next(app: Flask) -> None:
    first, second = put_down("fail", "fine")

    def fail(_job: Job) -> None:
        raise ValueError("no luck")

    assert service.run_due({"fail": fail, "fine": lambda job: None}) == 2
    assert (seen(first).state, seen(second).state) == (JobState.QUEUED, JobState.DONE)


class WorkerKilled(BaseException):
    """As when the machine stops: no handler of the program catches it."""


def test_the_job_of_a_dead_worker_is_found_after_five_silent_minutes(app: Flask) -> None:
    [number] = put_down("work")

    def die(_job: Job) -> None:
        raise WorkerKilled

    with time_machine.travel(utc_now()) as clock:
        with pytest.raises(WorkerKilled):
            service.run_due({"work": die})
        db.session.rollback()
        assert seen(number).state is JobState.RUNNING
        assert service.run_due({"work": lambda job: None}) == 0
        clock.shift(service.SILENT_FOR + timedelta(seconds=1))
        assert service.run_due({"work": lambda job: {"by": "the next"}}) == 1
    job = seen(number)
    assert (job.state, job.attempts, job.result) == (JobState.DONE, 2, {"by": "the next"})


def test_a_job_that_stops_its_worker_each_time_is_given_up(app: Flask) -> None:
    [number] = put_down("work")

    def die(_job: Job) -> None:
        raise WorkerKilled

    with time_machine.travel(utc_now()) as clock:
        for _attempt in range(service.MOST_ATTEMPTS):
            with pytest.raises(WorkerKilled):
                service.run_due({"work": die})
            db.session.rollback()
            clock.shift(service.SILENT_FOR + timedelta(seconds=1))
        assert service.run_due({"work": die}) == 0
    job = seen(number)
    assert (job.state, job.error) == (JobState.FAILED, "The worker stopped while at it.")


def test_progress_is_seen_while_the_work_is_under_way(app: Flask) -> None:
    [number] = put_down("work")
    told: list[tuple[int, int]] = []

    def work(job: Job) -> None:
        number = job.id
        db.session.commit()
        service.report_progress(number, 3, 10)
        with db.engine.connect() as other:
            row = other.execute(sa.select(Job.progress_done, Job.progress_total).where(Job.id == number)).one()
        told.append((row.progress_done, row.progress_total))

    service.run_due({"work": work})
    assert told == [(3, 10)]
    assert seen(number).state is JobState.DONE
