"""Questions about sharing that were sent by mail, each with a link that works once."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bsm_alumni.extensions import Model, UtcDateTime, utc_now


class SharingAsk(Model):
    """A person was asked to confirm what the register says, or a consent that staff put down (``proposal_id``).

    The link's token is made again from ``nonce``; only its SHA-256 is kept. ``answered_at`` is the link's one use.
    """

    __tablename__ = "sharing_asks"
    __table_args__ = (sa.Index("ix_sharing_asks_alumnus_id_proposal_id", "alumnus_id", "proposal_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"))
    proposal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("consent_proposals.id"), index=True)
    nonce: Mapped[str] = mapped_column(sa.String(32))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
