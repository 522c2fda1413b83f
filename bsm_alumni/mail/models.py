"""The outbox: what is to be said, to whom, and what became of it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bsm_alumni.extensions import Model, UtcDateTime, enum_type, utc_now
from bsm_alumni.mail.enums import MailState


class Mail(Model):
    """One mail to one address.

    The words are made when it is sent, from ``kind`` and ``params``, so that a moved session or a changed
    language is right, and no link with a secret in it is stored. ``sent_text`` keeps what was said, links left out.
    """

    __tablename__ = "mails"
    __table_args__ = (
        sa.Index("ix_mails_state_not_before", "state", "not_before"),
        sa.Index("ix_mails_subject", "subject_kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(60))
    params: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    dedupe_key: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    alumnus_id: Mapped[int | None] = mapped_column(sa.ForeignKey("alumni.id"), index=True)
    to_address: Mapped[str] = mapped_column(sa.String(254))
    subject_kind: Mapped[str] = mapped_column(sa.String(40), default="")
    subject_id: Mapped[int | None]
    state: Mapped[MailState] = mapped_column(enum_type(MailState, "state"), default=MailState.QUEUED)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(sa.String(500), default="")
    sent_subject: Mapped[str] = mapped_column(sa.String(300), default="")
    sent_text: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
