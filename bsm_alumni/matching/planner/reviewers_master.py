"""The linear programme of a reviewer-style instance over some pairs, kept in HiGHS and grown until none prices out.

Rows: the seats of each event, the load of each person, and under a floor (no event below a sum of scores) one row for
each event that would fall below it. Seats, least loads and floors have a helping column each, so that there always is a
solution, and what cannot be met shows as help. Without floors every vertex is whole, since seats and loads are the two
sides of a network. Scores are divided by the largest here, so that they lie between -1 and 1.
"""

import time

import highspy
import numpy as np

from bsm_alumni.matching.planner.programme import Bools, Floats, Ints
from bsm_alumni.matching.planner.reviewers import Reviewers
from bsm_alumni.matching.planner.reviewers_relaxed import Duals, Relaxed, best_per_column, spread_ties
from bsm_alumni.matching.planner.solver import open_highs

INFINITE = highspy.kHighsInf
DUAL, PRIMAL = 1, 4
"""HiGHS's numbers of the simplex methods: the primal one goes on where columns came, the dual one where rows did."""
DEVEX = 1
TOLERANCE = 1e-9
FIXED_OPTIONS = (
    ("solver", "simplex"),
    ("simplex_strategy", DUAL),
    ("simplex_dual_edge_weight_strategy", DEVEX),
    ("presolve", "off"),
    ("primal_feasibility_tolerance", TOLERANCE),
    ("dual_feasibility_tolerance", TOLERANCE),
)
"""Presolving, and steepest edges, take longer than they save in programmes as small as these."""
BELOW = 1e-7
"""By how much a sum may miss the floor before its row comes in."""
HELP = 4.0
NEW_PER_EVENT = 3


class Over(Exception):
    """The time is over."""


class ReviewersMaster:
    """The linear programme; `person` and `event` are those of the pairs that are in, in the order of their columns."""

    def __init__(self, instance: Reviewers, first: Bools, seed: int, ends_at: float) -> None:
        self.instance, self.ends_at = instance, ends_at
        self.scores = instance.scaled
        self.usable = instance.allowed
        self.floor = -np.inf
        self.floor_row = np.full(instance.events, -1, dtype=np.int32)
        self.is_in = first & self.usable
        self.person, self.event = np.nonzero(self.is_in)
        self.counts_scores, self.help_price, self.most_help = True, HELP, INFINITE
        self.highs = open_highs(seed)
        for name, value in FIXED_OPTIONS:
            self.highs.setOptionValue(name, value)
        self._pass_model()

    def _pass_model(self) -> None:
        """Helping columns of events, then of people who must have something to do, then the pairs."""
        i, pairs = self.instance, len(self.person)
        helped = np.concatenate((np.arange(i.events), i.events + np.flatnonzero(i.min_load > 0)))
        self.helping = np.arange(len(helped))
        self.columns = np.arange(len(helped), len(helped) + pairs)
        self.column_count, self.row_count = len(helped) + pairs, i.events + i.people
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_, lp.sense_ = self.column_count, self.row_count, highspy.ObjSense.kMaximize
        lp.col_cost_ = np.concatenate((np.full(len(helped), -HELP), self.scores[self.person, self.event]))
        lp.col_lower_ = np.zeros(self.column_count)
        lp.col_upper_ = np.concatenate((np.full(len(helped), INFINITE), np.ones(pairs)))
        lp.row_lower_ = np.concatenate((i.need, i.min_load)).astype(np.float64)
        lp.row_upper_ = np.concatenate((i.need, i.max_load)).astype(np.float64)
        matrix = lp.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kColwise
        matrix.num_col_, matrix.num_row_ = self.column_count, self.row_count
        matrix.start_ = np.concatenate((self.helping, len(helped) + 2 * np.arange(pairs + 1)))
        matrix.index_ = np.concatenate((helped, np.column_stack((self.event, i.events + self.person)).ravel()))
        matrix.value_ = np.ones(len(helped) + 2 * pairs)
        self.highs.passModel(lp)

    def aim(self, scores: bool, help_price: float, may_miss: bool = True) -> None:
        """Go for the sum of scores, or for little help alone.

        Each unit of help costs `help_price` of score, and there is none where nothing may be missed.
        """
        self.counts_scores, self.help_price, self.most_help = scores, help_price, INFINITE if may_miss else 0.0
        costs = self.scores[self.person, self.event] if scores else np.zeros(len(self.person))
        count = len(self.helping)
        self.highs.changeColsCost(len(costs), self.columns, costs)
        self.highs.changeColsCost(count, self.helping, np.full(count, -help_price))
        self.highs.changeColsBounds(count, self.helping, np.zeros(count), np.full(count, self.most_help))
        self.highs.setOptionValue("simplex_strategy", PRIMAL)

    def set_floor(self, floor: float, usable: Bools) -> None:
        """Let no event have less than `floor` from now on, and only usable pairs be taken."""
        self.floor, self.usable = floor, usable
        count = len(self.columns)
        self.highs.changeColsBounds(count, self.columns, np.zeros(count), usable[self.person, self.event].astype(float))
        rows = self.floor_row[self.floor_row >= 0]
        low, high = np.full(len(rows), floor - TOLERANCE), np.full(len(rows), INFINITE)
        self.highs.changeRowsBounds(len(rows), rows, low, high)  # type: ignore[attr-defined]
        self.highs.setOptionValue("simplex_strategy", DUAL)

    def relax(self) -> Relaxed:
        """The solution over all usable pairs. Raises Over."""
        while True:
            shares, help_, duals = self._run()
            prices = duals.prices(self.scores, self.counts_scores)
            better = self.usable & ~self.is_in & (prices > TOLERANCE)
            if better.any():
                many = np.count_nonzero(better) > NEW_PER_EVENT * self.instance.events
                self._add_pairs(best_per_column(spread_ties(prices, better), NEW_PER_EVENT) if many else better)
                continue
            low = self._events_below(shares)
            if not len(low):
                bound = duals.bound(self.instance, self.floor, prices[self.usable])
                return Relaxed(self.person, self.event, shares, help_, bound, np.where(self.usable, prices, -np.inf))
            self._add_floors(low)

    def _run(self) -> tuple[Floats, float, Duals]:
        """Shares of the pairs that are in, all help, and the duals, as the programme stands."""
        left = self.ends_at - time.perf_counter()
        if left <= 0:
            raise Over
        self.highs.setOptionValue("time_limit", self.highs.getRunTime() + left)
        self.highs.run()
        status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kTimeLimit:
            raise Over
        if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty):
            raise RuntimeError(f"HiGHS ends with {self.highs.modelStatusToString(status)}.")
        solution = self.highs.getSolution()
        values = np.array(solution.col_value)
        return values[self.columns], float(values[self.helping].sum()), self._duals(np.array(solution.row_dual))

    def _duals(self, duals: Floats) -> Duals:
        i = self.instance
        # The dual of 'at least' is 0 or less; an event without a row has none.
        floors = np.where(self.floor_row >= 0, np.minimum(duals[self.floor_row], 0.0), 0.0)
        return Duals(duals[: i.events], duals[i.events : i.events + i.people], floors)

    def _events_below(self, shares: Floats) -> Ints:
        """Events below the floor that have no row yet."""
        weights = shares * self.scores[self.person, self.event]
        sums = np.bincount(self.event, weights=weights, minlength=self.instance.events)
        below = (sums < self.floor - BELOW) & (self.floor_row < 0) & (self.instance.need > 0)
        return np.flatnonzero(below)

    def _add_pairs(self, new: Bools) -> None:
        person, event = np.nonzero(new)
        scores = self.scores[person, event]
        floor = self.floor_row[event]
        count, floored = len(person), floor >= 0
        starts = np.concatenate(([0], np.cumsum(2 + floored)))[:-1]
        index, value = np.zeros(2 * count + int(floored.sum()), dtype=np.int64), np.ones(2 * count + int(floored.sum()))
        index[starts], index[starts + 1] = event, self.instance.events + person
        index[starts[floored] + 2], value[starts[floored] + 2] = floor[floored], scores[floored]
        costs = scores if self.counts_scores else np.zeros(count)
        self.highs.addCols(count, costs, np.zeros(count), np.ones(count), len(index), starts, index, value)
        self.columns = np.concatenate((self.columns, self.column_count + np.arange(count)))
        self.column_count += count
        self.person, self.event = np.concatenate((self.person, person)), np.concatenate((self.event, event))
        self.is_in |= new
        self.highs.setOptionValue("simplex_strategy", PRIMAL)

    def _add_floors(self, events: Ints) -> None:
        """A row with a helping column for each of the events."""
        count = len(events)
        helping = self.column_count + np.arange(count)
        nothing = np.zeros(count)
        self.highs.addCols(
            count, np.full(count, -self.help_price), nothing, np.full(count, self.most_help), 0, [], [], []
        )
        self.column_count += count
        self.helping = np.concatenate((self.helping, helping))
        for event, helper in zip(events.tolist(), helping.tolist(), strict=True):
            at = np.flatnonzero(self.event == event)
            index = np.append(self.columns[at], helper)
            value = np.append(self.scores[self.person[at], event], 1.0)
            self.highs.addRow(self.floor - TOLERANCE, INFINITE, len(index), index, value)
            self.floor_row[event] = self.row_count
            self.row_count += 1
        self.highs.setOptionValue("simplex_strategy", DUAL)
