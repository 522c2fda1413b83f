"""Forms about sharing. Their boxes are drawn by the templates, beside the text that is recorded with them."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from bsm_alumni.consent.enums import FieldGroup
from bsm_alumni.consent.words import NAMES
from bsm_alumni.desk.service_sharing import Shown
from bsm_alumni.organisations.models import Organisation
from bsm_alumni.organisations.words import CONTENTS_FOR_STAFF
from bsm_alumni.web.forms import BaseForm, at_most, optional, required

RIGHT, WRONG = "right", "wrong"
GIVEN, TAKEN_BACK = "given", "taken_back"


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


class RecordForm(BaseForm):
    """What a person said to staff about sharing, and where the proof of it is."""

    what = RadioField(_l("What did the person say?"))
    organisation = SelectField(_l("For which partner?"), coerce=int)
    groups = SelectMultipleField(
        _l("Which parts of the profile?"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    evidence = TextAreaField(
        _l("Where is the proof?"),
        [required(_l("Say what you hold: a letter or a mail of which day, and where it is kept.")), at_most(1000)],
        description=_l("The signed paper or the mail: of which day, and where it is kept. The person reads this too."),
    )

    def fill_choices(self, partners: Iterable[Organisation]) -> None:
        """Give what can be said, the partners and the parts, each in a sentence."""
        self.what.choices = [
            (GIVEN, _("Partners may see this. It counts once a second person or the alumnus confirms it.")),
            (TAKEN_BACK, _("Partners may see this no more. It counts at once.")),
        ]
        self.organisation.choices = [(0, _("Choose")), *[(partner.id, partner.name) for partner in partners]]
        self.groups.choices = [(group.value, f"{NAMES[group]}: {CONTENTS_FOR_STAFF[group]}") for group in FieldGroup]

    def ticked(self) -> frozenset[FieldGroup]:
        """The parts that are ticked."""
        return frozenset(FieldGroup(value) for value in self.groups.data or ())
