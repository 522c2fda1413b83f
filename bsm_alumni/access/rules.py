"""Policies: pure answers to 'may this viewer open this page?'. What they then see is `visible(viewer)`."""

from collections.abc import Callable
from dataclasses import dataclass

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.accounts.enums import STAFF_ROLES, WRITING_ROLES, Role


@dataclass(frozen=True, slots=True)
class Policy:
    """A named rule; the name is what the route table in the tests says."""

    name: str
    allows: Callable[[Viewer], bool]
    # True where a recent proof of who the person is is asked for.
    fresh: bool = False


def fresh(policy: "Policy") -> "Policy":
    """The same policy, for what is sensitive: whoever proved who they are too long ago is asked again first."""
    return Policy(f"{policy.name}_fresh", policy.allows, fresh=True)


def _has(*roles: Role) -> Callable[[Viewer], bool]:
    allowed = frozenset(roles)
    return lambda viewer: viewer.role in allowed


public = Policy("public", lambda viewer: True)
signed_in = Policy("signed_in", lambda viewer: viewer.role is not None)
staff_read = Policy("staff_read", _has(*STAFF_ROLES))
staff_write = Policy("staff_write", _has(*WRITING_ROLES))
admin_only = Policy("admin_only", _has(Role.ADMIN))
partner = Policy("partner", _has(Role.PARTNER))
alumnus = Policy("alumnus", _has(Role.ALUMNUS))
# The one at a partner who looks after the own organisation's users.
focal_point = Policy("focal_point", lambda viewer: viewer.role is Role.PARTNER and viewer.is_focal_point)

# Somebody who gave address and password and has still to show, or set up, a second factor.
half_signed_in = Policy("half_signed_in", lambda viewer: viewer.pending_user_id is not None)

POLICIES = (public, half_signed_in, signed_in, staff_read, staff_write, admin_only, partner, focal_point, alumnus)
