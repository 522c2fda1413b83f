"""Forms about accounts."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, PasswordField

from bsm_alumni.web.forms import BaseForm, at_most, required


class SignInForm(BaseForm):
    """Address and password."""

    email = EmailField(
        _l("E-mail address"),
        [required(_l("Write the address you were invited with.")), at_most(254)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Password"),
        [required(_l("Write your password.")), at_most(200)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
