"""Roles of those who sign in."""

import enum


class Role(enum.StrEnum):
    """What a user may do; one role a user."""

    ADMIN = "admin"
    OFFICER = "officer"
    VIEWER = "viewer"
    PARTNER = "partner"
    ALUMNUS = "alumnus"


STAFF_ROLES = frozenset({Role.ADMIN, Role.OFFICER, Role.VIEWER})
WRITING_ROLES = frozenset({Role.ADMIN, Role.OFFICER})
