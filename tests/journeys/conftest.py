"""A real server on a free port, a real mail server, a real browser."""

import dataclasses
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from werkzeug.serving import make_server

from bsm_alumni.demo.clock import FIRST_MOMENT
from bsm_alumni.extensions import set_clock_offset
from tests.journeys.browsers import CHROMIUM_FLAGS, find_chromium


@dataclass
class Mailbox:
    """Takes every mail that is delivered to the server on ``port``."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 taken"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box = Mailbox(free.getsockname()[1])
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass(frozen=True)
class Live:
    """The application as a server that browsers reach at ``url``, on the demo's day."""

    url: str
    app: Flask


@pytest.fixture
def live(app: Flask, mailbox: Mailbox) -> Iterator[Live]:
    set_clock_offset(FIRST_MOMENT - datetime.now(UTC))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    before = app.extensions["bsm_settings"]
    app.extensions["bsm_settings"] = dataclasses.replace(
        before, base_url=url, mail_url=f"smtp://127.0.0.1:{mailbox.port}"
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield Live(url, app)
    finally:
        server.shutdown()
        thread.join()
        app.extensions["bsm_settings"] = before
        set_clock_offset(timedelta(0))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    assert path is not None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def desktop(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser window as on a desk."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser on a small phone. Scripts run, since axe is one; the pages themselves bring none."""
    context = chromium.new_context(viewport={"width": 320, "height": 640}, locale="en-GB", has_touch=True)
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def pictures(request: pytest.FixtureRequest) -> Path | None:
    """Where pictures of the pages go, with ``--pictures``; not kept in the repository."""
    from config import ROOT

    if not request.config.getoption("--pictures"):
        return None
    folder = ROOT / "var" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
