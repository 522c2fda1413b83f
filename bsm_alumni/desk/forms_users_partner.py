"""The form by which a focal point invites a colleague."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, StringField

from bsm_alumni.web.forms import BaseForm, at_most, required


class ColleagueForm(BaseForm):
    """Somebody of the own organisation; what they may do is not asked, since it is the same for all."""

    email = EmailField(_l("E-mail address"), [required(_l("Write the address they sign in with.")), at_most(254)])
    name = StringField(_l("Name"), [required(_l("Write their name.")), at_most(200)])
