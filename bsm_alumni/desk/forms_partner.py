"""Forms that partners fill in."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from bsm_alumni.web.forms import BaseForm, at_most, required

FORMATS = (
    ("xlsx", _l("Spreadsheet (.xlsx)")),
    ("csv", _l("Text table (.csv)")),
    ("json", _l("JSON, for programs (.json)")),
)


class ExportForm(BaseForm):
    """Why the list is taken away, and in which format."""

    purpose = TextAreaField(
        _l("What will you use the list for?"),
        [
            required(_l("Say in a few words what you will use the list for.")),
            Length(min=10, message=_l("Say a little more, at least %(min)d characters.")),
            at_most(300),
        ],
        description=_l("For example: choosing presenters for the regional workshop in Dakar. The programme keeps it."),
        render_kw={"rows": 3, "maxlength": 300},
    )
    file_format = RadioField(_l("Format"), choices=FORMATS, default="xlsx")
