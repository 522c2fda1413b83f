"""Forms about accounts."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, PasswordField, SelectField
from wtforms.validators import ValidationError

from bsm_alumni.extensions import utc_now
from bsm_alumni.reference.locales import LOCALES
from bsm_alumni.reference.zones import ZONES, zone_label
from bsm_alumni.web.forms import BaseForm, at_most, required
from bsm_alumni.web.locale import page_locale

# More than is taken, so that a password that is too long is told so and not cut.
LONGEST_TYPED = 1000


class SignInForm(BaseForm):
    """Address and password."""

    email = EmailField(
        _l("E-mail address"),
        [required(_l("Write the address you were invited with.")), at_most(254)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Password"),
        [required(_l("Write your password.")), at_most(LONGEST_TYPED)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class AskLinkForm(BaseForm):
    """The address that a link is to go to."""

    email = EmailField(
        _l("E-mail address"),
        [required(_l("Write the address you were invited with.")), at_most(254)],
        render_kw={"autocomplete": "username"},
    )


class ConfirmForm(BaseForm):
    """The password again, before something sensitive."""

    password = PasswordField(
        _l("Password"),
        [required(_l("Write your password.")), at_most(LONGEST_TYPED)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class NewPasswordForm(BaseForm):
    """A new password. The address is shown so that password managers keep both; what is posted of it is not read."""

    email = EmailField(_l("E-mail address"), [at_most(254)], render_kw={"readonly": True, "autocomplete": "username"})
    password = PasswordField(
        _l("New password"),
        [required(_l("Write a new password.")), at_most(LONGEST_TYPED)],
        description=_l("At least 12 characters. Three or four words that do not belong together are easy to remember."),
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(NewPasswordForm):
    """The password until now, and a new one."""

    current = PasswordField(
        _l("Present password"),
        [required(_l("Write the password you have now.")), at_most(LONGEST_TYPED)],
        render_kw={"autocomplete": "current-password"},
    )


class AddressForm(BaseForm):
    """The address to sign in with from now on."""

    email = EmailField(
        _l("New e-mail address"),
        [required(_l("Write the new address.")), at_most(254)],
        description=_l("We send a link there. Nothing changes until you open it."),
        render_kw={"autocomplete": "email"},
    )


class PreferencesForm(BaseForm):
    """Language and time zone of pages and mails."""

    locale = SelectField(_l("Language"), choices=list(LOCALES.items()), validate_choice=False)
    zone = SelectField(_l("Time zone"), validate_choice=False)

    def fill_choices(self, zone: str) -> None:
        """Give the zones, each with its city and offset now, the present one first."""
        now, locale = utc_now(), page_locale()
        others = [name for name in ZONES if name != zone]
        self.zone.choices = [(name, zone_label(name, now, locale)) for name in (zone, *others)]

    def validate_locale(self, field: SelectField) -> None:
        """The language must be one of ours."""
        if field.data not in LOCALES:
            raise ValidationError(_("Choose one of the six languages."))

    def validate_zone(self, field: SelectField) -> None:
        """The zone must be one of those we know."""
        if field.data not in ZONES:
            raise ValidationError(_("Choose one of the time zones."))
