"""Requests of alumni, erasures, and how long each class of data is kept."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.extensions import Model, UtcDateTime, enum_type, utc_now
from bsm_alumni.rights.enums import ErasureState, ErasureWhy, Item, Kept, RequestKind, RequestState


class RightsRequest(Model):
    """What an alumnus asked for in their own words, and the answer. ``item_id`` is an enrolment's or assignment's."""

    __tablename__ = "rights_requests"
    __table_args__ = (
        sa.Index("ix_rights_requests_alumnus_id_state", "alumnus_id", "state"),
        sa.Index("ix_rights_requests_state_due_on", "state", "due_on"),
        sa.CheckConstraint("state IN ('open', 'withdrawn') OR answered_at IS NOT NULL", name="answered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"))
    kind: Mapped[RequestKind] = mapped_column(enum_type(RequestKind, "kind"))
    item: Mapped[Item] = mapped_column(enum_type(Item, "item"), default=Item.OTHER)
    item_id: Mapped[int | None]
    words: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[RequestState] = mapped_column(enum_type(RequestState, "state"), default=RequestState.OPEN)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    due_on: Mapped[date]
    # Staff who put it down for a person who wrote or called.
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))

    alumnus: Mapped[Alumnus] = relationship(lazy="joined", innerjoin=True)


class Erasure(Model):
    """One person's erasure: asked for, approved, done. It holds no word about the person and outlives them."""

    __tablename__ = "erasures"
    __table_args__ = (
        sa.Index(
            "uq_erasures_open",
            "alumnus_id",
            unique=True,
            sqlite_where=sa.text("state IN ('asked', 'approved')"),
            postgresql_where=sa.text("state IN ('asked', 'approved')"),
        ),
        sa.Index("ix_erasures_state_due_on", "state", "due_on"),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
        sa.CheckConstraint("approved_by_id IS NULL OR approved_by_id <> recorded_by_id", name="second_person"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"))
    request_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rights_requests.id"), unique=True)
    why: Mapped[ErasureWhy] = mapped_column(enum_type(ErasureWhy, "why"), default=ErasureWhy.ASKED)
    state: Mapped[ErasureState] = mapped_column(enum_type(ErasureState, "state"), default=ErasureState.ASKED)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    # At latest: what the person themselves confirmed is carried out on this day, approved or not.
    due_on: Mapped[date]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # How many recipients were told to delete their copies.
    notified: Mapped[int] = mapped_column(default=0)


class RetentionPeriod(Model):
    """For how many months a class of data is kept. Without a row, or without a confirmation, nothing of it goes."""

    __tablename__ = "retention_periods"
    __table_args__ = (sa.CheckConstraint("months BETWEEN 1 AND 600", name="months"),)

    kept: Mapped[Kept] = mapped_column(enum_type(Kept, "kept"), primary_key=True)
    months: Mapped[int]
    # An administrator saw what would go and confirmed it.
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    ran_on: Mapped[date | None]


class RetentionAsk(Model):
    """A person with a profile that nobody ever confirmed, asked whether they want to stay."""

    __tablename__ = "retention_asks"

    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    erase_on: Mapped[date]
