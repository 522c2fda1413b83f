"""Forms about users."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, RadioField, SelectField, StringField
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
    Role.ADMIN: _l("Administrator: everything, users included"),
}


class UserForm(BaseForm):
    """Somebody who is to sign in."""

    email = EmailField(_l("E-mail address"), [required(_l("Write the address they sign in with.")), at_most(254)])
    name = StringField(_l("Name"), [required(_l("Write their name.")), at_most(200)])
    role = RadioField(
        _l("Role"), choices=[(role.value, words) for role, words in ROLES.items()], default=Role.OFFICER.value
    )
    organisation_id = SelectField(
        _l("Organisation"),
        [optional()],
        coerce=int,
        default=0,
        validate_choice=False,
        description=_l("A partner user needs one: it decides whom they see."),
    )
    zone = SelectField(_l("Time zone"), validate_choice=False, default="UTC")
    password = PasswordField(
        _l("Initial password"),
        [required(_l("Write an initial password of at least 12 characters.")), at_most(200)],
        description=_l("At least 12 characters. Give it to them by another way than this address."),
        render_kw={"autocomplete": "new-password"},
    )

    def fill_choices(self, organisations: Iterable[tuple[int, str]]) -> None:
        """Give the choices."""
        self.organisation_id.choices = [(0, _("None")), *organisations]
        self.zone.choices = zone_choices(utc_now(), "UTC")

    def validate_zone(self, field: SelectField) -> None:
        """The zone must be one of those we know."""
        if field.data not in ZONES:
            raise ValidationError(_("Choose one of the time zones."))
