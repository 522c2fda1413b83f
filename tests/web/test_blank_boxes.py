"""A box for a day or a number that was left empty: nothing where it may be, asked for where it must not."""

from datetime import date

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from bsm_alumni.web.forms import BaseForm, CalendarDateField, WholeNumberField, optional, required


class Boxes(BaseForm):
    class Meta:
        csrf = False

    day = CalendarDateField(validators=[optional()])
    number = WholeNumberField(validators=[optional()])
    must_day = CalendarDateField(validators=[required("Choose a day.")])
    must_number = WholeNumberField(validators=[required("Write a number.")])


def test_empty_boxes(app: Flask) -> None:
    with app.test_request_context():
        form = Boxes(MultiDict(dict.fromkeys(("day", "number", "must_day", "must_number"), "")))
        assert form.validate() is False
        assert form.errors == {"must_day": ["Choose a day."], "must_number": ["Write a number."]}
        assert (form.day.data, form.number.data) == (None, None)


@pytest.mark.parametrize(("day", "number"), [("soon", "many"), ("  ", "  ")])
def test_what_is_no_day_and_no_number_is_said(day: str, number: str, app: Flask) -> None:
    """The twin: something that cannot be read is no empty box."""
    with app.test_request_context():
        form = Boxes(MultiDict({"day": day, "number": number, "must_day": "2031-03-01", "must_number": "0"}))
        assert form.validate() is False
        assert sorted(form.errors) == ["day", "number"]
        assert (form.must_day.data, form.must_number.data) == (date(2031, 3, 1), 0)
