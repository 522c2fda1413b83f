"""Asking every page as everybody, and looking for marks in whatever comes back."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from bsm_alumni.extensions import db
from bsm_alumni.mail.service import deliver_due
from bsm_alumni.worker import MAIL_RENDERERS
from tests.browsing import csrf_token
from tests.proofs.canaries import Marked, World, may_see
from tests.proofs.scanning import marks_in

# Search words that begin every mark, so that a search finds all there is to find; no whole mark is typed.
PROBES = ("", "?q=zqx", "?q=zqx&after=x", "?lang=ar")


@dataclass
class Found:
    """What was asked and what leaked: (who, where, field of whom)."""

    answers: int = 0
    marks_seen: int = 0
    leaks: set[tuple[str, str, str]] = field(default_factory=set)
    statuses: dict[int, int] = field(default_factory=dict)


class Forms(HTMLParser):
    """The forms of a page as a browser would post them when nobody changes anything."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
            return
        if not self.forms:
            return
        fields, name = self.forms[-1][1], given.get("name", "")
        if tag == "input" and name and given.get("type") not in ("checkbox", "radio", "file"):
            fields[name] = given.get("value", "")
        elif tag == "input" and name and "checked" in given:
            fields[name] = given.get("value", "on")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in given or self._select not in fields:
                fields[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._area = name

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self.forms:
            self.forms[-1][1][self._area] = data.strip()


class Numbers:
    """Values for the parts of an address, of one person and of what hangs on them."""

    def __init__(self, person: Marked, others: dict[str, Any], secrets: dict[str, str]) -> None:
        self.values = {**others, **person.ids, **secrets}
        self.calendar = secrets["calendar_token"]

    def path_of(self, rule: Rule) -> str:
        if rule.rule.startswith("/calendar/"):
            return f"/calendar/{self.calendar}.ics"
        parts = []
        for is_dynamic, data in rule._trace:
            parts.append(str(self.values.get(data, "1")) if is_dynamic else data)
        return "".join(parts).split("|", 1)[-1]


class Keeper(logging.Handler):
    """Keeps what the program logs, as text."""

    def __init__(self) -> None:
        super().__init__(level=0)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def kept_log() -> Iterator[Keeper]:
    keeper = Keeper()
    logging.getLogger().addHandler(keeper)
    try:
        yield keeper
    finally:
        logging.getLogger().removeHandler(keeper)


class Asker:
    """One actor with a browser, asking about one person after the other."""

    def __init__(self, app: Flask, world: World, actor: str, client: FlaskClient, found: Found) -> None:
        self.app, self.world, self.actor, self.client, self.found = app, world, actor, client, found
        self.forms: dict[str, list[dict[str, str]]] = {}
        self.read: set[str] = set()
        self.token = csrf_token(client, "/no-such-page")

    def look(self, answer: TestResponse, where: str, person: int) -> None:
        """Count an answer, keep its forms, and note every mark in it that this actor may not see."""
        self.found.answers += 1
        self.found.statuses[answer.status_code] = self.found.statuses.get(answer.status_code, 0) + 1
        self.judge(answer.data + b"\n" + str(answer.headers).encode(), where, person)
        page = where.split("?")[0]
        if answer.request.method == "GET" and answer.content_type.startswith("text/html") and page not in self.read:
            self.read.add(page)
            forms = Forms()
            forms.feed(answer.text)
            for action, fields in forms.forms:
                self.forms.setdefault(action.split("?")[0] or page, []).append(fields)

    def judge(self, said: bytes, where: str, person: int) -> None:
        """``person`` is whose browser it is, for the actor 'the person'."""
        for mark in marks_in(said):
            self.found.marks_seen += 1
            number, name = self.world.marks.get(mark, (-1, "a mark of nobody"))
            actor = self.actor if self.actor != "the person" or number == person else "another alumnus"
            state = self.world.people[number].state if number >= 0 else ""
            if number < 0 or not may_see(actor, name, state):
                self.found.leaks.add((self.actor, where, f"{name} of {state!r}"))

    def get(self, path: str, person: int, method: str = "GET") -> None:
        with self.client.open(path, method=method) as answer:
            self.look(answer, path, person)

    def post(self, path: str, fields: dict[str, str], person: int) -> int:
        with self.client.post(path, data={**fields, "csrf_token": self.token}) as answer:
            self.look(answer, f"{path} (posted)", person)
            return answer.status_code


def mails_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """(address, bytes) of every mail that lies in the folder; they are taken away."""
    for path in sorted(folder.glob("**/*")):
        if path.is_file():
            content = path.read_bytes()
            to = re.search(rb"^To: (.*)$", content, re.MULTILINE)
            yield (to[1].decode().strip() if to else ""), content
            path.unlink()


def send_all() -> None:
    """Have everything in the outbox sent, as the worker does."""
    db.session.rollback()
    deliver_due(MAIL_RENDERERS)
