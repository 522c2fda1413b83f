"""Posting forms as a browser does: with the CSRF token of a page."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bsm_alumni.extensions import db


class Client(FlaskClient):
    """A client whose requests share nothing with the test: no application context, no session, no signed-in user.

    Flask lets a request use the application context that is active around it, and with it whatever the request
    before left in ``g``. Each request therefore runs in a thread of its own. The test's own transaction ends
    before it, so that it blocks no writer, and begins anew after it, so that it sees what was written.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        _end_own_transaction()
        with ThreadPoolExecutor(1) as thread:
            answer = thread.submit(super().open, *args, **kwargs).result()
        _end_own_transaction()
        return answer


def _end_own_transaction() -> None:
    if has_app_context():
        db.session.rollback()


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
