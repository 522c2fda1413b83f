"""Two officers at the same plan, two workers at the same job: one effect, and the other is told."""

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.assignments.models import Assignment
from bsm_alumni.audit.service import find_first_break
from bsm_alumni.extensions import db
from bsm_alumni.jobs.models import Job
from bsm_alumni.planning.enums import PlanState
from bsm_alumni.planning.models import Plan, PlanSeat
from bsm_alumni.planning.queries import get_plan
from bsm_alumni.planning.service_apply import apply_plan
from bsm_alumni.planning.service_moves import swap
from bsm_alumni.planning.service_run import run_plan
from bsm_alumni.web.errors import NotThere, Refused
from tests.factories import Factory
from tests.planning.worlds import ask_plan, make_plan, make_season, people_in, seats_in
from tests.race import race

TOLD = "told"


def test_a_plan_is_applied_once(app: Flask, make: Factory) -> None:
    plan_id = make_plan(make_season(make)).id

    def act() -> object:
        try:
            done = apply_plan(get_plan(plan_id), None).proposed
        except Refused:
            db.session.rollback()
            return TOLD
        db.session.commit()
        return done

    answers = race(app, [act] * 4)
    assert sorted(map(str, answers)) == ["8", TOLD, TOLD, TOLD]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Assignment)) == 8
    assert find_first_break() is None


def test_a_seat_is_swapped_once(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    event = season.events[0]
    plan_id, seat_id, event_id = plan.id, seats_in(plan, event)[0].id, event.id
    inside = people_in(plan, event)
    others = [person.id for person in season.people if person.id not in inside][:4]

    def take(alumnus_id: int) -> str:
        try:
            swap(get_plan(plan_id), seat_id, alumnus_id)
        except (Refused, NotThere):
            db.session.rollback()
            return TOLD
        db.session.commit()
        return "done"

    answers = race(app, [lambda who=who: take(who) for who in others])  # type: ignore[misc]
    assert sorted(answers) == ["done", TOLD, TOLD, TOLD]
    seats = db.session.scalars(
        sa.select(PlanSeat.alumnus_id).where(PlanSeat.plan_id == plan_id, PlanSeat.event_id == event_id)
    ).all()
    assert len(seats) == 2
    plan = get_plan(plan_id)
    assert sum(plan.parts.values()) == pytest.approx(plan.objective)


def test_two_workers_at_one_plan_store_it_once(app: Flask, make: Factory) -> None:
    plan = ask_plan(make_season(make))
    plan_id, job_id = plan.id, plan.job_id

    def work() -> bool:
        return run_plan(db.session.get_one(Job, job_id)) is not None

    assert sorted(race(app, [work, work])) == [False, True]
    assert db.session.get_one(Plan, plan_id).state is PlanState.READY
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PlanSeat)) == 8
