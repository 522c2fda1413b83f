"""Who saw or received what about whom, and whose addresses must not come in again by a file."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bsm_alumni.consent.enums_disclosures import DisclosureWay
from bsm_alumni.extensions import Model, UtcDateTime, enum_type, utc_now

# Written out: an upsert names the same expressions, and an index is frozen in its migration.
RECIPIENT = (sa.text("coalesce(organisation_id, 0)"), sa.text("coalesce(user_id, 0)"))


class Disclosure(Model):
    """What one recipient saw of one person in one way on one day (UTC), for one purpose; ``times`` counts.

    No organisation is the programme office; no user is somebody without an account, such as a co-presenter in a
    mail. ``groups`` is the sum of `FieldGroup` bits that were shown.
    """

    __tablename__ = "disclosures"
    __table_args__ = (
        sa.Index("uq_disclosures_once", "alumnus_id", *RECIPIENT, "way", "day", "purpose", unique=True),
        sa.Index("ix_disclosures_alumnus_id_day_id", "alumnus_id", "day", "id"),
        sa.Index("ix_disclosures_day", "day"),
        sa.CheckConstraint("groups BETWEEN 1 AND 31", name="groups"),
        sa.CheckConstraint("times >= 1", name="times"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    # What the user was then: a role's value, 'focal_point' for a partner's; empty without a user.
    role: Mapped[str] = mapped_column(sa.String(20), default="")
    way: Mapped[DisclosureWay] = mapped_column(enum_type(DisclosureWay, "way"))
    groups: Mapped[int]
    purpose: Mapped[str] = mapped_column(sa.String(300), default="")
    day: Mapped[date]
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    times: Mapped[int] = mapped_column(default=1)


class ErasedAddress(Model):
    """The keyed hash of an address whose owner asked to be erased; nobody can read the address from it.

    A file or a form does not bring it back, unless staff lift it: then ``lifted_at`` is set.
    """

    __tablename__ = "erased_addresses"

    hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    alumnus_id: Mapped[int] = mapped_column(index=True)
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
