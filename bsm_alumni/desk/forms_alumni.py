"""Forms that alumni fill in about themselves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from bsm_alumni.alumni.enums import Gender, PeriodKind
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.rules_profile import MOST_NOTICE_DAYS, MOST_PER_QUARTER
from bsm_alumni.alumni.words import gender_words, level_words, place_choices
from bsm_alumni.reference.languages import find_language, language_name
from bsm_alumni.reference.levels import Level
from bsm_alumni.reference.locales import LOCALES
from bsm_alumni.reference.zones import ZONES, zones_of
from bsm_alumni.web.forms import BaseForm, CalendarDateField, WholeNumberField, at_most, optional, required
from bsm_alumni.web.locale import page_locale

SPARE_LANGUAGES = 2
BETWEEN = _l("Write a number from %(min)s to %(max)s.")
TEXTS = ("given_names", "family_name", "display_name", "title", "phone", "agency", "position")


class SpokenForm(Form):
    """One language and how well."""

    language = StringField(_l("Language"), [optional(), at_most(60)], render_kw={"list": "language-names"})
    level = SelectField(_l("Level"), coerce=int, default=0)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = [(int(level), level_words(level) or _("Choose")) for level in Level]

    def validate_language(self, field: StringField) -> None:
        """The name or code must be a language's."""
        if field.data and find_language(field.data) is None:
            raise ValidationError(
                _('"%(text)s" is not in the list of languages. Choose one from the list.', text=field.data)
            )


class ProfileForm(BaseForm):
    """A person's own profile, without what staff alone write."""

    given_names = StringField(_l("Given names"), [optional(), at_most(120)], render_kw={"autocomplete": "given-name"})
    family_name = StringField(_l("Family name"), [optional(), at_most(120)], render_kw={"autocomplete": "family-name"})
    display_name = StringField(
        _l("Your name as you write it"),
        [optional(), at_most(240)],
        description=_l("In your own script, if you like. This is the name others see."),
    )
    title = StringField(_l("Title or rank"), [optional(), at_most(40)])
    gender = SelectField(_l("Gender"), [optional()])
    country_code = SelectField(_l("Country"), [optional()])
    agency = StringField(_l("Agency"), [optional(), at_most(200)])
    position = StringField(_l("Position"), [optional(), at_most(200)])
    phone = StringField(_l("Telephone"), [optional(), at_most(60)], render_kw={"autocomplete": "tel"})
    languages = FieldList(FormField(SpokenForm), _l("Languages"))
    themes = SelectMultipleField(
        _l("Themes you can speak about"),
        [optional()],
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    zone = SelectField(_l("Time zone"), [optional()], description=_l("Sessions are shown to you on this clock."))
    locale = SelectField(_l("Language of mail and pages"))
    seen_at = HiddenField()

    def fill_choices(self, themes: Iterable[tuple[int, str]], country_code: str | None) -> None:
        """Give the choices; the zones of the person's own country stand first."""
        (_subregions, _places), (_countries, countries) = place_choices(page_locale())
        own = zones_of(country_code or "")
        self.country_code.choices = [("", _("Choose")), *countries]
        self.gender.choices = [("", _("Not said")), *[(gender.value, gender_words(gender)) for gender in Gender]]
        zones = [*own, *[zone for zone in ZONES if zone not in own]]
        self.zone.choices = [("", _("Choose")), *[(zone, zone.replace("_", " ")) for zone in zones]]
        self.locale.choices = list(LOCALES.items())
        self.themes.choices = list(themes)
        if not self.is_submitted():
            for _row in range(SPARE_LANGUAGES):
                self.languages.append_entry()

    def show(self, person: Alumnus) -> None:
        """Fill the form from the profile."""
        for name in (*TEXTS, "locale"):
            self[name].data = getattr(person, name)
        self.gender.data = person.gender.value if person.gender else ""
        self.country_code.data, self.zone.data = person.country_code or "", person.zone or ""
        self.themes.data = [theme.id for theme in person.themes]
        for spoken in person.languages:
            name = language_name(spoken.language_code, page_locale())
            self.languages.append_entry({"language": name, "level": spoken.level})
        self.seen_at.data = person.updated_at.isoformat()

    def written(self) -> dict[str, Any]:
        """What was written, as fields of ``ProfileDetails``; of a language named twice the last level counts."""
        spoken = {}
        for row in self.languages.entries:
            if (language := find_language(row.form.language.data)) is not None:
                spoken[language.code] = row.form.level.data
        return {
            **{name: " ".join((self[name].data or "").split()) for name in TEXTS},
            "gender": Gender(self.gender.data) if self.gender.data else None,
            "country_code": self.country_code.data or None,
            "zone": self.zone.data or None,
            "locale": self.locale.data,
            "languages": spoken,
            "theme_ids": frozenset(self.themes.data or ()),
        }

    def seen(self) -> datetime | None:
        """When the profile that the person was shown had last been changed."""
        try:
            return datetime.fromisoformat(self.seen_at.data or "")
        except ValueError:
            return None


class OwnPeriodForm(BaseForm):
    """Days in which the person can, or cannot, be asked."""

    kind = RadioField(_l("On these days"), default=PeriodKind.BLACKOUT.value)
    starts_on = CalendarDateField(_l("First day"), [required(_l("Choose the first day."))])
    ends_on = CalendarDateField(_l("Last day"), [required(_l("Choose the last day."))])
    note = StringField(_l("Note for the programme"), [optional(), at_most(200)])

    def fill_choices(self) -> None:
        """Give the two kinds in words."""
        self.kind.choices = [
            (PeriodKind.BLACKOUT.value, _("I cannot present")),
            (PeriodKind.WINDOW.value, _("I can present")),
        ]


class LimitsForm(BaseForm):
    """How early, and how often, the person wants to be asked."""

    notice_days = WholeNumberField(
        _l("Days of notice you need"), [required(), NumberRange(0, MOST_NOTICE_DAYS, BETWEEN)]
    )
    quarter_limit = WholeNumberField(
        _l("Most sessions in a quarter"),
        [required(), NumberRange(0, MOST_PER_QUARTER, BETWEEN)],
        description=_l("A quarter is three months. With 0 you are not asked."),
    )
