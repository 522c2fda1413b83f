"""Rules and costs of a plan told again from the text of the model: one person and one session at a time, no arrays."""

from collections.abc import Iterable
from itertools import pairwise

from bsm_alumni.matching.planner.programme import Programme


class Told:
    """The plan as people would read it: who sits where."""

    def __init__(self, programme: Programme, chosen: Iterable[int]) -> None:
        self.pairs = [int(pair) for pair in chosen]
        self.seats = [
            (int(programme.pair_session[i]), int(programme.pair_slot[i]), int(programme.pair_person[i]))
            for i in self.pairs
        ]
        self.sessions = range(len(programme.need))
        self.people = range(len(programme.person_country))

    def seated_in(self, session: int) -> list[int]:
        """Who sits in the session, once for each seat."""
        return [who for where, _, who in self.seats if where == session]

    def sessions_of(self, person: int) -> list[int]:
        """The sessions the person sits in, once for each seat."""
        return [where for where, _, who in self.seats if who == person]


def check(programme: Programme, chosen: Iterable[int]) -> list[str]:
    """The hard rules the plan breaks, one line for each place where one is broken."""
    told = Told(programme, chosen)
    return _pairs_broken(programme, told) + _sessions_broken(programme, told) + _people_broken(programme, told)


def _pairs_broken(programme: Programme, told: Told) -> list[str]:
    broken = []
    for pair in range(len(programme.pair_session)):
        if told.pairs.count(pair) > 1:
            broken.append(f"pair {pair} is there {told.pairs.count(pair)} times")
        if programme.fixed[pair] and pair not in told.pairs:
            broken.append(f"accepted pair {pair} is missing")
    return broken


def _sessions_broken(programme: Programme, told: Told) -> list[str]:
    broken = []
    for session in told.sessions:
        for slot, need in enumerate(programme.need[session]):
            if sum((where, what) == (session, slot) for where, what, _ in told.seats) > need:
                broken.append(f"too many in slot {slot} of session {session}")
        countries = [int(programme.person_country[who]) for who in told.seated_in(session)]
        for country in sorted(set(countries) - {-1}):
            if countries.count(country) > 1:
                broken.append(f"country {country} more than once in session {session}")
    return broken


def _people_broken(programme: Programme, told: Told) -> list[str]:
    broken = []
    order_of_quarters = sorted({int(quarter) for quarter in programme.session_quarter})
    for person in told.people:
        mine = told.sessions_of(person)
        if len(mine) > programme.person_year_cap[person]:
            broken.append(f"person {person} over the year's cap")
        for place, quarter in enumerate(order_of_quarters):
            spent = 0 if programme.quarter_used is None else int(programme.quarter_used[person][place])
            new = sum(int(programme.session_quarter[session]) == quarter for session in mine)
            # Whoever has spent more than the cap elsewhere breaks nothing by taking nothing here.
            if new > 0 and spent + new > programme.person_quarter_cap[person]:
                broken.append(f"person {person} over the cap of quarter {quarter}")
        for session in sorted(set(mine)):
            if mine.count(session) > 1:
                broken.append(f"person {person} has two seats in session {session}")
        days = sorted(float(programme.session_time[session]) for session in set(mine))
        for before, after in pairwise(days):
            if after - before < programme.rest_days:
                broken.append(f"person {person} rests {after - before} days only")
    return broken


def price(programme: Programme, chosen: Iterable[int]) -> float:
    """What the plan costs in points; smaller is better."""
    told = Told(programme, chosen)
    weights = programme.weights
    total = 0.0
    for pair in told.pairs:
        total -= float(programme.pair_fit[pair])
        if programme.kept[pair]:
            total -= weights.keep
    for person in told.people:
        for k, _ in enumerate(told.sessions_of(person), start=1):
            total += weights.load * (2 * (int(programme.person_past[person]) + k) - 1)
    for session in told.sessions:
        total += _price_of_session(programme, told.seated_in(session), sum(int(n) for n in programme.need[session]))
    return total


def _price_of_session(programme: Programme, seated: list[int], seats: int) -> float:
    weights = programme.weights
    total = weights.unfilled * (seats - len(seated))
    women = sum(int(programme.person_woman[who]) == 1 for who in seated)
    men = sum(int(programme.person_woman[who]) == 0 for who in seated)
    if seats > 0 and (women == 0 or men == 0):
        total += weights.gender
    if women < seats / 2:
        total += weights.women * (seats / 2 - women)
    met: set[int] = set()
    for who in seated:
        region = int(programme.person_region[who])
        if region in met:
            total += weights.region
        if region != -1:
            met.add(region)
    return total
