"""The oracles among themselves: brute force, CP-SAT, the full linear programme and the checker."""

from itertools import pairwise

import pytest

from tests.matching.planner.brute import cheapest
from tests.matching.planner.checker import check, price
from tests.matching.planner.cpsat import optimum
from tests.matching.planner.full_lp import cliques, lp_bound
from tests.matching.planner.random_programmes import of_seed

TINY = {"sessions": 3, "people": 5, "slots": 2}


def test_cpsat_finds_what_brute_force_finds() -> None:
    for seed in range(150):
        programme = of_seed(seed, **TINY)
        best, bound, chosen = optimum(programme)
        assert check(programme, chosen) == [], seed
        assert (best, bound) == (cheapest(programme), price(programme, chosen)), seed


def test_the_linear_programme_bounds_what_cpsat_finds_and_mostly_is_it() -> None:
    tight = 0
    for seed in range(100):
        programme = of_seed(seed)
        best, _, _ = optimum(programme)
        assert lp_bound(programme) <= best + 1e-6, seed
        tight += lp_bound(programme) == pytest.approx(best)
    assert 60 <= tight < 100


def test_a_rest_window_is_as_long_as_it_can_be() -> None:
    for seed in range(100):
        programme = of_seed(seed)
        sessions = list(range(programme.sessions))
        found = [set(clique) for clique in cliques(programme, sessions)]
        together = {frozenset((a, b)) for clique in found for a in clique for b in clique if a != b}
        assert together == {
            frozenset((a, b)) for a in sessions for b in sessions if a != b and programme.conflict(a, b)
        }
        assert not any(a <= b or b <= a for a, b in pairwise(found))
