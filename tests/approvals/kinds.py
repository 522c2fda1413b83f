"""Kinds of requests for tests, put beside the application's own."""

from typing import Any

from bsm_alumni.accounts.enums import STAFF_ROLES, Role
from bsm_alumni.approvals.kinds import Kind
from bsm_alumni.extensions import db
from bsm_alumni.reference.models import Theme
from bsm_alumni.web.errors import FieldErrors, Refused

ADMINS = frozenset({Role.ADMIN})


def add_theme(params: dict[str, Any]) -> None:
    """Adds a theme, then refuses where it was told to: what it did must be undone."""
    db.session.add(Theme(code=params["code"], name=params["code"]))
    db.session.flush()
    if params.get("fails") == "refused":
        raise Refused("It cannot be done.")
    if params.get("fails") == "fields":
        raise FieldErrors({"code": "It cannot be done."})


KINDS = {
    "twin_now": Kind("Add a theme", ADMINS, ADMINS, add_theme),
    "twin_later": Kind("Do it later", STAFF_ROLES, frozenset({Role.ADMIN, Role.OFFICER})),
}
