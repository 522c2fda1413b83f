"""What the worker does for plans: builds the programme, lets the planner work, stores what it found.

While it works no transaction is open, so that nobody waits for it; it tells how far it is once a second. It may run
twice and has one effect.
"""

import math
from typing import Any

import numpy as np
import sqlalchemy as sa

from bsm_alumni.audit.service import record
from bsm_alumni.database import begin_reading, writing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.jobs.models import Job
from bsm_alumni.jobs.service import MOST_ATTEMPTS, Handler, report_progress
from bsm_alumni.matching.planner import solve
from bsm_alumni.matching.planner.plan import Limits, PlanStatus, Progress
from bsm_alumni.matching.planner.plan import Plan as Answer
from bsm_alumni.matching.planner.programme import cost_of
from bsm_alumni.planning.enums import CostPart, PlanState
from bsm_alumni.planning.instance import Task, build_for, task_of
from bsm_alumni.planning.models import Plan, PlanSeat, PlanShort
from bsm_alumni.planning.service import JOB, UNDER_WAY
from bsm_alumni.planning.storing import prices_of, seats_from, shorts_from
from bsm_alumni.planning.words import BREAKS_RULES

MOST_SECONDS = 60.0
"""How long the planner works on one plan at most."""
MOST_POINTS = 60
"""Points of the history that are kept."""


def run_plan(job: Job) -> dict[str, Any] | None:
    """Make the plan. A plan that cannot be made says why; one that was stopped keeps the best so far."""
    job_id, plan_id, last_try = job.id, int(job.params["plan"]), job.attempts >= MOST_ATTEMPTS
    if not _begin(plan_id):
        return None
    begin_reading()
    try:
        plan = db.session.get_one(Plan, plan_id)
        planned = build_for(plan, utc_now())
        task = task_of(plan, planned)
        # The planner works for a while: no transaction stays open meanwhile.
        db.session.rollback()
        limits, programme = Limits(seconds=MOST_SECONDS), task.programme
        # What is held already is the beginning of a good plan.
        held = np.flatnonzero(programme.fixed | programme.kept)
        answer = solve.plan_programme(programme, limits, _Telling(job_id, plan_id), start=held)
        if answer.status is PlanStatus.INFEASIBLE:
            _fail(plan_id, BREAKS_RULES)
            return {"state": PlanState.FAILED.value}
        prices = prices_of(task.programme, answer.chosen)
        return _store(plan_id, task, answer, prices)
    except Exception as error:
        db.session.rollback()
        if last_try:
            _fail(plan_id, type(error).__name__)
        raise


HANDLERS: dict[str, Handler] = {JOB: run_plan}


def _begin(plan_id: int) -> bool:
    """Whether the plan is still to be made; it is marked as being made."""
    plan = db.session.get(Plan, plan_id, with_for_update=True)
    wanted = plan is not None and plan.state in UNDER_WAY
    if plan is not None and wanted:
        plan.state, plan.history, plan.error = PlanState.RUNNING, [], ""
    db.session.commit()
    return wanted


class _Telling:
    """Writes how far the planner is, once a second at most, and answers whether to go on."""

    def __init__(self, job_id: int, plan_id: int) -> None:
        self.job_id, self.plan_id = job_id, plan_id
        self.points: list[list[float | None]] = []
        self.told = -1.0
        self.goes_on = True

    def __call__(self, progress: Progress) -> bool:
        if progress.seconds - self.told < 1.0 and self.told >= 0:
            return self.goes_on
        self.told = progress.seconds
        self.points = thinned([*self.points, [round(progress.seconds, 2), progress.objective, progress.bound]])
        with writing():
            values = {"history": self.points, "objective": progress.objective, "bound": progress.bound}
            db.session.execute(
                sa.update(Plan)
                .where(Plan.id == self.plan_id, Plan.state == PlanState.RUNNING)
                .values(**values, seconds=progress.seconds)
            )
            asked = db.session.scalar(sa.select(Plan.cancel_asked).where(Plan.id == self.plan_id))
            db.session.commit()
        report_progress(self.job_id, min(int(progress.seconds), int(MOST_SECONDS)), int(MOST_SECONDS))
        self.goes_on = asked is False
        return self.goes_on


def thinned(points: list[list[float | None]]) -> list[list[float | None]]:
    """The points, every second of them left out once there are too many; the last stays."""
    return points if len(points) <= MOST_POINTS else [*points[:-1:2], points[-1]]


def _store(plan_id: int, task: Task, answer: Answer, prices: dict[int, float]) -> dict[str, Any] | None:
    planned, numbers = task.planned, task.numbers
    chosen = numbers[answer.chosen]
    price_of = {int(numbers[pair]): price for pair, price in prices.items()}
    seats, shorts = seats_from(plan_id, planned, chosen, price_of), shorts_from(plan_id, planned, chosen)
    cost = cost_of(task.programme, answer.chosen)
    with writing():
        plan = db.session.get_one(Plan, plan_id, with_for_update=True, populate_existing=True)
        if plan.state is not PlanState.RUNNING:
            db.session.rollback()
            return None
        for table in (PlanSeat, PlanShort):
            db.session.execute(sa.delete(table).where(table.plan_id == plan_id))
        db.session.add_all([*seats, *shorts])
        plan.state = PlanState.STOPPED if plan.cancel_asked else PlanState.READY
        # Stopped before there was a bound.
        bound = answer.bound if math.isfinite(answer.bound) else None
        plan.objective, plan.bound, plan.seconds = answer.objective, bound, answer.seconds
        plan.optimal, plan.parts = answer.status is PlanStatus.OPTIMAL, {part: getattr(cost, part) for part in CostPart}
        plan.history = thinned([*plan.history, [round(answer.seconds, 2), answer.objective, bound]])
        plan.asked, plan.filled = planned.asked, len(seats)
        db.session.flush()
        facts = {"state": plan.state, "objective": plan.objective, "bound": plan.bound}
        record("plan.made", plan, after={**facts, "asked": plan.asked, "filled": plan.filled})
        result = {"state": plan.state.value, "asked": plan.asked, "filled": plan.filled}
        db.session.commit()
    return result


def _fail(plan_id: int, error: str) -> None:
    with writing():
        plan = db.session.get_one(Plan, plan_id, with_for_update=True, populate_existing=True)
        if plan.state in UNDER_WAY:
            plan.state, plan.error = PlanState.FAILED, error[:300]
            record("plan.failed", plan, after={"error": plan.error})
        db.session.commit()
