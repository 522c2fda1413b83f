"""What the worker takes away: sessions and links that have been over for a month, and counts of old failures."""

from datetime import timedelta

import sqlalchemy as sa

from bsm_alumni.accounts.models import OneTimeToken, SignInFailure, UserSession
from bsm_alumni.accounts.rules import FORGET_AFTER
from bsm_alumni.accounts.rules_sessions import ABSOLUTE_LIMIT_ALUMNI
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now

KEPT_FOR = timedelta(days=30)


def tidy_accounts() -> int:
    """Delete what nobody needs any more; returns how many rows."""
    now = utc_now()
    before = now - KEPT_FOR
    old = (
        sa.delete(UserSession).where(
            sa.or_(UserSession.ended_at < before, UserSession.created_at < before - ABSOLUTE_LIMIT_ALUMNI)
        ),
        sa.delete(OneTimeToken).where(
            sa.or_(OneTimeToken.used_at < before, OneTimeToken.revoked_at < before, OneTimeToken.expires_at < before)
        ),
        sa.delete(SignInFailure).where(SignInFailure.last_at < now - FORGET_AFTER),
    )
    with writing():
        gone = sum(db.session.execute(statement).rowcount for statement in old)  # type: ignore[attr-defined]
        db.session.commit()
    return int(gone)
