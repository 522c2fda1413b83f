"""Links by which an invitation is answered without signing in.

The token in a link is an HMAC over a random nonce, so it can be made again when a mail is sent, or sent again,
and neither the outbox nor the database holds it: only its SHA-256 is kept, to find it by.
"""

import hmac
import secrets
from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from bsm_alumni.assignments.models import Assignment, InvitationLink
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.tokens import hash_of, token_for


def _token_for(nonce: str) -> str:
    return token_for(f"invitation:{nonce}")


def make_link(assignment: Assignment, expires_at: datetime) -> InvitationLink:
    """A new link for the assignment; every earlier one stops working."""
    revoke_links(assignment.id)
    nonce = secrets.token_hex(16)
    link = InvitationLink(
        assignment_id=assignment.id,
        nonce=nonce,
        token_hash=hash_of(_token_for(nonce)),
        expires_at=expires_at,
    )
    db.session.add(link)
    db.session.flush()
    return link


def revoke_links(assignment_id: int) -> None:
    """Close every open link of the assignment."""
    db.session.execute(
        sa.update(InvitationLink)
        .where(InvitationLink.assignment_id == assignment_id, InvitationLink.revoked_at.is_(None))
        .values(revoked_at=utc_now())
    )


class LinkClosed(Exception):
    """The link was replaced by a newer one, or its time is over."""


def open_link(token: str) -> Assignment:
    """The assignment behind a link; raises LookupError for a wrong token and LinkClosed for one that was open once.

    A session that is over closes its links too: they are not for keeping.
    """
    link = find_link(token)
    if link is None:
        raise LookupError("There is no such link.")
    if is_closed(link, utc_now()):
        raise LinkClosed
    return link.assignment


def find_link(token: str) -> InvitationLink | None:
    """The link with this token, open or closed; None for a wrong one."""
    return db.session.scalar(sa.select(InvitationLink).where(InvitationLink.token_hash == hash_of(token)))


def find_current_link(assignment_id: int) -> InvitationLink | None:
    """The link of the assignment that was not replaced; None before the first invitation."""
    return db.session.scalar(
        sa.select(InvitationLink)
        .where(InvitationLink.assignment_id == assignment_id, InvitationLink.revoked_at.is_(None))
        .order_by(InvitationLink.id.desc())
        .limit(1)
    )


def is_closed(link: InvitationLink, now: datetime) -> bool:
    """True once the link was replaced or its time is over."""
    return link.revoked_at is not None or link.expires_at <= now


def token_of(link: InvitationLink) -> str:
    """The token of a link, made again."""
    return _token_for(link.nonce)


def url_of(token: str) -> str:
    """The address people open, built from the configured base URL and never from a request's Host header."""
    return f"{current_app.extensions['bsm_settings'].base_url}/i/{token}"


def calendar_url_of(token: str) -> str:
    """The address that a calendar program subscribes to."""
    return f"{current_app.extensions['bsm_settings'].base_url}/calendar/{token}.ics"


def calendar_token(user_id: int, uniquifier: str) -> str:
    """The token of a user's private calendar. It changes when the user is signed out everywhere."""
    return f"{user_id}-{token_for(f'calendar:{user_id}:{uniquifier}')}"


def is_calendar_token(token: str, user_id: int, uniquifier: str) -> bool:
    """True for this user's token; takes the same time for a near miss as for a far one."""
    return hmac.compare_digest(token.encode(), calendar_token(user_id, uniquifier).encode())
