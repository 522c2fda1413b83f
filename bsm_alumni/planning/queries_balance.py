"""How a plan spreads its seats, and how two plans differ."""

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.planning.models import Plan
from bsm_alumni.planning.shapes import Balance, Comparison


def balance(plan: Plan) -> Balance:
    """Load, women and men, sub-regions and languages, before (what was accepted) and after (the plan)."""
    raise NotImplementedError


def compare(plan: Plan, other: Plan, viewer: Viewer) -> Comparison:
    """Seats that only one of the plans has, and what each costs part by part."""
    raise NotImplementedError
