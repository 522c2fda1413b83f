"""The same model in OR-Tools' CP-SAT: a solver that shares no code and no method with the planner's."""

from collections import defaultdict
from collections.abc import Iterable
from math import ceil

from ortools.sat.python import cp_model

from bsm_alumni.matching.planner.programme import Programme

SIXTEENTHS = 16


def whole(points: float) -> int:
    """Points as whole sixteenths; whoever gives others would get an optimum of another programme."""
    scaled = points * SIXTEENTHS
    if scaled != round(scaled):
        raise ValueError(f"{points} is no multiple of 1/16")
    return round(scaled)


def optimum(programme: Programme, seconds: float = 60.0, hint: Iterable[int] = ()) -> tuple[float, float, list[int]]:
    """The best cost found, what no plan undercuts, and the plan; the two figures agree when it is proven."""
    model = cp_model.CpModel()
    takes = [model.new_bool_var(f"x{pair}") for pair in range(programme.pairs)]
    cost = [-whole(float(programme.pair_fit[pair])) * take for pair, take in enumerate(takes)]
    cost += [-whole(programme.weights.keep) * takes[pair] for pair in range(programme.pairs) if programme.kept[pair]]
    for pair in range(programme.pairs):
        if programme.fixed[pair]:
            model.add(takes[pair] == 1)
    seats: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
    for pair, take in enumerate(takes):
        seats[int(programme.pair_session[pair]), int(programme.pair_person[pair])].append(take)
    _person_rules(model, programme, seats, cost)
    for session in range(programme.sessions):
        here = [(take, pair) for pair, take in enumerate(takes) if programme.pair_session[pair] == session]
        _session_rules(model, programme, session, here, cost)
    model.minimize(sum(cost))
    hinted = set(map(int, hint))
    for pair, take in enumerate(takes if hinted else []):
        model.add_hint(take, pair in hinted)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise ValueError(f"no plan: {solver.status_name(status)}")
    chosen = [pair for pair, take in enumerate(takes) if solver.value(take)]
    # Both are whole numbers told as floats; of the bound that holds once it is rounded up.
    best, bound = round(solver.objective_value), ceil(solver.best_objective_bound - 1e-6)
    return best / SIXTEENTHS, bound / SIXTEENTHS, chosen


def _person_rules(
    model: cp_model.CpModel,
    programme: Programme,
    seats: dict[tuple[int, int], list[cp_model.IntVar]],
    cost: list[cp_model.LinearExprT],
) -> None:
    quarters = sorted(set(programme.session_quarter.tolist()))
    for person in range(programme.people):
        mine = {session: takes for (session, who), takes in seats.items() if who == person}
        for one, takes in mine.items():
            model.add_at_most_one(takes)
            for other, others in mine.items():
                apart = abs(float(programme.session_time[one]) - float(programme.session_time[other]))
                if one < other and apart < programme.rest_days:
                    model.add_at_most_one(takes + others)
        count = sum(take for takes in mine.values() for take in takes)
        if not mine:
            continue
        model.add(count <= int(programme.person_year_cap[person]))
        for place, quarter in enumerate(quarters):
            spent = 0 if programme.quarter_used is None else int(programme.quarter_used[person, place])
            within = [take for s, takes in mine.items() if programme.session_quarter[s] == quarter for take in takes]
            model.add(sum(within) <= max(0, int(programme.person_quarter_cap[person]) - spent))
        # The cost of a count is looked up in a table, so that nothing here rests on its being convex.
        past, load = int(programme.person_past[person]), whole(programme.weights.load)
        counted = model.new_int_var(0, len(mine), f"count{person}")
        model.add(counted == count)
        costs = [load * ((past + n) ** 2 - past**2) for n in range(len(mine) + 1)]
        loaded = model.new_int_var(0, max(costs), f"load{person}")
        model.add_element(counted, costs, loaded)
        cost.append(loaded)


def _session_rules(
    model: cp_model.CpModel,
    programme: Programme,
    session: int,
    here: list[tuple[cp_model.IntVar, int]],
    cost: list[cp_model.LinearExprT],
) -> None:
    weights, asked = programme.weights, int(sum(programme.need[session].tolist()))
    for slot in range(programme.slots):
        model.add(sum(x for x, i in here if programme.pair_slot[i] == slot) <= int(programme.need[session, slot]))
    for country in set(programme.person_country.tolist()) - {-1}:
        model.add_at_most_one(x for x, i in here if programme.person_country[programme.pair_person[i]] == country)
    cost.append(whole(weights.unfilled) * (asked - sum(x for x, _ in here)))
    women = [x for x, i in here if programme.person_woman[programme.pair_person[i]] == 1]
    men = [x for x, i in here if programme.person_woman[programme.pair_person[i]] == 0]
    if asked:
        onesided = model.new_bool_var(f"onesided{session}")
        model.add_bool_or([*women, onesided])
        model.add_bool_or([*men, onesided])
        cost.append(whole(weights.gender) * onesided)
    halves = model.new_int_var(0, asked, f"women{session}")
    model.add(halves >= asked - 2 * sum(women))
    cost.append(whole(weights.women / 2) * halves)
    for region in set(programme.person_region.tolist()) - {-1}:
        together = [x for x, i in here if programme.person_region[programme.pair_person[i]] == region]
        further = model.new_int_var(0, max(len(together) - 1, 0), f"region{session}.{region}")
        model.add(further >= sum(together) - 1)
        cost.append(whole(weights.region) * further)
