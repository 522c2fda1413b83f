"""A real SMTP server on a free port, that can be told to refuse or to be away."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask

from config import Settings


class Inbox:
    """What arrived, in order; ``answers`` are given to the next recipients in place of an acceptance."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.answers: list[str] = []
        # A process that is killed the moment its mail has arrived, before it hears of it.
        self.victims: list[int] = []

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        self.recipients.append(list(envelope.rcpt_tos))
        while self.victims:
            os.kill(self.victims.pop(), signal.SIGKILL)
        return "250 taken"


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def smtp_server(port: int) -> Iterator[Inbox]:
    """A server that takes mail at the port as long as the block runs."""
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()


@contextmanager
def mail_to(app: Flask, url: str) -> Iterator[None]:
    """The application sends its mail to ``url`` as long as the block runs."""
    before: Settings = app.extensions["bsm_settings"]
    app.extensions["bsm_settings"] = Settings(before.env, before.database_url, before.secret_key, before.base_url, url)
    try:
        yield
    finally:
        app.extensions["bsm_settings"] = before
