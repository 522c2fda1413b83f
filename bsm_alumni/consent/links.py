"""Links by which a question about sharing is answered once, without signing in.

As with invitations, the token is an HMAC over a random nonce: it can be made again when a mail is sent, and neither
the outbox nor the database holds it. Opening a link changes nothing; its buttons use it up.
"""

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from bsm_alumni.consent.models_asks import SharingAsk
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.rendering import page_url
from bsm_alumni.web.tokens import hash_of, token_for

LIFETIME = timedelta(days=30)


class LinkClosed(Exception):
    """The link was used, replaced by a newer one, or its time is over."""


def make_ask(alumnus_id: int, proposal_id: int | None = None) -> SharingAsk:
    """A new question with its link; every earlier link of the same question stops working."""
    revoke_asks(alumnus_id, proposal_id)
    now, nonce = utc_now(), secrets.token_hex(16)
    ask = SharingAsk(
        alumnus_id=alumnus_id,
        proposal_id=proposal_id,
        nonce=nonce,
        token_hash=hash_of(_token_for(nonce)),
        asked_at=now,
        expires_at=now + LIFETIME,
    )
    db.session.add(ask)
    db.session.flush()
    return ask


def revoke_asks(alumnus_id: int, proposal_id: int | None = None) -> None:
    """Close the open links of a question: it was answered otherwise, or is asked anew."""
    db.session.execute(
        sa.update(SharingAsk)
        .where(
            SharingAsk.alumnus_id == alumnus_id,
            SharingAsk.proposal_id.is_not_distinct_from(proposal_id),
            SharingAsk.answered_at.is_(None),
            SharingAsk.revoked_at.is_(None),
        )
        .values(revoked_at=utc_now())
    )


def is_open(ask: SharingAsk, now: datetime) -> bool:
    """True until the link was used, replaced, or its time is over."""
    return ask.answered_at is None and ask.revoked_at is None and ask.expires_at > now


def open_ask(token: str) -> SharingAsk:
    """The question behind a link, which stays open. Raises LookupError for a wrong token, LinkClosed once closed."""
    ask = _find(token)
    if ask is None:
        raise LookupError("There is no such link.")
    if not is_open(ask, utc_now()):
        raise LinkClosed
    return ask


def use_ask(token: str) -> SharingAsk:
    """Use the link up: of any number of requests at the same moment exactly one gets it. Raises as ``open_ask``."""
    now = utc_now()
    # Checked and written in one statement, so that nobody comes in between.
    used = db.session.execute(
        sa.update(SharingAsk)
        .where(
            SharingAsk.token_hash == hash_of(token),
            SharingAsk.answered_at.is_(None),
            SharingAsk.revoked_at.is_(None),
            SharingAsk.expires_at > now,
        )
        .values(answered_at=now)
        .execution_options(synchronize_session=False)
    )
    ask = _find(token)
    if ask is None:
        raise LookupError("There is no such link.")
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise LinkClosed
    db.session.refresh(ask)
    return ask


def token_of(ask: SharingAsk) -> str:
    """The token of a link, made again: 43 characters of base64url."""
    return _token_for(ask.nonce)


def url_of(ask: SharingAsk) -> str:
    """The address people open, built from the configured base URL and never from a request's Host header."""
    return page_url(f"/s/{token_of(ask)}")


def _find(token: str) -> SharingAsk | None:
    return db.session.scalar(sa.select(SharingAsk).where(SharingAsk.token_hash == hash_of(token)))


def _token_for(nonce: str) -> str:
    return token_for(f"sharing:{nonce}")
