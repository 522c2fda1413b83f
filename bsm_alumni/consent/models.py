"""Who agreed to be seen by whom. Tables of `alumni` are named, never imported."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bsm_alumni.consent.enums import SharingAnswer, SharingSource
from bsm_alumni.extensions import Model, UtcDateTime, enum_type, utc_now


class SharingStatement(Model):
    """An alumnus's present answer, in the words it was given in. Earlier ones are in the audit trail."""

    __tablename__ = "sharing_statements"

    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"), primary_key=True)
    answer: Mapped[SharingAnswer] = mapped_column(enum_type(SharingAnswer, "answer"))
    words: Mapped[str] = mapped_column(sa.String(300), default="")
    source: Mapped[SharingSource] = mapped_column(enum_type(SharingSource, "source"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class SharedWith(Model):
    """A partner whom the alumnus agreed to be seen by: this row is what opens a profile to it."""

    __tablename__ = "shared_with"
    __table_args__ = (sa.Index("ix_shared_with_organisation_id_alumnus_id", "organisation_id", "alumnus_id"),)

    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), primary_key=True)
