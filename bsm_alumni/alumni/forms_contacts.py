"""The form by which staff take contact data away."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField

from bsm_alumni.web.exports import FORMATS
from bsm_alumni.web.forms import BaseForm, at_most, required


class ContactsForm(BaseForm):
    """What the file is for, and in which form it comes."""

    purpose = StringField(
        _l("What is it for?"),
        [required(_l("Write what the file is for.")), at_most(300)],
        description=_l("It is put down for each person in the file, and they can read it."),
    )
    file_format = RadioField(_l("File"), choices=[(name, name.upper()) for name in FORMATS], default="xlsx")
