"""Who may take each slot and how well they fit, slot by slot, over all sessions of a programme. Pure NumPy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bsm_alumni.matching.columns import Bools, Columns, Floats, Ints
from bsm_alumni.matching.few import some_of
from bsm_alumni.matching.planner.clocks import Clocks, read_clocks
from bsm_alumni.matching.planner.fits import Fits
from bsm_alumni.matching.planner.places import Place, Seat, Sessions
from bsm_alumni.matching.planner.screen import Screen


@dataclass(frozen=True, slots=True)
class Cell:
    """The pairs of one slot: positions of people, ascending, how they fit, who accepted, who is asked."""

    who: Ints
    fit: Floats
    fixed: Bools
    kept: Bools


def find_cells(columns: Columns, sessions: Sessions, settled: frozenset[Seat]) -> list[list[Cell]]:
    """The cells of each session. `columns` have only the seats held outside the programme: see `pairs.outside_of`.

    Where nobody is looked for those who hold the seats are the pairs, without a question asked: it is quick.
    """
    searched = [any(place.search for place in places) for places in sessions]
    whole, others = ([i for i, search in enumerate(searched) if search is wanted] for wanted in (True, False))
    found = _Finder.of(columns, sessions, whole, settled).all_cells()
    if others:
        held = [i for session in others for place in sessions[session] for i in (*place.accepted, *place.asked)]
        positions = _positions(columns, held)
        few = _Finder.of(some_of(columns, positions), sessions, others, settled).all_cells()
        found |= {session: [replace(one, who=positions[one.who]) for one in row] for session, row in few.items()}
    return [found[session] for session in range(len(sessions))]


@dataclass(frozen=True)
class _Finder:
    """What the cells of several sessions share. `clocks` are by place in `numbers`, the sessions' own numbers.

    `settled` are the accepted seats that the plan leaves alone: nobody else of their countries joins those sessions.
    """

    screen: Screen
    fits: Fits
    clocks: Clocks
    sessions: Sessions
    numbers: Sequence[int]
    settled: frozenset[Seat]

    @classmethod
    def of(cls, columns: Columns, sessions: Sessions, numbers: Sequence[int], settled: frozenset[Seat]) -> "_Finder":
        needs = [sessions[session][0].need for session in numbers]
        clocks = read_clocks(columns.zones, [(need.start, need.end) for need in needs])
        return cls(Screen(columns), Fits(columns), clocks, sessions, numbers, settled)

    def all_cells(self) -> dict[int, list[Cell]]:
        return {session: self.cells(row, session) for row, session in enumerate(self.numbers)}

    def cells(self, row: int, session: int) -> list[Cell]:
        """The cells of one session; slots that need the same share one look."""
        places, hours = self.sessions[session], self.clocks.hour[row]
        searches = any(place.search for place in places)
        free = self._free(row, session) if searches else np.zeros(len(self.screen.columns), dtype=np.bool_)
        shared: dict[object, tuple[Ints, Floats]] = {}
        cells = []
        for slot, place in enumerate(places):
            key = (place.need.languages, place.need.themes, tuple(place.weights.items()), place.search)
            if key not in shared:
                shared[key] = self._look(place, free, hours)
            accepted = [one for one in place.accepted if (session, slot, one) not in self.settled]
            cells.append(self._with_holders(place, accepted, free, hours, *shared[key]))
        return cells

    def _free(self, row: int, session: int) -> Bools:
        columns = self.screen.columns
        free = self.screen.free(self.sessions[session][0].need, self.clocks.first[row], self.clocks.last[row])
        settled = _positions(columns, [who for number, _slot, who in self.settled if number == session])
        taken = columns.country[settled]
        return free & ~np.isin(columns.country, taken[taken >= 0]) if len(taken) else free

    def _look(self, place: Place, free: Bools, hours: Floats) -> tuple[Ints, Floats]:
        if not place.search:
            return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float64)
        who: Ints = np.flatnonzero(self.screen.speakers(place.need.languages) & free)
        who = who[self.screen.in_time(place.need, who)].astype(np.int32)
        return who, self.fits.of(place.need, place.weights, hours, who)

    def _with_holders(
        self, place: Place, accepted_ids: Sequence[int], free: Bools, hours: Floats, who: Ints, fit: Floats
    ) -> Cell:
        """Those found, without people who were asked for the slot before, and with those who hold its seats."""
        columns, gone = self.screen.columns, self.screen.was_asked(place.need.slot_id)
        if len(gone):
            still = ~_among(who, gone[np.isin(gone, who)])
            who, fit = who[still], fit[still]
        accepted, asked = _positions(columns, accepted_ids), _positions(columns, place.asked)
        if len(asked) and place.search:
            able = self.screen.speakers(place.need.languages)[asked] & free[asked]
            asked = asked[able & ~np.isin(asked, gone)]
        extra = np.union1d(accepted, asked)
        extra = extra[~np.isin(extra, who)] if len(extra) else extra
        if len(extra):
            who = np.concatenate((who, extra))
            fit = np.concatenate((fit, self.fits.of(place.need, place.weights, hours, extra)))
            order = np.argsort(who)
            who, fit = who[order], fit[order]
        return Cell(who, fit, _among(who, accepted), _among(who, asked))


def _positions(columns: Columns, alumnus_ids: Sequence[int]) -> Ints:
    """Rows of those whom the columns hold, ascending, each once."""
    found = {columns.find_position(alumnus_id) for alumnus_id in alumnus_ids}
    return np.array(sorted(i for i in found if i is not None), dtype=np.int32)


def _among(who: Ints, some: Ints) -> Bools:
    flags = np.zeros(len(who), dtype=np.bool_)
    flags[np.searchsorted(who, some)] = True
    return flags
