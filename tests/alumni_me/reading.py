"""Reading pages that show words which are kept: their lines, and the hidden fields of their forms."""

import html
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

BLOCKS = "p|div|li|ul|ol|label|legend|h1|h2|section|form|input|fieldset|button|td|th|tr|dd|dt"


def lines_of(page: str) -> list[str]:
    """The words of a page, a line for each paragraph, label, legend and item."""
    text = re.sub(rf"</?({BLOCKS})\b[^>]*>", "\n", page)
    return [line.strip() for line in html.unescape(re.sub(r"<[^>]+>", "", text)).split("\n") if line.strip()]


def form_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the first form that posts to ``action``, without boxes of a fixed choice."""
    forms = [form for form in re.findall(r"<form\b.*?</form>", page, re.DOTALL) if f'action="{action}"' in form]
    found = re.findall(
        r'<input (?:id="\w+" )?(?:type="hidden" )?name="(\w+)"(?: type="hidden")? value="([^"]*)">', forms[0]
    )
    return {name: html.unescape(value) for name, value in found if name != "groups"}


def send(client: FlaskClient, action: str, data: dict[str, Any] | None = None, page: str = "") -> TestResponse:
    """Post the form that stands on ``page`` (by default at the form's own address), with what is chosen in it."""
    return client.post(action, data={**form_of(client.get(page or action).text, action), **(data or {})})
