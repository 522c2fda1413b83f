"""The trail of what was changed, seen and refused, by whom and when; chained so that tampering shows."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bsm_alumni.extensions import Model, UtcDateTime


class AuditEntry(Model):
    """One thing that was done. ``mac`` covers all but the details, for which ``digest`` stands, and the ``mac`` before.

    ``actor``, ``before`` and ``after`` are the details: words about people. With ``salt`` they hash to ``digest``
    until they are shredded. ``about_id`` is the alumnus whom the entry tells of, whatever its subject is; no foreign
    key, since the trail outlives what it tells of.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (sa.Index("ix_audit_entries_subject", "subject_kind", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(sa.String(200))
    verb: Mapped[str] = mapped_column(sa.String(60), index=True)
    subject_kind: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[str] = mapped_column(sa.String(60))
    about_id: Mapped[int | None] = mapped_column(index=True)
    before: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    after: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    salt: Mapped[str] = mapped_column(sa.String(32))
    digest: Mapped[str] = mapped_column(sa.String(64))
    mac: Mapped[str] = mapped_column(sa.String(64))
    shredded: Mapped[bool] = mapped_column(default=False)


class AuditHead(Model):
    """The end of the chain, one row: writers lock it, so that entries follow one another. ``seal`` covers the rest."""

    __tablename__ = "audit_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int]
    mac: Mapped[str] = mapped_column(sa.String(64))
    seal: Mapped[str] = mapped_column(sa.String(64))


class AuditDenial(Model):
    """How often one visitor was refused at one place in one minute: entered once, then only counted."""

    __tablename__ = "audit_denials"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    minute: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(sa.String(200))
    endpoint: Mapped[str] = mapped_column(sa.String(60))
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    repeats: Mapped[int] = mapped_column(default=0)
