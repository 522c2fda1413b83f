"""States of a plan, kinds of its seats, marks that staff set."""

import enum


class PlanState(enum.StrEnum):
    """``stopped`` has the best plan that was found until somebody stopped it; it can be used like a ready one."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    STOPPED = "stopped"
    FAILED = "failed"
    APPLIED = "applied"
    SUPERSEDED = "superseded"


class SeatKind(enum.StrEnum):
    """How a seat came into a plan: the person said yes before, was proposed or invited before, or is new."""

    ACCEPTED = "accepted"
    KEPT = "kept"
    NEW = "new"


class MarkKind(enum.StrEnum):
    LOCK = "lock"
    FORBID = "forbid"


class CostPart(enum.StrEnum):
    """The parts of what a plan costs, as `matching.planner.programme.Cost` has them."""

    FIT = "fit"
    LOAD = "load"
    UNFILLED = "unfilled"
    GENDER = "gender"
    WOMEN = "women"
    REGION = "region"
    KEEP = "keep"
