"""Requests that one person makes and another decides."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bsm_alumni.accounts.models import User
from bsm_alumni.approvals.enums import Decision
from bsm_alumni.extensions import Model, UtcDateTime, enum_type, utc_now


class Approval(Model):
    """One thing asked for. ``params`` say exactly what, without secrets; what is granted is that and nothing else."""

    __tablename__ = "approvals"
    __table_args__ = (
        sa.CheckConstraint("decision = 'withdrawn' OR asked_by_id <> decided_by_id", name="two_people"),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_by_id IS NULL) AND (decision IS NULL) = (decided_at IS NULL)",
            name="decided_whole",
        ),
        sa.CheckConstraint(
            "used_at IS NULL OR (decision IS NOT NULL AND decision = 'granted')", name="used_if_granted"
        ),
        sa.Index("ix_approvals_asked_by_id", "asked_by_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    params: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    # What is asked, in the words of the page it was asked on.
    words: Mapped[str] = mapped_column(sa.String(500))
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[Decision | None] = mapped_column(enum_type(Decision, "decision"))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id], lazy="joined", innerjoin=True)
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id], lazy="joined")
