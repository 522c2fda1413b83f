"""How long things hold, and where a request stands; pure."""

from datetime import datetime, timedelta

from bsm_alumni.approvals.enums import Decision

# A request that nobody decided in a week is over.
OPEN_FOR = timedelta(days=7)
# What was granted is to be done within a day.
USABLE_FOR = timedelta(hours=24)


def is_open(decision: Decision | None, expires_at: datetime, now: datetime) -> bool:
    """True while somebody may decide."""
    return decision is None and now < expires_at


def is_usable(decision: Decision | None, decided_at: datetime | None, used_at: datetime | None, now: datetime) -> bool:
    """True while what was granted is still to be done."""
    granted = decision is Decision.GRANTED and decided_at is not None and used_at is None
    return granted and decided_at is not None and now < decided_at + USABLE_FOR
