"""One record per person and slot, its moves, and the link by which it is answered."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments.enums import AssignmentState, Reason
from bsm_alumni.events.models import Event, Slot
from bsm_alumni.extensions import Model, UtcDateTime, enum_type, utc_now

# Written out rather than built from the rules' table: an index is frozen in its migration.
HOLDS_SEAT = sa.text("state IN ('proposed', 'invited', 'accepted', 'delivered', 'no_show')")


class Assignment(Model):
    """A person asked for a slot. ``seat`` counts from 1 within the slot and stays as history once freed."""

    __tablename__ = "assignments"
    __table_args__ = (
        sa.UniqueConstraint("slot_id", "alumnus_id"),
        sa.Index(
            "uq_assignments_live_seat",
            "slot_id",
            "seat",
            unique=True,
            sqlite_where=HOLDS_SEAT,
            postgresql_where=HOLDS_SEAT,
        ),
        sa.Index(
            "uq_assignments_live_event_alumnus",
            "event_id",
            "alumnus_id",
            unique=True,
            sqlite_where=HOLDS_SEAT,
            postgresql_where=HOLDS_SEAT,
        ),
        sa.Index("ix_assignments_alumnus_id_state", "alumnus_id", "state"),
        sa.Index("ix_assignments_state_answer_by", "state", "answer_by"),
        sa.CheckConstraint("seat >= 1", name="seat"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(sa.ForeignKey("slots.id"))
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), index=True)
    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"))
    seat: Mapped[int]
    state: Mapped[AssignmentState] = mapped_column(enum_type(AssignmentState, "state"))
    # The event's revision the person answered for; a higher one means they are to be asked again.
    event_revision: Mapped[int] = mapped_column(default=0)
    invited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[Reason | None] = mapped_column(enum_type(Reason, "reason"))
    reason_text: Mapped[str] = mapped_column(sa.String(500), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)

    slot: Mapped[Slot] = relationship()
    event: Mapped[Event] = relationship()
    alumnus: Mapped[Alumnus] = relationship()
    moves: Mapped[list["AssignmentMove"]] = relationship(order_by="AssignmentMove.id", back_populates="assignment")


class AssignmentMove(Model):
    """One step of the state machine: who, when, why."""

    __tablename__ = "assignment_moves"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignments.id"), index=True)
    from_state: Mapped[AssignmentState | None] = mapped_column(enum_type(AssignmentState, "from_state"))
    to_state: Mapped[AssignmentState] = mapped_column(enum_type(AssignmentState, "to_state"))
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    actor: Mapped[str] = mapped_column(sa.String(200))
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    assignment: Mapped[Assignment] = relationship(back_populates="moves")


class InvitationLink(Model):
    """A link that answers one invitation. Only its hash is kept; it is made anew from ``nonce`` and the secret key."""

    __tablename__ = "invitation_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignments.id"), index=True)
    nonce: Mapped[str] = mapped_column(sa.String(64))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    assignment: Mapped[Assignment] = relationship()
