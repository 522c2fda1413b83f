"""An officer asks somebody at the moment in which another calls the event off or moves it."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.service import propose_and_invite
from bsm_alumni.database import writing
from bsm_alumni.desk.service_events import cancel_event, save_event
from bsm_alumni.events.models import Event
from bsm_alumni.events.rules import EventDetails
from bsm_alumni.extensions import db
from bsm_alumni.web.errors import Refused
from tests.factories import Factory


def call_off(event: Event) -> None:
    cancel_event(event, "The venue is closed.")


def move(event: Event) -> None:
    later = timedelta(days=1)
    save_event(event, EventDetails(event.title, event.starts_at + later, event.ends_at + later, event.zone))


@pytest.mark.parametrize(("change", "asked"), [(call_off, []), (move, [1])], ids=["cancelled", "moved"])
def test_whoever_comes_second_sees_what_the_first_did(
    app: Flask, make: Factory, change: Callable[[Event], None], asked: list[int]
) -> None:
    event, person_id = make.event(seats=1), make.alumnus().id
    event_id, slot_id = event.id, event.slots[0].id
    db.session.rollback()
    changing, outcomes = threading.Event(), []

    def first() -> None:
        with app.app_context(), writing():
            change(db.session.get_one(Event, event_id))
            changing.set()
            time.sleep(0.4)
            db.session.commit()

    def second() -> None:
        changing.wait(10)
        with app.app_context(), writing():
            try:
                propose_and_invite(slot_id, person_id)
                db.session.commit()
                outcomes.append("asked")
            except Refused:
                db.session.rollback()
                outcomes.append("refused")

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert outcomes == ["asked" if asked else "refused"]
    # Those who were asked were asked for the time that holds.
    assert db.session.scalars(sa.select(Assignment.event_revision)).all() == asked
