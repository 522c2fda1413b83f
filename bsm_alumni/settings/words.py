"""What roles are called, and where users stand."""

from typing import Any

from flask_babel import lazy_gettext as _l

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.rules_users import Standing

ROLE_NAMES: dict[Role, Any] = {
    Role.ADMIN: _l("Administrator"),
    Role.OFFICER: _l("Officer"),
    Role.VIEWER: _l("Viewer"),
    Role.PARTNER: _l("Partner"),
    Role.ALUMNUS: _l("Alumnus"),
}
# Look (see macros/states.html) and words.
STANDINGS: dict[Standing, tuple[str, Any]] = {
    Standing.SIGNED_IN: ("accepted", _l("Has signed in")),
    Standing.READY: ("proposed", _l("May sign in, has not yet")),
    Standing.INVITED: ("waiting", _l("Invited")),
    Standing.EXPIRED: ("declined", _l("Invitation is over")),
    Standing.NOT_INVITED: ("proposed", _l("Not invited yet")),
}
