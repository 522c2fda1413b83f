"""What a passkey is bound to, and when its counter is sound; pure."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

CHALLENGE_LASTS = timedelta(minutes=5)
MOST_PASSKEYS = 10
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Who asks for a passkey: the host's name, and the origin that the browser's page must have."""

    id: str
    origin: str


def relying_party(base_url: str) -> RelyingParty | None:
    """The relying party of the configured address; None where browsers know no passkeys, at bare network addresses.

    The machine's own address is called localhost, so that passkeys can be tried in the demo.
    """
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        pass
    else:
        if not address.is_loopback:
            return None
        host = "localhost"
    if parts.scheme != "https" and host != "localhost":
        return None
    port = f":{parts.port}" if parts.port else ""
    return RelyingParty(host, f"{parts.scheme}://{host}{port}")


def counter_is_sound(before: int, now: int) -> bool:
    """False when a passkey that counts its uses says fewer than it once did, or the same: there may be a copy of it.

    WebAuthn Level 3, 7.2 step 22. Passkeys that are kept in step between devices always say 0.
    """
    return now > before or (before == 0 and now == 0)
