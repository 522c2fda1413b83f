"""The form behind an invitation."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField

from bsm_alumni.web.forms import BaseForm, at_most


class WelcomeForm(BaseForm):
    """A first password. The address is shown so that password managers keep both; what is posted of it is not read."""

    email = EmailField(
        _l("E-mail address"),
        render_kw={"readonly": True, "autocomplete": "username"},
        description=_l("You sign in with it."),
    )
    password = PasswordField(
        _l("Password"),
        [at_most(200)],
        description=_l("At least 12 characters. A few words that do not belong together are easy to keep in mind."),
        render_kw={"autocomplete": "new-password"},
    )
