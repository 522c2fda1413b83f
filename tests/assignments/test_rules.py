"""The transition table against a plain model, seats, deadlines, obstacles."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from bsm_alumni.assignments import rules
from bsm_alumni.assignments.enums import AssignmentState as State
from bsm_alumni.assignments.models import HOLDS_SEAT
from bsm_alumni.assignments.rules import Mover, Obstacle

NOW = datetime(2027, 1, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)

# Section 4 of the design and ADRs 3 and 7, written out by hand; 's' staff, 'a' alumnus, 'p' the program.
TABLE = """
- proposed sp
proposed invited s
invited accepted a
invited declined a
invited expired p
accepted withdrawn a
accepted delivered s
accepted no_show s
proposed cancelled sp
invited cancelled sp
accepted cancelled sp
cancelled proposed s
accepted invited p
invited invited p
"""
MOVERS = {"s": Mover.STAFF, "a": Mover.ALUMNUS, "p": Mover.SYSTEM}
ALLOWED = {
    (None if before == "-" else State(before), State(after), MOVERS[letter])
    for before, after, letters in (line.split() for line in TABLE.split("\n") if line)
    for letter in letters
}


def test_the_table_is_the_design() -> None:
    everything = {
        (before, after, mover)
        for before in [None, *State]
        for after in State
        for mover in Mover
        if rules.may_move(before, after, mover)
    }
    assert everything == ALLOWED


def test_a_move_that_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(rules.IllegalMove):
        rules.check_move(State.DECLINED, State.ACCEPTED, Mover.ALUMNUS)
    with pytest.raises(rules.IllegalMove):
        rules.check_move(State.INVITED, State.ACCEPTED, Mover.STAFF)


def test_the_index_holds_the_same_states_as_the_rules() -> None:
    assert {state for state in State if f"'{state.value}'" in HOLDS_SEAT.text} == rules.SEAT_HOLDING


class Desk(RuleBasedStateMachine):
    """Officers and people act on one slot of three seats; a plain set of tuples says what may happen."""

    records = Bundle("records")
    seats = 3

    def __init__(self) -> None:
        super().__init__()
        self.states: dict[int, State] = {}
        self.seat: dict[int, int] = {}

    @rule(target=records)
    def propose(self) -> int:
        taken = [self.seat[key] for key, state in self.states.items() if rules.holds_seat(state)]
        seat = rules.lowest_free_seat(taken, self.seats)
        free = {1, 2, 3} - set(taken)
        assert seat == (min(free) if free else None)
        number = len(self.states)
        # A record that got no seat is as good as cancelled, and must stay so.
        self.states[number] = State.PROPOSED if seat else State.CANCELLED
        self.seat[number] = seat or 1
        return number

    @rule(number=records, after=st.sampled_from(State), mover=st.sampled_from(Mover))
    def move(self, number: int, after: State, mover: Mover) -> None:
        before = self.states[number]
        allowed = (before, after, mover) in ALLOWED
        try:
            rules.check_move(before, after, mover)
        except rules.IllegalMove:
            assert not allowed
        else:
            assert allowed
            if before is State.CANCELLED:
                # What is made again takes a seat as a new record does, or is not made.
                taken = [self.seat[key] for key, state in self.states.items() if rules.holds_seat(state)]
                seat = rules.lowest_free_seat(taken, self.seats)
                if seat is None:
                    return
                self.seat[number] = seat
            self.states[number] = after

    @invariant()
    def no_seat_has_two_holders(self) -> None:
        held = [self.seat[key] for key, state in self.states.items() if rules.holds_seat(state)]
        assert len(held) == len(set(held))


TestDesk = Desk.TestCase


@given(st.sets(st.integers(1, 12)), st.integers(1, 12))
def test_the_lowest_free_seat(taken: set[int], seats: int) -> None:
    free = [seat for seat in range(1, seats + 1) if seat not in taken]
    assert rules.lowest_free_seat(taken, seats) == (free[0] if free else None)


@pytest.mark.parametrize(("days_left", "days_to_answer"), [(60, 10), (20, 10), (12, 6), (1, 0.5)])
def test_the_deadline_is_ten_days_or_half_the_time_left(days_left: float, days_to_answer: float) -> None:
    assert rules.default_answer_by(NOW, NOW + timedelta(days=days_left)) == NOW + timedelta(days=days_to_answer)


@pytest.mark.parametrize(("days_to_answer", "reminded_after"), [(10, 8), (4, 2), (2, 1)])
def test_the_reminder_is_two_days_before_or_half_way(days_to_answer: float, reminded_after: float) -> None:
    deadline = NOW + timedelta(days=days_to_answer)
    assert rules.remind_at(NOW, deadline) == NOW + timedelta(days=reminded_after)


SESSION = rules.Session(NOW + 24 * HOUR, NOW + 26 * HOUR, is_open=True)
FINE = {"is_active": True, "is_restricted": False, "has_address": True}


@pytest.mark.parametrize(
    ("change", "obstacle"),
    [
        ({}, None),
        ({"is_active": False}, Obstacle.STATUS),
        ({"is_restricted": True}, Obstacle.RESTRICTED),
        ({"has_address": False}, Obstacle.ADDRESS),
        ({"was_asked": True}, Obstacle.ASKED),
        ({"is_seated": True}, Obstacle.SEATED),
        ({"held": [(NOW + 25 * HOUR, NOW + 27 * HOUR)]}, Obstacle.OVERLAP),
        ({"held": [(NOW + 26 * HOUR, NOW + 27 * HOUR), (NOW + 22 * HOUR, NOW + 24 * HOUR)]}, None),
    ],
)
def test_what_is_in_the_way_of_asking(change: dict, obstacle: Obstacle | None) -> None:
    assert rules.find_obstacle(rules.Person(**{**FINE, **change}), SESSION, NOW) == obstacle


def test_nobody_is_asked_for_a_closed_or_started_session() -> None:
    closed = rules.Session(SESSION.starts_at, SESSION.ends_at, is_open=False)
    assert rules.find_obstacle(rules.Person(**FINE), closed, NOW) == Obstacle.NOT_OPEN
    assert rules.find_obstacle(rules.Person(**FINE), SESSION, SESSION.starts_at) == Obstacle.STARTED
