"""Forms about agreements with partners."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.organisations.words import CONTENTS_FOR_STAFF, GROUP_NAMES
from bsm_alumni.web.forms import BaseForm, CalendarDateField, at_most, optional, required


class AgreementEndForm(BaseForm):
    """What may be changed of an agreement: its words and its last day."""

    purpose = TextAreaField(
        _l("What the partner may use the profiles for"),
        [required(_l("Write what the partner may use the profiles for.")), at_most(500)],
        description=_l("Alumni read this before they agree. Whoever reads another text now is asked to read it again."),
    )
    reference = StringField(
        _l("Reference"),
        [optional(), at_most(120)],
        description=_l("Of the signed paper, so that it can be found."),
    )
    ends_on = CalendarDateField(_l("Last day"), [optional()], description=_l("Empty means until it is ended."))
    # Set by the page that shows the effect.
    looked_at = HiddenField()

    @property
    def is_looked_at(self) -> bool:
        """True once the effect was shown."""
        return bool(self.looked_at.data == "1")


class AgreementForm(AgreementEndForm):
    """A new agreement."""

    groups = SelectMultipleField(
        _l("Parts of a profile that it covers"),
        [required(_l("Tick at least name and country."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("A partner sees a part only of people who also agreed to it."),
    )
    starts_on = CalendarDateField(_l("First day"), [required(_l("Choose the first day."))])

    def fill_choices(self) -> None:
        """Give the parts, each in a sentence."""
        self.groups.choices = [(one.value, f"{GROUP_NAMES[one]}: {CONTENTS_FOR_STAFF[one]}") for one in FieldGroup]

    def ticked(self) -> frozenset[FieldGroup]:
        """The parts that are ticked."""
        return frozenset(FieldGroup(value) for value in self.groups.data or ())
