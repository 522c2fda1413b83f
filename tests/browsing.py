"""Posting forms as a browser does: with the CSRF token of a page."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def csrf_token(client: FlaskClient, page: str = "/healthz-none") -> str:
    """The CSRF token that this browser's pages carry; every page with a footer has one."""
    match = TOKEN.search(client.get(page).text)
    assert match is not None, f"{page} has no form"
    return match[1]


def post_form(
    client: FlaskClient, url: str, data: dict[str, Any] | None = None, page: str | None = None
) -> TestResponse:
    """Post ``data`` to ``url`` with the token from ``page`` (any page of the site has one in its footer)."""
    token = csrf_token(client, page or "/no-such-page")
    return client.post(url, data={"csrf_token": token, **(data or {})})
