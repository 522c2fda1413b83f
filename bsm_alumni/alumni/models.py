"""People: profile, languages, expertise, availability."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bsm_alumni.alumni.enums import AlumnusStatus, Gender, PeriodKind
from bsm_alumni.extensions import Model, UtcDateTime, db, enum_type, utc_now
from bsm_alumni.reference.models import Theme

# Folded text is compared byte by byte, so that a prefix is a range on both databases.
FoldedText = sa.String(120).with_variant(sa.String(120, collation="C"), "postgresql")


class Alumnus(Model):
    """A person who completed, or began, a Training of Trainers."""

    __tablename__ = "alumni"
    __table_args__ = (
        sa.Index("ix_alumni_sort_name_id", "sort_name", "id"),
        sa.Index("ix_alumni_shown_sort_id", "shown_sort", "id"),
        sa.Index("ix_alumni_country_code_status", "country_code", "status"),
        sa.CheckConstraint("notice_days BETWEEN 0 AND 365", name="notice_days"),
        sa.CheckConstraint("quarter_limit BETWEEN 0 AND 50", name="quarter_limit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(40), default="")
    family_name: Mapped[str] = mapped_column(sa.String(120), default="")
    given_names: Mapped[str] = mapped_column(sa.String(120), default="")
    # How the person wants to be written; in their own script where they have one.
    display_name: Mapped[str] = mapped_column(sa.String(240))
    # The same in Latin letters; empty when the display name is Latin already.
    latin_name: Mapped[str] = mapped_column(sa.String(240), default="")
    sort_name: Mapped[str] = mapped_column(FoldedText, default="")
    # What partners' lists are sorted by: made of the display name alone, so that the order tells nothing else.
    shown_sort: Mapped[str] = mapped_column(FoldedText, default="")
    gender: Mapped[Gender | None] = mapped_column(enum_type(Gender, "gender"))
    country_code: Mapped[str | None] = mapped_column(sa.String(2))
    agency: Mapped[str] = mapped_column(sa.String(200), default="")
    position: Mapped[str] = mapped_column(sa.String(200), default="")
    phone: Mapped[str] = mapped_column(sa.String(60), default="")
    zone: Mapped[str | None] = mapped_column(sa.String(60))
    locale: Mapped[str] = mapped_column(sa.String(10), default="en")
    notice_days: Mapped[int] = mapped_column(default=14)
    quarter_limit: Mapped[int] = mapped_column(default=2)
    status: Mapped[AlumnusStatus] = mapped_column(enum_type(AlumnusStatus, "status"), default=AlumnusStatus.ACTIVE)
    # A restricted person is not asked and not shown to partners, whatever else is said.
    restricted: Mapped[bool] = mapped_column(default=False)
    remarks: Mapped[str] = mapped_column(sa.Text, default="")
    profile_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)

    emails: Mapped[list["AlumnusEmail"]] = relationship(
        order_by="AlumnusEmail.position", cascade="all, delete-orphan", back_populates="alumnus"
    )
    languages: Mapped[list["AlumnusLanguage"]] = relationship(
        order_by="AlumnusLanguage.level.desc(), AlumnusLanguage.language_code", cascade="all, delete-orphan"
    )
    themes: Mapped[list[Theme]] = relationship(secondary="alumnus_themes", order_by="Theme.name")
    periods: Mapped[list["AvailabilityPeriod"]] = relationship(
        order_by="AvailabilityPeriod.starts_on, AvailabilityPeriod.id", cascade="all, delete-orphan"
    )


class AlumnusEmail(Model):
    """An address of one person; ``folded`` (lower case) belongs to nobody else."""

    __tablename__ = "alumnus_emails"

    id: Mapped[int] = mapped_column(primary_key=True)
    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"), index=True)
    address: Mapped[str] = mapped_column(sa.String(254))
    folded: Mapped[str] = mapped_column(sa.String(254), unique=True)
    # 0 is the one written to.
    position: Mapped[int] = mapped_column(default=0)

    alumnus: Mapped[Alumnus] = relationship(back_populates="emails")


class AlumnusLanguage(Model):
    """A language and how well (`reference.levels.Level`: 0 not known, 1 A1 … 6 C2, 7 native)."""

    __tablename__ = "alumnus_languages"
    __table_args__ = (
        sa.CheckConstraint("level BETWEEN 0 AND 7", name="level"),
        sa.Index("ix_alumnus_languages_language_code_level", "language_code", "level"),
    )

    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"), primary_key=True)
    language_code: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    level: Mapped[int] = mapped_column(default=0)


alumnus_themes = sa.Table(
    "alumnus_themes",
    db.metadata,
    sa.Column("alumnus_id", sa.ForeignKey("alumni.id"), primary_key=True),
    sa.Column("theme_id", sa.ForeignKey("themes.id"), primary_key=True, index=True),
)


class AvailabilityPeriod(Model):
    """Days, both ends included, in which the person can or cannot be asked."""

    __tablename__ = "availability_periods"
    __table_args__ = (sa.CheckConstraint("starts_on <= ends_on", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"), index=True)
    kind: Mapped[PeriodKind] = mapped_column(enum_type(PeriodKind, "kind"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    note: Mapped[str] = mapped_column(sa.String(200), default="")


class AlumnusTerm(Model):
    """A folded word by which a person is found, with the part of the profile it is of: names, work or addresses."""

    __tablename__ = "alumnus_terms"
    __table_args__ = (
        sa.Index("ix_alumnus_terms_alumnus_id", "alumnus_id"),
        sa.CheckConstraint("field_bit IN (0, 1, 2, 4)", name="field_bit"),
    )

    term: Mapped[str] = mapped_column(FoldedText, primary_key=True)
    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"), primary_key=True)
    # `FieldGroup.bit` of that part: partners find nobody by a word of a part that they are not shown. 0 is for
    # what only staff see.
    field_bit: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class SavedFilter(Model):
    """A list's filter that a user keeps under a name; ``query`` is the part of the URL behind '?'."""

    __tablename__ = "saved_filters"
    __table_args__ = (sa.UniqueConstraint("user_id", "page", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    page: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(60))
    query: Mapped[str] = mapped_column(sa.String(1000))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class NotSamePerson(Model):
    """Two profiles that staff looked at and found to be two people, so that nobody is asked again."""

    __tablename__ = "not_same_person"
    __table_args__ = (sa.CheckConstraint("lower_id < higher_id", name="order"),)

    lower_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"), primary_key=True)
    higher_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"), primary_key=True)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    evidence: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
