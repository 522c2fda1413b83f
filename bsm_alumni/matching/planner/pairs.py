"""From columns and needs to a programme: who may take which slot, how well they fit, what they hold elsewhere. Pure.

The rules are those of `matching.rules`. Seats that people hold inside the planned sessions are part of the programme,
so only seats held outside count for overlap, load, rest and 'another seat in this event'; the planner keeps those rules
among the planned sessions itself. Who declined, let it lapse or was cancelled is not asked for that slot again.
Whoever accepted is a pair, whatever the rules say now, and is `fixed`. Whoever is proposed or invited is a pair while
the rules allow it, notice apart, since it has been given, and is `kept`; where nobody is looked for, in any case.
"""

from dataclasses import dataclass, replace

import numpy as np

from bsm_alumni.matching.columns import Columns, Floats, Ints
from bsm_alumni.matching.enums import GenderCode
from bsm_alumni.matching.need import REST_DAYS
from bsm_alumni.matching.planner.cells import Cell, find_cells
from bsm_alumni.matching.planner.clocks import read_clocks
from bsm_alumni.matching.planner.fits import Fits
from bsm_alumni.matching.planner.places import Place, Seat, Sessions, find_settled
from bsm_alumni.matching.planner.programme import MAN, NOT_KNOWN, WOMAN, PlanWeights, Programme

YEAR_CAP = 12
"""Seats that one programme gives a person at most. The registry keeps no yearly limit of a person's own."""
PAST_DAYS = 365
"""Days on each side of the programme's middle in which seats held elsewhere count for the fair share."""
GENDERS = {GenderCode.WOMAN: WOMAN, GenderCode.MAN: MAN}


@dataclass(frozen=True)
class Paired:
    """A programme, and what its indices stand for.

    `people` are the rows in the columns of its people, ascending; `settled` the accepted seats that it leaves out.
    """

    programme: Programme
    sessions: Sessions
    people: Ints
    settled: frozenset[Seat]
    columns: Columns
    """The columns with only the seats held outside the programme."""


def make_programme(
    columns: Columns, sessions: Sessions, weights: PlanWeights = PlanWeights(), year_cap: int = YEAR_CAP
) -> Paired:
    """The programme of these sessions, each with its places, over everyone in the columns."""
    settled = find_settled(columns, sessions, REST_DAYS)
    outside = outside_of(columns, sessions, settled)
    cells = find_cells(outside, sessions, settled)
    return _assemble(outside, sessions, cells, settled, weights, year_cap)


def outside_of(columns: Columns, sessions: Sessions, settled: frozenset[Seat] = frozenset()) -> Columns:
    """The columns without the seats that the programme itself holds: those accepted, proposed or invited in it."""
    seats, width = columns.seats, len(columns) + 1
    own = [
        place.need.slot_id * width + position
        for i, places in enumerate(sessions)
        for j, place in enumerate(places)
        for alumnus_id in (*place.accepted, *place.asked)
        if (i, j, alumnus_id) not in settled and (position := columns.find_position(alumnus_id)) is not None
    ]
    inside = seats.held & np.isin(seats.slot.astype(np.int64) * width + seats.person, np.array(own, dtype=np.int64))
    return replace(columns, seats=seats.where(~inside))


def fit_of(columns: Columns, place: Place, position: int) -> float:
    """How well one person fits a place, 0..100, whether or not they may take it."""
    clocks = read_clocks(columns.zones, [(place.need.start, place.need.end)])
    who = np.array([position], dtype=np.int32)
    return float(Fits(columns).of(place.need, place.weights, clocks.hour[0], who)[0])


def _assemble(
    columns: Columns,
    sessions: Sessions,
    cells: list[list[Cell]],
    settled: frozenset[Seat],
    weights: PlanWeights,
    year_cap: int,
) -> Paired:
    flat = [(i, j, cell) for i, row in enumerate(cells) for j, cell in enumerate(row)]
    sizes = [len(cell.who) for _i, _j, cell in flat]
    position = _joined([cell.who for *_, cell in flat], np.int32)
    fixed = _joined([cell.fixed for *_, cell in flat], np.bool_)
    session = np.repeat(np.array([i for i, *_ in flat], dtype=np.int32), sizes)
    seen = np.zeros(len(columns), dtype=np.bool_)
    seen[position] = True
    people = np.flatnonzero(seen)
    place_of = np.cumsum(seen, dtype=np.int32) - 1
    person = place_of[position]
    need = np.zeros((len(sessions), max((len(row) for row in sessions), default=1)), dtype=np.int32)
    for i, j, cell in flat:
        out = sum((i, j, alumnus_id) in settled for alumnus_id in sessions[i][j].accepted)
        need[i, j] = max(sessions[i][j].seats - out, int(cell.fixed.sum()), 0)
    days = np.array([places[0].need.day for places in sessions], dtype=np.float64)
    quarter = np.array([places[0].need.quarter for places in sessions], dtype=np.int32)
    country = columns.country[people]
    cap, used = _quarters(columns, people, quarter, session[fixed], person[fixed])
    programme = Programme(
        pair_session=session,
        pair_slot=np.repeat(np.array([j for _i, j, _cell in flat], dtype=np.int32), sizes),
        pair_person=person,
        pair_fit=_joined([cell.fit for *_, cell in flat], np.float64),
        need=need,
        session_time=days,
        session_quarter=quarter,
        person_country=country.astype(np.int32),
        person_region=columns.country_subregion[country].astype(np.int32),
        person_woman=np.array([GENDERS.get(code, NOT_KNOWN) for code in GenderCode])[columns.gender[people]],
        person_year_cap=np.maximum(year_cap, np.bincount(person[fixed], minlength=len(people))),
        person_quarter_cap=cap,
        person_past=_past(columns, days)[people],
        rest_days=float(REST_DAYS),
        weights=weights,
        quarter_used=used,
        fixed=fixed,
        kept=_joined([cell.kept for *_, cell in flat], np.bool_),
    )
    return Paired(programme, sessions, people, settled, columns)


def _joined(parts: list[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate(parts).astype(kind, copy=False) if parts else np.empty(0, dtype=kind)


def _past(columns: Columns, days: Floats) -> Ints:
    held = columns.seats.holding
    middle = (days.min() + days.max()) / 2 if len(days) else 0.0
    return np.bincount(held.person[np.abs(held.day - middle) <= PAST_DAYS], minlength=len(columns))


def _quarters(columns: Columns, people: Ints, quarter: Ints, session: Ints, person: Ints) -> tuple[Ints, Ints]:
    """Each person's cap in a quarter, and [people × quarters] what seats held outside leave of it spent.

    `session` and `person` are those of the pairs that were accepted: they stay, so whoever has more of them in a
    quarter than they take on has as many seats there and none to spare.
    """
    held, quarters, limit = columns.seats.holding, np.unique(quarter), columns.quarter_limit[people].astype(np.int32)
    own = np.zeros((len(people), len(quarters)), dtype=np.int32)
    np.add.at(own, (person, np.searchsorted(quarters, quarter[session])), 1)
    outside = np.zeros_like(own)
    for i, one in enumerate(quarters):
        outside[:, i] = np.bincount(held.person[held.quarter == one], minlength=len(columns))[people]
    left = np.maximum(np.maximum(limit[:, None] - outside, own), 0)
    cap = np.maximum(left.max(axis=1, initial=0), limit)
    return cap, cap[:, None] - left
