"""Who agreed to be seen by whom. Tables of `alumni` and `accounts` are named, never imported."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bsm_alumni.consent.ddl import attach
from bsm_alumni.consent.enums import ConsentSource, FieldGroup, ProposalDecision, SharingAnswer, SharingSource
from bsm_alumni.extensions import Model, UtcDateTime, enum_type, utc_now


class SharingStatement(Model):
    """An alumnus's present answer, in the words it was given in. Earlier ones are in the audit trail.

    One that was imported has no ``confirmed_at`` and opens nothing.
    """

    __tablename__ = "sharing_statements"

    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"), primary_key=True)
    answer: Mapped[SharingAnswer] = mapped_column(enum_type(SharingAnswer, "answer"))
    words: Mapped[str] = mapped_column(sa.String(300), default="")
    source: Mapped[SharingSource] = mapped_column(enum_type(SharingSource, "source"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class StatedWith(Model):
    """A partner that an unconfirmed statement names. It opens nothing: the alumnus is asked to confirm it."""

    __tablename__ = "stated_with"

    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), primary_key=True, index=True)


class SharedWith(Model):
    """What a person shares with a partner now, as the sum of `FieldGroup` bits; no row means nothing.

    It follows from the consents and is written with them: this row is what opens a profile, as far as the partner's
    agreement reaches.
    """

    __tablename__ = "shared_with"
    __table_args__ = (
        sa.Index("ix_shared_with_organisation_id_alumnus_id", "organisation_id", "alumnus_id"),
        sa.CheckConstraint("groups BETWEEN 1 AND 31", name="groups"),
        sa.CheckConstraint("groups % 2 = 1", name="identity"),
    )

    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), primary_key=True)
    groups: Mapped[int]


class ConsentRecord(Model):
    """One word given or taken back, for one partner and field group, as it was said. Never changed: see `ddl`.

    ``words`` is the exact text shown then, in the language ``locale``. What staff put down rests on evidence, and
    a consent also on a second person.
    """

    __tablename__ = "consents"
    __table_args__ = (
        sa.Index("ix_consents_alumnus_id_organisation_id", "alumnus_id", "organisation_id"),
        sa.CheckConstraint(
            "source <> 'staff' OR (evidence <> '' AND recorded_by_id IS NOT NULL)", name="staff_has_evidence"
        ),
        sa.CheckConstraint("source <> 'staff' OR NOT given OR confirmed_by_id IS NOT NULL", name="staff_is_confirmed"),
        sa.CheckConstraint("confirmed_by_id <> recorded_by_id", name="second_person"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    field_group: Mapped[FieldGroup] = mapped_column(enum_type(FieldGroup, "field_group"))
    given: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    locale: Mapped[str] = mapped_column(sa.String(10))
    words: Mapped[str] = mapped_column(sa.Text)
    source: Mapped[ConsentSource] = mapped_column(enum_type(ConsentSource, "source"))
    evidence: Mapped[str] = mapped_column(sa.Text, default="")
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))


class ConsentErasure(Model):
    """Whose consents may be deleted: an erasure under way names the person here, and takes the row away again.

    It is the one way past the triggers of `ddl`; a row that stays behind shows that somebody left the door open.
    """

    __tablename__ = "consent_erasures"

    alumnus_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class ConsentProposal(Model):
    """A consent that staff put down with evidence, until a second person or the alumnus decides it."""

    __tablename__ = "consent_proposals"
    __table_args__ = (
        sa.Index(
            "uq_consent_proposals_pending",
            "alumnus_id",
            "organisation_id",
            unique=True,
            sqlite_where=sa.text("decision IS NULL"),
            postgresql_where=sa.text("decision IS NULL"),
        ),
        sa.CheckConstraint("groups BETWEEN 1 AND 31", name="groups"),
        sa.CheckConstraint("evidence <> ''", name="evidence"),
        sa.CheckConstraint("decided_by_id <> recorded_by_id", name="second_person"),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided"),
        sa.CheckConstraint("given = (decision IS NULL OR decision <> 'at_once')", name="only_withdrawals_at_once"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    groups: Mapped[int]
    given: Mapped[bool] = mapped_column(default=True)
    evidence: Mapped[str] = mapped_column(sa.Text)
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    decision: Mapped[ProposalDecision | None] = mapped_column(enum_type(ProposalDecision, "decision"))


attach(ConsentRecord.__table__)
