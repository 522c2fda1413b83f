"""Pairs become proposals, all or none; what is in the way is told at once."""

from datetime import timedelta

import numpy as np
import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.assignments.enums import AssignmentState as State
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.service import invite, propose
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.events.models import Event
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.models import Mail
from bsm_alumni.planning.applying import CannotApply, apply_pairs, apply_plan
from bsm_alumni.planning.building import build_programme
from tests.factories import SOON, Factory
from tests.planning.worlds import FIRST, LAST, make_season


def held() -> set[tuple[int, int, int, State]]:
    columns = (Assignment.slot_id, Assignment.alumnus_id, Assignment.seat, Assignment.state)
    return {(row[0], row[1], row[2], row[3]) for row in db.session.execute(sa.select(*columns))}


def count(table: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def three_people(make: Factory, seats: int = 2) -> tuple[Event, list[int]]:
    people = [make.alumnus(f"Name{i}", country_code=code).id for i, code in enumerate(("SN", "KE", "FR"))]
    return make.event(seats=seats), people


def test_pairs_become_proposals_without_a_mail(app: Flask, make: Factory) -> None:
    event, people = three_people(make)
    slot = event.slots[0].id
    done = apply_pairs([(slot, people[2]), (slot, people[0])])
    assert ([row.alumnus_id for row in done.proposed], done.kept, done.given_up) == ([people[2], people[0]], 0, 0)
    assert held() == {(slot, people[2], 1, State.PROPOSED), (slot, people[0], 2, State.PROPOSED)}
    assert count(Mail) == 0
    assert count(AuditEntry) > 0


def test_who_holds_the_seat_already_is_left_alone(app: Flask, make: Factory) -> None:
    event, people = three_people(make)
    slot = event.slots[0].id
    invite(propose(slot, people[0]).id)
    before = held()
    done = apply_pairs([(slot, people[0]), (slot, people[1])])
    assert (len(done.proposed), done.kept) == (1, 1)
    assert held() - before == {(slot, people[1], 2, State.PROPOSED)}


def test_all_that_is_in_the_way_is_told_and_nothing_is_done(app: Flask, make: Factory) -> None:
    event, people = three_people(make, seats=3)
    slot, other = event.slots[0].id, make.event(seats=1, starts_at=SOON + timedelta(minutes=30)).slots[0].id
    barred = make.alumnus("Barred", "Ada", restricted=True).id
    propose(other, people[1])
    db.session.commit()
    before = held()
    with pytest.raises(CannotApply) as error:
        apply_pairs([(slot, people[0]), (slot, barred), (slot, people[1])])
    assert [(seat.slot_id, seat.alumnus_id) for seat in error.value.seats] == [(slot, barred), (slot, people[1])]
    assert error.value.words == "\n".join(seat.words for seat in error.value.seats)
    assert "Ada Barred" in error.value.seats[0].words
    # The page that tells it goes on and commits.
    db.session.commit()
    assert held() == before


def test_more_people_than_seats_are_refused(app: Flask, make: Factory) -> None:
    event, people = three_people(make)
    with pytest.raises(CannotApply) as error:
        apply_pairs([(event.slots[0].id, person) for person in people])
    assert [seat.alumnus_id for seat in error.value.seats] == people[2:]
    assert held() == set()


def test_a_proposal_that_the_plan_gives_to_others_is_taken_back_first(app: Flask, make: Factory) -> None:
    event, people = three_people(make, seats=1)
    slot = event.slots[0].id
    propose(slot, people[0])
    done = apply_pairs([(slot, people[1])], give_up=[(slot, people[0]), (slot, people[2])])
    assert (len(done.proposed), done.given_up) == (1, 1)
    assert held() == {(slot, people[0], 1, State.CANCELLED), (slot, people[1], 1, State.PROPOSED)}
    assert count(Mail) == 0


def test_an_invitation_is_never_put_aside_by_a_plan(app: Flask, make: Factory) -> None:
    event, people = three_people(make, seats=2)
    slot = event.slots[0].id
    invite(propose(slot, people[0]).id)
    db.session.commit()
    before = held()
    with pytest.raises(CannotApply) as error:
        apply_pairs([(slot, people[1])], give_up=[(slot, people[0])])
    assert [seat.alumnus_id for seat in error.value.seats] == people[:1]
    db.session.commit()
    assert held() == before


def test_a_plan_over_a_built_programme_is_applied_and_applying_it_again_changes_nothing(
    app: Flask, make: Factory
) -> None:
    season = make_season(make)
    planned = build_programme(FIRST, LAST, utc_now())
    slots = [event.slots[0].id for event in season.events]
    wanted = [(slots[0], season.people[0].id), (slots[0], season.people[1].id), (slots[1], season.people[2].id)]
    done = apply_plan(planned, planned.find_pairs(wanted))
    assert (len(done.proposed), done.kept, done.given_up) == (3, 0, 0)
    assert {(slot, who) for slot, who, _seat, _state in held()} == set(wanted)
    again = build_programme(FIRST, LAST, utc_now())
    assert again.ids_of(np.flatnonzero(again.programme.kept)) == again.ids_of(again.find_pairs(wanted))
    done = apply_plan(again, again.find_pairs(wanted))
    assert (done.proposed, done.kept, done.given_up) == ((), 3, 0)
    # One is put aside.
    done = apply_plan(again, again.find_pairs(wanted[1:]))
    assert (done.proposed, done.kept, done.given_up) == ((), 2, 1)


def test_settled_seats_are_not_given_up(app: Flask, make: Factory) -> None:
    event, people = three_people(make, seats=1)
    near = make.event(seats=1, starts_at=SOON + timedelta(days=2))
    for one in (event, near):
        row = Assignment(slot_id=one.slots[0].id, event_id=one.id, alumnus_id=people[0], seat=1, state=State.ACCEPTED)
        db.session.add(row)
    db.session.commit()
    planned = build_programme(FIRST, LAST, utc_now())
    assert [one.slot_id for one in planned.settled] == [near.slots[0].id]
    before = held()
    done = apply_plan(planned, np.flatnonzero(planned.programme.fixed))
    assert (done.proposed, done.kept, done.given_up) == ((), 1, 0)
    assert held() == before
