"""From words to a message: every mail is made here, from a template in text and one in HTML."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import current_app
from flask_babel import force_locale

from bsm_alumni.mail.message import Attachment, Message
from bsm_alumni.reference.locales import LOCALES, RTL, babel_locale

_BLANK_LINES = re.compile(r"\n\s*\n\s*\n")


@contextmanager
def in_language_of(locale: str) -> Iterator[str]:
    """Words made inside are in the reader's language; English where we do not have it. Gives its code."""
    known = locale if locale in LOCALES else "en"
    with force_locale(babel_locale(known)):
        yield known


def page_url(path: str) -> str:
    """The address of a page, from the configured base URL and never from a request's Host header."""
    return f"{current_app.extensions['bsm_settings'].base_url}{path}"


def rendered(
    template: str,
    subject: str,
    language: str,
    values: Mapping[str, Any],
    *,
    attachments: tuple[Attachment, ...] = (),
    secrets: tuple[str, ...] = (),
) -> Message:
    """The message of ``mail/<template>.txt`` and ``.html`` in a language of ours; call it inside ``in_language_of``.

    Straight from the templates: a mail knows of no request and of nobody who is signed in.
    """
    told = {
        **values,
        "subject": subject,
        "page_locale": language,
        "page_dir": "rtl" if language in RTL else "ltr",
    }
    environment = current_app.jinja_env
    text = environment.get_template(f"mail/{template}.txt").render(told)
    return Message(
        subject=subject,
        text=_BLANK_LINES.sub("\n\n", text).strip() + "\n",
        html=environment.get_template(f"mail/{template}.html").render(told),
        attachments=attachments,
        secrets=secrets,
    )
