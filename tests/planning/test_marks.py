"""Locks and exclusions: who they hold, what they replace, when they cannot be set."""

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.access.viewer import ANONYMOUS
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.service import propose
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db
from bsm_alumni.planning.enums import MarkKind, PlanState
from bsm_alumni.planning.queries import marks_of
from bsm_alumni.planning.queries_board import mark_rows
from bsm_alumni.planning.service import replan
from bsm_alumni.planning.service_marks import forbid, lock, unmark
from bsm_alumni.web.errors import NotThere, Refused
from tests.factories import Factory
from tests.planning.worlds import ask_plan, make_plan, make_season, outside_of, people_in, seats_in, work


def test_a_lock_holds_against_what_the_plan_would_rather_do(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    event = season.events[0]
    seat = seats_in(plan, event)[0]
    lock(plan, seat.slot_id, seat.alumnus_id, season.officer.id)
    # Without a lock nobody would choose a person who needs far more room for another session.
    anew = replan(plan, season.officer.id, weights={"keep": 0, "load": 20})
    make.alumnus("Better", "Much", country_code="IT", quarter_limit=2)
    db.session.commit()
    work()
    assert seat.alumnus_id in people_in(anew, event)


def test_who_is_excluded_is_in_no_later_plan(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    event = season.events[0]
    seat, other = seats_in(plan, event)
    forbid(plan, event.id, seat.slot_id, seat.alumnus_id, season.officer.id)
    forbid(plan, event.id, None, other.alumnus_id, season.officer.id)
    anew = replan(plan, season.officer.id)
    db.session.commit()
    work()
    assert people_in(anew, event) & {seat.alumnus_id, other.alumnus_id} == set()
    assert len(people_in(anew, event)) == 2


def test_a_lock_on_somebody_who_can_no_longer_come_is_told(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    event = season.events[0]
    seat, other = seats_in(plan, event)
    lock(plan, seat.slot_id, seat.alumnus_id, season.officer.id)
    lock(plan, other.slot_id, other.alumnus_id, season.officer.id)
    forbid(plan, season.events[1].id, None, seats_in(plan, season.events[1])[0].alumnus_id, None)
    assert [(row.event.id, row.holds) for row in mark_rows(plan, season.viewer)] == [
        (event.id, True),
        (event.id, True),
        (season.events[1].id, False),
    ]
    gone = next(person for person in season.people if person.id == seat.alumnus_id)
    gone.restricted = True
    anew = replan(plan, season.officer.id)
    db.session.commit()
    work()
    assert (anew.state, anew.filled) == (PlanState.READY, 8)
    assert [(row.event.id, row.alumnus == gone, row.holds) for row in mark_rows(anew, season.viewer)] == [
        (event.id, True, False),
        (event.id, False, True),
        (season.events[1].id, False, True),
    ]
    assert [row.alumnus for row in mark_rows(anew, ANONYMOUS)] == [None, None, None]


def test_one_mark_replaces_the_other(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    event = season.events[0]
    seat = seats_in(plan, event)[0]
    lock(plan, seat.slot_id, seat.alumnus_id, season.officer.id)
    forbid(plan, event.id, seat.slot_id, seat.alumnus_id, season.officer.id)
    assert [(mark.kind, mark.by) for mark in marks_of(plan)] == [(MarkKind.FORBID, season.officer.id)]
    forbid(plan, event.id, None, seat.alumnus_id, season.officer.id)
    forbid(plan, event.id, None, seat.alumnus_id, season.officer.id)
    assert [(mark.kind, mark.slot_id) for mark in marks_of(plan)] == [(MarkKind.FORBID, None)]
    lock(plan, seat.slot_id, seat.alumnus_id, season.officer.id)
    assert [(mark.kind, mark.slot_id) for mark in marks_of(plan)] == [(MarkKind.LOCK, seat.slot_id)]
    unmark(plan, marks_of(plan)[0].id)
    assert marks_of(plan) == []
    db.session.commit()
    entries = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.verb.in_(["plan.marked", "plan.unmarked"])).order_by(AuditEntry.id)
    ).all()
    assert [entry.verb for entry in entries] == ["plan.marked"] * 5 + ["plan.unmarked"]
    # The person finds what was decided about them.
    assert {entry.about_id for entry in entries} == {seat.alumnus_id}


def test_marks_that_make_no_sense_are_refused(app: Flask, make: Factory) -> None:
    season = make_season(make)
    event, slot_id = season.events[0], season.events[0].slots[0].id
    assignment = propose(slot_id, season.people[0].id)
    assignment.state = AssignmentState.ACCEPTED
    plan = make_plan(season)
    stranger = outside_of(plan, season, event)
    with pytest.raises(Refused, match="Only somebody whom the plan has"):
        lock(plan, slot_id, stranger.id, None)
    with pytest.raises(Refused, match="said yes"):
        forbid(plan, event.id, slot_id, season.people[0].id, None)
    with pytest.raises(Refused, match="said yes"):
        forbid(plan, event.id, None, season.people[0].id, None)
    for wrong in ((event.id, 999, stranger.id), (999, None, stranger.id), (event.id, slot_id, 999)):
        with pytest.raises(NotThere):
            forbid(plan, *wrong, None)
    with pytest.raises(NotThere):
        lock(plan, 999, stranger.id, None)
    with pytest.raises(NotThere):
        unmark(plan, 999)
    assert marks_of(plan) == []


def test_a_plan_in_the_making_or_put_away_takes_no_marks(app: Flask, make: Factory) -> None:
    season = make_season(make)
    event = season.events[0]
    plan = ask_plan(season)
    with pytest.raises(Refused):
        forbid(plan, event.id, None, season.people[0].id, None)
    work()
    plan.state = PlanState.SUPERSEDED
    with pytest.raises(Refused):
        forbid(plan, event.id, None, season.people[0].id, None)


def test_a_mark_of_another_plan_is_not_there(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan, other = make_plan(season), make_plan(season, title="Other")
    mark = forbid(plan, season.events[0].id, None, season.people[0].id, None)
    with pytest.raises(NotThere):
        unmark(other, mark.id)
