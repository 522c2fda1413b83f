"""A decline: the seat is offered at once, and a new plan is an offer."""

import sqlalchemy as sa
from flask import Flask

from bsm_alumni.assignments.enums import AssignmentState, Reason
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.service_answers import decline
from bsm_alumni.extensions import db
from bsm_alumni.planning.enums import PlanState
from bsm_alumni.planning.models import Plan
from bsm_alumni.planning.queries import latest_applied, proposals_of, seats_of_plan
from bsm_alumni.planning.queries_balance import compare
from bsm_alumni.planning.queries_board import board_by_week, live_seats
from bsm_alumni.planning.service_apply import apply_plan, invite_batch
from bsm_alumni.planning.service_moves import candidates_for, why_not
from bsm_alumni.planning.service_refill import refill_offer, replan_offer
from tests.factories import Factory
from tests.planning.worlds import Season, make_plan, make_season, work


def invited_season(make: Factory) -> tuple[Season, Plan, Assignment]:
    """A season of nine people whose plan was applied and invited; the first of those asked declines."""
    season = make_season(make, people=9)
    plan = make_plan(season)
    apply_plan(plan, None)
    invited = invite_batch(plan, [row.id for row in proposals_of(plan, season.viewer)])
    db.session.commit()
    first = invited[0]
    decline(first.id, Reason.BUSY)
    db.session.commit()
    assert first.state is AssignmentState.DECLINED
    return season, plan, first


def test_a_lost_seat_is_offered_to_the_best_reserve(app: Flask, make: Factory) -> None:
    season, plan, lost = invited_season(make)
    offer = refill_offer(lost.slot_id, season.viewer)
    assert offer is not None
    assert (offer.plan.id, offer.slot.id) == (plan.id, lost.slot_id)
    offered = [one.alumnus.id for one in offer.candidates]
    assert lost.alumnus_id not in offered
    # The ninth has no seat yet, so the seat costs least with them.
    seated = {seat.alumnus_id for seat in seats_of_plan(plan.id)}
    idle = next(person.id for person in season.people if person.id not in seated)
    assert offered[0] == idle
    assert offer.candidates[0].price.points < -200
    assert all(one.price.possible and one.sentence for one in offer.candidates)
    # The page of the plan says the same.
    assert candidates_for(plan, lost.slot_id, season.viewer) == offer.candidates
    out = why_not(plan, lost.slot_id, [lost.alumnus_id], season.viewer)[0]
    assert [one.words for one in out.excluded] == ["They were already asked for this slot."]


def test_the_board_shows_what_was_lost(app: Flask, make: Factory) -> None:
    season, plan, lost = invited_season(make)
    assert [(seat.seat.slot_id, seat.seat.alumnus_id, seat.lost) for seat in live_seats(plan, season.viewer)] == [
        (lost.slot_id, lost.alumnus_id, True)
    ]
    week = board_by_week(plan, season.viewer)[0]
    states = [seat.assignment.state for seat in week.events[0].slots[0].seats if seat.assignment]
    assert sorted(states) == [AssignmentState.DECLINED, AssignmentState.INVITED]


def test_nothing_is_offered_where_nothing_is_free_or_planned(app: Flask, make: Factory) -> None:
    season, _plan, lost = invited_season(make)
    full = season.events[1].slots[0].id
    assert refill_offer(full, season.viewer) is None
    assert refill_offer(999, season.viewer) is None
    alone = make.event("Alone", seats=1)
    assert latest_applied(alone.slots[0].id) is None
    assert refill_offer(alone.slots[0].id, season.viewer) is None
    lost.event.status = "cancelled"
    db.session.commit()
    assert refill_offer(lost.slot_id, season.viewer) is None


def test_a_new_plan_is_an_offer_that_moves_few(app: Flask, make: Factory) -> None:
    season, plan, lost = invited_season(make)
    offer = replan_offer(plan, season.officer.id)
    db.session.commit()
    assert replan_offer(plan, season.officer.id).id == offer.id
    work()
    assert (offer.state, plan.state) == (PlanState.READY, PlanState.APPLIED)
    assert replan_offer(plan, season.officer.id).id == offer.id
    moved = compare(plan, offer, season.viewer)
    assert [(one.slot.id, one.alumnus.id) for one in moved.only_here if one.alumnus] == [
        (lost.slot_id, lost.alumnus_id)
    ]
    assert [one.slot.id for one in moved.only_there] == [lost.slot_id]
    assert moved.shared == 7
    # Nothing is decided until it is applied.
    assert apply_plan(offer, None).proposed == 1
    db.session.commit()
    assert (offer.state, plan.state) == (PlanState.APPLIED, PlanState.SUPERSEDED)
    found = latest_applied(lost.slot_id)
    assert found is not None
    assert found.id == offer.id


def test_another_loss_makes_another_offer(app: Flask, make: Factory) -> None:
    _season, plan, _lost = invited_season(make)
    offer = replan_offer(plan, None)
    db.session.commit()
    work()
    second = db.session.scalars(sa.select(Assignment.id).where(Assignment.state == AssignmentState.INVITED)).first()
    assert second is not None
    decline(second, Reason.BUSY)
    db.session.commit()
    assert replan_offer(plan, None).id != offer.id
