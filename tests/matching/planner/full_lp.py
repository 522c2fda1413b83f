"""The planner's linear programme written out whole: every eligible pair, every row, nothing left for later."""

from collections import defaultdict

import highspy
import numpy as np

from bsm_alumni.matching.planner.programme import Programme

INFINITY = highspy.kHighsInf


class Rows:
    """A linear programme to be minimised, column by column and row by row."""

    def __init__(self) -> None:
        self.costs: list[float] = []
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.rows: list[tuple[float, float, list[int], list[float]]] = []

    def column(self, cost: float, lower: float = 0.0, upper: float = INFINITY) -> int:
        self.costs.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.costs) - 1

    def row(self, lower: float, columns: dict[int, float], upper: float = INFINITY) -> None:
        self.rows.append((lower, upper, list(columns), list(columns.values())))

    def at_most(self, limit: float, columns: list[int]) -> None:
        self.row(-INFINITY, dict.fromkeys(columns, 1.0), limit)

    def minimum(self) -> float:
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        count = len(self.costs)
        if not count:
            return 0.0
        none, empty = np.zeros(count + 1, dtype=np.int32), np.zeros(0)
        solver.addCols(count, *map(np.array, (self.costs, self.lower, self.upper)), 0, none, empty.astype(int), empty)
        for lower, upper, columns, values in self.rows:
            solver.addRow(lower, upper, len(columns), np.array(columns, dtype=np.int32), np.array(values))
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ValueError(solver.modelStatusToString(solver.getModelStatus()))
        return float(solver.getObjectiveValue())


def lp_bound(programme: Programme) -> float:
    """The least cost when seats may be shared out in fractions: no plan costs less."""
    rows, weights = Rows(), programme.weights
    for pair in range(programme.pairs):
        worth = float(programme.pair_fit[pair]) + weights.keep * bool(programme.kept[pair]) + weights.unfilled
        rows.column(-worth, lower=float(programme.fixed[pair]), upper=1.0)
    seats_of: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    in_session: dict[int, list[int]] = defaultdict(list)
    for pair in range(programme.pairs):
        session, person = int(programme.pair_session[pair]), int(programme.pair_person[pair])
        seats_of[person][session].append(pair)
        in_session[session].append(pair)
    for person, mine in seats_of.items():
        _person(rows, programme, person, mine)
    for session in range(programme.sessions):
        _session(rows, programme, session, in_session[session])
    return rows.minimum() + weights.unfilled * float(programme.need.sum())


def _person(rows: Rows, programme: Programme, person: int, mine: dict[int, list[int]]) -> None:
    every = [pair for pairs in mine.values() for pair in pairs]
    rows.at_most(float(programme.person_year_cap[person]), every)
    for place, quarter in enumerate(sorted(set(programme.session_quarter.tolist()))):
        spent = 0 if programme.quarter_used is None else int(programme.quarter_used[person, place])
        within = [
            pair for session, pairs in mine.items() if programme.session_quarter[session] == quarter for pair in pairs
        ]
        rows.at_most(max(0.0, float(programme.person_quarter_cap[person] - spent)), within)
    for clique in cliques(programme, list(mine)):
        rows.at_most(1.0, [pair for session in clique for pair in mine[session]])
    past = int(programme.person_past[person])
    steps = {
        rows.column(programme.weights.load * (2 * (past + k) - 1), upper=1.0): -1.0 for k in range(1, len(mine) + 1)
    }
    rows.row(0.0, dict.fromkeys(every, 1.0) | steps, 0.0)


def cliques(programme: Programme, sessions: list[int]) -> list[list[int]]:
    """Maximal sets of sessions of which a person can take one: they begin within less than the rest of each other."""
    if programme.rest_days <= 0:
        return [[session] for session in sessions]
    order = sorted(sessions, key=lambda session: float(programme.session_time[session]))
    found: list[list[int]] = []
    for place, first in enumerate(order):
        begin = float(programme.session_time[first])
        window = [s for s in order[place:] if float(programme.session_time[s]) - begin < programme.rest_days]
        if not found or not set(window) <= set(found[-1]):
            found.append(window)
    return found


def _session(rows: Rows, programme: Programme, session: int, here: list[int]) -> None:
    weights, asked = programme.weights, float(programme.need[session].sum())
    for slot in range(programme.slots):
        slot_pairs = [pair for pair in here if programme.pair_slot[pair] == slot]
        rows.at_most(float(programme.need[session, slot]), slot_pairs)
    country, region, woman = defaultdict(list), defaultdict(list), defaultdict(list)
    for pair in here:
        person = int(programme.pair_person[pair])
        country[int(programme.person_country[person])].append(pair)
        region[int(programme.person_region[person])].append(pair)
        woman[int(programme.person_woman[person])].append(pair)
    for code, pairs in country.items():
        if code >= 0:
            rows.at_most(1.0, pairs)
    for code, pairs in region.items():
        if code >= 0:
            further = rows.column(weights.region)
            rows.row(-1.0, dict.fromkeys(pairs, -1.0) | {further: 1.0})
    if asked:
        onesided = rows.column(weights.gender)
        rows.row(1.0, dict.fromkeys(woman[1], 1.0) | {onesided: 1.0})
        rows.row(1.0, dict.fromkeys(woman[0], 1.0) | {onesided: 1.0})
        short = rows.column(weights.women)
        rows.row(asked / 2, dict.fromkeys(woman[1], 1.0) | {short: 1.0})
