"""Changes of a plan by hand, each with its price before it is made; why somebody is not in a slot."""

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.planning.models import Plan, PlanSeat
from bsm_alumni.planning.shapes import MovePrice, Replacement, WhyNot


def candidates_for(plan: Plan, slot_id: int, viewer: Viewer, seat_id: int | None = None) -> tuple[Replacement, ...]:
    """The ten best people for a seat of the slot, each with its price, the cheapest first.

    `seat_id` is the seat to be given to somebody else, None for a seat that is free. Raises NotThere.
    """
    raise NotImplementedError


def price_of_swap(plan: Plan, seat_id: int, alumnus_id: int) -> MovePrice:
    """What it costs to give the seat to this person. Raises NotThere; Refused when a rule excludes the person."""
    raise NotImplementedError


def swap(plan: Plan, seat_id: int, alumnus_id: int) -> PlanSeat:
    """Give the seat to this person. Raises NotThere, and Refused when a hard rule would break, the seat is locked or
    accepted, or the plan was applied."""
    raise NotImplementedError


def price_of_filling(plan: Plan, slot_id: int, alumnus_id: int) -> MovePrice:
    """What it costs (mostly: saves) to give a free seat of the slot to this person. Raises as `price_of_swap`."""
    raise NotImplementedError


def fill(plan: Plan, slot_id: int, alumnus_id: int) -> PlanSeat:
    """Give a free seat of the slot to this person. Raises as `swap`."""
    raise NotImplementedError


def why_not(plan: Plan, slot_id: int, alumnus_id: int, viewer: Viewer) -> WhyNot:
    """Why this person is not in the slot by the plan. Raises NotThere. Reads only."""
    raise NotImplementedError
