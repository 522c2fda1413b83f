"""The last seat, asked for by four processes at once: exactly one gets it. A naive twin must oversell."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.assignments.models import Assignment
from bsm_alumni.audit.service import find_first_break
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.models import Mail
from tests.assignments import race
from tests.factories import Factory

ROUNDS = 250
# As the migration makes it; the twin works without.
INDEXES = ("uq_assignments_live_seat", "uq_assignments_live_event_alumnus")


@pytest.fixture
def clock() -> None:
    """In place of the fixed day: the other processes live in the present, so this test does too."""


def _slots(make: Factory, rounds: int) -> list[int]:
    """One session with one seat each, on days of their own."""
    start = utc_now() + timedelta(days=30)
    return [make.event(seats=1, starts_at=start + timedelta(days=day)).slots[0].id for day in range(rounds)]


def _people(make: Factory) -> list[int]:
    return [make.alumnus(f"Person{number}").id for number in range(race.OFFICERS)]


def test_exactly_one_officer_gets_the_last_seat(app: Flask, make: Factory) -> None:
    slots, people = _slots(make, ROUNDS), _people(make)
    db.session.remove()
    asks = [[(slot, person) for slot in slots] for person in people]
    won, failed = race.run(app.extensions["bsm_settings"], asks)
    assert failed == []
    assert won == list(range(ROUNDS))
    held = db.session.scalars(sa.select(Assignment.slot_id).order_by(Assignment.slot_id)).all()
    assert list(held) == slots
    print(f"last seat: {ROUNDS} rounds, {len(won) - len(slots)} oversold, {len(slots) - len(held)} unsold")
    # Nobody who lost got a mail, and the trail is whole.
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mail)) == ROUNDS
    assert find_first_break() is None


def test_the_naive_twin_oversells(app: Flask, make: Factory) -> None:
    slots, people = _slots(make, 20), _people(make)
    for name in INDEXES:
        db.session.execute(sa.text(f"DROP INDEX {name}"))
    db.session.commit()
    db.session.remove()
    asks = [[(slot, person) for slot in slots] for person in people]
    won, failed = race.run(app.extensions["bsm_settings"], asks, naive=True)
    assert len(won) > len(slots) or failed != []


def test_one_person_is_asked_for_one_of_four_sessions_at_the_same_time(app: Flask, make: Factory) -> None:
    """Four officers, each with a session of their own at the same hour, want the same person."""
    rounds, start = 10, utc_now() + timedelta(days=30)
    sessions = [
        [make.event(seats=1, starts_at=start + timedelta(days=day)).slots[0].id for day in range(rounds)]
        for _officer in range(race.OFFICERS)
    ]
    person = make.alumnus().id
    db.session.remove()
    asks = [[(slot, person) for slot in slots] for slots in sessions]
    won, failed = race.run(app.extensions["bsm_settings"], asks)
    assert failed == []
    assert won == list(range(rounds))
