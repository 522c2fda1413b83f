"""What the services and queries of plans answer, ready to be shown. Times and words are of the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.events.models import Event, Slot
from bsm_alumni.matching.service import Exclusion
from bsm_alumni.planning.enums import CostPart
from bsm_alumni.planning.models import Plan, PlanMark, PlanSeat


@dataclass(frozen=True, slots=True)
class PlanDetails:
    """What staff ask to be planned, both days included. No `event_ids`: every session of the period and series."""

    title: str
    first_day: date
    last_day: date
    series_id: int | None = None
    event_ids: tuple[int, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartChange:
    """One part of the cost, before and after, in points; smaller is better."""

    part: CostPart
    name: str
    before: float
    after: float

    @property
    def points(self) -> float:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class MovePrice:
    """What a change of a plan costs: `points` > 0 makes it dearer, < 0 cheaper. `broken` are the hard rules it would
    break, in words; a move that breaks one cannot be made. `parts` are the parts of the cost that change."""

    points: float
    broken: tuple[str, ...]
    parts: tuple[PartChange, ...]

    @property
    def possible(self) -> bool:
        return not self.broken


@dataclass(frozen=True, slots=True)
class Replacement:
    """One who could take a seat: fit 0..100, why in one sentence, and what it would cost."""

    alumnus: Alumnus
    score: float
    sentence: str
    price: MovePrice


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a person is not in a slot: the rules that exclude them (`excluded`), a mark (`barred`), or what the cheapest
    move that seats them would cost (`price`; it may break a rule between sessions). `leaves` is who would give up the
    seat, None where one is free. None of these: everybody in the slot accepted or is locked. `seated`: they are in it.
    """

    alumnus: Alumnus
    seated: bool
    excluded: tuple[Exclusion, ...]
    price: MovePrice | None
    leaves: Alumnus | None
    barred: bool = False


@dataclass(frozen=True, slots=True)
class BoardSeat:
    """One seat on the board. `assignment` is what became of it, None before the plan is applied; `alumnus` is None for
    somebody the viewer may not see. `lost` is True when the person was asked and said no, or stepped back."""

    seat: PlanSeat
    alumnus: Alumnus | None
    mark: PlanMark | None
    assignment: Assignment | None

    @property
    def lost(self) -> bool:
        from bsm_alumni.assignments.rules import LOST

        return self.assignment is not None and self.assignment.state in LOST


@dataclass(frozen=True, slots=True)
class BoardSlot:
    """One slot on the board: its seats, how many stay free by the plan, and why in sentences."""

    slot: Slot
    seats: tuple[BoardSeat, ...]
    missing: int
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoardEvent:
    """One session on the board."""

    event: Event
    slots: tuple[BoardSlot, ...]

    @property
    def asked(self) -> int:
        return sum(place.slot.seats for place in self.slots)

    @property
    def filled(self) -> int:
        return sum(len(place.seats) for place in self.slots)


@dataclass(frozen=True, slots=True)
class BoardWeek:
    """Seven days from a Monday, by the viewer's clock, and the sessions in them."""

    monday: date
    sunday: date
    events: tuple[BoardEvent, ...]


@dataclass(frozen=True, slots=True)
class PersonSeats:
    """A person of a plan and their seats, the earliest first."""

    alumnus: Alumnus
    seats: tuple[BoardSeat, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """One line of the balance: a name, its number before (what was accepted) and after (the plan)."""

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Balance:
    """How a plan spreads its seats. `load` is people by their number of seats ('1 seat', '2 seats', '3 or more');
    `gender`, `regions` and `languages` are seats. `women_before`, `women_after` are shares 0..1 of the seats of people
    whose gender is known, None where there are none."""

    load: tuple[Share, ...]
    gender: tuple[Share, ...]
    regions: tuple[Share, ...]
    languages: tuple[Share, ...]
    women_before: float | None
    women_after: float | None
    seats_before: int
    seats_after: int


@dataclass(frozen=True, slots=True)
class SeatChange:
    """A seat that only one of two plans has."""

    event: Event
    slot: Slot
    alumnus: Alumnus | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two plans side by side: seats that only one has (the first of them where there are many), how many seats of the
    one the other does not have and how many both have, parts of the cost (`before` is the one's, `after` the other's).

    What keeping proposals is worth is no part: each plan kept what it was made from.
    """

    plan: Plan
    other: Plan
    only_here: Sequence[SeatChange]
    only_there: Sequence[SeatChange]
    shared: int
    differ: int
    parts: tuple[PartChange, ...]


@dataclass(frozen=True, slots=True)
class MarkRow:
    """A mark, its session and its person. `holds` is False for a lock on somebody whom the plan could not keep in the
    slot, and for an exclusion of somebody who still has the seat."""

    mark: PlanMark
    event: Event
    alumnus: Alumnus | None
    holds: bool


@dataclass(frozen=True, slots=True)
class Stale:
    """A seat that can no longer be taken as it was planned, and why; `seat` is None for one held by somebody whom the
    plan leaves out."""

    seat: PlanSeat | None
    alumnus: Alumnus | None
    words: str


@dataclass(frozen=True, slots=True)
class Refill:
    """A seat that was lost and who could take it at once, the best first."""

    plan: Plan
    slot: Slot
    candidates: tuple[Replacement, ...]
