"""Who sits where so far, and what one more pair would cost or break: the ground of greedy, diving and moves."""

from collections.abc import Iterable

import numpy as np

from bsm_alumni.matching.planner.programme import MAN, WOMAN, Bools, Floats, Ints, Programme

SHORTLIST = 200


class Seating:
    """A plan in the making. Pairs are put in and taken out one by one; questions are asked for many pairs at once."""

    def __init__(self, programme: Programme, chosen: Iterable[int] = ()) -> None:
        self.programme = programme
        self.chosen: set[int] = set()
        self.free = programme.need.astype(np.int64).ravel()
        self.load = np.zeros(programme.people, dtype=np.int64)
        self.quarter_load = np.zeros((programme.people, len(programme.quarters)), dtype=np.int64)
        self.women = np.zeros(programme.sessions, dtype=np.int64)
        self.men = np.zeros(programme.sessions, dtype=np.int64)
        self.countries = np.zeros((programme.sessions, int(programme.person_country.max(initial=-1)) + 1), np.int64)
        self.regions = np.zeros((programme.sessions, int(programme.person_region.max(initial=-1)) + 1), np.int64)
        self.sitting: list[list[int]] = [[] for _ in range(programme.sessions)]
        self._best: dict[int, Ints] = {}
        self._marked = np.zeros(programme.people, dtype=np.bool_)
        self._put_all(np.array(list(chosen), dtype=np.intp))

    def _put_all(self, pairs: Ints) -> None:
        p = self.programme
        session, person = p.pair_session[pairs], p.pair_person[pairs]
        self.chosen.update(pairs.tolist())
        np.subtract.at(self.free, p.pair_cell[pairs], 1)
        np.add.at(self.load, person, 1)
        np.add.at(self.quarter_load, (person, p.quarter_index[session]), 1)
        for count, value in ((self.women, WOMAN), (self.men, MAN)):
            np.add.at(count, session[p.person_woman[person] == value], 1)
        for counted, place in ((self.countries, p.person_country), (self.regions, p.person_region)):
            known = place[person] >= 0
            np.add.at(counted, (session[known], place[person[known]]), 1)
        for one, other in zip(session.tolist(), person.tolist(), strict=True):
            self.sitting[one].append(other)

    def put(self, pair: int) -> None:
        """Take a pair in."""
        self._change(pair, 1)
        self.chosen.add(pair)

    def take_out(self, pair: int) -> None:
        """Give a pair up."""
        self._change(pair, -1)
        self.chosen.remove(pair)

    def _change(self, pair: int, by: int) -> None:
        p = self.programme
        session, person = int(p.pair_session[pair]), int(p.pair_person[pair])
        self.free[p.pair_cell[pair]] -= by
        self.load[person] += by
        self.quarter_load[person, p.quarter_index[session]] += by
        if (gender := p.person_woman[person]) == WOMAN:
            self.women[session] += by
        elif gender == MAN:
            self.men[session] += by
        if (country := p.person_country[person]) >= 0:
            self.countries[session, country] += by
        if (region := p.person_region[person]) >= 0:
            self.regions[session, region] += by
        if by > 0:
            self.sitting[session].append(person)
        else:
            self.sitting[session].remove(person)

    def allowed(self, pairs: Ints, session: int) -> Bools:
        """Which of the pairs, all of one session, break no rule about people; free seats are not looked at."""
        p = self.programme
        person = p.pair_person[pairs]
        quarter = p.quarter_index[session]
        fine = self.load[person] < p.person_year_cap[person]
        fine &= self.quarter_load[person, quarter] < p.quarter_left[person, quarter]
        if self.countries.shape[1]:
            country = p.person_country[person]
            fine &= (country < 0) | (self.countries[session, country] == 0)
        near = [one for other in p.near_sessions[session] for one in self.sitting[other]]
        if near:
            self._marked[near] = True
            fine &= ~self._marked[person]
            self._marked[near] = False
        return fine

    def added_cost(self, pairs: Ints, session: int) -> Floats:
        """What each of the pairs, all of one session, would add to the cost of the plan; below 0 is a gain."""
        p, w = self.programme, self.programme.weights
        person = p.pair_person[pairs]
        cost = -p.pair_fit[pairs] - w.keep * p.kept[pairs] - w.unfilled
        cost += w.load * (2.0 * (p.person_past[person] + self.load[person]) + 1.0)
        gender, women, men = p.person_woman[person], int(self.women[session]), int(self.men[session])
        short = max(p.seats_of[session] / 2 - women, 0.0)
        cost -= (gender == WOMAN) * (w.women * min(1.0, short))
        if women == 0 and men > 0:
            cost -= (gender == WOMAN) * w.gender
        if men == 0 and women > 0:
            cost -= (gender == MAN) * w.gender
        if self.regions.shape[1]:
            region = p.person_region[person]
            cost += w.region * ((region >= 0) & (self.regions[session, region] > 0))
        return cost

    def best_for(self, cell: int) -> tuple[int, float] | None:
        """A good pair for a cell and what it would add to the cost; None when nobody may sit there.

        It is the best one of those who are worth most by themselves, and of all others once none of them may.
        """
        session = cell // self.programme.slots
        for pairs in (self._best_by_themselves(cell), self.programme.pairs_of_cell(cell)):
            may = pairs[self.allowed(pairs, session)]
            if len(may):
                break
        else:
            return None
        pairs = may
        cost = self.added_cost(pairs, session)
        best = int(np.argmin(cost))
        return int(pairs[best]), float(cost[best])

    def _best_by_themselves(self, cell: int) -> Ints:
        if cell not in self._best:
            pairs, w = self.programme.pairs_of_cell(cell), self.programme.weights
            if len(pairs) > SHORTLIST:
                past = self.programme.person_past[self.programme.pair_person[pairs]]
                cost = 2.0 * w.load * past - self.programme.pair_fit[pairs] - w.keep * self.programme.kept[pairs]
                pairs = pairs[np.argpartition(cost, SHORTLIST)[:SHORTLIST]]
            self._best[cell] = np.sort(pairs)
        return self._best[cell]

    def as_pairs(self) -> Ints:
        """The pairs taken, ascending."""
        return np.array(sorted(self.chosen), dtype=np.intp)


def fill(seating: Seating) -> None:
    """Fill free seats one by one, those with the fewest candidates first, as long as a seat filled is worth it."""
    programme = seating.programme
    _order, begins = programme.by_cell
    open_cells = np.flatnonzero(seating.free > 0)
    candidates = np.diff(begins)[open_cells] / np.maximum(1, seating.free[open_cells])
    for cell in open_cells[np.lexsort((open_cells, candidates))].tolist():
        while seating.free[cell] > 0:
            found = seating.best_for(cell)
            if found is None or found[1] >= 0:
                break
            seating.put(found[0])
