"""The services on the real database against a plain model: 12,000 random steps by officers, people and the clock."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments import service, service_answers, service_duties
from bsm_alumni.assignments.models import Assignment, AssignmentMove
from bsm_alumni.audit.service import find_first_break
from bsm_alumni.database import writing
from bsm_alumni.desk.service_events import cancel_event, save_event
from bsm_alumni.events.models import Event
from bsm_alumni.events.rules import EventDetails
from bsm_alumni.extensions import db
from bsm_alumni.web.errors import Refused
from tests.assignments.plain_model import HOLDING, LENGTH, PlainDesk, PlainEvent, PlainRecord
from tests.assignments.steps import NOW
from tests.factories import Factory

EXAMPLES, STEPS = 170, 100
# One for all examples: they share a database, and addresses must differ.
FACTORY = Factory()
# Two sessions at the same hour, one next day, one soon: people clash, deadlines differ.
STARTS = (timedelta(days=20), timedelta(days=20, hours=1), timedelta(days=21), timedelta(hours=30))
SEATS = ((1, 2), (1,), (2,), (1,))
PEOPLE = 4

events, people = st.integers(0, len(STARTS) - 1), st.integers(0, PEOPLE - 1)
picks = st.integers(0, 99)
# Steps on somebody who was asked are taken only once there is one.
asked = precondition(lambda self: bool(self.ids))


@pytest.fixture
def clock() -> None:
    """The machine sets its own clock."""


class Desk(RuleBasedStateMachine):
    """Each step is done by the services in a transaction and by the model; both must agree on yes or no."""

    taken = 0
    done = 0

    @initialize()
    def open_desk(self) -> None:
        self.travel = time_machine.travel(NOW, tick=False)
        self.clock = self.travel.start()
        make = FACTORY
        rows = [make.event(starts_at=NOW + start) for start in STARTS]
        slots = [[make.slot(row, seats=seats).id for seats in SEATS[number]] for number, row in enumerate(rows)]
        self.events, self.slots = [row.id for row in rows], slots
        self.people = [make.alumnus(f"Person{number}").id for number in range(PEOPLE)]
        self.ids: dict[tuple[int, int, int], int] = {}
        plain = [PlainEvent(NOW + start, seats) for start, seats in zip(STARTS, SEATS, strict=True)]
        self.model = PlainDesk(NOW, plain, [False] * PEOPLE)

    def teardown(self) -> None:
        db.session.rollback()
        if hasattr(self, "travel"):
            self.travel.stop()

    def _agree(self, expected: bool, step: Callable[[], Any]) -> Any:
        type(self).taken += 1
        type(self).done += expected
        db.session.rollback()
        try:
            with writing():
                result = step()
                db.session.commit()
        except Refused as refusal:
            db.session.rollback()
            if expected:
                raise AssertionError(f"refused, though the model does it: {refusal.words}") from refusal
            return None
        assert expected, "done, though the model refuses"
        return result

    def _record(self, pick: int) -> tuple[PlainRecord, int]:
        key = sorted(self.ids)[pick % len(self.ids)]
        return self.model.records[key], self.ids[key]

    @rule(event=events, slot=st.integers(0, 1), person=people)
    def propose(self, event: int, slot: int, person: int) -> None:
        slot %= len(SEATS[event])
        expected = self.model.propose(event, slot, person)
        row = self._agree(expected, lambda: service.propose(self.slots[event][slot], self.people[person]).id)
        if expected:
            self.ids[event, slot, person] = row

    @rule(event=events, slot=st.integers(0, 1), person=people)
    def propose_and_invite(self, event: int, slot: int, person: int) -> None:
        slot %= len(SEATS[event])
        expected = self.model.propose(event, slot, person)
        if expected:
            assert self.model.invite(self.model.records[event, slot, person])
        row = self._agree(expected, lambda: service.propose_and_invite(self.slots[event][slot], self.people[person]).id)
        if expected:
            self.ids[event, slot, person] = row

    @asked
    @rule(pick=picks)
    def invite(self, pick: int) -> None:
        found = self._record(pick)
        self._agree(self.model.invite(found[0]), lambda: service.invite(found[1]))

    @asked
    @rule(pick=picks)
    def accept(self, pick: int) -> None:
        found = self._record(pick)
        self._agree(self.model.accept(found[0]), lambda: service_answers.accept(found[1], actor="Person"))

    @precondition(lambda self: any(record.state == "invited" for record in self.model.records.values()))
    @rule(pick=picks)
    def accept_any(self, pick: int) -> None:
        """As ``accept``, of those who can: seldom steps would else be rare."""
        waiting = [key for key in sorted(self.ids) if self.model.records[key].state == "invited"]
        key = waiting[pick % len(waiting)]
        record, number = self.model.records[key], self.ids[key]
        self._agree(self.model.accept(record), lambda: service_answers.accept(number, actor="Person"))

    @asked
    @rule(pick=picks)
    def decline(self, pick: int) -> None:
        found = self._record(pick)
        self._agree(self.model.decline(found[0]), lambda: service_answers.decline(found[1]))

    @asked
    @rule(pick=picks)
    def withdraw(self, pick: int) -> None:
        found = self._record(pick)
        self._agree(self.model.withdraw(found[0]), lambda: service_answers.withdraw(found[1]))

    @precondition(lambda self: any(record.state == "accepted" for record in self.model.records.values()))
    @rule(pick=picks)
    def withdraw_any(self, pick: int) -> None:
        """As ``withdraw``, of those who can, up to their last minute and after it."""
        holding = [key for key in sorted(self.ids) if self.model.records[key].state == "accepted"]
        key = holding[pick % len(holding)]
        record, number = self.model.records[key], self.ids[key]
        self._agree(self.model.withdraw(record), lambda: service_answers.withdraw(number))

    @asked
    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        found = self._record(pick)
        self._agree(self.model.cancel(found[0]), lambda: service.cancel(found[1], "not needed"))

    @asked
    @rule(pick=picks)
    def renew(self, pick: int) -> None:
        found = self._record(pick)
        self._agree(self.model.renew(found[0]), lambda: service.renew_link(found[1]))

    @asked
    @rule(pick=picks)
    def remind(self, pick: int) -> None:
        found = self._record(pick)
        self._agree(self.model.remind(found[0]), lambda: service.remind(found[1]))

    @asked
    @rule(pick=picks, came=st.booleans())
    def mark(self, pick: int, came: bool) -> None:
        found = self._record(pick)
        expected = self.model.mark(found[0], "delivered" if came else "no_show")
        step = service.mark_delivered if came else service.mark_no_show
        self._agree(expected, lambda: step(found[1]))

    @rule(hours=st.sampled_from([1, 5, 24, 72]))
    def wait(self, hours: int) -> None:
        self.model.now += timedelta(hours=hours)
        self.clock.move_to(self.model.now, tick=False)
        type(self).taken += 1

    @rule(event=events)
    def wait_for(self, event: int) -> None:
        """Until half a day before a session, when some steps come too late."""
        late = self.model.events[event].starts - timedelta(hours=12)
        if late > self.model.now:
            self.model.now = late
            self.clock.move_to(late, tick=False)
            type(self).taken += 1

    @rule()
    def expire(self) -> None:
        self.model.expire()
        db.session.rollback()
        service_duties.expire_due()
        service_duties.remind_due()
        type(self).taken += 1

    @rule(person=people, on=st.booleans())
    def restrict(self, person: int, on: bool) -> None:
        self.model.restricted[person] = on
        change = sa.update(Alumnus).where(Alumnus.id == self.people[person]).values(restricted=on)
        self._agree(True, lambda: db.session.execute(change))

    @rule(event=events, hours=st.integers(1, 30))
    def move_event(self, event: int, hours: int) -> None:
        starts = self.model.now + timedelta(days=18, hours=hours)
        expected = self.model.move_event(event, starts)

        def step() -> None:
            row = db.session.get_one(Event, self.events[event])
            save_event(row, EventDetails(row.title, starts, starts + LENGTH, row.zone, languages=("en",)))

        self._agree(expected, step)

    @rule(event=events, sure=st.integers(0, 3))
    def cancel_event(self, event: int, sure: int) -> None:
        if sure == 0:
            expected = self.model.cancel_event(event)
            self._agree(expected, lambda: cancel_event(db.session.get_one(Event, self.events[event]), "called off"))

    @invariant()
    def the_tables_say_what_the_model_says(self) -> None:
        if not hasattr(self, "ids"):
            return
        rows = db.session.execute(
            sa.select(Assignment.id, Assignment.state, Assignment.seat, Assignment.answer_by).where(
                Assignment.event_id.in_(self.events)
            )
        ).all()
        there = {row.id: (row.state.value, row.seat, row.answer_by) for row in rows}
        model = self.model.records
        assert there == {
            number: (model[key].state, model[key].seat, model[key].answer_by) for key, number in self.ids.items()
        }
        moves = sa.select(sa.func.count()).where(AssignmentMove.assignment_id.in_(list(there)))
        assert db.session.scalar(moves) == self.model.moves
        held = [(r.event, r.slot, r.seat) for r in model.values() if r.state in HOLDING]
        assert len(held) == len(set(held))
        db.session.rollback()


def few(examples: int, *phases: Phase) -> settings:
    """Settings of one run; without the phase that makes a failure short, which costs minutes on a database."""
    return settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        suppress_health_check=list(HealthCheck),
        deadline=None,
        database=None,
        phases=phases or (Phase.generate,),
        print_blob=False,
    )


def test_the_services_do_what_the_plain_model_does(app: Flask) -> None:
    class Run(Desk):
        taken = 0
        done = 0

    run_state_machine_as_test(Run, settings=few(EXAMPLES, Phase.generate, Phase.shrink))
    print(f"assignment machine: {Run.taken} steps, {Run.done} of them done and the others refused by both")
    assert Run.taken >= 12_000
    assert find_first_break() is None


def test_a_service_that_forgets_a_rule_is_found(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: nobody looks whether a person can be asked at all."""
    monkeypatch.setattr(service, "check_can_be_asked", lambda *_given: None)

    class Twin(Desk):
        pass

    with pytest.raises(AssertionError, match="done, though the model refuses"):
        run_state_machine_as_test(Twin, settings=few(EXAMPLES))
