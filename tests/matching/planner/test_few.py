"""The columns of a few people answer as the columns of everyone do about them; made-up programmes are what they say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.programmes import contended_programme, random_columns, random_paired, random_places, random_programme
from bsm_alumni.matching.few import some_of
from bsm_alumni.matching.planner.programme import cost_of, violations
from bsm_alumni.matching.ranking import weigh
from bsm_alumni.matching.rules import RULES, Question, apply_rules
from bsm_alumni.matching.weights import default_weights
from tests.matching.planner.test_pairs import World, programmes
from tests.matching.worlds import columns_of


@settings(max_examples=80)
@given(world=programmes, every=st.integers(1, 4))
def test_few_are_told_the_same_as_among_everyone(world: World, every: int) -> None:
    people, sessions = world
    columns = columns_of(people)
    positions = np.arange(0, len(people), every, dtype=np.int32)
    few = some_of(columns, positions)
    assert few.ids.tolist() == columns.ids[positions].tolist()
    for place in (place for places in sessions for place in places):
        whole, part = Question(columns, place.need), Question(few, place.need)
        for rule, excludes in RULES.items():
            assert excludes(part).tolist() == excludes(whole)[positions].tolist(), rule
        everyone, these = np.arange(len(few)), positions.astype(np.int64)
        scores = [weigh(question, place.weights, who)[1] for question, who in ((part, everyone), (whole, these))]
        assert scores[0].tolist() == scores[1].tolist()


def test_the_same_seed_makes_the_same_programme_and_another_one_another() -> None:
    one, same, other = (random_programme(12, 300, seed=seed) for seed in (1, 1, 2))
    assert one.pair_person.tolist() == same.pair_person.tolist()
    assert one.pair_fit.tolist() == same.pair_fit.tolist()
    assert one.pair_fit.tolist() != other.pair_fit.tolist()


def test_made_up_pairs_are_those_that_the_rules_find() -> None:
    paired = random_paired(20, 400)
    columns, places = random_columns(400), random_places(20)
    for session, (place,) in enumerate(places):
        able = np.flatnonzero(apply_rules(Question(columns, place.need)).eligible)
        pairs = paired.programme.pairs_of_cell(session)
        assert paired.people[paired.programme.pair_person[pairs]].tolist() == able.tolist() != []
        assert place.weights == default_weights()


def test_the_contended_programme_has_few_people_a_seat() -> None:
    programme = contended_programme()
    assert (programme.sessions, programme.asked) == (500, 1500)
    assert programme.people < 600
    nobody = np.empty(0, dtype=np.int64)
    assert violations(programme, nobody) == []
    assert cost_of(programme, nobody).unfilled == pytest.approx(300 * 1500)
