"""Every plan of the tiniest programmes, by the checker's rules and prices alone."""

from dataclasses import replace
from itertools import chain, product

import numpy as np

from bsm_alumni.matching.planner.programme import Programme
from tests.matching.planner.checker import check, price


def cheapest(programme: Programme) -> float:
    """The least cost over all legal plans. A few sessions and people at most: it grows like their product's power."""
    free = replace(programme, fixed=np.zeros(programme.pairs, dtype=np.bool_))
    base = price(programme, [])
    options = [_options(free, session) for session in range(programme.sessions)]
    # A seat never costs less because somebody has others, so the sum over sessions is a bound to prune with.
    best_of_rest = [sum(min(delta for delta, _ in later) for later in options[i:]) for i in range(len(options) + 1)]
    best = float("inf")

    def go_on(session: int, chosen: list[int], bound: float) -> None:
        nonlocal best
        if bound + best_of_rest[session] >= best:
            return
        if check(free, chosen):
            return
        if session == len(options):
            if not check(programme, chosen):
                best = min(best, price(programme, chosen))
            return
        for delta, pairs in options[session]:
            go_on(session + 1, chosen + pairs, bound + delta)

    go_on(0, [], base)
    return best


def _options(programme: Programme, session: int) -> list[tuple[float, list[int]]]:
    """All ways to fill one session that break no rule by themselves, the cheapest first, each with what it adds."""
    empty = price(programme, [])
    by_person: dict[int, list[list[int]]] = {}
    for pair in range(programme.pairs):
        if programme.pair_session[pair] == session:
            by_person.setdefault(int(programme.pair_person[pair]), [[]]).append([pair])
    ways = [list(chain(*way)) for way in product(*by_person.values())]
    return sorted((price(programme, way) - empty, way) for way in ways if not check(programme, way))
