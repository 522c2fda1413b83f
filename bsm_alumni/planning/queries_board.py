"""A plan as a board: by week, by person, with what became of each seat since."""

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.planning.models import Plan
from bsm_alumni.planning.shapes import BoardSeat, BoardWeek, PersonSeats
from bsm_alumni.web.pagination import PAGE_SIZE, Page


def board_by_week(plan: Plan, viewer: Viewer) -> list[BoardWeek]:
    """Every session of the plan by week, with its seats, those left free and why. Weeks without any are left out."""
    raise NotImplementedError


def board_by_person(
    plan: Plan, viewer: Viewer, after: str | None = None, before: str | None = None, size: int = PAGE_SIZE
) -> Page[PersonSeats]:
    """The people of the plan by name, each with their seats."""
    raise NotImplementedError


def live_seats(plan: Plan, viewer: Viewer) -> list[BoardSeat]:
    """Seats of the plan that were lost since it was applied (declined, expired, withdrawn, cancelled)."""
    raise NotImplementedError
