"""Plans are put down, made by the worker, stopped, made anew."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.service import propose
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.jobs.enums import JobState
from bsm_alumni.jobs.models import Job
from bsm_alumni.matching.planner.programme import PlanWeights
from bsm_alumni.planning import service_run as run
from bsm_alumni.planning.enums import PlanState, SeatKind
from bsm_alumni.planning.models import PlanSeat, PlanShort
from bsm_alumni.planning.queries import marks_of, plan_weights_of, seats_of_plan
from bsm_alumni.planning.service import (
    create_plan,
    next_title,
    replan,
    save_plan_weights,
    stop_plan,
)
from bsm_alumni.planning.service_marks import lock
from bsm_alumni.planning.service_run import MOST_POINTS, run_plan, thinned
from bsm_alumni.planning.shapes import PlanDetails
from bsm_alumni.planning.weights import PLAN_WEIGHTS, as_plan_weights, default_plan_weights
from bsm_alumni.web.errors import FieldErrors, Refused
from tests.factories import SOON, Factory
from tests.planning.worlds import FIRST, LAST, ask_plan, make_plan, make_season, people_in, seats_in, work


def verbs() -> list[str]:
    found = db.session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.id))
    return [verb for verb in found if verb.startswith("plan")]


def test_a_plan_fills_what_it_can_and_says_what_it_cannot(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    assert (plan.state, plan.asked, plan.filled) == (PlanState.READY, 9, 8)
    assert [len(people_in(plan, event)) for event in season.events] == [2, 2, 2, 2]
    assert {seat.kind for seat in seats_of_plan(plan.id)} == {SeatKind.NEW}
    # Eight people, eight seats: nobody has two while another has none.
    assert len({seat.alumnus_id for seat in seats_of_plan(plan.id)}) == 8
    short = db.session.scalars(sa.select(PlanShort)).one()
    assert (short.slot_id, short.missing) == (season.events[-1].slots[1].id, 1)
    assert short.why == {"language": 8}
    assert plan.objective is not None
    assert plan.objective == pytest.approx(sum(plan.parts.values()))
    assert plan.optimal
    assert plan.gap == pytest.approx(0.0, abs=1e-6)
    assert plan.history[-1][1:] == [plan.objective, plan.bound]
    assert all(seat.price is not None and seat.price >= -1e-6 for seat in seats_of_plan(plan.id))
    assert verbs() == ["plan.created", "plan.made"]


def test_a_job_that_runs_twice_has_one_effect(app: Flask, make: Factory) -> None:
    plan = make_plan(make_season(make))
    before = [(seat.id, seat.alumnus_id) for seat in seats_of_plan(plan.id)]
    job = db.session.get_one(Job, plan.job_id)
    assert run_plan(job) is None
    # A worker that died in the middle: its plan is made from the start, and stored once.
    plan.state, job.state = PlanState.RUNNING, JobState.QUEUED
    db.session.commit()
    assert work() == 1
    assert [alumnus for _id, alumnus in before] == [seat.alumnus_id for seat in seats_of_plan(plan.id)]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PlanShort)) == 1


def test_what_was_accepted_stays_and_what_was_proposed_is_kept(app: Flask, make: Factory) -> None:
    season = make_season(make)
    first, second = season.events[:2]
    accepted = propose(first.slots[0].id, season.people[0].id)
    accepted.state = AssignmentState.ACCEPTED
    propose(second.slots[0].id, season.people[1].id)
    db.session.commit()
    plan = make_plan(season)
    kinds = {(seat.event_id, seat.alumnus_id): seat.kind for seat in seats_of_plan(plan.id)}
    assert kinds.pop((first.id, season.people[0].id)) is SeatKind.ACCEPTED
    assert kinds.pop((second.id, season.people[1].id)) is SeatKind.KEPT
    assert set(kinds.values()) == {SeatKind.NEW}


def test_details_are_checked_all_at_once(app: Flask, make: Factory) -> None:
    season = make_season(make)
    elsewhere = make.event("Another year", seats=1, starts_at=SOON + timedelta(days=400))
    late = date(2027, 1, 1)

    def errors(**details: object) -> dict[str, str]:
        with pytest.raises(FieldErrors) as caught:
            ask_plan(season, **details)
        return caught.value.errors

    assert errors(title=" ", first_day=LAST, last_day=FIRST, series_id=99).keys() == {"title", "last_day", "series_id"}
    assert errors(last_day=FIRST + timedelta(days=800)).keys() == {"last_day"}
    past = utc_now().date() - timedelta(days=9)
    assert errors(first_day=past, last_day=past).keys() == {"last_day"}
    assert errors(first_day=late, last_day=late).keys() == {"first_day"}
    assert errors(event_ids=(season.events[0].id, elsewhere.id)) == {
        "event_ids": "These sessions cannot be planned in these days: Another year."
    }
    assert errors(weights={"load": 900}) == {"load": "Write a number from 0 to 20."}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Job)) == 0


def test_a_plan_for_some_sessions_leaves_the_others_alone(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season, event_ids=(season.events[2].id,))
    assert (plan.asked, plan.filled) == (2, 2)
    assert {seat.event_id for seat in seats_of_plan(plan.id)} == {season.events[2].id}


def test_a_plan_that_waits_is_stopped_at_once(app: Flask, make: Factory) -> None:
    plan = ask_plan(make_season(make))
    stop_plan(plan)
    db.session.commit()
    assert plan.state is PlanState.STOPPED
    work()
    assert (plan.state, plan.filled) == (PlanState.STOPPED, 0)
    with pytest.raises(Refused):
        stop_plan(plan)
    assert verbs() == ["plan.created", "plan.stopped"]


def test_a_plan_in_the_making_is_stopped_and_keeps_the_best_so_far(app: Flask, make: Factory) -> None:
    plan = ask_plan(make_season(make))
    # Asked while it runs: the planner hears of it the first time it tells how far it is.
    plan.state, plan.cancel_asked = PlanState.RUNNING, True
    db.session.commit()
    work()
    assert (plan.state, plan.filled, plan.gap, plan.optimal) == (PlanState.STOPPED, 8, None, False)


def test_a_plan_whose_worker_gave_up_can_be_put_away(app: Flask, make: Factory) -> None:
    plan = ask_plan(make_season(make))
    plan.state = PlanState.RUNNING
    db.session.get_one(Job, plan.job_id).state = JobState.FAILED
    db.session.commit()
    stop_plan(plan)
    assert plan.state is PlanState.FAILED


def test_locks_that_do_not_go_together_fail_the_plan_with_a_reason(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    event = season.events[0]
    for seat in seats_in(plan, event):
        lock(plan, seat.slot_id, seat.alumnus_id, season.officer.id)
    # Two were locked in a slot that has one seat by now.
    event.slots[0].seats = 1
    anew = replan(plan, season.officer.id)
    db.session.commit()
    work()
    assert (anew.state, anew.error) == (PlanState.FAILED, "rules")
    assert seats_of_plan(anew.id) == []
    assert verbs()[-1] == "plan.failed"


def test_a_plan_made_anew_keeps_seats_and_marks(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    seat = seats_in(plan, season.events[0])[0]
    lock(plan, seat.slot_id, seat.alumnus_id, season.officer.id)
    anew = replan(plan, season.officer.id)
    db.session.commit()
    assert (anew.title, anew.base_plan_id, len(marks_of(anew))) == ("Spring (2)", plan.id, 1)
    with pytest.raises(Refused):
        replan(anew, season.officer.id)
    work()
    assert [people_in(anew, event) for event in season.events] == [people_in(plan, event) for event in season.events]
    # Seven seats are kept, the eighth is locked.
    assert anew.parts["keep"] == -25.0 * 7


def test_a_plan_that_goes_wrong_is_tried_again_and_then_given_up(app: Flask, make: Factory) -> None:
    plan = ask_plan(make_season(make))
    plan.weights = {"load": "heavy"}  # type: ignore[dict-item]
    db.session.commit()
    states = []
    for _sweep in range(3):
        assert work() == 1
        states.append((plan.state, db.session.get_one(Job, plan.job_id).state))
    assert states == [
        (PlanState.RUNNING, JobState.QUEUED),
        (PlanState.RUNNING, JobState.QUEUED),
        (PlanState.FAILED, JobState.FAILED),
    ]
    assert (plan.error, work()) == ("ValueError", 0)
    # A plan that failed can be made anew once what was wrong is mended.
    anew = replan(plan, None, weights={})
    db.session.commit()
    work()
    assert (anew.state, anew.filled) == (PlanState.READY, 8)


def test_titles_count_on() -> None:
    assert [next_title(title) for title in ("Spring", "Spring (2)", "Spring (9)", "(2)", "Spring (x)")] == [
        "Spring (2)",
        "Spring (3)",
        "Spring (10)",
        "(2) (2)",
        "Spring (x) (2)",
    ]


def test_weights_of_a_series_stand_over_those_of_the_programme(app: Flask, make: Factory) -> None:
    series = make.series()
    save_plan_weights(0, {"load": 5.0})
    save_plan_weights(series.id, {"load": 7.0, "region": 0.0})
    save_plan_weights(series.id, {"load": 7.0, "region": 0.0})
    db.session.commit()
    assert plan_weights_of(None)["load"] == 5.0
    assert (plan_weights_of(series.id)["load"], plan_weights_of(series.id)["region"]) == (7.0, 0.0)
    assert verbs() == ["plan_weights.saved", "plan_weights.saved"]
    with pytest.raises(FieldErrors) as caught:
        save_plan_weights(0, {"keep": -1, "unfilled": 9999})
    assert caught.value.errors.keys() == {"keep", "unfilled"}


def test_the_table_of_weights_is_that_of_the_planner() -> None:
    assert set(PLAN_WEIGHTS) == set(PlanWeights.__dataclass_fields__)
    assert as_plan_weights(default_plan_weights()) == PlanWeights()
    assert all(weight.least <= weight.default <= weight.most for weight in PLAN_WEIGHTS.values())


def test_the_weights_of_the_plan_are_those_that_are_solved(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season, weights={"unfilled": 100})
    assert plan.parts["unfilled"] == 100.0


def test_the_history_never_grows_beyond_its_points() -> None:
    points: list[list[float | None]] = []
    for second in range(500):
        points = thinned([*points, [float(second), 0.0, None]])
    assert len(points) <= MOST_POINTS
    assert points[-1][0] == 499.0
    assert points == sorted(points, key=lambda point: point[0] or 0)


def test_while_the_planner_works_nobody_waits(app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write by another connection, in the middle of the work, goes through at once."""
    season = make_season(make)
    plan = ask_plan(season)
    plan_id, person_id, seen = plan.id, season.people[0].id, []
    solve = run.solve.plan_programme

    def watched(*args: object, **more: object) -> object:
        with db.engine.connect() as other:
            if other.dialect.name == "sqlite":
                other.exec_driver_sql("PRAGMA busy_timeout=100")
            other.exec_driver_sql(f"UPDATE alumni SET remarks = 'seen' WHERE id = {person_id}")  # noqa: S608
            other.commit()
        answer = solve(*args, **more)
        seen.append(db.session().in_transaction())
        return answer

    monkeypatch.setattr(run.solve, "plan_programme", watched)
    work()
    assert seen == [False]
    assert db.session.get_one(type(plan), plan_id).state is PlanState.READY
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PlanSeat)) == 8


def test_a_plan_needs_an_officer_no_more_than_a_command_does(app: Flask, make: Factory) -> None:
    make_season(make)
    plan = create_plan(None, PlanDetails("By the program", FIRST, LAST))
    db.session.commit()
    work()
    assert (plan.created_by, plan.state) == (None, PlanState.READY)
