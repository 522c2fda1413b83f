"""The slots of a programme that is to be planned, and which accepted seats the plan leaves alone. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bsm_alumni.matching.columns import Columns
from bsm_alumni.matching.enums import Reason
from bsm_alumni.matching.need import Need


@dataclass(frozen=True, slots=True)
class Place:
    """A slot to be planned: what it needs, how many seats it has, and the weights of the reasons that are in force.

    `accepted` and `asked` are ids of alumni: those who said yes, and those who are proposed or invited. Where `search`
    is false nobody else is looked for, and they are taken as they are.
    """

    need: Need
    seats: int
    weights: Mapping[Reason, int]
    accepted: tuple[int, ...] = ()
    asked: tuple[int, ...] = ()
    search: bool = True


Sessions = Sequence[Sequence[Place]]
"""The places of each session, in the order of its slots."""

Seat = tuple[int, int, int]
"""Session, slot within the session, id of an alumnus."""


def find_settled(columns: Columns, sessions: Sessions, rest_days: float) -> frozenset[Seat]:
    """Accepted seats that break a rule beside another accepted one: same country in a session, or too little rest.

    What was accepted stays, so no plan could keep the rule. The seat is left out of the plan and counts like one held
    elsewhere; the first in time is the one that the plan holds on to.
    """
    settled: set[Seat] = set()
    days: dict[int, list[int]] = {}
    order = sorted(range(len(sessions)), key=lambda i: (sessions[i][0].need.day, i))
    for session in order:
        countries: set[int] = set()
        for slot, place in enumerate(sessions[session]):
            for alumnus_id in sorted(place.accepted):
                position = columns.find_position(alumnus_id)
                country = -1 if position is None else int(columns.country[position])
                day = place.need.day
                near = any(abs(other - day) < rest_days for other in days.get(alumnus_id, ()))
                if position is None or near or (country >= 0 and country in countries):
                    settled.add((session, slot, alumnus_id))
                    continue
                countries.add(country)
                days.setdefault(alumnus_id, []).append(day)
    return frozenset(settled)
