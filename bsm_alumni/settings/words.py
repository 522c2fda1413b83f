"""What roles are called."""

from typing import Any

from flask_babel import lazy_gettext as _l

from bsm_alumni.accounts.enums import Role

ROLE_NAMES: dict[Role, Any] = {
    Role.ADMIN: _l("Administrator"),
    Role.OFFICER: _l("Officer"),
    Role.VIEWER: _l("Viewer"),
    Role.PARTNER: _l("Partner"),
    Role.ALUMNUS: _l("Alumnus"),
}
