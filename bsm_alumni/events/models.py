"""Series, their events, and the slots that need people."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bsm_alumni.events.enums import EventKind, EventStatus, SlotRole
from bsm_alumni.extensions import Model, UtcDateTime, db, enum_type, utc_now
from bsm_alumni.organisations.models import Organisation
from bsm_alumni.reference.models import Theme


class EventSeries(Model):
    """A run of events under one name, such as 'Operational Reflections'."""

    __tablename__ = "event_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(200), unique=True)
    description: Mapped[str] = mapped_column(sa.Text, default="")
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class Event(Model):
    """A webinar or training. Times are UTC; ``zone`` is the IANA zone whose wall clock was meant."""

    __tablename__ = "events"
    __table_args__ = (
        sa.CheckConstraint("starts_at < ends_at", name="order"),
        sa.Index("ix_events_starts_at_id", "starts_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(300))
    kind: Mapped[EventKind] = mapped_column(enum_type(EventKind, "kind"), default=EventKind.WEBINAR)
    series_id: Mapped[int | None] = mapped_column(sa.ForeignKey("event_series.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    zone: Mapped[str] = mapped_column(sa.String(60))
    outcome_area: Mapped[str | None] = mapped_column(sa.String(40))
    status: Mapped[EventStatus] = mapped_column(enum_type(EventStatus, "status"), default=EventStatus.PLANNED)
    description: Mapped[str] = mapped_column(sa.Text, default="")
    # Counts the moves in time, so that calendars take an update for newer (iCalendar SEQUENCE).
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)

    series: Mapped[EventSeries | None] = relationship()
    languages: Mapped[list["EventLanguage"]] = relationship(
        order_by="EventLanguage.language_code", cascade="all, delete-orphan"
    )
    principles: Mapped[list["EventPrinciple"]] = relationship(
        order_by="EventPrinciple.principle", cascade="all, delete-orphan"
    )
    countries: Mapped[list["EventCountry"]] = relationship(
        order_by="EventCountry.country_code", cascade="all, delete-orphan"
    )
    themes: Mapped[list[Theme]] = relationship(secondary="event_themes", order_by="Theme.name")
    partners: Mapped[list[Organisation]] = relationship(secondary="event_partners", order_by="Organisation.code")
    slots: Mapped[list["Slot"]] = relationship(order_by="Slot.position, Slot.id", back_populates="event")


class EventLanguage(Model):
    __tablename__ = "event_languages"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), primary_key=True)
    language_code: Mapped[str] = mapped_column(sa.String(8), primary_key=True)


class EventCountry(Model):
    """A country the event is about; empty when it is about none in particular. Ranking's reason 'region' reads it."""

    __tablename__ = "event_countries"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), primary_key=True)
    country_code: Mapped[str] = mapped_column(sa.String(2), primary_key=True)


class EventPrinciple(Model):
    """A cross-cutting principle of the programme (`reference.programme`)."""

    __tablename__ = "event_principles"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), primary_key=True)
    principle: Mapped[str] = mapped_column(sa.String(40), primary_key=True)


event_themes = sa.Table(
    "event_themes",
    db.metadata,
    sa.Column("event_id", sa.ForeignKey("events.id"), primary_key=True),
    sa.Column("theme_id", sa.ForeignKey("themes.id"), primary_key=True),
)

event_partners = sa.Table(
    "event_partners",
    db.metadata,
    sa.Column("event_id", sa.ForeignKey("events.id"), primary_key=True),
    sa.Column("organisation_id", sa.ForeignKey("organisations.id"), primary_key=True, index=True),
)


class Slot(Model):
    """Seats of one role in one event, with the language and theme they need."""

    __tablename__ = "slots"
    __table_args__ = (
        sa.CheckConstraint("seats BETWEEN 1 AND 50", name="seats"),
        sa.CheckConstraint("level_needed BETWEEN 0 AND 7", name="level_needed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), index=True)
    role: Mapped[SlotRole] = mapped_column(enum_type(SlotRole, "role"), default=SlotRole.CO_PRESENTER)
    seats: Mapped[int] = mapped_column(default=1)
    language_code: Mapped[str | None] = mapped_column(sa.String(8))
    # `reference.levels.Level`; 4 is B2, enough to speak to an audience.
    level_needed: Mapped[int] = mapped_column(default=4)
    theme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("themes.id"))
    position: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(sa.String(300), default="")

    event: Mapped[Event] = relationship(back_populates="slots")
    theme: Mapped[Theme | None] = relationship()
