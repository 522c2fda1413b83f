"""Making users."""

import secrets

from flask import current_app
from flask_babel import gettext as _

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.queries import find_user
from bsm_alumni.accounts.rules import DEMO_PASSWORD
from bsm_alumni.accounts.service_passwords import hash_of_password, weakness_words
from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db
from bsm_alumni.web.errors import FieldErrors


def create_user(
    email: str,
    role: Role,
    *,
    password: str | None = None,
    name: str = "",
    organisation_id: int | None = None,
    alumnus_id: int | None = None,
    zone: str = "UTC",
    locale: str = "en",
    is_focal_point: bool = False,
) -> User:
    """Make a user. Raises FieldErrors: address taken, weak password, partner without organisation."""
    email = email.strip().lower()
    errors: dict[str, str] = {}
    if "@" not in email:
        errors["email"] = _("“%(text)s” has no @. Write it as name@domain.", text=email)
    elif find_user(email) is not None:
        errors["email"] = _("%(email)s has an account already.", email=email)
    if role is Role.PARTNER and organisation_id is None:
        errors["organisation"] = _("A partner user needs an organisation.")
    if (role is Role.ALUMNUS) != (alumnus_id is not None):
        errors["role"] = _("An alumnus's user belongs to a profile, and only an alumnus's does.")
    if is_focal_point and role is not Role.PARTNER:
        errors["is_focal_point"] = _("Only a partner user can be a focal point.")
    if password == DEMO_PASSWORD and not current_app.extensions["bsm_settings"].is_demo:
        errors["password"] = _("This password is known to everyone. Choose another.")
    elif password is not None and (weak := weakness_words(password, (name, email))):
        errors["password"] = weak
    if errors:
        raise FieldErrors(errors)
    user = User(
        email=email,
        name=name,
        role=role,
        organisation_id=organisation_id,
        alumnus_id=alumnus_id,
        zone=zone,
        locale=locale,
        is_focal_point=is_focal_point,
        fs_uniquifier=secrets.token_hex(32),
        password=hash_of_password(password) if password else None,
    )
    db.session.add(user)
    db.session.flush()
    record("user.created", user, after={"email": email, "role": role, "organisation": organisation_id})
    return user
