"""How long a session lives and what it needs; pure."""

from datetime import datetime, timedelta

from bsm_alumni.accounts.enums import STAFF_ROLES, Awaits, Role

# Whoever walks away from the desk is signed out; a telephone in the field may lie longer.
IDLE_LIMIT = timedelta(hours=1)
IDLE_LIMIT_ALUMNI = timedelta(hours=8)
ABSOLUTE_LIMIT = timedelta(hours=12)
ABSOLUTE_LIMIT_ALUMNI = timedelta(days=7)
# Who gave the password has this long to show, or to set up, the second factor.
HALF_LIMIT = timedelta(minutes=30)
# What is sensitive asks anew for a proof that is older than this.
FRESH_FOR = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=1)

ROLES_NEEDING_A_FACTOR = STAFF_ROLES | {Role.PARTNER}


def is_alive(
    role: Role, created_at: datetime, seen_at: datetime, now: datetime, awaits: Awaits = Awaits.NOTHING
) -> bool:
    """True while a session is within the idle and the absolute limit of the role, and half a sign-in within its own."""
    if awaits is not Awaits.NOTHING and now - created_at >= HALF_LIMIT:
        return False
    idle, absolute = (
        (IDLE_LIMIT_ALUMNI, ABSOLUTE_LIMIT_ALUMNI) if role is Role.ALUMNUS else (IDLE_LIMIT, ABSOLUTE_LIMIT)
    )
    return now - seen_at < idle and now - created_at < absolute


def is_fresh(fresh_at: datetime, now: datetime) -> bool:
    """True while the last proof of who the person is counts for what is sensitive."""
    return now - fresh_at < FRESH_FOR


def awaited(role: Role, has_factor: bool, factor_shown: bool, required: bool) -> Awaits:
    """What a new session needs. ``required`` is False in the demo, where a second factor is offered only."""
    if factor_shown:
        return Awaits.NOTHING
    if has_factor:
        return Awaits.FACTOR
    return Awaits.SET_UP if required and role in ROLES_NEEDING_A_FACTOR else Awaits.NOTHING
