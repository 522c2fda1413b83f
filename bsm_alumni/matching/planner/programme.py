"""A programme to be planned: sessions, their slots and seats, people, and who may take which slot. Pure NumPy.

A pair is one person in one slot of one session, and only pairs that all rules about the person and the slot allow are
listed. What a plan must keep beyond that is in `violations`, what it costs in `cost_of`: both are written from the
text of the model alone, so that everything else in this folder can be checked against them.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.integer]
Floats = NDArray[np.float64]

WOMAN, MAN, NOT_KNOWN = 1, 0, -1
MOST = 1_000_000
"""A cap that never binds."""


@dataclass(frozen=True, slots=True)
class PlanWeights:
    """What the parts of a plan cost, in points of fit: a pair that fits perfectly is worth 100.

    `load`: a person's k-th new assignment beside `past` earlier ones costs load · (2(past + k) − 1), so that the next
    seat of a busy person costs more than the first of another. `unfilled`: each seat nobody takes. `gender`: each
    session with no woman, or no man. `women`: each seat by which women fall short of half of a session's seats.
    `region`: each further person of one sub-region in a session. `keep`: what keeping a proposed pair is worth.
    """

    load: float = 3.0
    unfilled: float = 300.0
    gender: float = 10.0
    women: float = 4.0
    region: float = 6.0
    keep: float = 25.0


@dataclass(frozen=True)
class Programme:
    """What is to be planned. Sessions, slots, people, countries and sub-regions are indices from 0.

    `session_time` is in days and may be fractional: two sessions of one person lie at least `rest_days` apart, whatever
    that is, and nobody has two seats in one session. `session_quarter` numbers the quarters of the year from any
    origin. A country or sub-region of -1 is not known and never clashes. `person_past` counts the seats held before
    this programme. `quarter_used` [people × quarters, by the order of `quarters`] counts the seats that a person's
    quarterly cap has been spent on elsewhere. `fixed` marks pairs that were accepted and must stay; `kept` marks pairs
    that were proposed or invited and are worth keeping.
    """

    pair_session: Ints
    pair_slot: Ints
    pair_person: Ints
    pair_fit: Floats
    need: Ints
    session_time: Floats
    session_quarter: Ints
    person_country: Ints
    person_region: Ints
    person_woman: Ints
    person_year_cap: Ints
    person_quarter_cap: Ints
    person_past: Ints
    rest_days: float = 7.0
    weights: PlanWeights = PlanWeights()
    quarter_used: Ints | None = None
    fixed: Bools = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    kept: Bools = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    def __post_init__(self) -> None:
        # A hundred thousand alumni make ten million pairs: what a pair holds is held in four bytes.
        for name in ("pair_session", "pair_slot", "pair_person"):
            object.__setattr__(self, name, getattr(self, name).astype(np.int32, copy=False))
        for name in ("fixed", "kept"):
            if len(getattr(self, name)) != self.pairs:
                object.__setattr__(self, name, np.zeros(self.pairs, dtype=np.bool_))

    @property
    def pairs(self) -> int:
        return len(self.pair_session)

    @property
    def sessions(self) -> int:
        return int(self.need.shape[0])

    @property
    def slots(self) -> int:
        """Slots of the session that has most; the others have slots that need nobody."""
        return int(self.need.shape[1])

    @property
    def people(self) -> int:
        return len(self.person_country)

    @cached_property
    def quarters(self) -> Ints:
        """The quarters that sessions lie in, ascending."""
        return np.unique(self.session_quarter)

    @cached_property
    def quarter_index(self) -> Ints:
        """Place of each session's quarter in `quarters`."""
        return np.searchsorted(self.quarters, self.session_quarter)

    @cached_property
    def quarter_left(self) -> Ints:
        """[people × quarters]: how many seats each person may still take in a quarter; never negative."""
        left = np.repeat(self.person_quarter_cap[:, None].astype(np.int64), len(self.quarters), axis=1)
        return np.maximum(left if self.quarter_used is None else left - self.quarter_used, 0)

    def most_seats(self, people: Ints) -> Ints:
        """How many seats each of these people can have in the programme by their caps."""
        caps = np.minimum(self.person_year_cap[people], self.quarter_left[people].sum(axis=1))
        return np.minimum(caps, self.sessions)

    @cached_property
    def pair_cell(self) -> Ints:
        """session · slots + slot of each pair."""
        return self.pair_session * np.int32(self.slots) + self.pair_slot

    @cached_property
    def seats_of(self) -> Ints:
        """Seats of each session over all its slots."""
        return self.need.sum(axis=1)

    @cached_property
    def asked(self) -> int:
        """Seats over the whole programme."""
        return int(self.need.sum())

    @cached_property
    def by_cell(self) -> tuple[Ints | None, Ints]:
        """Pairs in the order of their cells, and where each cell begins in that order (one more entry at the end).

        None for the order when they lie in it already.
        """
        cells = np.arange(self.sessions * self.slots + 1)
        if (self.pair_cell[1:] >= self.pair_cell[:-1]).all():
            return None, np.searchsorted(self.pair_cell, cells)
        order = np.argsort(self.pair_cell, kind="stable")
        return order, np.searchsorted(self.pair_cell[order], cells)

    @cached_property
    def near_sessions(self) -> list[list[int]]:
        """For each session those whose people cannot sit in it: itself, and all that lie too close."""
        order = self.session_order
        times = self.session_time[order]
        near: list[list[int]] = [[] for _ in range(self.sessions)]
        # Times may lie so far from 0 that adding the rest rounds: the difference decides, as in `conflict`.
        for place, session in enumerate(order.tolist()):
            low = place
            while low > 0 and times[place] - times[low - 1] < self.rest_days:
                low -= 1
            high = place
            while high + 1 < len(times) and times[high + 1] - times[place] < self.rest_days:
                high += 1
            near[session] = order[low : high + 1].tolist()
        return near

    @cached_property
    def rest_windows(self) -> list[tuple[int, int]]:
        """The largest runs of sessions of which a person can have one: first and last place in `session_order`."""
        times, runs, high = self.session_time[self.session_order], [], -1
        for low in range(len(times)):
            last = low
            while last + 1 < len(times) and times[last + 1] - times[low] < self.rest_days:
                last += 1
            if last > high:
                runs.append((low, last))
                high = last
        return runs

    @cached_property
    def session_order(self) -> Ints:
        """Sessions by time."""
        return np.argsort(self.session_time, kind="stable")

    def pairs_of_cell(self, cell: int) -> Ints:
        """The pairs of one slot of one session."""
        order, begins = self.by_cell
        low, high = begins[cell], begins[cell + 1]
        return np.arange(low, high) if order is None else order[low:high]

    def find_pair(self, session: int, slot: int, person: int) -> int | None:
        """The pair, or None when the person may not take the slot."""
        pairs = self.pairs_of_cell(session * self.slots + slot)
        found = pairs[self.pair_person[pairs] == person]
        return int(found[0]) if len(found) else None

    def conflict(self, one: int, other: int) -> bool:
        """Whether nobody can take seats in both sessions: the same one, or too few days apart."""
        return one == other or abs(float(self.session_time[one]) - float(self.session_time[other])) < self.rest_days

    def with_pairs(self, mask: Bools) -> Self:
        """The same programme with only the pairs under the mask."""
        names = ("pair_session", "pair_slot", "pair_person", "pair_fit", "fixed", "kept")
        return replace(self, **{name: getattr(self, name)[mask] for name in names})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a plan costs, part by part, in points; `total` is what is minimised."""

    fit: float
    load: float
    unfilled: float
    gender: float
    women: float
    region: float
    keep: float

    @property
    def total(self) -> float:
        return self.fit + self.load + self.unfilled + self.gender + self.women + self.region + self.keep


def cost_of(programme: Programme, chosen: Ints) -> Cost:
    """The cost of taking the pairs `chosen` (indices of pairs), as `PlanWeights` says it."""
    w, session, person = programme.weights, programme.pair_session[chosen], programme.pair_person[chosen]
    new = np.bincount(person, minlength=programme.people).astype(np.float64)
    past = programme.person_past.astype(np.float64)
    seated = np.bincount(session, minlength=programme.sessions)
    women = np.bincount(session[programme.person_woman[person] == WOMAN], minlength=programme.sessions)
    men = np.bincount(session[programme.person_woman[person] == MAN], minlength=programme.sessions)
    # Sessions that ask for nobody have nothing to balance.
    asks = programme.seats_of > 0
    known = programme.person_region[person] >= 0
    regions = int(programme.person_region.max(initial=-1)) + 1
    place = session[known] * max(regions, 1) + programme.person_region[person[known]]
    together = np.bincount(place) if len(place) else np.zeros(0)
    return Cost(
        fit=-float(programme.pair_fit[chosen].sum()),
        # Σ over k = 1..n of 2(past + k) − 1 is (past + n)² − past².
        load=w.load * float(((past + new) ** 2 - past**2).sum()),
        unfilled=w.unfilled * float(programme.asked - seated.sum()),
        gender=w.gender * float(np.count_nonzero(asks & ((women == 0) | (men == 0)))),
        women=w.women * float(np.maximum(programme.seats_of / 2 - women, 0.0).sum()),
        region=w.region * float(np.maximum(together - 1, 0).sum()),
        keep=-w.keep * float(np.count_nonzero(programme.kept[chosen])),
    )


def violations(programme: Programme, chosen: Ints) -> list[str]:
    """Every hard rule that taking the pairs `chosen` would break, in plain words for logs and tests; none is right."""
    found = []
    if len(set(map(int, chosen))) != len(chosen):
        found.append("a pair is chosen twice")
    if not set(np.flatnonzero(programme.fixed)) <= set(map(int, chosen)):
        found.append("an accepted pair is given up")
    taken: dict[tuple[int, int], int] = {}
    people: dict[int, list[int]] = {}
    countries: dict[tuple[int, int], int] = {}
    for pair in map(int, chosen):
        session, slot = int(programme.pair_session[pair]), int(programme.pair_slot[pair])
        person = int(programme.pair_person[pair])
        taken[session, slot] = taken.get((session, slot), 0) + 1
        people.setdefault(person, []).append(session)
        country = int(programme.person_country[person])
        if country >= 0:
            countries[session, country] = countries.get((session, country), 0) + 1
    for (session, slot), count in taken.items():
        if count > programme.need[session, slot]:
            found.append(f"session {session}, slot {slot}: {count} people for {programme.need[session, slot]} seats")
    found += [f"session {s}: {n} people of country {c}" for (s, c), n in countries.items() if n > 1]
    for person, sessions in people.items():
        if len(sessions) > programme.person_year_cap[person]:
            found.append(f"person {person}: {len(sessions)} sessions in the year")
        for quarter in range(len(programme.quarters)):
            count = sum(int(programme.quarter_index[session]) == quarter for session in sessions)
            if count > programme.quarter_left[person, quarter]:
                found.append(f"person {person}: {count} sessions in quarter {programme.quarters[quarter]}")
        for i, one in enumerate(sessions):
            found += [
                f"person {person}: sessions {one} and {other} too close"
                for other in sessions[i + 1 :]
                if programme.conflict(one, other)
            ]
    return found
