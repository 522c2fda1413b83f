"""Those who sign in."""

from datetime import datetime

import sqlalchemy as sa
from flask_security.core import RoleMixin, UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bsm_alumni.accounts.enums import Role
from bsm_alumni.extensions import Model, UtcDateTime, enum_type, utc_now
from bsm_alumni.organisations.models import Organisation


class User(Model, UserMixin):
    """A person who can sign in. Partner users belong to an organisation, alumni to their own profile."""

    __tablename__ = "users"
    __table_args__ = (
        sa.CheckConstraint("role <> 'partner' OR organisation_id IS NOT NULL", name="partner_has_organisation"),
        sa.CheckConstraint("(role = 'alumnus') = (alumnus_id IS NOT NULL)", name="alumnus_has_profile"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    password: Mapped[str | None] = mapped_column(sa.String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    role: Mapped[Role] = mapped_column(enum_type(Role, "role"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    alumnus_id: Mapped[int | None] = mapped_column(sa.ForeignKey("alumni.id"), unique=True)
    locale: Mapped[str] = mapped_column(sa.String(10), default="en")
    zone: Mapped[str] = mapped_column(sa.String(60), default="UTC")
    last_sign_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    organisation: Mapped[Organisation | None] = relationship(lazy="joined")

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]
        """Flask-Security's own role lists are not used: access follows ``role`` alone."""
        return []


class SignInFailure(Model):
    """Failed sign-ins, counted for an address of mail or of network, so that guessing gets slow."""

    __tablename__ = "sign_in_failures"

    key: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
