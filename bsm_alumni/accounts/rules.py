"""How guessing is slowed down; pure."""

import enum
import ipaddress
from datetime import datetime, timedelta

# Demo accounts are known to everyone who reads this, so they are refused outside the demo.
DEMO_DOMAIN = "@demo.example"
DEMO_PASSWORD = "border-desk-2026"  # noqa: S105


class Guess(enum.StrEnum):
    """What is guessed at, or asked for too often; each is counted for itself."""

    PASSWORD = "password"  # noqa: S105 - a kind
    LINK = "link"
    FACTOR = "factor"
    RECOVERY = "recovery"


# How many are free before waiting begins: for one account, and for one network, behind which many people may sit.
FREE_TRIES: dict[Guess, int] = {Guess.PASSWORD: 5, Guess.LINK: 3, Guess.FACTOR: 5, Guess.RECOVERY: 5}
FREE_TRIES_PER_NETWORK = 30
# The wait doubles with each further failure up to the longest, so that nobody is locked out for good; what was tried
# in vain during a wait does not make it longer.
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)
# After a quiet time of this length counting begins anew.
FORGET_AFTER = timedelta(hours=6)


def wait_after(failures: int, free: int) -> timedelta:
    """How long to wait after so many failures: nothing at first, then 1, 2, 4, 8 and at most 15 minutes."""
    if failures < free:
        return timedelta(0)
    # The exponent is held down, since the number of failures is not.
    return min(FIRST_WAIT * 2 ** min(failures - free, 10), LONGEST_WAIT)


def wait_left(failures: int, last_at: datetime, now: datetime, free: int) -> timedelta:
    """How long nothing is looked at from ``now`` on; nothing or less when the next try is free."""
    wait = wait_after(failures, free)
    return wait - (now - last_at) if wait else wait


def failures_after(failures: int, last_at: datetime | None, now: datetime) -> int:
    """The number of failures after one more; a quiet time wipes the slate."""
    if last_at is None or now - last_at >= FORGET_AFTER:
        return 1
    return failures + 1


def network_of(address: str) -> str:
    """What stands for one visitor's network: an IPv4 address, or the /64 that one IPv6 household or office has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
