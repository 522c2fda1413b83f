"""Who may open what."""

from bsm_alumni.access.guard import access
from bsm_alumni.access.rules import (
    admin_only,
    alumnus,
    focal_point,
    fresh,
    half_signed_in,
    partner,
    public,
    signed_in,
    staff_read,
    staff_write,
)

__all__ = [
    "access", "admin_only", "alumnus", "focal_point", "fresh", "half_signed_in", "partner", "public", "signed_in",
    "staff_read", "staff_write",
]  # fmt: skip
