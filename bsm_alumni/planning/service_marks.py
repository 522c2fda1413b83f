"""Marks: a person stays in a slot, or takes no seat in it. They hold when the plan is made anew, and for swaps."""

from bsm_alumni.planning.models import Plan, PlanMark


def lock(plan: Plan, slot_id: int, alumnus_id: int, actor_id: int | None) -> PlanMark:
    """Keep the person in the slot. Raises Refused when they cannot take it, or are not there (NotThere)."""
    raise NotImplementedError


def forbid(plan: Plan, event_id: int, slot_id: int | None, alumnus_id: int, actor_id: int | None) -> PlanMark:
    """Give the person no seat in the slot, or in no slot of the event when `slot_id` is None."""
    raise NotImplementedError


def unmark(plan: Plan, mark_id: int) -> None:
    """Take a mark back. Raises NotThere."""
    raise NotImplementedError
