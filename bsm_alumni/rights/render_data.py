"""The readable file: one page with its style inside, no scripts, nothing loaded from elsewhere."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from bsm_alumni.rights.queries_data import Holdings
from bsm_alumni.web.filters import day, when
from bsm_alumni.web.locale import html_lang, is_rtl
from config import ROOT

STYLE = ROOT / "static" / "my-data.css"
# What columns are called; those that are missing are shown by the column's own name.
LABELS: Mapping[str, Any] = {
    "id": _l("Number"),
    "alumnus_id": _l("Your number"),
    "content": _l("Photo"),
    "shown_sort": _l("Name as partners' lists sort it"),
    "folded": _l("Address in small letters"),
    "term": _l("Word"),
    "field_bit": _l("Part of the profile, as a number"),
    "title": _l("Title"),
    "family_name": _l("Family name"),
    "given_names": _l("Given names"),
    "display_name": _l("Name"),
    "latin_name": _l("Name in Latin letters"),
    "sort_name": _l("Name as it is sorted"),
    "gender": _l("Gender"),
    "country_code": _l("Country"),
    "agency": _l("Agency"),
    "position": _l("Position"),
    "phone": _l("Telephone"),
    "zone": _l("Time zone"),
    "locale": _l("Language of mail and pages"),
    "notice_days": _l("Days of notice you need"),
    "quarter_limit": _l("Most sessions in a quarter"),
    "status": _l("Status"),
    "restricted": _l("Restricted"),
    "remarks": _l("Remarks"),
    "profile_confirmed_at": _l("You confirmed the profile"),
    "created_at": _l("Put down"),
    "updated_at": _l("Last changed"),
    "address": _l("Address"),
    "to_address": _l("To"),
    "email": _l("Address"),
    "language_code": _l("Language"),
    "level": _l("Level"),
    "theme": _l("Theme"),
    "cohort": _l("Cohort"),
    "result": _l("Result"),
    "note": _l("Note"),
    "event": _l("Session"),
    "state": _l("State"),
    "invited_at": _l("Asked"),
    "answer_by": _l("Answer by"),
    "answered_at": _l("Answered"),
    "reason": _l("Reason"),
    "reason_text": _l("Reason in your words"),
    "actor": _l("Who"),
    "at": _l("When"),
    "from_state": _l("From"),
    "to_state": _l("To"),
    "kind": _l("Kind"),
    "starts_on": _l("First day"),
    "ends_on": _l("Last day"),
    "sent_at": _l("Sent"),
    "sent_subject": _l("Subject"),
    "sent_text": _l("Text"),
    "answer": _l("Answer"),
    "words": _l("Words"),
    "source": _l("Source"),
    "confirmed_at": _l("Confirmed"),
    "organisation": _l("Organisation"),
    "field_group": _l("Part of the profile"),
    "groups": _l("Parts of the profile"),
    "given": _l("Given"),
    "evidence": _l("Evidence"),
    "way": _l("How"),
    "purpose": _l("Purpose"),
    "day": _l("Day"),
    "times": _l("Times"),
    "first_at": _l("First"),
    "last_at": _l("Last"),
    "item": _l("About"),
    "asked_at": _l("Asked"),
    "due_on": _l("Due"),
    "name": _l("Name"),
    "network": _l("Network"),
    "device": _l("Device"),
    "method": _l("How you signed in"),
    "seen_at": _l("Last seen"),
    "ended_at": _l("Ended"),
    "ended_why": _l("Why it ended"),
    "cells": _l("As it stood in the file"),
    "repairs": _l("Repaired to"),
    "import_batch": _l("File"),
    "batch": _l("File"),
    "sheet": _l("Sheet"),
    "row": _l("Row"),
    "column": _l("Column"),
    "value": _l("Value"),
    "problem": _l("What was noted"),
    "field": _l("Field"),
    "before": _l("Before"),
    "after": _l("After"),
    "verb": _l("What was done"),
}


def html_file(held: Holdings) -> str:
    """The whole file, in the language of the page."""
    return render_template(
        "rights/data_file.html",
        held=held,
        # Our own file, with nothing of anybody in it.
        style=Markup(f"<style>{STYLE.read_text()}</style>"),  # noqa: S704
        label=label,
        shown=shown,
        lang=html_lang(),
        direction="rtl" if is_rtl() else "ltr",
    )


def label(column: str) -> str:
    """What a column is called."""
    return str(LABELS.get(column) or column.replace("_", " ").capitalize())


def shown(value: Any) -> str:
    """A value as a person reads it; nothing for what is not there."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return "✓" if value else "✕"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {shown(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value)
    return _instant(value) if isinstance(value, str) else str(value)


def _instant(text: str) -> str:
    """An instant or a day in words, any other text as it is."""
    if len(text) < 10 or text[4:5] != "-" or not text[:4].isdigit():
        return text
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    return day(instant) if len(text) == 10 else f"{when(instant, 'UTC', 'short')} UTC"
