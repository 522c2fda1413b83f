"""Plans against proofs: small programmes are optimal every time, larger ones keep every rule and their bound holds."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random

import numpy as np
import pytest

from bsm_alumni.matching.planner import master
from bsm_alumni.matching.planner.plan import Limits, Plan, PlanStatus, Progress
from bsm_alumni.matching.planner.programme import MOST, Programme
from bsm_alumni.matching.planner.solve import plan_programme
from tests.matching.planner.checker import check, price
from tests.matching.planner.cpsat import optimum
from tests.matching.planner.full_lp import lp_bound
from tests.matching.planner.random_programmes import legal_plan, medium, of_seed

MANY = 2_000
FEW = 200


@dataclass
class Figures:
    """What a run over many programmes came to; seeds of those that were not right."""

    plans: int = 0
    broken_rules: int = 0
    optimal: int = 0
    wrong: list[str] | None = None
    beyond_lp: int = 0

    def __str__(self) -> str:
        return (
            f"{self.plans} programmes: {self.optimal} proven optimal and equal to CP-SAT, "
            f"{self.broken_rules} broken rules, {self.beyond_lp} where the linear programme alone is no proof; "
            f"{self.wrong or 'none wrong'}"
        )


def faults(programme: Programme, plan: Plan) -> list[str]:
    """What any plan must be, whatever its status: legal, ascending, priced right and not below its bound."""
    found = check(programme, plan.chosen)
    if sorted(set(plan.chosen.tolist())) != plan.chosen.tolist():
        found.append("pairs not ascending")
    if abs(plan.objective - price(programme, plan.chosen)) > 1e-6:
        found.append(f"objective {plan.objective}, but it costs {price(programme, plan.chosen)}")
    if plan.bound > plan.objective + 1e-6:
        found.append(f"bound {plan.bound} above its own cost {plan.objective}")
    return found


def proven(seeds: Iterable[int]) -> Figures:
    """Plan the small programmes of these numbers and compare each with the optimum."""
    figures = Figures(wrong=[])
    for seed in seeds:
        programme = of_seed(seed)
        plan, (best, _, _) = plan_programme(programme), optimum(programme)
        found = faults(programme, plan)
        figures.plans += 1
        figures.broken_rules += len(check(programme, plan.chosen))
        if plan.status is not PlanStatus.OPTIMAL:
            found.append(f"status {plan.status}")
        if abs(plan.objective - best) > 1e-6 or abs(plan.bound - best) > 1e-6:
            found.append(f"objective {plan.objective}, bound {plan.bound}, optimum {best}")
        figures.optimal += not found
        figures.wrong += [f"seed {seed}: {'; '.join(found)}"] if found else []
        figures.beyond_lp += lp_bound(programme) < best - 1e-6
    return figures


def test_small_programmes_are_optimal_every_time() -> None:
    figures = proven(range(FEW))
    assert figures.wrong == []
    assert (figures.plans, figures.optimal, figures.broken_rules) == (FEW, FEW, 0)
    # The linear programme must not be enough for all of them, or nothing beyond it were tried.
    assert figures.beyond_lp > FEW // 20


@pytest.mark.long
def test_two_thousand_small_programmes_are_optimal_every_time() -> None:
    figures = proven(range(MANY))
    print(f"\n{figures}")
    assert figures.wrong == []
    assert (figures.plans, figures.optimal, figures.broken_rules) == (MANY, MANY, 0)


def medium_faults(seed: int) -> list[str]:
    programme = medium(seed)
    plan = plan_programme(programme, Limits(seconds=20.0))
    best, _, _ = optimum(programme, 60.0, hint=plan.chosen)
    found = faults(programme, plan)
    if plan.bound > best + 1e-6:
        found.append(f"bound {plan.bound} above {best}, which CP-SAT reaches")
    if plan.status is PlanStatus.OPTIMAL and plan.objective > best + 1e-6:
        found.append(f"called optimal at {plan.objective}, CP-SAT reaches {best}")
    if plan.bound < lp_bound(programme) - 1e-6 * abs(plan.bound):
        found.append(f"bound {plan.bound} weaker than the linear programme's {lp_bound(programme)}")
    return found


@pytest.mark.parametrize("seed", range(2))
def test_a_medium_programme_keeps_every_rule_and_its_bound_holds(seed: int) -> None:
    assert medium_faults(seed) == []


@pytest.mark.long
def test_twenty_medium_programmes_keep_every_rule_and_their_bounds_hold() -> None:
    assert {seed: found for seed in range(20) if (found := medium_faults(seed))} == {}


def test_the_bound_before_the_dive_is_the_whole_linear_programme_or_stronger() -> None:
    """Columns and rows that were never brought in may not be missing in what is called a bound."""
    for seed in range(3):
        programme, told = medium(seed), list[Progress]()
        plan_programme(programme, on_progress=lambda progress, told=told: told.append(progress) or len(told) < 200)
        bounds = [progress.bound for progress in told if progress.stage == "plan"]
        whole = lp_bound(programme)
        assert whole - 1e-6 * abs(whole) <= bounds[0] <= optimum(programme)[0] + 1e-6, seed


def test_a_plan_good_enough_ends_the_search() -> None:
    for seed in range(3):
        plan = plan_programme(medium(seed), Limits(gap=0.5))
        assert faults(medium(seed), plan) == []
        assert plan.gap <= 0.5
        assert plan.status in (PlanStatus.FEASIBLE, PlanStatus.OPTIMAL)


def test_a_gap_that_is_asked_for_is_kept_and_its_bound_holds() -> None:
    for seed in range(3):
        programme = medium(seed)
        best, _, _ = optimum(programme)
        for gap in (0.02, 0.001, 0.00001):
            plan = plan_programme(programme, Limits(gap=gap))
            assert faults(programme, plan) == []
            assert plan.gap <= gap
            assert plan.bound <= best + 1e-6


def test_a_bound_of_the_first_order_method_holds_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a very large programme, where each solution of the linear programme is only nearly one."""
    monkeypatch.setattr(master, "MANY_ROWS", 0)
    for seed in range(3, 5):
        programme = medium(seed)
        best, _, _ = optimum(programme)
        plan = plan_programme(programme, Limits(gap=0.005))
        assert faults(programme, plan) == []
        assert plan.bound <= best + 1e-6
        assert plan.gap <= 0.05


def test_the_same_seed_gives_the_same_plan() -> None:
    for seed in range(2):
        one, other = (plan_programme(medium(seed), Limits(seed=7)) for _ in range(2))
        assert (one.chosen.tolist(), one.objective, one.bound) == (other.chosen.tolist(), other.objective, other.bound)


def test_what_was_accepted_stays_though_it_costs() -> None:
    dearer = 0
    for seed in range(60):
        programme = of_seed(seed)
        free = replace(programme, fixed=np.zeros(programme.pairs, dtype=np.bool_))
        accepted = np.zeros(programme.pairs, dtype=np.bool_)
        accepted[legal_plan(Random(seed), free, most=3)] = True
        plan = plan_programme(replace(free, fixed=accepted))
        assert set(np.flatnonzero(accepted)) <= set(plan.chosen), seed
        assert plan.objective == pytest.approx(optimum(replace(free, fixed=accepted))[0], abs=1e-6), seed
        dearer += plan.objective > plan_programme(free).objective + 1e-6
    assert dearer > 20


def test_what_was_accepted_and_breaks_the_rules_is_told() -> None:
    programme = next(p for p in map(of_seed, range(100)) if p.pairs > 20)
    plan = plan_programme(replace(programme, fixed=np.ones(programme.pairs, dtype=np.bool_)))
    assert plan.status is PlanStatus.INFEASIBLE


def test_what_was_proposed_is_kept_where_that_is_worth_it() -> None:
    """Replanning with a large bonus gives the plan that was proposed; with none it does not matter what was."""
    for seed in range(40):
        programme = of_seed(seed)
        earlier = legal_plan(Random(seed), programme)
        kept = np.zeros(programme.pairs, dtype=np.bool_)
        kept[earlier] = True
        dear = replace(programme, kept=kept, weights=replace(programme.weights, keep=4096.0))
        assert set(earlier) <= set(plan_programme(dear).chosen.tolist()), seed
        free = replace(programme, kept=kept, weights=replace(programme.weights, keep=0.0))
        nothing = replace(free, kept=np.zeros(programme.pairs, dtype=np.bool_))
        assert plan_programme(free).objective == pytest.approx(plan_programme(nothing).objective, abs=1e-6), seed


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_run_that_is_stopped_gives_a_legal_plan(after: int) -> None:
    programme, told = medium(2), list[Progress]()

    def on_progress(progress: Progress) -> bool:
        told.append(progress)
        return len(told) <= after

    plan = plan_programme(programme, Limits(), on_progress)
    assert faults(programme, plan) == []
    assert len(told) == after + 1
    assert plan.status is PlanStatus.STOPPED


def test_progress_is_told_in_order_and_ends_no_worse_than_the_plan() -> None:
    programme, told = medium(2), list[Progress]()
    plan = plan_programme(programme, Limits(), lambda progress: not told.append(progress))
    assert told
    assert [p.seconds for p in told] == sorted(p.seconds for p in told)
    costs = [p.objective for p in told if p.objective is not None]
    bounds = [p.bound for p in told if p.bound is not None]
    assert costs == sorted(costs, reverse=True)
    assert min(costs, default=plan.objective) >= plan.objective - 1e-6
    assert max(bounds, default=plan.bound) <= plan.bound + 1e-6


def test_no_time_at_all_gives_a_legal_plan() -> None:
    for seed in range(3):
        programme = medium(seed)
        plan = plan_programme(programme, Limits(seconds=0.0))
        assert faults(programme, plan) == []


def test_a_start_does_not_change_how_good_a_plan_is() -> None:
    for seed in range(40):
        programme = of_seed(seed)
        start = np.array(legal_plan(Random(seed), programme), dtype=np.intp)
        plan = plan_programme(programme, start=start)
        assert faults(programme, plan) == [], seed
        assert plan.objective == pytest.approx(plan_programme(programme).objective, abs=1e-6), seed


def test_a_programme_of_nothing_has_a_plan_of_nothing() -> None:
    full = next(p for p in map(of_seed, range(100)) if p.pairs and p.asked and not p.fixed.any())
    nobody = full.with_pairs(np.zeros(full.pairs, dtype=np.bool_))
    no_seats = replace(full, need=np.zeros_like(full.need))
    no_caps = replace(full, person_year_cap=np.zeros_like(full.person_year_cap))
    for programme in (nobody, no_seats, no_caps):
        plan = plan_programme(programme)
        assert (plan.chosen.tolist(), plan.status) == ([], PlanStatus.OPTIMAL)
        assert faults(programme, plan) == []
        assert plan.bound == pytest.approx(plan.objective, abs=1e-6)


def test_people_who_may_take_all_and_rest_not_at_all_take_what_pays() -> None:
    for seed in range(40):
        programme = of_seed(seed)
        caps = np.full(programme.people, MOST)
        loose = replace(
            programme, rest_days=0.0, person_year_cap=caps, person_quarter_cap=caps, quarter_used=None,
            person_country=np.full(programme.people, -1),
        )  # fmt: skip
        assert plan_programme(loose).objective == pytest.approx(optimum(loose)[0], abs=1e-6), seed
