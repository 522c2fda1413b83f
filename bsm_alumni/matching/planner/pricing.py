"""What every eligible pair is worth at the present duals: below 0 it would make the linear programme better."""

import numpy as np

from bsm_alumni.matching.planner.master import Master
from bsm_alumni.matching.planner.programme import MAN, WOMAN, Floats, Ints, Programme

NOISE = 1e-6


def base_costs(programme: Programme) -> Floats:
    """What each pair costs by itself: its fit, the load of a first seat, and what keeping it is worth."""
    w = programme.weights
    load = w.load * (2.0 * programme.person_past + 1.0)
    return load[programme.pair_person] - programme.pair_fit - w.keep * programme.kept


class Pricer:
    """Prices all pairs by four look-ups each: the cell, the person's kind in the session, the person's quarter, rest.

    People of one gender, country and sub-region are one kind: whatever a session's rows say of one they say of all.
    """

    def __init__(self, programme: Programme, base: Floats) -> None:
        self.programme, self.base = programme, base
        traits = np.stack((programme.person_woman, programme.person_country, programme.person_region))
        self.kinds, kind = np.unique(traits, axis=1, return_inverse=True)
        kind = kind.ravel()
        session, person = programme.pair_session, programme.pair_person
        self.in_session = (session * self.kinds.shape[1] + kind[person]).astype(np.int32)
        self.in_quarter = (person * len(programme.quarters) + programme.quarter_index[session]).astype(np.int32)
        self.cell = programme.pair_cell.astype(np.int32)
        self.need = programme.need.ravel()

    def prices(self, master: Master, duals: Floats) -> Floats:
        """The reduced cost of every pair."""
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
        theirs = np.flatnonzero(index[p.pair_person] >= 0)
        prices[theirs] -= table[index[p.pair_person[theirs]], p.pair_session[theirs]]

    def still_to_gain(self, prices: Floats) -> float:
        """What pairs that price out could take off the value at most: for each cell its seats at the best price."""
        out = np.flatnonzero(prices < -NOISE)
        best = np.zeros(len(self.need))
        np.minimum.at(best, self.cell[out], prices[out])
        return float((best * self.need).sum())

    def best(self, prices: Floats, is_in: np.ndarray, per_cell: int, most: int) -> Ints:
        """Pairs that price out and are not in yet: the best `per_cell` of each cell, the best `most` of these."""
        out = np.flatnonzero(prices < -NOISE)
        out = out[~is_in[out]]
        order = out[np.lexsort((out, prices[out], self.cell[out]))]
        cells = self.cell[order]
        begins = np.flatnonzero(np.diff(cells, prepend=-1))
        rank = np.arange(len(order)) - np.repeat(begins, np.diff(np.append(begins, len(order))))
        found = order[rank < per_cell]
        if len(found) > most:
            found = found[np.argsort(prices[found], kind="stable")[:most]]
        return np.sort(found)


def _of(rows: Ints, duals: Floats) -> Floats:
    """The dual of each row; 0 where there is no row."""
    return np.where(rows >= 0, duals[rows], 0.0)
