"""A plan becomes proposals, all or none; proposals become invitations, all or none."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.alumni.enums import PeriodKind
from bsm_alumni.alumni.models import AlumnusEmail, AvailabilityPeriod
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.service import invite, propose
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.models import Mail
from bsm_alumni.planning.enums import PlanState
from bsm_alumni.planning.queries import proposals_of, seats_of_plan
from bsm_alumni.planning.service import replan
from bsm_alumni.planning.service_apply import Applied, StaleSeats, apply_plan, invite_batch
from bsm_alumni.planning.service_marks import forbid
from bsm_alumni.planning.service_moves import candidates_for, swap
from bsm_alumni.web.errors import FieldErrors, Refused
from tests.factories import Factory
from tests.planning.worlds import ask_plan, make_plan, make_season, people_in, seats_in, work


def states() -> dict[AssignmentState, int]:
    rows = db.session.execute(sa.select(Assignment.state, sa.func.count()).group_by(Assignment.state))
    return dict(rows.all())  # type: ignore[arg-type]


def mails() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Mail)) or 0


def test_every_seat_is_proposed_and_nobody_is_told(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    assert apply_plan(plan, season.officer.id) == Applied(8, 0, 0)
    db.session.commit()
    assert (plan.state, plan.applied_by) == (PlanState.APPLIED, season.officer.id)
    assert plan.applied_at is not None
    held = {(row.slot_id, row.alumnus_id) for row in db.session.scalars(sa.select(Assignment))}
    assert held == {(seat.slot_id, seat.alumnus_id) for seat in seats_of_plan(plan.id)}
    assert (states(), mails()) == ({AssignmentState.PROPOSED: 8}, 0)
    with pytest.raises(Refused):
        apply_plan(plan, season.officer.id)
    assert db.session.scalars(sa.select(AuditEntry.verb).where(AuditEntry.verb == "plan.applied")).all() == [
        "plan.applied"
    ]


def test_everybody_who_changed_since_is_named_and_nothing_is_applied(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    away, gone, barred = (seats_in(plan, event)[0] for event in season.events[:3])
    day = season.events[0].starts_at.date()
    db.session.add(AvailabilityPeriod(alumnus_id=away.alumnus_id, kind=PeriodKind.BLACKOUT, starts_on=day, ends_on=day))
    db.session.execute(sa.delete(AlumnusEmail).where(AlumnusEmail.alumnus_id == gone.alumnus_id))
    forbid(plan, season.events[2].id, None, barred.alumnus_id, None)
    db.session.commit()
    with pytest.raises(StaleSeats) as caught:
        apply_plan(plan, season.officer.id)
    names = {person.id: person.display_name for person in season.people}
    assert {(stale.seat.id if stale.seat else 0, stale.words) for stale in caught.value.seats} == {
        (away.id, f"{names[away.alumnus_id]}: They are away on a day of the session."),
        (gone.id, f"{names[gone.alumnus_id]}: There is no e-mail address to write to. Add one to the profile."),
        (barred.id, f"{names[barred.alumnus_id]}: Excluded by a mark. Give the seat to somebody else."),
    }
    db.session.commit()
    assert (plan.state, states()) == (PlanState.READY, {})
    # Each given to somebody else, the plan can be applied.
    for seat in (away, gone, barred):
        swap(plan, seat.id, candidates_for(plan, seat.slot_id, season.viewer, seat.id)[0].alumnus.id)
    assert apply_plan(plan, None) == Applied(8, 0, 0)


def test_a_seat_taken_meanwhile_stops_the_whole(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    event = season.events[0]
    stranger = next(person for person in season.people if person.id not in people_in(plan, event))
    propose(event.slots[0].id, stranger.id)
    db.session.commit()
    with pytest.raises(StaleSeats) as caught:
        apply_plan(plan, None)
    assert len(caught.value.seats) == 1
    assert caught.value.seats[0].seat in seats_in(plan, event)
    db.session.commit()
    assert states() == {AssignmentState.PROPOSED: 1}


def test_a_plan_made_anew_takes_its_own_proposals_back_and_puts_the_old_plan_away(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    apply_plan(plan, None)
    event = season.events[0]
    seat = seats_in(plan, event)[0]
    forbid(plan, event.id, None, seat.alumnus_id, None)
    anew = replan(plan, None)
    db.session.commit()
    work()
    done = apply_plan(anew, None)
    db.session.commit()
    assert (done.kept + done.proposed, done.given_up >= 1) == (8, True)
    assert (anew.state, plan.state) == (PlanState.APPLIED, PlanState.SUPERSEDED)
    assert states() == {AssignmentState.PROPOSED: 8, AssignmentState.CANCELLED: done.given_up}
    assert mails() == 0


def test_who_was_invited_is_never_put_aside(app: Flask, make: Factory) -> None:
    season = make_season(make)
    event = season.events[0]
    invited = propose(event.slots[0].id, season.people[0].id)
    invite(invited.id)
    db.session.commit()
    plan = make_plan(season)
    assert season.people[0].id in people_in(plan, event)
    seat = next(seat for seat in seats_in(plan, event) if seat.alumnus_id == season.people[0].id)
    swap(plan, seat.id, candidates_for(plan, seat.slot_id, season.viewer, seat.id)[0].alumnus.id)
    db.session.commit()
    with pytest.raises(StaleSeats, match="was invited already"):
        apply_plan(plan, None)
    db.session.commit()
    assert states() == {AssignmentState.INVITED: 1}


def test_a_plan_that_is_not_ready_or_empty_is_not_applied(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = ask_plan(season)
    with pytest.raises(Refused, match="ready"):
        apply_plan(plan, None)
    plan.state = PlanState.STOPPED
    db.session.commit()
    with pytest.raises(Refused, match="no seat to anybody"):
        apply_plan(plan, None)


def test_reviewed_proposals_are_invited_in_one(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    with pytest.raises(Refused, match="Apply the plan first"):
        invite_batch(plan, [1])
    apply_plan(plan, None)
    db.session.commit()
    proposals = proposals_of(plan, season.viewer)
    assert [row.event_id for row in proposals] == [event.id for event in season.events for _seat in range(2)]
    until = utc_now() + timedelta(days=5)
    invited = invite_batch(plan, [row.id for row in proposals[:3]], until, held=True)
    db.session.commit()
    assert [row.answer_by for row in invited] == [until] * 3
    assert (states(), mails()) == ({AssignmentState.INVITED: 3, AssignmentState.PROPOSED: 5}, 3)
    assert len(proposals_of(plan, season.viewer)) == 5
    verbs = db.session.scalars(sa.select(AuditEntry.verb).where(AuditEntry.verb == "plan.invited")).all()
    assert len(verbs) == 1


def test_one_who_cannot_be_asked_stops_the_batch_and_all_are_named(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    apply_plan(plan, None)
    db.session.commit()
    proposals = proposals_of(plan, season.viewer)
    ids = [row.id for row in proposals]
    one, other = proposals[0].alumnus, proposals[1].alumnus
    one.restricted = other.restricted = True
    db.session.commit()
    with pytest.raises(Refused) as caught:
        invite_batch(plan, ids)
    assert [line.split(":")[0] for line in caught.value.words.splitlines()] == [
        one.display_name,
        other.display_name,
    ]
    db.session.commit()
    assert (states(), mails()) == ({AssignmentState.PROPOSED: 8}, 0)
    with pytest.raises(FieldErrors):
        invite_batch(plan, ids[2:], utc_now() - timedelta(days=1))
    with pytest.raises(Refused, match="Choose at least one"):
        invite_batch(plan, [])
    with pytest.raises(Refused, match="no proposals of this plan"):
        invite_batch(plan, [*ids[2:], 999])
    assert states() == {AssignmentState.PROPOSED: 8}
