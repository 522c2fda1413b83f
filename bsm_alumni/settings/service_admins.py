"""Making somebody an administrator: one asks, a second administrator agrees.

While there is nobody who could agree, only the operator of the server makes administrators, on the command line.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bsm_alumni.access.viewer import Viewer, current_viewer
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.queries import find_user
from bsm_alumni.accounts.service import create_user
from bsm_alumni.accounts.service_invitations import invite
from bsm_alumni.accounts.service_oidc_rules import add_rule, check_rule
from bsm_alumni.accounts.service_users import can_sign_in, reactivate_user, set_access
from bsm_alumni.approvals.kinds import Kind
from bsm_alumni.approvals.models import Approval
from bsm_alumni.approvals.service import ask
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.errors import FieldErrors, Refused

KIND = "make_admin"


def ask_for_new(email: str, name: str, zone: str) -> Approval:
    """Ask for a new user who is an administrator. Raises FieldErrors and Refused."""
    email = email.strip().lower()
    if find_user(email) is not None:
        raise FieldErrors({"email": _("%(email)s has an account already.", email=email)})
    words = _("Make %(name)s (%(email)s) a new administrator.", name=name, email=email)
    return _ask({"new": {"email": email, "name": name, "zone": zone}}, words)


def ask_for(user: User) -> Approval:
    """Ask for a user to become an administrator, or an administrator to be let in again. Raises Refused."""
    words = _("Make %(email)s an administrator.", email=user.email)
    return _ask({"user": user.id}, words)


def ask_for_rule(claim: str, value: str) -> Approval:
    """Ask for whoever has this claim to be an administrator. Raises FieldErrors and Refused."""
    check_rule(claim, value, Role.ADMIN, None)
    words = _("Make everybody an administrator whose claim %(claim)s at the identity provider is %(value)s.",
              claim=claim, value=value)  # fmt: skip
    return _ask({"rule": {"claim": claim, "value": value}}, words)


def who_could_agree(viewer: Viewer) -> list[str]:
    """The names of the other administrators who can sign in."""
    found = db.session.scalars(
        sa.select(User).where(User.role == Role.ADMIN, User.active.is_(True)).order_by(User.email)
    ).all()
    return [user.name or user.email for user in found if user.id != viewer.user_id and can_sign_in(user)]


def open_requests() -> Sequence[Approval]:
    """What waits for a second administrator, oldest first."""
    return db.session.scalars(
        sa.select(Approval)
        .where(Approval.kind == KIND, Approval.decision.is_(None), Approval.expires_at > utc_now())
        .order_by(Approval.id)
        .limit(20)
    ).all()


def _ask(params: dict[str, Any], words: str) -> Approval:
    if not who_could_agree(current_viewer()):
        raise Refused(
            _(
                "A second administrator has to agree, and there is none. Whoever runs the server can make one: "
                "bsm-alumni user create --role admin ADDRESS"
            )
        )
    return ask(KIND, params, words)


def _run(params: dict[str, Any]) -> None:
    """Do what two people agreed on. Raises FieldErrors and Refused when it can no longer be done."""
    if "new" in params:
        asked = params["new"]
        user = create_user(asked["email"], Role.ADMIN, name=asked["name"], zone=asked["zone"])
        invite(user, current_viewer().name)
    elif "rule" in params:
        add_rule(params["rule"]["claim"], params["rule"]["value"], Role.ADMIN, None)
    else:
        found = db.session.get(User, params["user"])
        if found is None:
            raise Refused(_("There is no such user any more."))
        organisation_id = None if found.role is Role.PARTNER else found.organisation_id
        set_access(found, Role.ADMIN, organisation_id, False)
        reactivate_user(found)


MAKE_ADMIN = Kind(
    title=_l("Making an administrator"),
    asked_by=frozenset({Role.ADMIN}),
    decided_by=frozenset({Role.ADMIN}),
    run=_run,
)
APPROVAL_KINDS: dict[str, Kind] = {KIND: MAKE_ADMIN}
