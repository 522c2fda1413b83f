"""Files that partners took away: each has a number that stands on it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bsm_alumni.extensions import Model, UtcDateTime, utc_now


class PartnerExport(Model):
    """Who of a partner took what away, when and for what. Who is in it: `disclosures`."""

    __tablename__ = "partner_exports"
    __table_args__ = (sa.Index("ix_partner_exports_organisation_id_at", "organisation_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    file_format: Mapped[str] = mapped_column(sa.String(10))
    purpose: Mapped[str] = mapped_column(sa.String(300))
    # What the list was narrowed to, as parts of its address.
    narrow: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    # The groups that the agreement covered then, as a sum of bits.
    groups: Mapped[int]
    count: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
