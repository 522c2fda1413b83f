"""Forms about users and about the table of claims."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from bsm_alumni.accounts.enums import Role
from bsm_alumni.events.forms_times import zone_choices
from bsm_alumni.extensions import utc_now
from bsm_alumni.reference.zones import ZONES
from bsm_alumni.web.forms import BaseForm, at_most, optional, required

# Alumni get theirs with their profile.
ROLES = {
    Role.OFFICER: _l("Officer: plans events and invites"),
    Role.VIEWER: _l("Viewer: reads, changes nothing"),
    Role.PARTNER: _l("Partner: sees the alumni who agreed to it"),
    Role.ADMIN: _l("Administrator: everything, users included. A second administrator has to agree"),
}


def _role_field() -> RadioField:
    return RadioField(
        _l("Role"), choices=[(role.value, words) for role, words in ROLES.items()], default=Role.OFFICER.value
    )


def _organisation_field(hint: Any) -> SelectField:
    return SelectField(_l("Organisation"), [optional()], coerce=int, default=0, validate_choice=False, description=hint)


class _WithZone(BaseForm):
    """What every form of a user has."""

    name = StringField(_l("Name"), [required(_l("Write their name.")), at_most(200)])
    zone = SelectField(_l("Time zone"), validate_choice=False, default="UTC")

    def fill_choices(self, organisations: Iterable[tuple[int, str]] = ()) -> None:
        """Give the choices."""
        if "organisation_id" in self._fields:
            self._fields["organisation_id"].choices = [(0, _("None")), *organisations]
        self.zone.choices = zone_choices(utc_now(), "UTC")

    def validate_zone(self, field: SelectField) -> None:
        """The zone must be one of those we know."""
        if field.data not in ZONES:
            raise ValidationError(_("Choose one of the time zones."))


class OwnUserForm(_WithZone):
    """What can be said of an alumnus's user: the rest is in the profile."""


class UserForm(_WithZone):
    """What a user is and may do."""

    role = _role_field()
    organisation_id = _organisation_field(_l("A partner user needs one: it decides whom they see."))
    is_focal_point = BooleanField(
        _l("Focal point"), description=_l("Of a partner: invites and deactivates the users of the own organisation.")
    )


class NewUserForm(UserForm):
    """Somebody who is to be invited."""

    email = EmailField(_l("E-mail address"), [required(_l("Write the address they sign in with.")), at_most(254)])


class ClaimRuleForm(BaseForm):
    """Who gets which role by what the identity provider says."""

    claim = StringField(
        _l("Claim"),
        [required(_l("Write the name of the claim.")), at_most(60)],
        description=_l("Such as groups, or realm_access.roles for a claim inside another."),
    )
    value = StringField(
        _l("Value"),
        [required(_l("Write the value that counts.")), at_most(200)],
        description=_l("Exactly as the provider sends it. Of a list, one of its values."),
    )
    role = _role_field()
    organisation_id = _organisation_field(_l("Whom a partner signs in for."))

    def fill_choices(self, organisations: Iterable[tuple[int, str]]) -> None:
        """Give the choices."""
        self.organisation_id.choices = [(0, _("None")), *organisations]


class ClaimsForm(BaseForm):
    """Claims to try the table with."""

    claims = TextAreaField(
        _l("Claims"),
        [required(_l("Write the claims as JSON.")), at_most(20_000)],
        description=_l('As JSON, such as {"email": "amina@example.org", "email_verified": true, "groups": ["bsm"]}.'),
        render_kw={"rows": 8, "spellcheck": "false", "dir": "ltr"},
    )
