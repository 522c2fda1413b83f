"""Forms about people, as staff fill them in."""

import re
from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from bsm_alumni.alumni.enums import AlumnusStatus, Gender, PeriodKind
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.rules_profile import MOST_NOTICE_DAYS, MOST_PER_QUARTER, ProfileDetails
from bsm_alumni.alumni.words import level_words
from bsm_alumni.reference.countries import COUNTRIES, country_name
from bsm_alumni.reference.languages import find_language, language_name
from bsm_alumni.reference.levels import Level
from bsm_alumni.reference.locales import LOCALES
from bsm_alumni.reference.zones import ZONES
from bsm_alumni.web.forms import BaseForm, CalendarDateField, WholeNumberField, at_most, optional, required
from bsm_alumni.web.locale import page_locale

SPARE_LANGUAGES = 2
BETWEEN_ADDRESSES = re.compile(r"[\n,;]+")
BETWEEN = _l("Write a number from %(min)s to %(max)s.")


class LanguageForm(Form):
    """One language and how well it is spoken."""

    language = StringField(_l("Language"), [optional(), at_most(60)], render_kw={"list": "language-names"})
    level = SelectField(_l("Level"), coerce=int, default=0)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = [(int(level), level_words(level) or _("Not known")) for level in Level]

    def validate_language(self, field: StringField) -> None:
        """The name or code must be a language's."""
        if field.data and find_language(field.data) is None:
            raise ValidationError(
                _('"%(text)s" is not in the list of languages. Choose one from the list.', text=field.data)
            )


class AlumnusForm(BaseForm):
    """A whole profile."""

    given_names = StringField(_l("Given names"), [optional(), at_most(120)])
    family_name = StringField(_l("Family name"), [optional(), at_most(120)])
    display_name = StringField(
        _l("Name as the person writes it"),
        [optional(), at_most(240)],
        description=_l("In their own script, if they like. Left empty, it is given names and family name."),
    )
    title = StringField(_l("Title or rank"), [optional(), at_most(40)])
    gender = SelectField(_l("Gender"), [optional()])
    emails = TextAreaField(
        _l("E-mail addresses"),
        [optional(), at_most(1000)],
        description=_l("One a line. Invitations go to the first."),
        render_kw={"rows": 2},
    )
    phone = StringField(_l("Telephone"), [optional(), at_most(60)])
    country_code = SelectField(_l("Country"), [optional()])
    agency = StringField(_l("Agency"), [optional(), at_most(200)])
    position = StringField(_l("Position"), [optional(), at_most(200)])
    zone = SelectField(_l("Time zone"), [optional()], description=_l("The clock their sessions are shown in."))
    locale = SelectField(_l("Language of mail and pages"))
    languages = FieldList(FormField(LanguageForm), _l("Languages"))
    themes = SelectMultipleField(
        _l("Themes"),
        [optional()],
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    notice_days = WholeNumberField(
        _l("Days of notice needed"), [required(), NumberRange(0, MOST_NOTICE_DAYS, BETWEEN)], default=14
    )
    quarter_limit = WholeNumberField(
        _l("Most sessions a quarter"), [required(), NumberRange(0, MOST_PER_QUARTER, BETWEEN)], default=2
    )
    status = RadioField(_l("Status"), default=AlumnusStatus.ACTIVE.value)
    restricted = BooleanField(_l("Restricted: not asked, and not shown to partners"))
    remarks = TextAreaField(_l("Remarks, for staff only"), [optional(), at_most(5000)])
    seen_at = HiddenField()

    def fill_choices(self, themes: Iterable[tuple[int, str]]) -> None:
        """Give the choices, countries in the page's language, and two empty rows for more languages."""
        locale = page_locale()
        countries = sorted((country_name(code, locale), code) for code in COUNTRIES)
        self.country_code.choices = [("", _("Not known")), *[(code, name) for name, code in countries]]
        self.gender.choices = [
            ("", _("Not known")),
            (Gender.WOMAN.value, _("Woman")),
            (Gender.MAN.value, _("Man")),
            (Gender.OTHER.value, _("Other")),
        ]
        self.zone.choices = [("", _("Not known")), *[(zone, zone.replace("_", " ")) for zone in ZONES]]
        self.locale.choices = list(LOCALES.items())
        self.themes.choices = list(themes)
        self.status.choices = [
            (AlumnusStatus.ACTIVE.value, _("Active: may be asked")),
            (AlumnusStatus.INACTIVE.value, _("Inactive: not asked for now")),
            (AlumnusStatus.LEFT_SERVICE.value, _("Left the service")),
        ]
        if not self.is_submitted():
            for _row in range(SPARE_LANGUAGES):
                self.languages.append_entry()

    def show(self, alumnus: Alumnus) -> None:
        """Fill the form from a profile."""
        for name in ("given_names", "family_name", "title", "phone", "agency", "position", "locale", "remarks"):
            self[name].data = getattr(alumnus, name)
        self.display_name.data = alumnus.display_name
        self.gender.data = alumnus.gender.value if alumnus.gender else ""
        self.emails.data = "\n".join(email.address for email in alumnus.emails)
        self.country_code.data, self.zone.data = alumnus.country_code or "", alumnus.zone or ""
        self.notice_days.data, self.quarter_limit.data = alumnus.notice_days, alumnus.quarter_limit
        self.status.data, self.restricted.data = alumnus.status.value, alumnus.restricted
        self.themes.data = [theme.id for theme in alumnus.themes]
        for spoken in alumnus.languages:
            name = language_name(spoken.language_code, page_locale())
            self.languages.append_entry({"language": name, "level": spoken.level})
        self.seen_at.data = alumnus.updated_at.isoformat()

    def details(self) -> ProfileDetails:
        """What was written, trimmed; of a language named twice the last level counts."""
        spoken = {}
        for row in self.languages.entries:
            if (language := find_language(row.form.language.data)) is not None:
                spoken[language.code] = row.form.level.data
        texts = {
            name: " ".join((self[name].data or "").split())
            for name in ("given_names", "family_name", "display_name", "title", "phone", "agency", "position")
        }
        return ProfileDetails(
            **texts,
            gender=Gender(self.gender.data) if self.gender.data else None,
            country_code=self.country_code.data or None,
            zone=self.zone.data or None,
            locale=self.locale.data,
            notice_days=self.notice_days.data,
            quarter_limit=self.quarter_limit.data,
            status=AlumnusStatus(self.status.data),
            restricted=self.restricted.data,
            remarks=(self.remarks.data or "").strip(),
            emails=tuple(filter(None, map(str.strip, BETWEEN_ADDRESSES.split(self.emails.data or "")))),
            languages=spoken,
            theme_ids=frozenset(self.themes.data or ()),
        )


class PeriodForm(BaseForm):
    """Days in which a person can, or cannot, be asked."""

    kind = RadioField(_l("On these days the person"), default=PeriodKind.BLACKOUT.value)
    starts_on = CalendarDateField(_l("First day"), [required(_l("Choose the first day."))])
    ends_on = CalendarDateField(_l("Last day"), [required(_l("Choose the last day."))])
    note = StringField(_l("Note"), [optional(), at_most(200)])

    def fill_choices(self) -> None:
        """Give the two kinds in words."""
        self.kind.choices = [
            (PeriodKind.BLACKOUT.value, _("cannot be asked")),
            (PeriodKind.WINDOW.value, _("can be asked")),
        ]
