"""The forms of an import whose fields are known beforehand; columns and cells are named by the file itself."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField

from bsm_alumni.web.forms import BaseForm, at_most, required


class UploadForm(BaseForm):
    """A file and what is in it."""

    kind = SelectField(
        _l("What is in the file"),
        choices=[
            ("workbook", _l("A workbook with people, cohorts or sessions on its sheets")),
            ("alumni", _l("People")),
            ("cohorts", _l("Cohorts")),
            ("events", _l("Sessions")),
        ],
    )
    file = FileField(
        _l("File"),
        description=_l("A workbook (.xlsx) or a table in text form (.csv), up to 20 MB. Nothing is changed yet."),
        validators=[FileRequired(_l("Choose the file that holds the table."))],
    )


class KeepMappingForm(BaseForm):
    """A name under which a reading of columns is kept."""

    name = StringField(_l("Name"), validators=[required(_l("Give the reading a name.")), at_most(100)])
