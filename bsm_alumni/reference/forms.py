"""The form about a theme."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from bsm_alumni.reference.rules import LONGEST_NAME
from bsm_alumni.web.forms import BaseForm, at_most, required


class ThemeForm(BaseForm):
    """A theme's name."""

    name = StringField(
        _l("Name"),
        [required(_l("Write a name, such as Maritime security.")), at_most(LONGEST_NAME)],
        description=_l("As it should stand in lists and in search, in English."),
    )
