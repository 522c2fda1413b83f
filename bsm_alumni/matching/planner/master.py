"""The linear programme over some of the pairs and some of the rules, kept in HiGHS and grown as it is solved.

Every pair has coefficient 1 in each row it stands in; helping columns may have another. Rows that are seldom tight (a
person's load, quarter and rest, a session's countries and sub-regions) come only when a solution breaks them or is
likely to. A row that is absent has dual 0, so prices of pairs that are not in yet are exact, and the value found
bounds the whole problem once no pair prices out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from bsm_alumni.matching.planner.programme import MAN, WOMAN, Floats, Ints, Programme
from bsm_alumni.matching.planner.solver import open_highs

INFINITE = highspy.kHighsInf
MANY_ROWS = 20_000
"""From here on a round of the simplex takes many seconds, and a first-order method is the better way."""
COARSE, FINE = 1e-3, 1e-5
"""How far from optimal that method may end, relative, at first and at last."""
NOTHING = np.empty(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A solution of the linear programme: its value, the share of each pair in it, the dual of each row."""

    value: float
    shares: Floats
    duals: Floats


class Master:
    """The linear programme. Pairs are numbered as in the programme; `pairs` are those that are in, in order."""

    def __init__(self, programme: Programme, base: Floats, seed: int) -> None:
        self.programme, self.base = programme, base
        self.highs = open_highs(seed)
        self.pairs = np.empty(0, dtype=np.int64)
        self.columns = np.empty(0, dtype=np.int32)
        self.is_in = np.zeros(programme.pairs, dtype=np.bool_)
        self.column_count = self.row_count = 0
        self.tolerance = COARSE
        self._waiting: list[tuple[float, Ints, Sequence[int]]] = []
        self._sides: list[Floats] = []
        self._waiting_columns: list[tuple[float, float]] = []
        people, sessions = programme.people, programme.sessions
        self.load_row = np.full(people, -1, dtype=np.int32)
        self.quarter_row = np.full((people, len(programme.quarters)), -1, dtype=np.int32)
        self.country_row = np.full((sessions, int(programme.person_country.max(initial=-1)) + 1), -1, dtype=np.int32)
        self.region_row = np.full((sessions, int(programme.person_region.max(initial=-1)) + 1), -1, dtype=np.int32)
        self.rest_rows: dict[int, dict[int, int]] = {}
        """Row by person and number of the rest window."""
        self.place = np.empty(sessions, dtype=np.int64)
        self.place[programme.session_order] = np.arange(sessions)
        self._start()

    def _start(self) -> None:
        """Seats, and the balance of women and men, of each session that asks for somebody."""
        p, w = self.programme, self.programme.weights
        need = p.need.ravel()
        cells, asks = np.flatnonzero(need > 0), np.flatnonzero(p.seats_of > 0)
        self.cell_row = np.full(len(need), -1, dtype=np.int32)
        seats = need[cells].astype(np.float64)
        self.cell_row[cells] = self._add_rows(
            seats, seats, self._add_columns(w.unfilled, len(cells), INFINITE)[:, None]
        )
        unbalanced = self._add_columns(w.gender, len(asks), 1.0)[:, None]
        rows = (np.full(p.sessions, -1, dtype=np.int32) for _ in range(4))
        self.women_row, self.men_row, self.half_row, self.odd_row = rows
        above = np.full(len(asks), INFINITE)
        self.women_row[asks] = self._add_rows(np.ones(len(asks)), above, unbalanced)
        self.men_row[asks] = self._add_rows(np.ones(len(asks)), above, unbalanced)
        # Women short of half: of 3 seats, W women leave max(1.5 − W, 0). Shares could sit at 1.5, whole people cannot:
        # the line through the values at 1 and 2 is the tighter row, and the first is needed below 1.
        short = self._add_columns(w.women, len(asks), INFINITE)[:, None]
        self.half_row[asks] = self._add_rows(p.seats_of[asks] / 2, above, short)
        odd = p.seats_of[asks] % 2 == 1
        self.odd_row[asks[odd]] = self._add_rows((p.seats_of[asks[odd]] + 1) // 2, above[odd], short[odd], 2.0)

    def _add_columns(self, cost: float, count: int, most: float) -> Ints:
        """New columns that stand in no row yet; returns their numbers."""
        new = np.arange(self.column_count, self.column_count + count, dtype=np.int32)
        self.highs.addCols(
            count,
            np.full(count, cost),
            np.zeros(count),
            np.full(count, most),
            0,
            np.zeros(count, np.int32),
            NOTHING,
            [],
        )
        self.column_count += count
        return new

    def _add_rows(self, low: Floats, high: Floats, columns: Ints, value: float = 1.0) -> Ints:
        """New rows, each over the columns in its line of `columns`, times `value`; returns their numbers."""
        count, width = columns.shape
        starts = np.arange(0, count * width, width, dtype=np.int32) if width else np.zeros(count, np.int32)
        self.highs.addRows(
            count,
            np.asarray(low, np.float64),
            np.asarray(high, np.float64),
            count * width,
            starts,
            columns.ravel().astype(np.int32),
            np.full(count * width, value),
        )
        new = np.arange(self.row_count, self.row_count + count, dtype=np.int32)
        self.row_count += count
        self._sides.append(np.asarray(low, np.float64))
        return new

    def _later(self, high: float, pairs_at: Ints, extra: Sequence[int] = ()) -> int:
        """A row for `add_rows` to add: the sum of some pairs (by place in `pairs`) less some helping columns is at most
        `high`. Returns the number it will have."""
        self._waiting.append((high, pairs_at, extra))
        return self.row_count + len(self._waiting) - 1

    def _later_columns(self, costs: Sequence[float], most: float) -> list[int]:
        """Helping columns for `add_rows` to add; returns the numbers they will have."""
        first = self.column_count + len(self._waiting_columns)
        self._waiting_columns += [(cost, most) for cost in costs]
        return list(range(first, first + len(costs)))

    def add_rows(self) -> int:
        """Bring in, all at once, the rows that were asked for; returns how many."""
        count, columns = len(self._waiting), len(self._waiting_columns)
        if columns:
            costs, most = np.array(self._waiting_columns).T.copy()
            none = np.zeros(columns, np.int32)
            self.highs.addCols(columns, costs, np.zeros(columns), most, 0, none, NOTHING, [])
        if count:
            lengths = [len(at) + len(extra) for _high, at, extra in self._waiting]
            index = [
                part for _high, at, extra in self._waiting for part in (self.columns[at], np.array(extra, np.int32))
            ]
            signs = [part for _high, at, extra in self._waiting for part in (np.ones(len(at)), -np.ones(len(extra)))]
            starts = np.concatenate(([0], np.cumsum(lengths)[:-1])).astype(np.int32)
            high = np.array([high for high, _at, _extra in self._waiting])
            self.highs.addRows(
                count,
                np.full(count, -INFINITE),
                high,
                sum(lengths),
                starts,
                np.concatenate(index),
                np.concatenate(signs),
            )
            self._sides.append(high)
        self.row_count += count
        self.column_count += columns
        self._waiting, self._waiting_columns = [], []
        return count

    def add_pairs(self, new: Ints) -> None:
        """Bring pairs in that are not in yet."""
        if not len(new):
            return
        p, session, person = self.programme, self.programme.pair_session[new], self.programme.pair_person[new]
        at = np.arange(len(new))
        gender = p.person_woman[person]
        entries: list[tuple[Ints, Ints]] = [(at, self.cell_row[p.pair_cell[new]])]
        women = ((self.women_row, WOMAN), (self.half_row, WOMAN), (self.odd_row, WOMAN))
        for rows, value in (*women, (self.men_row, MAN)):
            entries.append((at[gender == value], rows[session[gender == value]]))
        entries.append((at, self.load_row[person]))
        entries.append((at, self.quarter_row[person, p.quarter_index[session]]))
        for place_rows, place in ((self.country_row, p.person_country), (self.region_row, p.person_region)):
            known = place[person] >= 0
            if place_rows.shape[1]:
                entries.append((at[known], place_rows[session[known], place[person[known]]]))
        rest = [
            (i, row)
            for i, (one, where) in enumerate(zip(person.tolist(), self.place[session].tolist(), strict=True))
            for window, row in self.rest_rows.get(one, {}).items()
            if p.rest_windows[window][0] <= where <= p.rest_windows[window][1]
        ]
        if rest:
            entries.append((np.array([i for i, _ in rest]), np.array([row for _, row in rest])))
        which, rows = (np.concatenate([entry[i] for entry in entries]) for i in (0, 1))
        which, rows = which[rows >= 0], rows[rows >= 0]
        order = np.argsort(which, kind="stable")
        starts = np.searchsorted(which[order], at).astype(np.int32)
        # No upper bound: it would take a dual that prices of pairs outside do not have. The rows hold shares below 1.
        low, high = p.fixed[new].astype(np.float64), np.full(len(new), INFINITE)
        self.highs.addCols(
            len(new), self.base[new], low, high, len(rows), starts, rows[order].astype(np.int32), np.ones(len(rows))
        )
        self.columns = np.concatenate((self.columns, np.arange(len(new), dtype=np.int32) + self.column_count))
        self.column_count += len(new)
        self.pairs = np.concatenate((self.pairs, new))
        self.is_in[new] = True

    def limit_load(self, person: int, pairs_at: Ints) -> None:
        """The price of a person's second and further seats, and the most they may have in the year."""
        p = self.programme
        most = int(p.most_seats(np.array([person]))[0])
        step = 2.0 * p.weights.load
        extra = self._later_columns([step * (k - 1) for k in range(2, most + 1)], 1.0)
        self.load_row[person] = self._later(float(min(most, 1)), pairs_at, extra)

    def limit_quarter(self, person: int, quarter: int, pairs_at: Ints) -> None:
        """The most seats a person may have in a quarter."""
        high = float(self.programme.quarter_left[person, quarter])
        self.quarter_row[person, quarter] = self._later(high, pairs_at)

    def limit_country(self, session: int, country: int, pairs_at: Ints) -> None:
        """One person of a country in a session."""
        self.country_row[session, country] = self._later(1.0, pairs_at)

    def price_region(self, session: int, region: int, pairs_at: Ints) -> None:
        """The price of each further person of a sub-region in a session."""
        further = self._later_columns([self.programme.weights.region], INFINITE)
        self.region_row[session, region] = self._later(1.0, pairs_at, further)

    def limit_rest(self, person: int, window: int, pairs_at: Ints) -> None:
        """One session of a person in a rest window."""
        self.rest_rows.setdefault(person, {})[window] = self._later(1.0, pairs_at)

    def right_sides(self) -> Floats:
        """The right side of each row."""
        self._sides = [np.concatenate(self._sides)]
        return self._sides[0]

    def hold(self, pairs_at: Ints) -> None:
        """Let pairs (by place in `pairs`) be taken for certain from now on."""
        ones = np.ones(len(pairs_at))
        self.highs.changeColsBounds(len(pairs_at), self.columns[pairs_at], ones, ones)

    def bar(self, pairs_at: Ints) -> None:
        """Let pairs (by place in `pairs`) not be taken from now on."""
        zeros = np.zeros(len(pairs_at))
        self.highs.changeColsBounds(len(pairs_at), self.columns[pairs_at], zeros, zeros)

    def release(self) -> None:
        """Let all pairs be taken or not, as before any was held or barred."""
        low = self.programme.fixed[self.pairs].astype(np.float64)
        self.highs.changeColsBounds(len(low), self.columns, low, np.full(len(low), INFINITE))

    @property
    def is_large(self) -> bool:
        """Whether it is solved by a first-order method, and so only nearly."""
        return self.row_count > MANY_ROWS

    def sharpen(self) -> bool:
        """Have the first-order method end nearer to the optimum from now on; False when it is near enough already."""
        self.tolerance = max(FINE, self.tolerance / 4)
        return self.tolerance > FINE

    def solve(self, seconds: float) -> Relaxed | None:
        """Solve as it stands; None when it has no solution, or time is over."""
        if self.is_large:
            for name, value in (("solver", "pdlp"), ("presolve", "off")):
                self.highs.setOptionValue(name, value)
            for name in ("kkt_tolerance", "pdlp_optimality_tolerance"):
                self.highs.setOptionValue(name, self.tolerance)
        self.highs.setOptionValue("time_limit", self.highs.getRunTime() + max(0.05, seconds))
        self.highs.run()
        status = self.highs.getModelStatus()
        # The first-order method sometimes ends a little short of what it calls optimal.
        if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kUnknown):
            return None
        solution = self.highs.getSolution()
        values = np.array(solution.col_value)
        return Relaxed(
            value=float(self.highs.getObjectiveValue()),
            shares=values[self.columns],
            duals=np.array(solution.row_dual),
        )
