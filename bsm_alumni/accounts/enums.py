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


class SignInMethod(enum.StrEnum):
    """How a session began."""

    PASSWORD = "password"  # noqa: S105 - a way, no secret
    LINK = "link"
    PASSKEY = "passkey"
    OIDC = "oidc"


class Awaits(enum.StrEnum):
    """What a session still needs before it opens anything."""

    NOTHING = "nothing"
    # The second factor that the user has is to be shown.
    FACTOR = "factor"
    # The user's role needs a second factor and there is none yet.
    SET_UP = "set_up"


class SessionEnd(enum.StrEnum):
    """Why a session is over, as the list of sessions and the trail say it."""

    SIGNED_OUT = "signed_out"
    ENDED_BY_USER = "ended_by_user"
    ENDED_BY_ADMINISTRATOR = "ended_by_administrator"
    DEACTIVATED = "deactivated"
    ROLE_CHANGED = "role_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a reason
    ADDRESS_CHANGED = "address_changed"
    FACTOR_CHANGED = "factor_changed"
    REPLACED = "replaced"


class TokenKind(enum.StrEnum):
    """What a single-use link in a mail is for."""

    INVITATION = "invitation"
    SIGN_IN = "sign_in"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind
    ADDRESS_CHANGE = "address_change"
    # Goes to the old address when another one took its place.
    ADDRESS_UNDO = "address_undo"
    # A fresh proof for those who have no password.
    CONFIRM = "confirm"
    FIRST_ADMINISTRATOR = "first_administrator"
