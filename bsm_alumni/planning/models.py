"""Plans for a whole programme: what was asked, who takes which seat, which seats stay free and why, staff's marks.

A slot that is removed takes its rows in plans with it: nobody was ever asked for it.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bsm_alumni.events.models import Event, Slot
from bsm_alumni.extensions import Model, UtcDateTime, enum_type, utc_now
from bsm_alumni.planning.enums import MarkKind, PlanState, SeatKind


class PlanWeight(Model):
    """What one part of a plan costs in one series, 0 being the whole programme; a part without a row has its default.

    `weight` is a name of `matching.planner.programme.PlanWeights`, `value` is in points of fit.
    """

    __tablename__ = "plan_weights"
    __table_args__ = (sa.CheckConstraint("value BETWEEN 0 AND 1000", name="value"),)

    series_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    weight: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    value: Mapped[float]
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)


class Plan(Model):
    """A plan for the sessions of a period, asked for by staff and made by the worker.

    `event_ids` empty means every session of the period. `objective` and `bound` are costs in points, smaller is better;
    no plan costs less than `bound`. `parts` holds the cost part by part. `history` is at most 60 of
    [seconds, objective, bound], oldest first, while the planner works.
    """

    __tablename__ = "plans"
    __table_args__ = (
        sa.CheckConstraint("first_day <= last_day", name="order"),
        sa.Index("ix_plans_state_applied_at", "state", "applied_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    first_day: Mapped[date]
    last_day: Mapped[date]
    series_id: Mapped[int | None] = mapped_column(sa.ForeignKey("event_series.id"), index=True)
    event_ids: Mapped[list[int]] = mapped_column(sa.JSON, default=list)
    weights: Mapped[dict[str, float]] = mapped_column(sa.JSON, default=dict)
    base_plan_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plans.id"), index=True)
    job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("jobs.id"), index=True)
    state: Mapped[PlanState] = mapped_column(enum_type(PlanState, "state"), default=PlanState.WAITING)
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    objective: Mapped[float | None]
    bound: Mapped[float | None]
    asked: Mapped[int] = mapped_column(default=0)
    filled: Mapped[int] = mapped_column(default=0)
    # How long the planner worked.
    seconds: Mapped[float] = mapped_column(default=0.0)
    parts: Mapped[dict[str, float]] = mapped_column(sa.JSON, default=dict)
    history: Mapped[list[list[Any]]] = mapped_column(sa.JSON, default=list)
    # No plan is better.
    optimal: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str] = mapped_column(sa.String(300), default="")
    # Changed by hand after it was made.
    edited: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    applied_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def gap(self) -> float | None:
        """How much better a plan could be at most, as a share of what this one costs; None before a bound is known."""
        if self.objective is None or self.bound is None:
            return None
        return max(0.0, self.objective - self.bound) / max(1e-9, abs(self.objective))


class PlanSeat(Model):
    """A person in a slot by a plan. `score` is the fit, 0..100; `price` what taking the seat away would cost."""

    __tablename__ = "plan_seats"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "slot_id", "alumnus_id"),
        sa.Index("ix_plan_seats_plan_id_alumnus_id", "plan_id", "alumnus_id"),
        sa.Index("ix_plan_seats_plan_id_event_id", "plan_id", "event_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id"))
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), index=True)
    slot_id: Mapped[int] = mapped_column(sa.ForeignKey("slots.id", ondelete="CASCADE"), index=True)
    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"), index=True)
    score: Mapped[float]
    price: Mapped[float | None]
    kind: Mapped[SeatKind] = mapped_column(enum_type(SeatKind, "kind"))

    event: Mapped[Event] = relationship()
    slot: Mapped[Slot] = relationship()


class PlanShort(Model):
    """Seats of a slot that a plan leaves free. `why` counts the people each rule excludes, by `matching.enums.Rule`,
    and under "eligible" those who may take the slot, of whom "elsewhere" have as much as they take on in the plan."""

    __tablename__ = "plan_shorts"
    __table_args__ = (sa.UniqueConstraint("plan_id", "slot_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id"))
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), index=True)
    slot_id: Mapped[int] = mapped_column(sa.ForeignKey("slots.id", ondelete="CASCADE"), index=True)
    missing: Mapped[int]
    why: Mapped[dict[str, int]] = mapped_column(sa.JSON, default=dict)

    event: Mapped[Event] = relationship()
    slot: Mapped[Slot] = relationship()


class PlanMark(Model):
    """What staff decided beside the planner: a person stays in a slot, or takes no seat in it (no slot: in none)."""

    __tablename__ = "plan_marks"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "slot_id", "alumnus_id"),
        sa.Index(
            "uq_plan_marks_whole_event",
            "plan_id",
            "event_id",
            "alumnus_id",
            unique=True,
            sqlite_where=sa.text("slot_id IS NULL"),
            postgresql_where=sa.text("slot_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id"))
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), index=True)
    slot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("slots.id", ondelete="CASCADE"), index=True)
    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"), index=True)
    kind: Mapped[MarkKind] = mapped_column(enum_type(MarkKind, "kind"))
    by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
