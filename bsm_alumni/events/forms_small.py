"""Forms about slots and series, and the reason for calling an event off."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange

from bsm_alumni.events.enums import SlotRole
from bsm_alumni.events.rules import MOST_SEATS, SlotDetails
from bsm_alumni.events.words import ROLES, level_label
from bsm_alumni.reference.languages import LANGUAGES, language_name
from bsm_alumni.reference.levels import Level
from bsm_alumni.web.forms import BaseForm, WholeNumberField, at_most, optional, required
from bsm_alumni.web.locale import page_locale


class SlotForm(BaseForm):
    """Seats of one role, and what they need."""

    role = RadioField(
        _l("Role"), choices=[(role.value, words) for role, words in ROLES.items()], default="co_presenter"
    )
    seats = WholeNumberField(
        _l("Seats"),
        [
            required(_l("Write how many people are needed.")),
            NumberRange(1, MOST_SEATS, _l("Write a number from %(min)s to %(max)s.")),
        ],
        default=1,
    )
    language_code = SelectField(_l("Language needed"), [optional()], default="")
    level = SelectField(
        _l("At least at level"), coerce=int, default=4, description=_l("Counts only where a language is needed.")
    )
    theme_id = SelectField(_l("Theme needed"), coerce=int, default=0, validate_choice=False)
    note = StringField(_l("Note"), [optional(), at_most(300)], description=_l("Staff see it, alumni do not."))

    def fill_choices(self, themes: Iterable[tuple[int, str]]) -> None:
        """Give the choices in the page's language."""
        locale = page_locale()
        self.language_code.choices = [("", _("Any"))] + [(code, language_name(code, locale)) for code in LANGUAGES]
        self.level.choices = [(int(level), level_label(level)) for level in Level]
        self.theme_id.choices = [(0, _("Any")), *themes]

    def details(self) -> SlotDetails:
        """What was written, trimmed."""
        return SlotDetails(
            role=SlotRole(self.role.data),
            seats=self.seats.data or 0,
            language_code=self.language_code.data or None,
            level=self.level.data,
            theme_id=self.theme_id.data or None,
            note=(self.note.data or "").strip(),
        )


class SeriesForm(BaseForm):
    """A series' title and what it is about."""

    title = StringField(_l("Title"), [required(_l("Write the series' title.")), at_most(200)])
    description = TextAreaField(_l("What it is about"), [optional(), at_most(5000)])


class CancelForm(BaseForm):
    """Why an event is called off."""

    reason = TextAreaField(
        _l("Why is it cancelled?"),
        [required(_l("Write why; the people who were asked are told.")), at_most(300)],
        description=_l("Everyone who was asked gets a mail with these words."),
        render_kw={"rows": 3},
    )
