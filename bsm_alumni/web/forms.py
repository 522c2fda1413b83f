"""The base of every form, and validators whose words we own in every language."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, IntegerField
from wtforms.validators import InputRequired, Length, Optional, StopValidation


class BaseForm(FlaskForm):
    """A form with one error list for its summary: first the form's own errors, then field by field in order."""

    def error_list(self) -> list[tuple[str | None, str]]:
        """(id of the field, message) of every error; the id is None for errors of the whole form."""
        errors: list[tuple[str | None, str]] = [(None, str(message)) for message in self.form_errors]
        for field in self:
            errors += _errors_of(field)
        return errors

    def set_errors(self, errors: dict[str, str]) -> None:
        """Put messages of a service at their fields; those without a field at the form."""
        for name, message in errors.items():
            if name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, message]
            else:
                self.form_errors.append(message)


def _errors_of(field: Field) -> list[tuple[str | None, str]]:
    return [(field.id, str(message)) for message in field.errors if isinstance(message, (str,)) or str(message)]


class Filled(InputRequired):
    """Something was written, and not blanks alone."""

    def __call__(self, form: Any, field: Field) -> None:
        super().__call__(form, field)
        if isinstance(field.data, str) and not field.data.strip():
            raise StopValidation(self.message)


def required(message: Any = None) -> InputRequired:
    """Says in words that the field is to be filled in."""
    return Filled(message or _l("Fill this in."))


def at_most(length: int) -> Length:
    """Limits the text to what is stored."""
    return Length(max=length, message=_l("Shorten this to %(max)d characters or fewer."))


def optional() -> Optional:
    """An empty field is fine."""
    return Optional()


class WholeNumberField(IntegerField):
    """A whole number, with our own words for what is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if _is_blank(valuelist):
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as problem:
            raise ValueError(_("Write a whole number, such as 14.")) from problem

    def pre_validate(self, form: Any) -> None:
        _stop_at_unreadable(self)


class CalendarDateField(DateField):
    """A day, with our own words for what is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if _is_blank(valuelist):
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as problem:
            raise ValueError(_("Write the day as year-month-day, such as 2026-07-08.")) from problem

    def pre_validate(self, form: Any) -> None:
        _stop_at_unreadable(self)


def _is_blank(valuelist: list[str]) -> bool:
    """A box that was left empty holds nothing, which is no mistake of writing; whether it may is for its checks."""
    return bool(valuelist) and not "".join(valuelist)


def _stop_at_unreadable(field: Field) -> None:
    """One message is enough for a value that could not be read: no other check runs on it."""
    if field.process_errors:
        raise StopValidation
