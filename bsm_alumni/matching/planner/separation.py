"""Which rules, of those the linear programme does not hold yet, its present solution breaks; they are added to it."""

import numpy as np

from bsm_alumni.matching.planner.master import Master
from bsm_alumni.matching.planner.programme import Floats, Ints

BROKEN = 1e-5
CROWDING = 1.5
"""The dearest pairs of a cell are not taken, so the others are taken more often than if all were alike."""


def add_broken_rows(master: Master, shares: Floats) -> int:
    """Add every row that is broken and absent; returns how many."""
    there = np.flatnonzero(shares > BROKEN / 10)
    _people(master, shares, there)
    _places(master, shares, there)
    return master.add_rows()


def add_likely_rows(master: Master) -> int:
    """Add the rows that would be broken if each cell spread its seats over its pairs alike; returns how many.

    These are the people whom many sessions want. Without their rows the first rounds are far from what comes out.
    """
    cell = master.programme.pair_cell[master.pairs]
    of_cell = np.bincount(cell, minlength=master.programme.need.size)
    return add_broken_rows(master, np.minimum(1.0, CROWDING * master.programme.need.ravel()[cell] / of_cell[cell]))


def _people(master: Master, shares: Floats, there: Ints) -> None:
    p = master.programme
    pairs = master.pairs[there]
    person, session = p.pair_person[pairs], p.pair_session[pairs]
    load = np.bincount(person, weights=shares[there], minlength=p.people)
    # A cap of 0 leaves no pairs to begin with, so all else that can be broken needs more than one seat.
    busy = np.flatnonzero(load > 1.0 + BROKEN)
    if not len(busy):
        return
    members = _members(master, p.pair_person[master.pairs], busy)
    for one in busy[master.load_row[busy] < 0].tolist():
        master.limit_load(one, members[one])
    index = np.full(p.people, -1)
    index[busy] = np.arange(len(busy))
    mine = index[person] >= 0
    row, share = index[person[mine]], shares[there][mine]
    quarters = np.zeros((len(busy), len(p.quarters)))
    np.add.at(quarters, (row, p.quarter_index[session[mine]]), share)
    for i, quarter in np.argwhere(quarters > p.quarter_left[busy] + BROKEN).tolist():
        one = int(busy[i])
        if master.quarter_row[one, quarter] < 0:
            at = members[one]
            at = at[p.quarter_index[p.pair_session[master.pairs[at]]] == quarter]
            master.limit_quarter(one, quarter, at)
    _rest(master, busy, members, row, master.place[session[mine]], share)


def _rest(master: Master, busy: Ints, members: dict[int, Ints], row: Ints, place: Ints, share: Floats) -> None:
    p = master.programme
    taken = np.zeros((len(busy), p.sessions + 1))
    np.add.at(taken, (row, place + 1), share)
    upto = np.cumsum(taken, axis=1)
    low, high = (np.array([window[i] for window in p.rest_windows]) for i in (0, 1))
    inside = upto[:, high + 1] - upto[:, low]
    for i, window in np.argwhere(inside > 1.0 + BROKEN).tolist():
        one = int(busy[i])
        if window in master.rest_rows.get(one, {}):
            continue
        at = members[one]
        where = master.place[p.pair_session[master.pairs[at]]]
        master.limit_rest(one, window, at[(where >= low[window]) & (where <= high[window])])


def _places(master: Master, shares: Floats, there: Ints) -> None:
    p = master.programme
    pairs = master.pairs[there]
    session = p.pair_session[pairs]
    for rows, place, add in (
        (master.country_row, p.person_country, master.limit_country),
        (master.region_row, p.person_region, master.price_region),
    ):
        of = place[p.pair_person[pairs]]
        known = of >= 0
        width = rows.shape[1]
        if not width:
            continue
        keys = session[known] * width + of[known]
        total = np.bincount(keys, weights=shares[there][known], minlength=rows.size)
        broken = np.flatnonzero((total > 1.0 + BROKEN) & (rows.ravel() < 0))
        if not len(broken):
            continue
        everyone = p.pair_session[master.pairs] * width + np.maximum(place[p.pair_person[master.pairs]], 0)
        everyone[place[p.pair_person[master.pairs]] < 0] = -1
        members = _members(master, everyone, broken)
        for key in broken.tolist():
            add(key // width, key % width, members[key])


def _members(master: Master, keys: Ints, wanted: Ints) -> dict[int, Ints]:
    """Places in `master.pairs` of the pairs with each of the wanted keys."""
    order = np.argsort(keys, kind="stable")
    sorted_keys = keys[order]
    low, high = np.searchsorted(sorted_keys, wanted), np.searchsorted(sorted_keys, wanted, side="right")
    return {int(key): order[a:b] for key, a, b in zip(wanted, low, high, strict=True)}


def add_all_rows(master: Master) -> None:
    """Every row that the pairs in the programme could break, for when they are to be whole numbers."""
    p = master.programme
    person = p.pair_person[master.pairs]
    busy = np.flatnonzero(np.bincount(person, minlength=p.people) > 1)
    members = _members(master, person, busy)
    for one, at in members.items():
        session = p.pair_session[master.pairs[at]]
        master.limit_load(one, at)
        for quarter in np.unique(p.quarter_index[session]).tolist():
            inside = at[p.quarter_index[session] == quarter]
            if len(inside) > p.quarter_left[one, quarter]:
                master.limit_quarter(one, quarter, inside)
        where, seen = master.place[session], set()
        for window, (low, high) in enumerate(p.rest_windows):
            inside = at[(where >= low) & (where <= high)]
            if len(inside) > 1 and (key := tuple(inside.tolist())) not in seen:
                seen.add(key)
                master.limit_rest(one, window, inside)
    everyone = np.ones(len(master.pairs))
    _places(master, everyone, np.arange(len(master.pairs)))
    master.add_rows()
