"""Steps that the tests of this room share. All people are fictional."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments import links, service
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.database import writing
from bsm_alumni.events.models import Event
from bsm_alumni.extensions import db
from bsm_alumni.web.errors import Refused

START = datetime(2027, 3, 10, 14, 0, tzinfo=UTC)
NOW = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)


def does(step: Callable[[], Any]) -> Any:
    """One transaction, as a request makes it."""
    db.session.rollback()
    with writing():
        result = step()
        db.session.commit()
    return result


def refusal(step: Callable[[], object]) -> str:
    """The words with which a step is refused; nothing is kept of it."""
    db.session.rollback()
    with writing(), pytest.raises(Refused) as caught:
        step()
    db.session.rollback()
    return caught.value.words


def asked(event: Event, person: Alumnus, **options: Any) -> Assignment:
    """The person, invited to the event's first slot."""
    slot_id, alumnus_id = event.slots[0].id, person.id
    return does(lambda: service.propose_and_invite(slot_id, alumnus_id, **options))


def token_for(assignment: Assignment) -> str:
    """The token in the mail that is on its way."""
    link = links.find_current_link(assignment.id)
    assert link is not None
    token = links.token_of(link)
    db.session.rollback()
    return token
