"""Finding plans, their weights and marks."""

from collections.abc import Sequence

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.planning.models import Plan, PlanMark
from bsm_alumni.web.pagination import PAGE_SIZE, Page


def get_plan(plan_id: int) -> Plan:
    """The plan; raises NotThere."""
    raise NotImplementedError


def plans_page(after: str | None = None, before: str | None = None, size: int = PAGE_SIZE) -> Page[Plan]:
    """Plans, the latest first. One query."""
    raise NotImplementedError


def plan_weights_of(series_id: int | None) -> dict[str, float]:
    """The weights in force for a series: its own, else the whole programme's, else the defaults."""
    raise NotImplementedError


def marks_of(plan: Plan) -> Sequence[PlanMark]:
    """The marks of a plan, in the order in which they were set."""
    raise NotImplementedError


def proposals_of(plan: Plan, viewer: Viewer) -> Sequence[Assignment]:
    """Proposals made from an applied plan that wait to be invited, with event, slot and person at hand."""
    raise NotImplementedError
