"""Random programmes: small ones that a proof can be made of, medium ones that are contended.

Fits and weights are multiples of 1/8, so that costs are whole sixteenths and can be compared exactly.
"""

from dataclasses import replace
from random import Random

import numpy as np
from hypothesis import strategies as st

from bsm_alumni.matching.planner.programme import MOST, PlanWeights, Programme
from tests.matching.planner.checker import check

RESTS = (0.0, 0.0, 0.5, 1.0, 3.0, 7.0, 7.125, 14.0)
ODD_WEIGHTS = {
    "load": (0.0, 0.125, 1.0, 3.0, 10.5, 40.0),
    "unfilled": (0.0, 7.5, 40.0, 120.0, 300.0),
    "gender": (0.0, 2.5, 10.0, 150.0),
    "women": (0.0, 0.375, 4.0, 60.0),
    "region": (0.0, 6.0, 33.25, 200.0),
    "keep": (0.0, 0.125, 25.0, 90.0),
}


def small(random: Random, *, sessions: int = 8, people: int = 12, slots: int = 3, whole: bool = False) -> Programme:
    """At most that many sessions and people, or exactly that many when `whole`; often tight, never impossible."""
    sessions = sessions if whole else random.randint(1, sessions)
    people = people if whole else random.randint(1, people)
    slots = slots if whole else random.randint(1, slots)
    need = [[random.choice((0, 1, 1, 1, 2)) if slot else random.choice((1, 1, 2)) for slot in range(slots)]
            for _ in range(sessions)]  # fmt: skip
    if random.random() < 0.1:
        need[-1] = [0] * slots
    pairs = _pairs(random, need, people)
    days, quarters = _calendar(random, sessions)
    countries, regions = _origins(random, people)
    caps = random.choice(([0, 1, 1, 2, 3], [1], [2, 3], [MOST]))
    in_quarter = random.choice(([0, 1], [1, 1, 2], [1, 2, 3], [MOST]))
    programme = Programme(
        pair_session=np.array([pair[0] for pair in pairs], dtype=np.int64),
        pair_slot=np.array([pair[1] for pair in pairs], dtype=np.int64),
        pair_person=np.array([pair[2] for pair in pairs], dtype=np.int64),
        pair_fit=_fits(random, len(pairs)),
        need=np.array(need, dtype=np.int64),
        session_time=np.array(days, dtype=np.float64),
        session_quarter=np.array(quarters, dtype=np.int64),
        person_country=np.array(countries, dtype=np.int64),
        person_region=np.array(regions, dtype=np.int64),
        person_woman=np.array([random.choice((1, 1, 0, 0, 0, -1)) for _ in range(people)], dtype=np.int64),
        person_year_cap=np.array([random.choice(caps) for _ in range(people)], dtype=np.int64),
        person_quarter_cap=np.array([random.choice(in_quarter) for _ in range(people)], dtype=np.int64),
        person_past=np.array([random.choice((0, 0, 0, 1, 2, 5)) for _ in range(people)], dtype=np.int64),
        rest_days=random.choice(RESTS),
        weights=_weights(random),
        quarter_used=_used(random, people, len(set(quarters))),
    )
    return _with_history(random, programme)


def _pairs(random: Random, need: list[list[int]], people: int) -> list[tuple[int, int, int]]:
    """Who may take what, in no order; now and then somebody may take a slot that needs nobody."""
    density = random.choice((0.25, 0.5, 0.75, 1.0))
    cells = [(s, t) for s, row in enumerate(need) for t, n in enumerate(row) if n or random.random() < 0.05]
    pairs = [(s, t, p) for s, t in cells for p in range(people) if random.random() < density]
    random.shuffle(pairs)
    return pairs


def _fits(random: Random, count: int) -> np.ndarray:
    """Spread, or nearly alike, or with many ties."""
    low, high, step = random.choice(((0, 800, 1), (560, 800, 1), (0, 800, 200), (400, 400, 1)))
    return np.array([random.randrange(low, high + 1, step) / 8 for _ in range(count)], dtype=np.float64)


def _calendar(random: Random, sessions: int) -> tuple[list[float], list[int]]:
    """Days in eighths, close together or far apart, some at once; quarters that go with them, of any origin."""
    span = random.choice((4, 20, 60, 200))
    days = [random.randint(0, span * 8) / 8 for _ in range(sessions)]
    if sessions > 1 and random.random() < 0.3:
        days[1] = days[0]
    length, origin = random.choice((5, 30, 91)), random.choice((0, 8104))
    return days, [origin + int(day // length) for day in days]


def _origins(random: Random, people: int) -> tuple[list[int], list[int]]:
    """Countries that some share, each in one sub-region; some not known, and some people only by their sub-region."""
    count = random.choice((2, 4, max(2, people)))
    region_of = [random.choice((-1, 0, 0, 1, 2)) for _ in range(count)]
    countries = [random.choice((-1, *range(count))) for _ in range(people)]
    return countries, [region_of[c] if c >= 0 else random.choice((-1, 0, 1)) for c in countries]


def _weights(random: Random) -> PlanWeights:
    if random.random() < 0.4:
        return PlanWeights()
    return PlanWeights(**{name: random.choice(values) for name, values in ODD_WEIGHTS.items()})


def _used(random: Random, people: int, quarters: int) -> np.ndarray | None:
    if random.random() < 0.6:
        return None
    rows = [[random.choice((0, 0, 0, 1, 2)) for _ in range(quarters)] for _ in range(people)]
    return np.array(rows, dtype=np.int64)


def _with_history(random: Random, programme: Programme) -> Programme:
    """Some pairs of one legal plan were accepted; some of it, and some others, were proposed."""
    kept, fixed = np.zeros(programme.pairs, dtype=np.bool_), np.zeros(programme.pairs, dtype=np.bool_)
    earlier = legal_plan(random, programme) if random.random() < 0.6 else []
    for pair in earlier:
        fixed[pair] = random.random() < 0.2
        kept[pair] = not fixed[pair] and random.random() < 0.5
    return replace(programme, kept=kept, fixed=fixed)


def legal_plan(random: Random, programme: Programme, most: int = 12) -> list[int]:
    """A plan that breaks no rule, made by chance: what is accepted, and up to `most` pairs beside."""
    chosen = [int(pair) for pair in np.flatnonzero(programme.fixed)]
    others = [pair for pair in range(programme.pairs) if pair not in chosen]
    for pair in random.sample(others, min(len(others), most)):
        if not check(programme, [*chosen, pair]):
            chosen.append(pair)
    return sorted(chosen)


def small_programmes(sessions: int = 8, people: int = 12, slots: int = 3) -> st.SearchStrategy[Programme]:
    """The same for Hypothesis, which makes a failing one smaller."""
    return st.randoms(use_true_random=False).map(
        lambda random: small(random, sessions=sessions, people=people, slots=slots)
    )


def of_seed(seed: int, **sizes: int) -> Programme:
    """The small programme of that number; always the same."""
    return small(Random(seed), **sizes)


def medium(seed: int) -> Programme:
    """30 sessions of 2 slots and 60 people, all weights as they come, contended by caps and rest."""
    random = Random(seed)
    programme = small(random, sessions=30, people=60, slots=2, whole=True)
    days = np.array([random.randint(0, 180 * 8) / 8 for _ in range(30)])
    return replace(
        programme,
        session_time=days,
        session_quarter=(days // 91).astype(np.int64),
        person_country=np.array([random.choice((-1, *range(25))) for _ in range(60)]),
        person_year_cap=np.array([random.choice((1, 2, 3)) for _ in range(60)]),
        person_quarter_cap=np.array([random.choice((1, 2)) for _ in range(60)]),
        rest_days=random.choice((7.0, 14.0)),
        weights=PlanWeights(),
        quarter_used=None,
        fixed=np.zeros(programme.pairs, dtype=np.bool_),
    )
