"""Forms about sharing. Their boxes are drawn by the templates, beside the text that is recorded with them."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField

from bsm_alumni.consent.enums import FieldGroup
from bsm_alumni.desk.service_sharing import Shown
from bsm_alumni.web.forms import BaseForm, at_most, optional, required

RIGHT, WRONG = "right", "wrong"


class QuestionForm(BaseForm):
    """Which text the person read, in which language."""

    shown = HiddenField(validators=[at_most(64)])
    shown_in = HiddenField(validators=[at_most(10)])

    def read(self) -> Shown:
        """The text that was read."""
        return Shown(locale=self.shown_in.data or "", digest=self.shown.data or "")


class PartsForm(QuestionForm):
    """The parts of the profile that are ticked."""

    groups = SelectMultipleField(_l("Parts of the profile"), [optional()], choices=[one.value for one in FieldGroup])

    def ticked(self) -> frozenset[FieldGroup]:
        """The parts that are ticked."""
        return frozenset(FieldGroup(value) for value in self.groups.data or ())


class AnswerForm(QuestionForm):
    """Yes, it is so; or no, it is not."""

    answer = RadioField(_l("Your answer"), choices=[RIGHT, WRONG])

    @property
    def is_right(self) -> bool:
        """True for yes."""
        return bool(self.answer.data == RIGHT)


class RecordForm(PartsForm):
    """What a person said to staff about sharing, and where the proof of it is."""

    what = RadioField(_l("What did the person say?"), [required(_l("Choose one of the two."))])
    organisation = SelectField(_l("For which partner?"), [required(_l("Choose one of the partners."))], coerce=int)
    evidence = TextAreaField(
        _l("Where is the proof?"),
        [required(_l("Say what you hold: a letter or a mail of which day, and where it is kept.")), at_most(1000)],
        description=_l("The signed paper or the mail: of which day, and where it is kept. The person reads this too."),
    )
