"""After a decline: who could take the seat at once, and what a new plan would move."""

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.planning.models import Plan
from bsm_alumni.planning.shapes import Refill


def refill_offer(slot_id: int, viewer: Viewer) -> Refill | None:
    """Who could take a free seat of the slot at once, by the latest applied plan that has it; None without one."""
    raise NotImplementedError


def replan_offer(plan: Plan, actor_id: int | None) -> Plan:
    """A new plan put down for the worker, to be compared with this one (`compare(offer, plan)`): an offer, until it is
    applied. One that waits or is ready since the last change of a seat is used again."""
    raise NotImplementedError
