"""What staff set for ranking, and the counter that tells every server its columns are stale."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bsm_alumni.extensions import Model, UtcDateTime, utc_now


class MatchingWeight(Model):
    """The weight of one reason in one series, 0 being the whole programme; a reason without a row has its default."""

    __tablename__ = "matching_weights"
    __table_args__ = (sa.CheckConstraint("weight BETWEEN 0 AND 100", name="weight"),)

    series_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    weight: Mapped[int]
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)


class ColumnsVersion(Model):
    """A counter for each part of the columns (`enums.Part`), raised in the transaction that changes that part."""

    __tablename__ = "columns_version"
    __table_args__ = (sa.CheckConstraint("id IN (1, 2)", name="part"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=0)
