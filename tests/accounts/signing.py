"""Second factors in tests: the codes that an app would show, requests at the same moment, what a page shows."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.rules_totp import code_at, step_at
from bsm_alumni.accounts.service_totp import confirm_app, start_app, unseal
from bsm_alumni.extensions import db, machine_now
from tests.browsing import Client

HOST = "https://bsm.example.org"


class SecureClient(Client):
    """A browser that goes to the production address."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("base_url", HOST)
        return super().open(*args, **kwargs)


def give_app(user: User) -> bytes:
    """Set up an authenticator app for the user, committed; its secret. Its first code was one of an hour ago."""
    start_app(user)
    secret = secret_of(user)
    assert confirm_app(user, code_at(secret, now_step()))
    user.totp_counter = now_step() - 120
    db.session.commit()
    return secret


def secret_of(user: User) -> bytes:
    """The secret that waits, or else the one that counts."""
    secret = unseal(user.totp_pending or user.totp_secret or "", user)
    assert secret is not None
    return secret


def now_step() -> int:
    """The time step of this moment."""
    return step_at(machine_now().timestamp())


def code_now(secret: bytes, ahead: int = 0) -> str:
    """The app's code of this moment, or of some steps later."""
    return code_at(secret, now_step() + ahead)


def wrong_code(secret: bytes) -> str:
    """Six digits that are the code of no step nearby."""
    near = {code_now(secret, ahead) for ahead in range(-3, 4)}
    return next(text for text in (f"{number:06}" for number in range(10)) if text not in near)


def is_in(client: FlaskClient) -> bool:
    """True when the browser's session opens what only signed-in people see."""
    # The page, or the way to the first page; anything else is neither and fails.
    return {200: True, 302: False}[client.get("/account/second-factors").status_code]


def codes_on(answer: TestResponse) -> list[str]:
    """The recovery codes that a page shows."""
    return re.findall(r'<code class="to-copy">([0-9a-z-]+)</code>', answer.text)


def headings(answer: TestResponse) -> list[str]:
    """What the page's h1 says."""
    return re.findall(r"<h1>(.*?)</h1>", answer.text)


def at_once(calls: list[Callable[[], TestResponse]]) -> list[TestResponse]:
    """The answers to requests that all begin at the same moment."""
    barrier = Barrier(len(calls))
    db.session.rollback()

    def _run(call: Callable[[], TestResponse]) -> TestResponse:
        barrier.wait(30)
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(_run, calls))
