"""How guessing is slowed down; pure."""

from datetime import datetime, timedelta

# Demo accounts are known to everyone who reads this, so they are refused outside the demo.
DEMO_DOMAIN = "@demo.example"
DEMO_PASSWORD = "border-desk-2026"  # noqa: S105

FREE_TRIES = 5
FREE_TRIES_PER_NETWORK = 30
FORGET_AFTER = timedelta(minutes=15)


def is_blocked(failures: int, last_at: datetime, now: datetime, free: int) -> bool:
    """True while there were ``free`` or more failures and the last is less than a quarter of an hour ago."""
    return failures >= free and now - last_at < FORGET_AFTER


def count_failure(failures: int, last_at: datetime | None, now: datetime) -> int:
    """The number of failures after one more; a quiet quarter of an hour wipes the slate."""
    if last_at is None or now - last_at >= FORGET_AFTER:
        return 1
    return failures + 1
