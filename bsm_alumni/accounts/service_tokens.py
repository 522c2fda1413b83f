"""Links in mails that work once.

The token in a link is an HMAC over a random nonce and the link's kind, so it can be made again when a mail is sent,
and neither the outbox nor the database holds it: only its SHA-256 is kept, to find it by. Opening a link shows a page
with a button, since programs that scan mail open links; only the button uses it.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bsm_alumni.accounts.enums import TokenKind
from bsm_alumni.accounts.errors import TokenClosed
from bsm_alumni.accounts.models import OneTimeToken, User
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.rendering import page_url
from bsm_alumni.web.tokens import hash_of, token_for

# Where each kind of link leads; the token follows.
PATHS: dict[TokenKind, str] = {
    TokenKind.INVITATION: "/welcome",
    TokenKind.FIRST_ADMINISTRATOR: "/first-administrator",
    TokenKind.SIGN_IN: "/sign-in/link",
    TokenKind.CONFIRM: "/account/confirm/link",
    TokenKind.PASSWORD_RESET: "/password/new",
    TokenKind.ADDRESS_CHANGE: "/account/address/confirm",
    TokenKind.ADDRESS_UNDO: "/address/undo",
}


def make_token(
    user: User,
    kind: TokenKind,
    lifetime: timedelta,
    params: dict[str, Any] | None = None,
    *,
    keep_earlier: bool = False,
) -> OneTimeToken:
    """A new link of this kind for the user; the earlier ones of the same kind stop working unless kept."""
    if not keep_earlier:
        revoke_tokens(user.id, kind)
    now, nonce = utc_now(), secrets.token_hex(16)
    row = OneTimeToken(
        kind=kind,
        user_id=user.id,
        nonce=nonce,
        token_hash=hash_of(_token_for(kind, nonce)),
        params=params or {},
        created_at=now,
        expires_at=now + lifetime,
    )
    db.session.add(row)
    db.session.flush()
    return row


def token_of(row: OneTimeToken) -> str:
    """The token of a link, made again: 43 characters of base64url."""
    return _token_for(row.kind, row.nonce)


def url_of(row: OneTimeToken) -> str:
    """The address people open, built from the configured base URL and never from a request's Host header."""
    return page_url(f"{PATHS[row.kind]}/{token_of(row)}")


def find_token(kind: TokenKind, token: str) -> OneTimeToken | None:
    """The link of this kind with this token, open or closed; None for a wrong one."""
    return db.session.scalar(
        sa.select(OneTimeToken).where(OneTimeToken.token_hash == hash_of(token), OneTimeToken.kind == kind)
    )


def is_open(row: OneTimeToken, now: datetime) -> bool:
    """True until the link was used, replaced, or its time is over."""
    return row.used_at is None and row.revoked_at is None and row.expires_at > now


def open_token(kind: TokenKind, token: str) -> OneTimeToken:
    """The link, for the page with the button; it stays open. Raises LookupError and TokenClosed as ``use_token``."""
    row = find_token(kind, token)
    if row is None:
        raise LookupError("There is no such link.")
    if not is_open(row, utc_now()):
        raise TokenClosed
    return row


def use_token(kind: TokenKind, token: str) -> OneTimeToken:
    """Use the link up: of any number of requests at the same moment exactly one gets it.

    Raises LookupError for a wrong token and TokenClosed for one that was used, replaced or is too old.
    """
    now = utc_now()
    # Checked and written in one statement, so that nobody comes in between.
    used = db.session.execute(
        sa.update(OneTimeToken)
        .where(
            OneTimeToken.token_hash == hash_of(token),
            OneTimeToken.kind == kind,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.revoked_at.is_(None),
            OneTimeToken.expires_at > now,
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    row = find_token(kind, token)
    if row is None:
        raise LookupError("There is no such link.")
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise TokenClosed
    db.session.refresh(row)
    return row


def revoke_tokens(user_id: int, *kinds: TokenKind, after_id: int = 0) -> int:
    """Close the user's open links of these kinds, where told only those made after one; returns how many."""
    closed = db.session.execute(
        sa.update(OneTimeToken)
        .where(
            OneTimeToken.user_id == user_id,
            OneTimeToken.kind.in_(kinds),
            OneTimeToken.id > after_id,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.revoked_at.is_(None),
        )
        .values(revoked_at=utc_now())
    )
    return int(closed.rowcount)  # type: ignore[attr-defined]


def _token_for(kind: TokenKind, nonce: str) -> str:
    return token_for(f"one-time:{kind.value}:{nonce}")
