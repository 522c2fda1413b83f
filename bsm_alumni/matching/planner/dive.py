"""From shares to seats: what the linear programme nearly decided is held, the rest is asked again, greedy finishes."""

from collections.abc import Callable

import numpy as np

from bsm_alumni.matching.planner.master import Master, Relaxed
from bsm_alumni.matching.planner.pricing import Pricer
from bsm_alumni.matching.planner.programme import Floats, Ints
from bsm_alumni.matching.planner.relax import NEAR, relax
from bsm_alumni.matching.planner.seating import Seating, fill

NEARLY = 0.95
EACH_TIME, EACH_TIME_LARGE = 0.15, 0.3
"""Share of what is undecided that a round decides at least."""
FEWEST_LARGE = 100
"""Seats that a round decides at least where a round takes a second."""


def dive(
    master: Master,
    pricer: Pricer,
    solved: Relaxed,
    seconds_left: Callable[[], float],
    goes_on: Callable[[], bool],
    prices: Floats | None = None,
) -> Ints:
    """A plan near the solution; the master is left with pairs held and barred (`release`).

    `prices` of all pairs tell which are worth looking at again; without them all are.
    """
    programme = master.programme
    if prices is not None and not master.is_large:
        pricer = pricer.among(prices < NEAR)
    seating = Seating(programme, np.flatnonzero(programme.fixed).tolist())
    now: Relaxed | None = solved
    while now is not None and goes_on() and seconds_left() > 0:
        at = np.flatnonzero(now.shares > 0.01)
        at = at[[int(pair) not in seating.chosen for pair in master.pairs[at]]]
        if not len(at):
            break
        order = at[np.lexsort((master.pairs[at], -now.shares[at]))]
        each_time = EACH_TIME_LARGE if master.is_large else EACH_TIME
        least = max(FEWEST_LARGE if master.is_large else 1, int(each_time * float(now.shares[at].sum())))
        held: list[int] = []
        barred: list[int] = []
        for place in order.tolist():
            share = now.shares[place]
            if share < NEARLY and len(held) >= least:
                break
            pair = int(master.pairs[place])
            session, one = int(programme.pair_session[pair]), np.array([pair])
            # Three shares of 0.6 can be more than a cap allows: the rules decide, not the shares.
            if seating.free[programme.pair_cell[pair]] > 0 and seating.allowed(one, session)[0]:
                seating.put(pair)
                held.append(place)
            else:
                barred.append(place)
        if held:
            master.hold(np.array(held))
        if barred:
            master.bar(np.array(barred))
        now = relax(master, pricer, seconds_left, None, goes_on, rounds=1 if master.is_large else 3)
    fill(seating)
    return seating.as_pairs()
