"""Forms about courses and cohorts."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from bsm_alumni.cohorts.models import Cohort
from bsm_alumni.cohorts.rules import LARGEST_COHORT, CohortDetails
from bsm_alumni.reference.countries import COUNTRIES, country_name
from bsm_alumni.web.forms import BaseForm, CalendarDateField, WholeNumberField, at_most, optional, required
from bsm_alumni.web.locale import page_locale


class CourseForm(BaseForm):
    """A course's title and what it is about."""

    title = StringField(_l("Title"), [required(_l("Write the course's title.")), at_most(300)])
    description = TextAreaField(_l("What it is about"), [optional(), at_most(5000)])

    def texts(self) -> tuple[str, str]:
        """Title and description, trimmed."""
        return " ".join((self.title.data or "").split()), (self.description.data or "").strip()


class CohortForm(BaseForm):
    """One delivery of a course."""

    code = StringField(
        _l("Code"),
        [required(_l("Write a code, such as BSM-2026-03.")), at_most(60)],
        description=_l("How papers and files name this cohort."),
    )
    course_id = SelectField(_l("Course"), coerce=int, validate_choice=False)
    starts_on = CalendarDateField(_l("First day"), [optional()])
    ends_on = CalendarDateField(_l("Last day"), [optional()])
    venue = StringField(_l("Venue"), [optional(), at_most(200)])
    country_code = SelectField(_l("Country of the venue"), [optional()])
    participants = WholeNumberField(
        _l("Participants on paper"),
        [optional(), NumberRange(0, LARGEST_COHORT, _l("Write a number from %(min)s to %(max)s."))],
        description=_l("How many took part as the papers say; enrolments may be fewer."),
    )
    partner_ids = SelectMultipleField(
        _l("Partners"),
        [optional()],
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    note = TextAreaField(_l("Note"), [optional(), at_most(500)])

    def fill_choices(self, courses: Iterable[tuple[int, str]], partners: Iterable[tuple[int, str]]) -> None:
        """Give the choices that come from the database."""
        locale = page_locale()
        countries = sorted((country_name(code, locale), code) for code in COUNTRIES)
        self.course_id.choices = list(courses)
        self.partner_ids.choices = list(partners)
        self.country_code.choices = [("", _l("Not known")), *[(code, name) for name, code in countries]]

    def show(self, cohort: Cohort) -> None:
        """Fill the form from a cohort."""
        for name in ("code", "course_id", "starts_on", "ends_on", "venue", "participants", "note"):
            self[name].data = getattr(cohort, name)
        self.country_code.data = cohort.country_code or ""
        self.partner_ids.data = [partner.id for partner in cohort.partners]

    def details(self) -> CohortDetails:
        """What was written, trimmed."""
        data: dict[str, Any] = self.data
        return CohortDetails(
            code=data["code"].strip(),
            course_id=data["course_id"],
            venue=(data["venue"] or "").strip(),
            country_code=data["country_code"] or None,
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            participants=data["participants"],
            note=(data["note"] or "").strip(),
            partner_ids=tuple(data["partner_ids"] or ()),
        )
