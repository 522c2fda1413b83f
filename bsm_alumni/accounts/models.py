"""Those who sign in."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_security.core import RoleMixin, UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bsm_alumni.accounts.enums import Awaits, Role, SessionEnd, SignInMethod, TokenKind
from bsm_alumni.extensions import Model, UtcDateTime, enum_type, utc_now
from bsm_alumni.organisations.models import Organisation


class User(Model, UserMixin):
    """A person who can sign in. Partner users belong to an organisation, alumni to their own profile."""

    __tablename__ = "users"
    __table_args__ = (
        sa.CheckConstraint("role <> 'partner' OR organisation_id IS NOT NULL", name="partner_has_organisation"),
        sa.CheckConstraint("(role = 'alumnus') = (alumnus_id IS NOT NULL)", name="alumnus_has_profile"),
        sa.CheckConstraint("NOT is_focal_point OR role = 'partner'", name="focal_point_is_partner"),
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
    # A partner's focal point adds and removes the users of the own organisation.
    is_focal_point: Mapped[bool] = mapped_column(default=False)
    # The shared secret of the authenticator app, encrypted; counted only once it was confirmed with a code.
    totp_secret: Mapped[str | None] = mapped_column(sa.String(255))
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The time step of the last code taken: no code is taken twice, nor an older one.
    totp_counter: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    # A secret that was shown and still waits for its first code, encrypted.
    totp_pending: Mapped[str | None] = mapped_column(sa.String(255))
    totp_pending_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    webauthn_handle: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    # Issuer and subject at the identity provider, as 'issuer|subject'.
    oidc_subject: Mapped[str | None] = mapped_column(sa.String(400), unique=True)
    password_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Until when the link of an invitation lets the user in; empty where there is none to be used.
    invited_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    organisation: Mapped[Organisation | None] = relationship(lazy="joined")

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]
        """Flask-Security's own role lists are not used: access follows ``role`` alone."""
        return []


class ColleagueInvitation(Model):
    """Whom a partner's focal point invited. It looks the same to them whether the address was free or has an account.

    ``user_id`` is the user that was made; empty where the address belongs to somebody whom the partner may not know of.
    """

    __tablename__ = "colleague_invitations"
    __table_args__ = (
        sa.Index("uq_colleague_invitations_organisation_id_email", "organisation_id", "email", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    email: Mapped[str] = mapped_column(sa.String(254))
    name: Mapped[str] = mapped_column(sa.String(200))
    invited_until: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), unique=True)


class SignInFailure(Model):
    """Failed sign-ins, counted for an address of mail or of network, so that guessing gets slow."""

    __tablename__ = "sign_in_failures"

    key: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UserSession(Model):
    """One browser in which somebody is signed in. The cookie holds a random token, this table its SHA-256."""

    __tablename__ = "user_sessions"
    __table_args__ = (sa.Index("ix_user_sessions_user_id_ended_at", "user_id", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    method: Mapped[SignInMethod] = mapped_column(enum_type(SignInMethod, "method"))
    awaits: Mapped[Awaits] = mapped_column(enum_type(Awaits, "awaits"), default=Awaits.NOTHING)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    # Written at most once a minute; the idle limit counts from here.
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    # When the person last proved who they are; what is sensitive asks for a recent proof.
    fresh_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    second_factor_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_why: Mapped[SessionEnd | None] = mapped_column(enum_type(SessionEnd, "ended_why"))
    network: Mapped[str] = mapped_column(sa.String(45), default="")
    # What the browser says it is, cut short, so that people know their own devices.
    device: Mapped[str] = mapped_column(sa.String(200), default="")

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class OneTimeToken(Model):
    """A link in a mail that works once. As with invitations the token is made from ``nonce`` and never stored."""

    __tablename__ = "one_time_tokens"
    __table_args__ = (sa.Index("ix_one_time_tokens_user_id_kind", "user_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TokenKind] = mapped_column(enum_type(TokenKind, "kind"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    nonce: Mapped[str] = mapped_column(sa.String(32))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    params: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Model):
    """A code for the day the telephone is lost: works once, kept as an argon2 hash."""

    __tablename__ = "recovery_codes"
    __table_args__ = (sa.UniqueConstraint("user_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    # 0 to 9, which is also how the code begins: one slow hash is compared and not ten.
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    code_hash: Mapped[str] = mapped_column(sa.String(255))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Passkey(Model):
    """A WebAuthn credential of a user; ids and keys are base64url."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    credential_id: Mapped[str] = mapped_column(sa.String(1400), unique=True)
    public_key: Mapped[str] = mapped_column(sa.Text)
    sign_count: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    transports: Mapped[str] = mapped_column(sa.String(100), default="")
    name: Mapped[str] = mapped_column(sa.String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SpentChallenge(Model):
    """A passkey's challenge that was answered, kept until its time is over, so that no answer counts twice."""

    __tablename__ = "spent_challenges"

    challenge_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OidcRule(Model):
    """Which role a claim of the identity provider gives; `rules_oidc.choose_rule` says which one counts."""

    __tablename__ = "oidc_rules"
    __table_args__ = (
        sa.CheckConstraint("role IN ('admin', 'officer', 'viewer', 'partner')", name="role_of_staff_or_partner"),
        sa.CheckConstraint("(role = 'partner') = (organisation_id IS NOT NULL)", name="partner_has_organisation"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    claim: Mapped[str] = mapped_column(sa.String(60))
    value: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[Role] = mapped_column(enum_type(Role, "role"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))


class OidcAnswer(Model):
    """An answer of the identity provider that was taken: none is taken twice, whatever the provider allows."""

    __tablename__ = "oidc_answers"

    nonce_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
