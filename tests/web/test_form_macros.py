"""Form macros: label, hint, error and control are tied together, and the summary leads to each field."""

import re
from typing import Any

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from bsm_alumni.web.forms import BaseForm, CalendarDateField

PAGE = """{% import "macros/forms.html" as forms %}{{ forms.error_summary(form) }}
{% for f in form %}{{ forms.field(f) }}{% endfor %}"""


def refuse(form: Any, field: Any) -> None:
    raise ValidationError("Mend this.")


class Part(Form):
    word = StringField("Word", [refuse])


class Everything(BaseForm):
    """One field of each kind, each with a hint and an error."""

    text = StringField("Text", [refuse], description="A hint.")
    area = TextAreaField("Area", [refuse], description="A hint.")
    number = IntegerField("Number", [refuse], description="A hint.")
    date = CalendarDateField("Date", [refuse], description="A hint.")
    choice = SelectField("Choice", [refuse], choices=[("a", "A")], description="A hint.")
    tick = BooleanField("Tick", [refuse], description="A hint.")
    one = RadioField("One", [refuse], choices=[("a", "A"), ("b", "B")], description="A hint.")
    many = SelectMultipleField(
        "Many",
        [refuse],
        choices=[("a", "A")],
        description="A hint.",
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    parts = FieldList(FormField(Part), "Parts", min_entries=1)


@pytest.fixture
def html(whole_app: Flask) -> str:
    with whole_app.test_request_context("/", method="POST"):
        form = Everything(
            MultiDict({"number": "3", "date": "2026-07-08", "choice": "a", "one": "a", "many": "a"}),
            meta={"csrf": False},
        )
        form.validate()
        return render_template_string(PAGE, form=form)


def ids(html: str) -> list[str]:
    return re.findall(r'\bid="([^"]+)"', html)


def test_no_id_stands_twice(html: str) -> None:
    assert sorted(ids(html)) == sorted(set(ids(html)))


def test_the_summary_links_to_every_field_and_each_link_has_its_target(html: str) -> None:
    targets = re.findall(r'href="#([^"]+)"', html.split("</ul>")[0])
    assert targets == ["text", "area", "number", "date", "choice", "tick", "one-0", "many-0", "parts-0-word"]
    assert set(targets) - set(ids(html)) == set()


def test_what_describes_a_control_is_there(html: str) -> None:
    described = [name for names in re.findall(r'aria-describedby="([^"]+)"', html) for name in names.split()]
    named = ("text", "area", "number", "date", "choice", "tick", "one", "many")
    expected = [f"{name}-{part}" for name in named for part in ("hint", "error")]
    assert described == [*expected, "parts-0-word-error"]
    assert set(described) - set(ids(html)) == set()


def test_every_label_names_a_control(html: str) -> None:
    labels = re.findall(r'<label for="([^"]+)"', html)
    controls = re.findall(r'<(?:input|select|textarea)\b[^>]*\bid="([^"]+)"', html)
    assert [name for name in controls if name not in labels] == []
    assert set(labels) - set(controls) == set()


def test_a_date_is_said_in_words(html: str) -> None:
    assert re.findall(r'<p class="echo">([^<]+)</p>', html) == ["Now: 8 July 2026"]


def test_a_form_without_errors_has_no_summary(whole_app: Flask) -> None:
    class Fine(BaseForm):
        name = StringField("Name", [InputRequired()])
        note = StringField("Note", [Optional()])

    with whole_app.test_request_context("/"):
        page = render_template_string(PAGE, form=Fine())
    assert (page.count("error-summary"), page.count("aria-invalid"), page.count("(optional)")) == (0, 0, 1)
