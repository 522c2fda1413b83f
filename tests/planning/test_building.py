"""A period of the database becomes a programme, in a few queries, and its indices lead back to what they stand for."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from flask import Flask

from bsm_alumni.alumni.enums import Gender
from bsm_alumni.assignments.enums import AssignmentState as State
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.events.enums import EventStatus
from bsm_alumni.events.models import Event, EventCountry
from bsm_alumni.extensions import db
from bsm_alumni.matching.enums import Reason
from bsm_alumni.matching.models import MatchingWeight
from bsm_alumni.matching.planner.programme import PlanWeights
from bsm_alumni.matching.queries import get_slot_of, need_of
from bsm_alumni.matching.resident import current_columns
from bsm_alumni.matching.rules import Question, apply_rules
from bsm_alumni.planning.building import PlannedProgramme, build_programme, unfilled_of, why_unfilled
from tests.factories import SOON, Factory

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
FIRST, LAST = date(2027, 3, 1), date(2027, 4, 30)
NOBODY = np.empty(0, dtype=np.int64)

Count = Callable[[], AbstractContextManager[list[str]]]


def build(first: date = FIRST, last: date = LAST, **narrowed: object) -> PlannedProgramme:
    return build_programme(first, last, NOW, **narrowed)  # type: ignore[arg-type]


def add_seat(slot_id: int, event: Event, alumnus_id: int, seat: int, state: State) -> Assignment:
    row = Assignment(slot_id=slot_id, event_id=event.id, alumnus_id=alumnus_id, seat=seat, state=state)
    db.session.add(row)
    db.session.commit()
    return row


def people_of(planned: PlannedProgramme, slot_id: int) -> list[int]:
    session, slot = planned.place_of[slot_id]
    pairs = planned.programme.pairs_of_cell(session * planned.programme.slots + slot)
    return [alumnus_id for _event, _slot, alumnus_id in planned.ids_of(pairs)]


def test_sessions_are_those_of_the_days_on_their_own_clocks(app: Flask, make: Factory) -> None:
    # Half past eleven at night in New York on the last day; past midnight in UTC.
    late = make.event(starts_at=datetime(2027, 5, 1, 3, 30, tzinfo=UTC), seats=1)
    # Past midnight in Auckland on the day after the last, noon of the last in UTC.
    make.event(starts_at=datetime(2027, 4, 30, 12, 30, tzinfo=UTC), zone="Pacific/Auckland", seats=1)
    early = make.event(starts_at=datetime(2027, 2, 28, 12, 0, tzinfo=UTC), zone="Pacific/Auckland", seats=1)
    assert build().event_ids == (early.id, late.id)


def test_only_sessions_that_take_place_and_have_slots_are_planned(app: Flask, make: Factory) -> None:
    planned = make.event(seats=1)
    confirmed = make.event(seats=1, status=EventStatus.CONFIRMED, starts_at=SOON + timedelta(days=1))
    for status in (EventStatus.CANCELLED, EventStatus.ARCHIVED, EventStatus.DELIVERED, EventStatus.DRAFT):
        make.event(seats=1, status=status)
    make.event()
    assert build().event_ids == (planned.id, confirmed.id)
    assert build_programme(FIRST, LAST, SOON).event_ids == (confirmed.id,)


def test_a_series_or_chosen_sessions_narrow_the_period(app: Flask, make: Factory) -> None:
    series = make.series()
    one, two = make.event(seats=1, series_id=series.id), make.event(seats=1, starts_at=SOON + timedelta(days=9))
    outside = make.event(seats=1, series_id=series.id, starts_at=SOON + timedelta(days=90))
    assert build().event_ids == (one.id, two.id)
    assert build(series_id=series.id).event_ids == (one.id,)
    assert build(event_ids=[two.id, outside.id]).event_ids == (two.id,)


def test_needs_are_those_that_ranking_asks(app: Flask, make: Factory) -> None:
    themes = (make.theme(), make.theme(), make.theme())
    event = make.event(languages=("en", "fr"), zone="Asia/Tokyo", themes=[*themes[:2]])
    event.countries.append(EventCountry(country_code="ML"))
    plain = make.event(languages=())
    for one in (event, plain):
        make.slot(one, language_code=None, level_needed=0)
        make.slot(one, language_code="ar", theme_id=themes[2].id, position=1)
    planned = build()
    assert [len(row) for row in planned.slot_ids] == [2, 2]
    for slot_id in (slot_id for row in planned.slot_ids for slot_id in row):
        event_id = planned.event_ids[planned.place_of[slot_id][0]]
        assert planned.place(slot_id).need == need_of(get_slot_of(event_id, slot_id), NOW)


def test_pairs_are_those_whom_ranking_would_ask(app: Flask, make: Factory) -> None:
    for number in range(12):
        languages = {"en": number % 8} if number % 3 else {"fr": 6}
        make.alumnus(f"Name{number}", languages=languages, restricted=number == 5, notice_days=30 * (number % 6))
    events = [make.event(seats=2, starts_at=SOON + timedelta(days=10 * i)) for i in range(3)]
    make.slot(events[0], language_code="fr", position=1)
    planned = build()
    for slot_id in planned.place_of:
        funnel = apply_rules(Question(current_columns(), planned.place(slot_id).need))
        assert people_of(planned, slot_id) == current_columns().ids[funnel.eligible].tolist() != []


def test_holders_are_fixed_or_kept_and_lost_seats_are_neither(app: Flask, make: Factory) -> None:
    event = make.event(seats=4)
    slot = event.slots[0].id
    states = (State.ACCEPTED, State.INVITED, State.PROPOSED, State.DECLINED)
    people = [make.alumnus(f"Name{i}", country_code=code) for i, code in enumerate(("SN", "KE", "FR", "ML", "PE"))]
    for seat, (person, state) in enumerate(zip(people, states, strict=False), 1):
        add_seat(slot, event, person.id, seat, state)
    planned = build()
    programme = planned.programme
    assert people_of(planned, slot) == [person.id for person in people if person is not people[3]]
    marked = {
        name: [alumnus_id for _event, _slot, alumnus_id in planned.ids_of(np.flatnonzero(getattr(programme, name)))]
        for name in ("fixed", "kept")
    }
    assert marked == {"fixed": [people[0].id], "kept": [people[1].id, people[2].id]}
    assert {who: (one.seat, one.state) for (_slot, who), one in planned.holders.items()} == {
        people[0].id: (1, State.ACCEPTED),
        people[1].id: (2, State.INVITED),
        people[2].id: (3, State.PROPOSED),
    }


def test_indices_lead_back_to_events_slots_and_people(app: Flask, make: Factory) -> None:
    people = [make.alumnus(f"Name{i}") for i in range(3)]
    deaf = make.alumnus("Silent", languages={})
    event = make.event(seats=1)
    planned = build()
    slot = event.slots[0].id
    pair = planned.find_pair(slot, people[1].id)
    assert pair is not None
    assert planned.ids_of(np.array([pair])) == [(event.id, slot, people[1].id)]
    assert planned.find_pair(slot, deaf.id) is None
    assert planned.find_pair(slot + 99, people[1].id) is None
    wanted = [(slot, people[2].id), (slot, deaf.id), (slot, people[0].id)]
    assert planned.find_pairs(wanted).tolist() == [0, 2]


def test_holders_keep_their_seats_and_others_get_the_lowest_free_ones(app: Flask, make: Factory) -> None:
    event = make.event(seats=3)
    people = [make.alumnus(f"Name{i}").id for i in range(4)]
    add_seat(event.slots[0].id, event, people[1], 2, State.PROPOSED)
    planned = build()
    slot = event.slots[0].id
    assert planned.number_seats(slot, [people[3], people[1], people[0]]) == {people[1]: 2, people[0]: 1, people[3]: 3}
    # The one whose seat is given up makes room.
    assert planned.number_seats(slot, [people[3], people[2]]) == {people[2]: 1, people[3]: 2}


def test_weights_in_force_are_the_series_own(app: Flask, make: Factory) -> None:
    series, theme = make.series(), make.theme()
    expert = make.alumnus("Expert", themes=(theme,))
    ours, plain = make.event(seats=1, series_id=series.id), make.event(seats=1)
    for event in (ours, plain):
        event.themes.append(theme)
    for reason in Reason:
        db.session.add(MatchingWeight(series_id=0, reason=reason.value, weight=0))
    db.session.add(MatchingWeight(series_id=series.id, reason=Reason.THEMES.value, weight=80))
    db.session.commit()
    planned = build(weights=PlanWeights(load=7.0))
    fits = [planned.fit(event.slots[0].id, expert.id) for event in (ours, plain)]
    assert fits == [100.0, 0.0]
    pairs = planned.find_pairs([(event.slots[0].id, expert.id) for event in (ours, plain)])
    assert sorted(planned.programme.pair_fit[pairs].tolist()) == [0.0, 100.0]
    assert planned.programme.weights == PlanWeights(load=7.0)


def test_one_slot_alone_is_looked_at_and_holders_elsewhere_stay(app: Flask, make: Factory) -> None:
    people = [make.alumnus(f"Name{i}").id for i in range(4)]
    one, two, three = (make.event(seats=2, starts_at=SOON + timedelta(days=10 * i)) for i in range(3))
    add_seat(two.slots[0].id, two, people[0], 1, State.ACCEPTED)
    add_seat(two.slots[0].id, two, people[1], 2, State.PROPOSED)
    gone = make.alumnus("Gone", restricted=True).id
    add_seat(three.slots[0].id, three, gone, 1, State.INVITED)
    whole, part = build(), build(only_slots=[one.slots[0].id])
    assert people_of(part, one.slots[0].id) == people_of(whole, one.slots[0].id) == people
    assert people_of(part, two.slots[0].id) == people[:2]
    assert (people_of(whole, three.slots[0].id), people_of(part, three.slots[0].id)) == (people, [gone])
    assert part.programme.need.tolist() == whole.programme.need.tolist()
    keys = [(event.slots[0].id, who) for event in (one, two) for who in people[:2]]
    fits = [planned.programme.pair_fit[planned.find_pairs(keys)].tolist() for planned in (whole, part)]
    assert fits[0] == pytest.approx(fits[1])


def test_queries_do_not_grow_with_the_sessions(app: Flask, make: Factory, count_queries: Count) -> None:
    for number in range(6):
        make.alumnus(f"Name{number}")
    counts, made = [], 0
    for size in (3, 30):
        while made < size:
            event = make.event(seats=2, starts_at=SOON + timedelta(days=made))
            make.slot(event, position=1)
            made += 1
        current_columns()
        db.session.commit()
        with count_queries() as queries:
            assert build().programme.sessions == size
        counts.append(sum(query.startswith("SELECT") for query in queries))
    assert counts == [8, 8]


def test_a_period_without_sessions_is_a_programme_of_nothing(app: Flask, make: Factory) -> None:
    make.alumnus()
    planned = build()
    assert (planned.event_ids, planned.asked, planned.programme.pairs, planned.settled) == ((), 0, 0, ())


def test_why_counts_rules_and_what_became_of_those_who_are_left(app: Flask, make: Factory) -> None:
    one, near = make.event(seats=2), make.event(seats=1, starts_at=SOON + timedelta(days=2))
    busy, sits = make.alumnus("Busy", country_code="KE").id, make.alumnus("Sits", country_code="SN").id
    make.alumnus("Same", country_code="SN")
    make.alumnus("Left", country_code="PE")
    make.alumnus("French", languages={"fr": 6})
    make.alumnus("Low", languages={"en": 1})
    make.alumnus("Off", restricted=True)
    planned = build()
    slot = one.slots[0].id
    chosen = planned.find_pairs([(slot, sits), (near.slots[0].id, busy)])
    assert unfilled_of(planned, chosen) == [(slot, 1)]
    assert why_unfilled(planned, chosen, slot) == {
        "restricted": 1,
        "language": 1,
        "level": 1,
        "eligible": 3,
        "elsewhere": 1,
        "country": 1,
        "dear": 1,
    }
    assert unfilled_of(planned, NOBODY) == [(slot, 2), (near.slots[0].id, 1)]
    assert why_unfilled(planned, NOBODY, slot)["dear"] == 4


def test_accepted_seats_that_clash_are_settled_and_counted(app: Flask, make: Factory) -> None:
    one, two = make.event(seats=2), make.event(seats=1, starts_at=SOON + timedelta(days=3))
    person = make.alumnus("Eager", gender=Gender.WOMAN)
    add_seat(one.slots[0].id, one, person.id, 2, State.ACCEPTED)
    late = add_seat(two.slots[0].id, two, person.id, 1, State.ACCEPTED)
    planned = build()
    assert [(holder.assignment_id, holder.seat) for holder in planned.settled] == [(late.id, 1)]
    assert (planned.asked, planned.programme.need.tolist()) == (3, [[2], [0]])
    assert people_of(planned, two.slots[0].id) == []


def test_notice_is_counted_from_now(app: Flask, make: Factory) -> None:
    make.alumnus(notice_days=30)
    event = make.event(seats=1)
    for days, able in ((30, 1), (29, 0)):
        planned = build_programme(FIRST, LAST, event.starts_at - timedelta(days=days))
        assert planned.programme.pairs == able
        assert replace(planned.place(event.slots[0].id).need, today=0).day == event.starts_at.date().toordinal()
