"""What people fill in when they answer, and officers when they ask."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, StringField
from wtforms.validators import Optional

from bsm_alumni.assignments.enums import Reason
from bsm_alumni.web.forms import BaseForm, at_most, required


def end_of_day(day: Any, zone: str) -> datetime | None:
    """The last minute of a day on the clock of ``zone``; None for no day."""
    return datetime.combine(day, time(23, 59), ZoneInfo(zone)) if day else None


class AnswerForm(BaseForm):
    """Why somebody cannot: both fields may stay empty, and an unknown reason counts as none."""

    reason = StringField(_l("Why can you not present?"))
    text = StringField(_l("Anything that we should know, or a colleague whom you suggest"), [at_most(500)])

    @property
    def chosen(self) -> Reason | None:
        """The reason that was chosen."""
        given = self.reason.data or ""
        return Reason(given) if given in [reason.value for reason in Reason] else None


class InviteForm(BaseForm):
    """Whom to ask, until when, and whether the mail waits for a second look."""

    alumnus_id = IntegerField(_l("Alumnus"), [required(_l("Choose somebody first."))])
    answer_by = DateField(_l("Answer by"), [Optional()])
    held = BooleanField(_l("Let me read the mail before it leaves"))


class InviteManyForm(BaseForm):
    """Until when several people are asked; who they are comes as repeated ``alumnus_id``."""

    answer_by = DateField(_l("Answer by"), [Optional()])
    held = BooleanField(_l("Let me read the mails before they leave"))


class ReasonForm(BaseForm):
    """Why staff give a seat up; the person reads it."""

    reason = StringField(_l("Reason"), [at_most(500)])


class DeadlineForm(BaseForm):
    """Until when an answer is awaited."""

    answer_by = DateField(_l("Answer by"), [Optional()])
