"""UNOCT, its partners, and what was agreed with each of them."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bsm_alumni.extensions import Model, UtcDateTime, enum_type, utc_now
from bsm_alumni.organisations.enums import FieldGroup, OrganisationKind
from bsm_alumni.organisations.rules import groups_of


class Organisation(Model):
    """An organisation whose people use the registry; ``code`` is how files and commands name it."""

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[OrganisationKind] = mapped_column(enum_type(OrganisationKind, "kind"))
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class Agreement(Model):
    """What a partner may be shown of people who consent, for what, and from when to when.

    ``groups`` is the sum of `FieldGroup` bits. Days are UTC and both included; no ``ends_on`` means until it is
    ended. At most one agreement of an organisation is in force on a day: `service_agreements` sees to it.
    """

    __tablename__ = "agreements"
    __table_args__ = (
        sa.Index("ix_agreements_organisation_id_starts_on", "organisation_id", "starts_on"),
        sa.CheckConstraint("groups BETWEEN 0 AND 31", name="groups"),
        sa.CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    groups: Mapped[int]
    purpose: Mapped[str] = mapped_column(sa.String(500))
    # Of the signed paper, so that it can be found.
    reference: Mapped[str] = mapped_column(sa.String(120), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    # When it was ended before its day; from then on nothing is shown by it.
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)

    @property
    def field_groups(self) -> frozenset[FieldGroup]:
        """The groups it covers."""
        return groups_of(self.groups)
