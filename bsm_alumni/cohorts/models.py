"""Courses, the cohorts that took them, and who was enrolled."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.cohorts.enums import EnrolmentResult
from bsm_alumni.extensions import Model, UtcDateTime, db, enum_type, utc_now
from bsm_alumni.organisations.models import Organisation


class Course(Model):
    """A course that is given to one cohort after another."""

    __tablename__ = "courses"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(300), unique=True)
    description: Mapped[str] = mapped_column(sa.Text, default="")
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class Cohort(Model):
    """One delivery of a course; days are those of the venue."""

    __tablename__ = "cohorts"
    __table_args__ = (
        sa.CheckConstraint("starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name="order"),
        sa.Index("ix_cohorts_starts_on_id", "starts_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(60), unique=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("courses.id"), index=True)
    venue: Mapped[str] = mapped_column(sa.String(200), default="")
    country_code: Mapped[str | None] = mapped_column(sa.String(2))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    # How many took part, as the programme's papers say; enrolments may be fewer.
    participants: Mapped[int | None]
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    course: Mapped[Course] = relationship()
    partners: Mapped[list[Organisation]] = relationship(secondary="cohort_partners", order_by="Organisation.code")


cohort_partners = sa.Table(
    "cohort_partners",
    db.metadata,
    sa.Column("cohort_id", sa.ForeignKey("cohorts.id"), primary_key=True),
    sa.Column("organisation_id", sa.ForeignKey("organisations.id"), primary_key=True),
)


class Enrolment(Model):
    """One person in one cohort."""

    __tablename__ = "enrolments"
    __table_args__ = (sa.UniqueConstraint("cohort_id", "alumnus_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohorts.id"))
    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"), index=True)
    result: Mapped[EnrolmentResult] = mapped_column(
        enum_type(EnrolmentResult, "result"), default=EnrolmentResult.PENDING
    )
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    cohort: Mapped[Cohort] = relationship()
    alumnus: Mapped[Alumnus] = relationship()
