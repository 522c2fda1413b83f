"""Where a user stands on the way in; pure."""

import enum
from datetime import datetime


class Standing(enum.StrEnum):
    """How far somebody came."""

    SIGNED_IN = "signed_in"
    READY = "ready"
    INVITED = "invited"
    EXPIRED = "expired"
    NOT_INVITED = "not_invited"


def standing_of(
    has_credential: bool, last_sign_in_at: datetime | None, invited_until: datetime | None, now: datetime
) -> Standing:
    """Where a user stands; ``invited_until`` is when the link that was not used ends, None where there is none."""
    if last_sign_in_at is not None:
        return Standing.SIGNED_IN
    if has_credential:
        return Standing.READY
    if invited_until is None:
        return Standing.NOT_INVITED
    return Standing.INVITED if now < invited_until else Standing.EXPIRED
