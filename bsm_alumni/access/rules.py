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

POLICIES = (public, signed_in, staff_read, staff_write, admin_only, partner, alumnus)
