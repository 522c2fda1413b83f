"""The ranking against the oracle, to the last bit, and what must hold of it in any world."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.programmes import random_columns, random_places
from bsm_alumni.matching.enums import GenderCode, Reason
from bsm_alumni.matching.need import Need, PanelMember, quarter_of
from bsm_alumni.matching.ranking import look, rank, top_positions, weigh
from bsm_alumni.matching.rules import Question, apply_rules
from bsm_alumni.matching.weights import WEIGHTS, complete_weights, default_weights
from tests.matching import oracle
from tests.matching.worlds import (
    COUNTRIES,
    LANGUAGES,
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

days = st.integers(-30, 30).map(lambda n: date(2026, 7, 8) + timedelta(days=n))
moments = st.integers(-400 * 48, 200 * 48).map(lambda n: START + timedelta(minutes=30 * n))
near_moments = st.one_of(moments, st.integers(-200, 200).map(lambda n: START + timedelta(minutes=30 * n)))
periods = st.lists(st.tuples(days, days).map(sorted).map(tuple), max_size=2).map(tuple)
seats = st.builds(
    Seat,
    event=st.integers(1, 5),
    slot=st.integers(10, 14),
    start=near_moments,
    hours=st.integers(1, 30),
    held=st.booleans(),
)
genders = st.sampled_from(GenderCode)
countries = st.one_of(st.none(), st.sampled_from(COUNTRIES))
persons = st.builds(
    Person,
    id=st.just(0),
    active=st.sampled_from([True, True, True, False]),
    restricted=st.sampled_from([False, False, False, True]),
    reachable=st.sampled_from([True, True, True, False]),
    country=countries,
    gender=genders,
    zone=st.one_of(st.none(), st.sampled_from(ZONES)),
    languages=st.dictionaries(st.sampled_from(LANGUAGES), st.integers(0, 7)),
    themes=st.frozensets(st.sampled_from(THEMES)),
    notice_days=st.integers(0, 30),
    quarter_limit=st.integers(0, 4),
    windows=periods,
    blackouts=periods,
    seats=st.lists(seats, max_size=3).map(tuple),
    delivered=st.integers(0, 9),
    theme_delivered=st.dictionaries(st.sampled_from(THEMES), st.integers(0, 5)),
    asked=st.integers(0, 9),
    answered=st.integers(0, 9),
    no_shows=st.integers(0, 3),
)
worlds = st.lists(persons, max_size=12).map(
    lambda people: [
        replace(person, id=3 * i + 1, answered=min(person.answered, person.asked)) for i, person in enumerate(people)
    ]
)
members = st.builds(
    lambda country, gender: PanelMember(country, SUBREGION_OF.get(country or ""), gender), countries, genders
)


@st.composite
def needs(draw: st.DrawFn) -> Need:
    start = draw(st.integers(-48, 48)) * timedelta(minutes=30) + START
    return Need(
        event_id=1,
        slot_id=10,
        start=start,
        end=start + timedelta(minutes=30 * draw(st.integers(1, 100))),
        day=start.toordinal(),
        quarter=quarter_of(start.year, start.month),
        today=start.toordinal() - draw(st.integers(0, 40)),
        languages=tuple(draw(st.dictionaries(st.sampled_from(LANGUAGES), st.integers(0, 7))).items()),
        themes=tuple(sorted(draw(st.sets(st.sampled_from(THEMES))))),
        countries=draw(st.frozensets(st.sampled_from(COUNTRIES), max_size=2)),
        subregions=draw(st.frozensets(st.sampled_from(SUBREGIONS), max_size=1)),
        panel=tuple(draw(st.lists(members, max_size=3))),
        rest_days=draw(st.integers(0, 14)),
    )


weights = st.fixed_dictionaries({reason: st.integers(0, 100) for reason in Reason})


@settings(max_examples=150, deadline=None)
@given(people=worlds, need=needs(), weight=weights, top=st.integers(0, 14))
def test_the_ranking_is_the_oracles(people: list[Person], need: Need, weight: dict, top: int) -> None:
    ranking = rank(columns_of(people), need, weight, top)
    assert [(c.alumnus_id, c.score) for c in ranking.candidates] == oracle.ranked(people, need, weight, top)
    assert ranking.removed == oracle.removed(people, need)
    assert ranking.total - sum(ranking.removed.values()) == ranking.eligible


@settings(max_examples=80, deadline=None)
@given(people=worlds, need=needs(), weight=weights)
def test_every_named_person_has_the_oracles_rules_and_values(people: list[Person], need: Need, weight: dict) -> None:
    looked = look(columns_of(people), need, weight, range(len(people)))
    places = {alumnus_id: i for i, (alumnus_id, _score) in enumerate(oracle.ranked(people, need, weight, 99), 1)}
    for person, item in zip(people, looked, strict=True):
        assert list(item.rules) == oracle.excluded_by(person, need)
        assert item.place == places.get(person.id)
        assert {r.reason: r.value for r in item.candidate.reasons} == oracle.values(person, need)
        assert item.candidate.score == oracle.score(person, need, weight)
        assert all(0 <= r.value <= 1 for r in item.candidate.reasons)


@settings(max_examples=50, deadline=None)
@given(people=worlds, need=needs(), weight=weights)
def test_who_is_hidden_from_the_viewer_leaves_no_trace(people: list[Person], need: Need, weight: dict) -> None:
    shown = people[::2]
    only = np.array([person.id for person in shown], dtype=np.int64)
    through_the_door = rank(columns_of(people), need, weight, 20, only)
    alone = rank(columns_of(shown), need, weight, 20)
    assert [(c.alumnus_id, c.score) for c in through_the_door.candidates] == [
        (c.alumnus_id, c.score) for c in alone.candidates
    ]
    assert (through_the_door.removed, through_the_door.total, through_the_door.eligible) == (
        alone.removed,
        alone.total,
        alone.eligible,
    )


@given(scores=st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), max_size=30), top=st.integers(0, 31))
def test_the_top_is_what_a_full_sort_gives(scores: list[float], top: int) -> None:
    expected = sorted(range(len(scores)), key=lambda i: (-scores[i], i))[:top]
    assert top_positions(np.array(scores), top).tolist() == expected


def test_equal_people_come_in_order_of_id() -> None:
    columns = columns_of([Person(id=i) for i in range(1, 40)])
    ranking = rank(columns, NEED, default_weights(), 5)
    assert [c.alumnus_id for c in ranking.candidates] == [1, 2, 3, 4, 5]


def test_the_same_question_has_the_same_answer() -> None:
    columns = columns_of([Person(id=i, delivered=i % 7, asked=i % 3) for i in range(1, 200)])
    assert rank(columns, NEED, default_weights()) == rank(columns, NEED, default_weights())


def test_weights_change_the_order() -> None:
    expert = Person(id=1, delivered=8, zone="Pacific/Auckland")
    awake = Person(id=2, delivered=0, zone="Europe/Paris")
    columns = columns_of([expert, awake])
    only_experience = {**dict.fromkeys(Reason, 0), Reason.EXPERIENCE: 10}
    only_hour = {**dict.fromkeys(Reason, 0), Reason.HOUR: 10}
    assert [c.alumnus_id for c in rank(columns, NEED, only_experience).candidates] == [1, 2]
    assert [c.alumnus_id for c in rank(columns, NEED, only_hour).candidates] == [2, 1]


def test_without_any_weight_everyone_scores_nothing() -> None:
    ranking = rank(columns_of([Person(id=1), Person(id=2)]), NEED, dict.fromkeys(Reason, 0))
    assert [(c.alumnus_id, c.score) for c in ranking.candidates] == [(1, 0.0), (2, 0.0)]


@pytest.mark.parametrize(
    ("start", "zone", "value"),
    [
        # 13:00 UTC is 09:00 in New York in July, 08:00 in January; 14:30 and 13:30 in the end.
        (datetime(2026, 7, 8, 13, 0, tzinfo=UTC), "America/New_York", 1.0),
        (datetime(2026, 1, 8, 13, 0, tzinfo=UTC), "America/New_York", 120 / 180),
        # Europe changes on 29 March 2026: the same UTC hour is an hour later on the wall the day after.
        (datetime(2026, 3, 28, 7, 0, tzinfo=UTC), "Europe/Paris", 120 / 180),
        (datetime(2026, 3, 30, 7, 0, tzinfo=UTC), "Europe/Paris", 1.0),
        # Nairobi keeps its clock.
        (datetime(2026, 3, 28, 6, 0, tzinfo=UTC), "Africa/Nairobi", 1.0),
        (datetime(2026, 3, 30, 6, 0, tzinfo=UTC), "Africa/Nairobi", 1.0),
    ],
)
def test_the_local_hour_follows_the_zones_own_rules(start: datetime, zone: str, value: float) -> None:
    need = with_need(start=start, end=start + timedelta(minutes=30))
    candidate = look(columns_of([Person(id=1, zone=zone)]), need, default_weights(), [0])[0].candidate
    assert {r.reason: r.value for r in candidate.reasons}[Reason.HOUR] == value


def test_a_newcomer_stands_between_the_reliable_and_the_unreliable() -> None:
    reliable, newcomer, silent = (
        Person(id=1, asked=10, answered=10),
        Person(id=2),
        Person(id=3, asked=5, answered=1),
    )
    only = {**dict.fromkeys(Reason, 0), Reason.RELIABILITY: 1}
    ranking = rank(columns_of([reliable, newcomer, silent]), NEED, only)
    assert [c.alumnus_id for c in ranking.candidates] == [1, 2, 3]


def test_every_reason_has_one_weight_and_saved_weights_are_held_within_bounds() -> None:
    assert set(WEIGHTS) == set(Reason)
    saved = complete_weights({"themes": 400, "hour": -3, "charm": 50})
    assert saved == {**default_weights(), Reason.THEMES: 100, Reason.HOUR: 0}


@settings(max_examples=100, deadline=None)
@given(people=worlds, first=needs(), second=needs(), weight=weights, top=st.integers(0, 14))
def test_what_is_kept_from_one_slot_to_the_next_changes_nothing(
    people: list[Person], first: Need, second: Need, weight: dict, top: int
) -> None:
    """The path through a door that lets everybody in keeps nothing: it is the twin."""
    columns = columns_of(people)
    for need in (first, second, first):
        assert rank(columns, need, weight, top) == rank(columns, need, weight, top, columns.ids)


def test_among_many_made_up_alumni_the_ranking_is_that_of_the_plain_rules() -> None:
    """All rules and all reasons over everyone, put in order whole: what `rank` must find with its few looks."""
    columns, weight = random_columns(20_000), default_weights()
    panel = (PanelMember("KE", "Eastern Africa", GenderCode.WOMAN), PanelMember("FR", "Western Europe", GenderCode.MAN))
    for number, (place,) in enumerate(random_places(40)):
        need = replace(place.need, panel=panel[: number % 3], day=place.need.day - 200 * (number % 2))
        question = Question(columns, need)
        funnel = apply_rules(question)
        who = np.flatnonzero(funnel.eligible)
        scores = weigh(question, weight, who)[1]
        best = np.lexsort((who, -scores))[:20]
        ranking = rank(columns, need, weight)
        assert [(c.position, c.score) for c in ranking.candidates] == list(
            zip(who[best].tolist(), scores[best].tolist(), strict=True)
        )
        assert (ranking.removed, ranking.total, ranking.eligible) == (funnel.removed, 20_000, len(who))
        assert len(who) > 500
