"""The fast path from columns to pairs against the rules slot by slot, and what a programme says of its people."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsm_alumni.matching.enums import GenderCode, Reason, Rule
from bsm_alumni.matching.need import Need, quarter_of
from bsm_alumni.matching.planner.fits import FIT_REASONS
from bsm_alumni.matching.planner.pairs import Paired, make_programme
from bsm_alumni.matching.planner.places import Place
from bsm_alumni.matching.planner.programme import MAN, NOT_KNOWN, WOMAN, violations
from bsm_alumni.matching.rules import RULES, Question, apply_rules
from bsm_alumni.matching.weights import default_weights
from tests.matching import oracle
from tests.matching.worlds import (
    COUNTRIES,
    NEED,
    START,
    SUBREGION_OF,
    SUBREGIONS,
    THEMES,
    ZONES,
    Person,
    Seat,
    columns_of,
    with_need,
)

World = tuple[list[Person], list[list[Place]]]


@dataclass(frozen=True)
class Told:
    """The pairs of one slot as they should be: fit, fixed and kept by alumnus id."""

    fits: dict[int, float]
    fixed: set[int]
    kept: set[int]


def a_day(chance: Random) -> date:
    return date(2026, 7, 8) + timedelta(days=chance.randint(-20, 20))


def a_moment(chance: Random) -> datetime:
    return START + timedelta(days=chance.randint(-15, 15), minutes=30 * chance.randint(-4, 4))


def some_periods(chance: Random) -> tuple[tuple[date, date], ...]:
    """Nothing three times in four; else a period or two."""
    if chance.random() < 0.75:
        return ()
    pairs = [sorted((a_day(chance), a_day(chance))) for _ in range(chance.randint(1, 2))]
    return tuple((first, last) for first, last in pairs)


def a_seat(chance: Random) -> Seat:
    far = START + timedelta(days=chance.randint(-400, 400))
    return Seat(
        event=chance.randint(1, 7),
        slot=chance.randint(10, 17),
        start=far if chance.random() < 0.3 else a_moment(chance),
        hours=chance.choice((1, 2, 30)),
        held=chance.random() < 0.7,
    )


def a_person(chance: Random, number: int) -> Person:
    """Someone whom most rules let pass, so that one rule decides."""
    return Person(
        id=number,
        active=chance.random() < 0.95,
        restricted=chance.random() < 0.05,
        reachable=chance.random() < 0.95,
        country=chance.choice((None, *COUNTRIES)),
        gender=chance.choice(list(GenderCode)),
        zone=chance.choice((None, *ZONES)),
        languages=dict(chance.choice(({"fr": 5, "en": 4}, {"fr": 5, "en": 4}, {"fr": 4}, {"en": 3}, {"fr": 0}, {}))),
        themes=frozenset(theme for theme in THEMES if chance.random() < 0.5),
        notice_days=chance.choice((7, 14, 15)),
        quarter_limit=chance.choice((0, 1, 2, 2, 3)),
        windows=some_periods(chance),
        blackouts=some_periods(chance),
        seats=tuple(a_seat(chance) for _ in range(chance.randint(0, 3))),
        delivered=chance.randint(0, 9),
        theme_delivered={theme: chance.randint(0, 5) for theme in THEMES if chance.random() < 0.5},
        asked=9,
        answered=chance.randint(0, 9),
        no_shows=chance.randint(0, 3),
    )


def a_session(chance: Random, event_id: int, slot_ids: list[int], people: list[Person]) -> list[Place]:
    """A slot for each id; whoever holds a seat of it has accepted, or was asked."""
    start = a_moment(chance)
    need = Need(
        event_id=event_id,
        slot_id=0,
        start=start,
        end=start + timedelta(minutes=chance.choice((60, 90, 600, 4000))),
        day=start.toordinal(),
        quarter=quarter_of(start.year, start.month),
        today=start.toordinal() - chance.choice((-3, 7, 14, 15, 20)),
        countries=frozenset(code for code in COUNTRIES if chance.random() < 0.2),
        subregions=frozenset(region for region in SUBREGIONS if chance.random() < 0.2),
        rest_days=chance.choice((0, 0, 3, 7)),
    )
    places = []
    for slot_id in slot_ids:
        holders = [p.id for p in people if any(s.held and s.slot == slot_id for s in p.seats)]
        accepted = tuple(i for i in holders if chance.random() < 0.5)
        languages = chance.choice(((), (("fr", 4),), (("fr", 0),), (("en", 4), ("fr", 5)), (("en", 4), ("ru", 1))))
        themes = tuple(theme for theme in THEMES if chance.random() < 0.4)
        places.append(
            Place(
                replace(need, slot_id=slot_id, languages=languages, themes=themes),
                seats=chance.randint(1, 3),
                weights={reason: chance.choice((0, 1, 7, 50, 100)) for reason in Reason},
                accepted=accepted,
                asked=tuple(i for i in holders if i not in accepted),
                search=chance.random() < 0.9,
            )
        )
    return places


def a_programme(seed: int) -> World:
    """A small world, and up to three sessions with a slot or two in which some people hold seats already."""
    chance = Random(seed)
    people = [a_person(chance, 3 * i + 1) for i in range(chance.randint(0, 14))]
    slot_ids = chance.sample(range(10, 16), 6)
    events = chance.sample(range(1, 6), chance.randint(1, 3))
    return people, [
        a_session(chance, event, slot_ids[2 * i : 2 * i + chance.randint(1, 2)], people)
        for i, event in enumerate(events)
    ]


programmes = st.integers(0, 2**32).map(a_programme)


def without_own(people: list[Person], sessions: list[list[Place]], paired: Paired) -> list[Person]:
    """The people without the seats that the programme holds itself."""
    own = {
        (place.need.slot_id, alumnus_id)
        for i, places in enumerate(sessions)
        for j, place in enumerate(places)
        for alumnus_id in (*place.accepted, *place.asked)
        if (i, j, alumnus_id) not in paired.settled
    }
    return [replace(p, seats=tuple(s for s in p.seats if not (s.held and (s.slot, p.id) in own))) for p in people]


def told(people: list[Person], place: Place, settled: set[int], closed: set[str]) -> Told:
    """The pairs of a slot by the rules one by one; `people` have only the seats held elsewhere."""
    columns = columns_of(people)
    question = Question(columns, place.need)
    able = apply_rules(question).eligible
    but_notice = ~np.logical_or.reduce([mask(question) for rule, mask in RULES.items() if rule is not Rule.NOTICE])
    open_country = [person.country is None or person.country not in closed for person in people]
    fixed = {i for i in place.accepted if i not in settled}
    kept = {p.id for i, p in enumerate(people) if p.id in place.asked and but_notice[i] and open_country[i]}
    kept = kept if place.search else set(place.asked)
    found = {p.id for i, p in enumerate(people) if place.search and able[i] and open_country[i]}
    return Told({p.id: fit(p, place) for p in people if p.id in found | fixed | kept}, fixed, kept)


def fit(person: Person, place: Place) -> float:
    values = {r: v for r, v in oracle.values(person, place.need).items() if r in FIT_REASONS}
    total = sum(place.weights[reason] for reason in values)
    return 100 * sum(v * place.weights[r] for r, v in values.items()) / total if total else 0.0


def pairs_of(paired: Paired, session: int, slot: int) -> Told:
    programme = paired.programme
    rows = programme.pairs_of_cell(session * programme.slots + slot)
    ids = paired.columns.ids[paired.people[programme.pair_person[rows]]].tolist()
    assert ids == sorted(ids)
    fits = dict(zip(ids, programme.pair_fit[rows].tolist(), strict=True))
    fixed = {i for i, row in zip(ids, rows, strict=True) if programme.fixed[row]}
    kept = {i for i, row in zip(ids, rows, strict=True) if programme.kept[row]}
    return Told(fits, fixed, kept)


@settings(max_examples=300)
@given(world=programmes)
def test_pairs_are_those_that_the_rules_find_slot_by_slot(world: World) -> None:
    people, sessions = world
    paired = make_programme(columns_of(people), sessions)
    others = without_own(people, sessions, paired)
    country = {person.id: person.country for person in people}
    for i, places in enumerate(sessions):
        closed = {country[alumnus_id] for s, _slot, alumnus_id in paired.settled if s == i} - {None}
        for j, place in enumerate(places):
            settled = {alumnus_id for s, slot, alumnus_id in paired.settled if (s, slot) == (i, j)}
            expected, found = told(others, place, settled, closed), pairs_of(paired, i, j)
            assert (found.fixed, found.kept) == (expected.fixed, expected.kept)
            assert found.fits == pytest.approx(expected.fits, abs=1e-9)
            assert paired.programme.need[i, j] == max(place.seats - len(settled), len(expected.fixed))


@settings(max_examples=60)
@given(world=programmes)
def test_what_was_accepted_and_is_planned_breaks_no_rule(world: World) -> None:
    people, sessions = world
    programme = make_programme(columns_of(people), sessions).programme
    assert violations(programme, np.flatnonzero(programme.fixed)) == []


@settings(max_examples=60)
@given(world=programmes)
def test_people_are_as_the_columns_have_them(world: World) -> None:
    people, sessions = world
    paired = make_programme(columns_of(people), sessions)
    programme = paired.programme
    days = [places[0].need.day for places in sessions]
    middle = (min(days) + max(days)) / 2
    for index, person in enumerate(without_own(people, sessions, paired)[row] for row in paired.people):
        held = [seat for seat in person.seats if seat.held]
        own = [int(programme.session_quarter[s]) for s in sessions_of(programme, index)]
        assert programme.person_past[index] == sum(abs(s.start.toordinal() - middle) <= 365 for s in held)
        for place, quarter in enumerate(programme.quarters.tolist()):
            used = sum(quarter_of(s.start.year, s.start.month) == quarter for s in held)
            left = max(person.quarter_limit - used, own.count(quarter), 0)
            assert programme.quarter_used is not None
            assert programme.quarter_used.min() >= 0
            assert programme.quarter_left[index, place] == left
        country = COUNTRIES.index(person.country) if person.country else -1
        region = SUBREGIONS.index(SUBREGION_OF[person.country]) if person.country else -1
        assert (programme.person_country[index], programme.person_region[index]) == (country, region)
        woman = {GenderCode.WOMAN: WOMAN, GenderCode.MAN: MAN}.get(person.gender, NOT_KNOWN)
        assert programme.person_woman[index] == woman


def sessions_of(programme: object, person: int) -> list[int]:
    """Sessions in which the person has accepted a seat that is planned."""
    return programme.pair_session[programme.fixed & (programme.pair_person == person)].tolist()  # type: ignore[attr-defined]


def place(need: Need = NEED, seats: int = 1, **fields: object) -> Place:
    return Place(need, seats, default_weights(), **fields)  # type: ignore[arg-type]


def at(days: int, event: int, slot: int) -> Need:
    start = START + timedelta(days=days)
    return with_need(
        event_id=event,
        slot_id=slot,
        start=start,
        end=start + timedelta(minutes=90),
        day=start.toordinal(),
        quarter=quarter_of(start.year, start.month),
    )


def ids_of(paired: Paired, session: int, slot: int = 0) -> list[int]:
    return list(pairs_of(paired, session, slot).fits)


def test_a_seat_inside_the_programme_takes_nobody_out_of_its_other_sessions() -> None:
    seat = Seat(event=1, slot=10, start=START)
    sessions = [[place(asked=(1,))], [place(at(3, 2, 20))], [place(at(0, 3, 30))]]
    paired = make_programme(columns_of([Person(id=1, quarter_limit=1, seats=(seat,))]), sessions)
    assert [ids_of(paired, i) for i in range(3)] == [[1], [1], [1]]
    assert pairs_of(paired, 0, 0).kept == {1}


def test_a_seat_outside_takes_a_person_out_of_sessions_too_near() -> None:
    seat = Seat(event=9, slot=90, start=START + timedelta(days=3))
    paired = make_programme(columns_of([Person(id=1, seats=(seat,))]), [[place()], [place(at(30, 2, 20))]])
    assert [ids_of(paired, i) for i in range(2)] == [[], [1]]


@pytest.mark.parametrize(
    ("minutes", "hours", "able"), [(-300, 5, True), (-300, 6, False), (0, 1, False), (89, 1, False), (90, 1, True)]
)
def test_sessions_elsewhere_that_touch_leave_a_person_free(minutes: int, hours: int, able: bool) -> None:
    other = Seat(event=9, slot=90, start=START + timedelta(minutes=minutes), hours=hours)
    paired = make_programme(columns_of([Person(id=1, seats=(other,))]), [[place(with_need(rest_days=0))]])
    assert ids_of(paired, 0) == [1] * able


@pytest.mark.parametrize(("days", "able"), [(-7, True), (-6, False), (6, False), (7, True)])
def test_rest_is_whole_days_on_both_sides(days: int, able: bool) -> None:
    other = Seat(event=9, slot=90, start=START + timedelta(days=days))
    paired = make_programme(columns_of([Person(id=1, seats=(other,))]), [[place()]])
    assert ids_of(paired, 0) == [1] * able


def test_whoever_declined_a_slot_is_not_asked_for_it_again_but_for_others() -> None:
    lost = Seat(event=1, slot=10, start=START, held=False)
    sessions = [[place(), place(with_need(slot_id=11))], [place(at(30, 2, 20))]]
    paired = make_programme(columns_of([Person(id=1, seats=(lost,))]), sessions)
    assert [ids_of(paired, 0), ids_of(paired, 0, 1), ids_of(paired, 1)] == [[], [1], [1]]


def test_accepted_stays_whatever_the_rules_say_now_and_asked_stays_only_while_they_allow_it() -> None:
    def holder(number: int, **fields: object) -> Person:
        return Person(id=number, seats=(Seat(event=1, slot=10, start=START),), country=None, **fields)  # type: ignore[arg-type]

    people = [
        holder(1, active=False),
        holder(2, active=False),
        holder(3, notice_days=90),
        holder(4, blackouts=((date(2026, 7, 1), date(2026, 7, 20)),)),
    ]
    paired = make_programme(columns_of(people), [[place(seats=4, accepted=(1,), asked=(2, 3, 4))]])
    assert (ids_of(paired, 0), pairs_of(paired, 0, 0).fixed, pairs_of(paired, 0, 0).kept) == ([1, 3], {1}, {3})


def test_accepted_seats_that_break_a_rule_among_themselves_are_left_out_and_still_count() -> None:
    seats = (Seat(event=1, slot=10, start=START), Seat(event=2, slot=20, start=START + timedelta(days=3)))
    people = [Person(id=1, country="FR", seats=seats), Person(id=2, country="FR"), Person(id=3, country="KE")]
    sessions = [[place(seats=2, accepted=(1,))], [place(at(3, 2, 20), seats=2, accepted=(1,))]]
    paired = make_programme(columns_of(people), sessions)
    assert paired.settled == {(1, 0, 1)}
    assert paired.programme.need.tolist() == [[2], [1]]
    # Nobody else of the country joins the session whose seat is settled.
    assert (ids_of(paired, 0), ids_of(paired, 1)) == ([1, 2, 3], [3])


def test_accepted_above_a_persons_own_limit_still_fits() -> None:
    seats = tuple(Seat(event=i, slot=10 * i, start=START + timedelta(days=20 * (i - 1))) for i in (1, 2, 3))
    sessions = [[place(at(20 * (i - 1), i, 10 * i), accepted=(1,))] for i in (1, 2, 3)]
    paired = make_programme(columns_of([Person(id=1, quarter_limit=1, seats=seats)]), sessions)
    assert paired.settled == frozenset()
    assert violations(paired.programme, np.arange(paired.programme.pairs)) == []


def test_a_programme_of_nothing_has_no_pairs() -> None:
    paired = make_programme(columns_of([Person(id=1)]), [])
    assert (paired.programme.pairs, paired.programme.sessions, paired.programme.people) == (0, 0, 0)


def test_load_rest_and_the_panels_mix_are_no_part_of_the_fit() -> None:
    busy = Seat(event=9, slot=90, start=START - timedelta(days=60))
    paired = make_programme(columns_of([Person(id=1), Person(id=2, seats=(busy,))]), [[place()]])
    assert len(set(paired.programme.pair_fit.tolist())) == 1
    assert set(FIT_REASONS) == set(Reason) - {Reason.LOAD, Reason.REST, Reason.PLACES, Reason.GENDER}
