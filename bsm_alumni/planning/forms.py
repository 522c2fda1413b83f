"""The forms of plans: what is to be planned, how much each part counts, who is invited by when."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FloatField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import NumberRange, StopValidation

from bsm_alumni.matching.queries import series_choices
from bsm_alumni.planning.shapes import PlanDetails
from bsm_alumni.planning.weights import PLAN_WEIGHTS
from bsm_alumni.web.forms import BaseForm, CalendarDateField, at_most, optional, required

WHOLE_PROGRAMME = 0
SEASON = timedelta(days=182)
"""How far a new plan looks unless staff say otherwise."""


class PointsField(FloatField):
    """A number of points, with our own words for what is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not "".join(valuelist):
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as problem:
            raise ValueError(_("Write a number, such as 12.5.")) from problem

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation


class WeightsForm(BaseForm):
    """A field per weight, named by its code; the fields are added below from the one table."""

    def weights(self) -> dict[str, float]:
        """What was filled in."""
        return {name: float(self[name].data) for name in PLAN_WEIGHTS}

    @property
    def weight_fields(self) -> list[Any]:
        """The fields of the weights, in the order of the table."""
        return [self[name] for name in PLAN_WEIGHTS]


for _name, _weight in PLAN_WEIGHTS.items():
    _range = NumberRange(_weight.least, _weight.most, _l("Write a number from %(min)s to %(max)s."))
    _field = PointsField(
        _weight.name,
        validators=[required(), _range],
        description=_weight.meaning,
        render_kw={"min": _weight.least, "max": _weight.most, "step": _weight.step, "inputmode": "decimal"},
    )
    setattr(WeightsForm, _name, _field)


class PlanForm(WeightsForm):
    """A season to be planned."""

    title = StringField(
        _l("Name of the plan"), [required(), at_most(200)], description=_l("So that you and others find it again.")
    )
    first_day = CalendarDateField(_l("First day"), [required()])
    last_day = CalendarDateField(_l("Last day"), [required()])
    series_id = SelectField(_l("Series"), coerce=int)
    event_ids = SelectMultipleField(_l("Sessions"), coerce=int, validate_choice=False)

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.series_id.choices = [(WHOLE_PROGRAMME, _("Whole programme")), *series_choices()]

    def validate_event_ids(self, field: Any) -> None:
        """An empty list would mean every session."""
        if not field.data:
            raise StopValidation(_("Tick at least one session."))

    def details(self) -> PlanDetails:
        """What was filled in, for the service."""
        return PlanDetails(
            title=self.title.data or "",
            first_day=self.first_day.data,
            last_day=self.last_day.data,
            series_id=self.series_id.data or None,
            event_ids=tuple(self.event_ids.data),
            weights=self.weights(),
        )


class AgainForm(WeightsForm):
    """A plan made anew, perhaps with other weights."""

    title = StringField(_l("Name of the new plan"), [required(), at_most(200)])


class PersonForm(BaseForm):
    """Who a seat is given to."""

    alumnus_id = IntegerField(_l("Person"), [required(_l("Choose somebody first."))])


class BatchForm(BaseForm):
    """Until when those who are ticked are asked, and whether the mails wait for a second look."""

    answer_by = CalendarDateField(
        _l("Answer by"),
        [optional()],
        description=_l("Leave it empty for the usual time before each session."),
    )
    held = BooleanField(_l("Let me read the mails before they leave"))


def usual_words(name: str) -> str:
    """'From 0 to 20; 3 unless you change it.'"""
    weight = PLAN_WEIGHTS[name]
    return _(
        "From %(least)s to %(most)s; %(usual)s unless you change it.",
        least=format_decimal(weight.least),
        most=format_decimal(weight.most),
        usual=format_decimal(weight.default),
    )


def default_days(today: date) -> tuple[date, date]:
    """The first and the last day of a new plan."""
    return today, today + SEASON


def filled_plan_form(
    weights: Mapping[str, float], *, title: str, days: tuple[date, date], series_id: int, event_ids: list[int]
) -> PlanForm:
    """The form as it opens."""
    first, last = days
    return PlanForm(
        formdata=None,
        data={
            **weights,
            "title": title,
            "first_day": first,
            "last_day": last,
            "series_id": series_id,
            "event_ids": event_ids,
        },
    )
