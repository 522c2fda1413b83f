"""Plans as staff ask for them: weights kept, a plan asked for, stopped, made anew."""

from collections.abc import Mapping

from bsm_alumni.planning.models import Plan
from bsm_alumni.planning.shapes import PlanDetails


def save_plan_weights(series_id: int, weights: Mapping[str, float]) -> None:
    """Keep the weights of a series, 0 for the whole programme. Raises FieldErrors by the weight's name."""
    raise NotImplementedError


def reset_plan_weights(series_id: int) -> None:
    """Drop the weights of a series, so that the programme's, or the defaults, are in force again."""
    raise NotImplementedError


def create_plan(actor_id: int | None, details: PlanDetails) -> Plan:
    """Put a plan down; the worker makes it. Raises FieldErrors (title, first_day, last_day, event_ids, weights)."""
    raise NotImplementedError


def stop_plan(plan: Plan) -> None:
    """Ask the worker to stop and keep the best plan so far. Raises Refused when it is not being made."""
    raise NotImplementedError


def replan(plan: Plan, actor_id: int | None, title: str = "") -> Plan:
    """A new plan for the same sessions that keeps what this one has where it can, with the same marks."""
    raise NotImplementedError
