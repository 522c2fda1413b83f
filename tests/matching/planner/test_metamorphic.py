"""What must become of a plan when its programme is changed in a way whose effect is known beforehand."""

from collections.abc import Iterator
from dataclasses import astuple, replace
from random import Random

import numpy as np
import pytest

from bsm_alumni.matching.planner.plan import PlanStatus
from bsm_alumni.matching.planner.programme import Ints, PlanWeights, Programme
from bsm_alumni.matching.planner.solve import plan_programme
from tests.matching.planner.checker import check
from tests.matching.planner.random_programmes import of_seed

PER_PERSON = ("person_country", "person_region", "person_woman", "person_year_cap", "person_quarter_cap", "person_past")


def some(count: int) -> Iterator[tuple[int, Programme]]:
    """Small programmes in which there is something to plan."""
    programmes = ((seed, of_seed(seed)) for seed in range(5_000, 6_000))
    worth = ((seed, programme) for seed, programme in programmes if programme.pairs > 10)
    return (found for _, found in zip(range(count), worth, strict=False))


def cost(programme: Programme) -> float:
    plan = plan_programme(programme)
    assert plan.status is PlanStatus.OPTIMAL
    assert check(programme, plan.chosen) == []
    return plan.objective


def renamed(programme: Programme, random: Random) -> Programme:
    """The same programme with people, sessions, countries, sub-regions and pairs in another order."""

    def mixed(count: int) -> Ints:
        return np.array(random.sample(range(count), count), dtype=np.int64)

    people, sessions, order = mixed(programme.people), mixed(programme.sessions), mixed(programme.pairs)
    # `people[new]` is the person who has the number `new` now.
    new_person, new_session = np.argsort(people), np.argsort(sessions)
    used = programme.quarter_used
    changed = {name: getattr(programme, name)[people] for name in PER_PERSON}
    for name in ("person_country", "person_region"):
        codes = mixed(int(changed[name].max(initial=0)) + 1)
        changed[name] = np.where(changed[name] < 0, -1, codes[np.maximum(changed[name], 0)])
    return replace(
        programme,
        **changed,
        pair_session=new_session[programme.pair_session[order]],
        pair_slot=programme.pair_slot[order],
        pair_person=new_person[programme.pair_person[order]],
        pair_fit=programme.pair_fit[order],
        fixed=programme.fixed[order],
        kept=programme.kept[order],
        need=programme.need[sessions],
        session_time=programme.session_time[sessions],
        session_quarter=programme.session_quarter[sessions],
        quarter_used=None if used is None else used[people],
    )


def with_one_more(programme: Programme, random: Random) -> Programme:
    """The same programme, and somebody who may take some of its slots."""
    changed = {name: np.append(getattr(programme, name), getattr(programme, name)[:1]) for name in PER_PERSON}
    used = programme.quarter_used
    cells = [(s, t) for s, t in np.argwhere(programme.need > 0).tolist() if random.random() < 0.7]
    none = np.zeros(len(cells), dtype=np.bool_)
    return replace(
        programme,
        **changed,
        pair_session=np.append(programme.pair_session, np.array([s for s, _ in cells], dtype=np.int64)),
        pair_slot=np.append(programme.pair_slot, np.array([t for _, t in cells], dtype=np.int64)),
        pair_person=np.append(programme.pair_person, np.full(len(cells), programme.people)),
        pair_fit=np.append(programme.pair_fit, [random.randint(0, 800) / 8 for _ in cells]),
        fixed=np.append(programme.fixed, none),
        kept=np.append(programme.kept, none),
        quarter_used=None if used is None else np.vstack((used, np.zeros_like(used[:1]))),
    )


def test_names_do_not_change_the_cost() -> None:
    for seed, programme in some(60):
        assert cost(renamed(programme, Random(seed))) == pytest.approx(cost(programme), abs=1e-6), seed


def test_one_more_person_never_makes_it_worse_and_sometimes_better() -> None:
    better = 0
    for seed, programme in some(60):
        before, after = cost(programme), cost(with_one_more(programme, Random(seed)))
        assert after <= before + 1e-6, seed
        better += after < before - 1e-6
    assert better > 20


def test_dearer_unfilled_seats_are_never_more() -> None:
    fewer = 0
    for seed, programme in some(60):
        weights = programme.weights
        left = [
            programme.asked - len(plan_programme(replace(programme, weights=replace(weights, unfilled=price))).chosen)
            for price in (0.0, 40.0, 300.0)
        ]
        assert left == sorted(left, reverse=True), seed
        fewer += left[0] > left[2]
    assert fewer > 5


def test_weights_and_fits_twice_as_large_cost_twice_as_much() -> None:
    for seed, programme in some(60):
        weights = PlanWeights(*(2.0 * weight for weight in astuple(programme.weights)))
        doubled = replace(programme, weights=weights, pair_fit=2.0 * programme.pair_fit)
        assert cost(doubled) == pytest.approx(2.0 * cost(programme), abs=1e-6), seed


def test_a_stricter_rule_never_makes_it_cheaper() -> None:
    dearer = 0
    for seed, programme in some(60):
        loose = replace(programme, fixed=np.zeros(programme.pairs, dtype=np.bool_))
        before = cost(loose)
        for strict in (
            replace(loose, rest_days=loose.rest_days + 10.0),
            replace(loose, person_year_cap=np.minimum(loose.person_year_cap, 1)),
            replace(loose, person_country=np.zeros(loose.people, dtype=np.int64)),
        ):
            after = cost(strict)
            assert after >= before - 1e-6, seed
            dearer += after > before + 1e-6
    assert dearer > 30
