"""What every eligible pair is worth at the present duals: below 0 it would make the linear programme better."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from bsm_alumni.matching.planner.master import Master
from bsm_alumni.matching.planner.programme import MAN, WOMAN, Bools, Floats, Ints, Programme

NOISE = 1e-6


def base_costs(programme: Programme) -> Floats:
    """What each pair costs by itself: its fit, the load of a first seat, and what keeping it is worth."""
    w = programme.weights
    load = w.load * (2.0 * programme.person_past + 1.0)
    return load[programme.pair_person] - programme.pair_fit - w.keep * programme.kept


@dataclass(frozen=True)
class Pricer:
    """Prices pairs by four look-ups each: the cell, the person's kind in the session, the person's quarter, rest.

    People of one gender, country and sub-region are one kind: whatever a session's rows say of one they say of all.
    `pairs` are the numbers of the pairs it prices, all of them or some; the other arrays are in the same order.
    """

    programme: Programme
    kinds: Ints
    pairs: Ints
    base: Floats
    cell: Ints
    session: Ints
    person: Ints
    in_session: Ints
    in_quarter: Ints

    @classmethod
    def of(cls, programme: Programme, base: Floats) -> Self:
        """One that prices all pairs."""
        traits = np.stack((programme.person_woman, programme.person_country, programme.person_region))
        kinds, kind = np.unique(traits, axis=1, return_inverse=True)
        session, person = programme.pair_session, programme.pair_person
        quarter = programme.quarter_index.astype(np.int32)
        return cls(
            programme=programme,
            kinds=kinds,
            pairs=np.arange(programme.pairs, dtype=np.int32),
            base=base,
            cell=programme.pair_cell,
            session=session,
            person=person,
            in_session=session * np.int32(kinds.shape[1]) + kind.ravel().astype(np.int32)[person],
            in_quarter=person * np.int32(len(programme.quarters)) + quarter[session],
        )

    def among(self, mask: Bools) -> Self:
        """One that prices only the pairs under the mask."""
        names = ("pairs", "base", "cell", "session", "person", "in_session", "in_quarter")
        # By numbers and not by the mask: seven arrays are read, and few of their pairs are wanted.
        at = np.flatnonzero(mask)
        return replace(self, **{name: getattr(self, name)[at] for name in names})

    def prices(self, master: Master, duals: Floats) -> Floats:
        """The reduced cost of every pair it prices."""
        prices = self.base - _of(master.cell_row, duals)[self.cell]
        prices -= self._session_duals(master, duals)[self.in_session]
        people = (_of(master.load_row, duals)[:, None] + _of(master.quarter_row, duals)).ravel()
        if people.any():
            prices -= people[self.in_quarter]
        self._take_rest(prices, master, duals)
        return prices

    def _session_duals(self, master: Master, duals: Floats) -> Floats:
        gender, country, region = self.kinds
        table = np.zeros((self.programme.sessions, self.kinds.shape[1]))
        women = _of(master.women_row, duals) + _of(master.half_row, duals) + _of(master.odd_row, duals)
        table += women[:, None] * (gender == WOMAN)
        table += _of(master.men_row, duals)[:, None] * (gender == MAN)
        for rows, place in ((master.country_row, country), (master.region_row, region)):
            if rows.shape[1]:
                # The last column stands for a place that is not known.
                known = np.pad(_of(rows, duals), ((0, 0), (0, 1)))
                table += known[:, place]
        return table.ravel()

    def _take_rest(self, prices: Floats, master: Master, duals: Floats) -> None:
        tight = [
            (person, window, duals[row])
            for person, rows in master.rest_rows.items()
            for window, row in rows.items()
            if abs(duals[row]) > NOISE
        ]
        if not tight:
            return
        p = self.programme
        people = sorted({person for person, _, _ in tight})
        row_of = {person: i for i, person in enumerate(people)}
        table = np.zeros((len(people), p.sessions))
        for person, window, dual in tight:
            low, high = p.rest_windows[window]
            table[row_of[person], p.session_order[low : high + 1]] += dual
        index = np.full(p.people, -1, dtype=np.int32)
        index[people] = np.arange(len(people))
        row = index[self.person]
        theirs = np.flatnonzero(row >= 0)
        prices[theirs] -= table[row[theirs], self.session[theirs]]

    def still_to_gain(self, prices: Floats) -> float:
        """What pairs that price out could take off the value at most: for each cell its seats at the best price."""
        need = self.programme.need.ravel()
        out = np.flatnonzero(prices < -NOISE)
        best = np.zeros(len(need))
        np.minimum.at(best, self.cell[out], prices[out])
        return float((best * need).sum())

    def best(self, prices: Floats, is_in: Bools, per_cell: int, most: int) -> Ints:
        """Pairs that price out and are not in yet: the best `per_cell` of each cell, the best `most` of these."""
        out = np.flatnonzero(prices < -NOISE)
        out = out[~is_in[self.pairs[out]]]
        order = out[np.lexsort((out, prices[out], self.cell[out]))]
        cells = self.cell[order]
        begins = np.flatnonzero(np.diff(cells, prepend=-1))
        rank = np.arange(len(order)) - np.repeat(begins, np.diff(np.append(begins, len(order))))
        found = order[rank < per_cell]
        if len(found) > most:
            found = found[np.argsort(prices[found], kind="stable")[:most]]
        return np.sort(self.pairs[found])


def first_pairs(programme: Programme, base: Floats, per_cell: int) -> Ints:
    """The pairs of each cell that cost least by themselves."""
    found = []
    for cell in np.flatnonzero(programme.need.ravel() > 0).tolist():
        pairs = programme.pairs_of_cell(cell)
        if len(pairs) > per_cell:
            pairs = pairs[np.argpartition(base[pairs], per_cell)[:per_cell]]
        found.append(pairs)
    return np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.intp)


def _of(rows: Ints, duals: Floats) -> Floats:
    """The dual of each row; 0 where there is no row."""
    return np.where(rows >= 0, duals[rows], 0.0)
