"""A proposal that was taken back before anybody wrote to the person can be made again; an invitation cannot."""

import pytest

from bsm_alumni.assignments import service
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import AssignmentMove
from bsm_alumni.extensions import db
from bsm_alumni.matching.resident import current_columns
from bsm_alumni.web.errors import Refused
from tests.factories import Factory


def test_a_proposal_taken_back_is_made_again_on_the_same_record(make: Factory) -> None:
    slot, person = make.event(seats=1).slots[0], make.alumnus()
    first = service.propose(slot.id, person.id)
    service.cancel(first.id, "Somebody else was meant.")
    db.session.commit()
    # Ranking reads it as if it had never been made.
    assert len(current_columns().seats.person) == 0
    again = service.propose(slot.id, person.id)
    db.session.commit()
    assert (again.id, again.state, again.seat) == (first.id, AssignmentState.PROPOSED, 1)
    steps = [move.to_state.value for move in db.session.query(AssignmentMove).order_by(AssignmentMove.id)]
    assert steps == ["proposed", "cancelled", "proposed"]


def test_a_seat_given_away_meanwhile_is_not_taken_twice(make: Factory) -> None:
    slot, person, other = make.event(seats=1).slots[0], make.alumnus(), make.alumnus()
    service.cancel(service.propose(slot.id, person.id).id, "")
    service.propose(slot.id, other.id)
    with pytest.raises(Refused):
        service.propose(slot.id, person.id)


def test_an_invitation_taken_back_is_not_sent_again(make: Factory) -> None:
    slot, person = make.event(seats=1).slots[0], make.alumnus()
    service.cancel(service.propose_and_invite(slot.id, person.id).id, "Somebody else was meant.")
    with pytest.raises(Refused):
        service.propose(slot.id, person.id)
    assert len(current_columns().seats.person) == 1
