"""Who reads behind the second wall."""

from flask import current_app, request

from bsm_alumni.access.ddl_wall import ALUMNUS_ROLE, PARTNER_ROLE
from bsm_alumni.access.guard import policy_of
from bsm_alumni.access.rules import public
from bsm_alumni.access.viewer import Viewer, current_viewer
from bsm_alumni.accounts.enums import Role
from bsm_alumni.wall import Wall, raise_wall
from bsm_alumni.web.edge import SAFE_METHODS

_ROLES = {Role.PARTNER: PARTNER_ROLE, Role.ALUMNUS: ALUMNUS_ROLE}


def find_wall(viewer: Viewer) -> Wall | None:
    """The wall that a viewer reads behind; None for staff, who see all, and for visitors, who are shown nobody."""
    role = _ROLES.get(viewer.role) if viewer.role is not None else None
    return None if role is None else Wall(role, viewer.organisation_id, viewer.alumnus_id, viewer.user_id)


def raise_for_request() -> None:
    """Runs after the guard: partners' and alumni's reading requests see the database as their role alone does.

    Posting is the services' work, which write the trail and the outbox, so it goes on in front of the wall. Public
    pages show what a secret link opens, whoever is signed in beside it.
    """
    if request.endpoint is None or request.method not in SAFE_METHODS:
        return
    if policy_of(current_app, request.endpoint) is public:
        return
    wall = find_wall(current_viewer())
    if wall is not None:
        raise_wall(wall)
