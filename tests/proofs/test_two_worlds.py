"""Two registries that differ only in what an actor may not see answer everything alike, byte for byte."""

import random
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.accounts.models import User
from bsm_alumni.desk import queries_partner
from bsm_alumni.extensions import db
from tests import databases
from tests.browsing import csrf_token
from tests.factories import Factory
from tests.proofs.canaries import World
from tests.proofs.differences import ACTORS, OUTSIDE, differences
from tests.proofs.test_disclosure import Kept

pytestmark = pytest.mark.sqlite

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
PAIRS = 300
# Ten parts of five hundred: five thousand pairs.
PARTS, PAIRS_OF_A_PART = range(10), 500
STEPS = 5

Ask = tuple[str, str, dict[str, str]]


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


class Pair:
    """A world with a browser for each actor, which can be put back and made different."""

    def __init__(
        self,
        app: Flask,
        make: Factory,
        sign_in: Callable[[User], FlaskClient],
        database: Any,
        also: Iterable[str] = (),
    ) -> None:
        self.app, self.world = app, World(make)
        self.jars: dict[str, FlaskClient] = {}
        self.tokens: dict[str, str] = {}
        for actor in (*ACTORS, *also):
            user_id = self.world.accounts.get(actor)
            client = app.test_client() if user_id is None else sign_in(db.session.get_one(User, user_id))
            self.jars[actor], self.tokens[actor] = client, csrf_token(client)
        self.addresses = list(db.session.scalars(sa.select(User.email).order_by(User.id)))
        self.kept = Kept(app, database)

    def answers(self, actor: str, asks: list[Ask], steps: list[Callable[..., None]]) -> list[Any]:
        """What the actor is answered in the world after these steps."""
        self.kept.put_back()
        with db.engine.begin() as connection:
            for step in steps:
                step(connection, self.world, None)
        db.engine.dispose()
        client = self.app.test_client()
        client._cookies = dict((self.jars[actor]._cookies or {}).items())
        found = []
        for method, path, fields in asks:
            data = {**fields, "csrf_token": self.tokens[actor]} if method == "POST" else None
            with client.open(path, method=method, data=data) as answer:
                found.append((method, path, answer.status_code, sorted(answer.headers.items()), answer.data))
        return found

    def asks(self, actor: str, chance: random.Random) -> list[Ask]:
        """A few things that this actor may well do, with numbers of people who are there, hidden, or nowhere."""
        maker = self._visits if actor in OUTSIDE else self._looks
        return [maker(actor, chance) for _ in range(STEPS)]

    def _looks(self, actor: str, chance: random.Random) -> Ask:
        person = chance.choice(self.world.people)
        number = chance.choice([person.ids["alumnus_id"], 999_999])
        mark = next(word for word, (owner, _name) in self.world.marks.items() if owner == person.number)
        query = chance.choice(
            [
                "",
                "?q=person",
                "?q=zqx",
                f"?q={mark}",
                "?q=agency",
                "?q=example",
                "?place=SN",
                "?place=FJ",
                "?place=Western+Africa",
                "?language=en&level=3",
                f"?cohort={person.ids['cohort_id']}",
                f"?theme={person.ids['theme_id']}",
                "?status=archived",
                "?free_from=2031-05-17&free_to=2031-05-18",
                "?sort=country",
                "?lang=ar",
            ]
        )
        if chance.random() < 0.2:
            kind = chance.choice(["csv", "json", "xlsx"])
            return "POST", f"/partner/alumni/export{query}", {"purpose": "Choosing presenters", "file_format": kind}
        page = chance.choice(
            [
                f"/partner/alumni{query}",
                f"/partner/alumni{query}",
                f"/partner/alumni/{number}",
                "/partner/events",
                "/partner/events?show=past",
                "/partner/figures",
                f"/partner/alumni/export{query}",
                f"/staff/alumni/{number}",
                f"/me/sessions/{person.ids['assignment_id']}",
            ]
        )
        return "GET", page, {}

    def _visits(self, actor: str, chance: random.Random) -> Ask:
        person, address = chance.choice(self.world.people), chance.choice([*self.addresses, "who@example.org"])
        posts: list[Ask] = [
            ("POST", "/", {"email": address, "password": "a wrong password"}),
            ("POST", "/password/forgotten", {"email": address}),
            ("POST", "/sign-in/link", {"email": address}),
        ]
        gets: list[Ask] = [
            ("GET", path, {})
            for path in (
                "/",
                f"/staff/alumni/{person.ids['alumnus_id']}",
                f"/partner/alumni/{person.ids['alumnus_id']}",
                "/i/guess",
                f"/calendar/{person.ids['user_id']}-guess.ics",
                "/me/",
                "/me/sharing",
                "/me/data",
                "/me/seen",
                f"/me/sessions/{person.ids['assignment_id']}",
                "/healthz",
                "/readyz",
            )
        ]
        return chance.choice(posts if actor == "nobody" and chance.random() < 0.5 else gets)


def count_differing(pair: Pair, pairs: int, seed: int) -> tuple[int, list[str]]:
    """How many answers were compared, and what differed."""
    compared, wrong = 0, []
    for number in range(pairs):
        chance = random.Random(f"{seed}-{number}")
        actor = ACTORS[number % len(ACTORS)]
        changes, asks = differences(actor, pair.world, chance), pair.asks(actor, chance)
        one, other = pair.answers(actor, asks, []), pair.answers(actor, asks, [change.step for change in changes])
        compared += len(one)
        for left, right in zip(one, other, strict=True):
            if left != right:
                names = ", ".join(change.name for change in changes)
                wrong.append(f"{actor}: {left[0]} {left[1]} tells of {names}")
    return compared, wrong


def test_what_may_not_be_seen_changes_no_byte(
    app: Flask, make: Factory, sign_in: Callable[[User], FlaskClient], database: databases.SQLITE
) -> None:
    compared, wrong = count_differing(Pair(app, make, sign_in, database), PAIRS, 1)
    print(f"two worlds: {PAIRS} pairs, {compared} answers compared, {len(wrong)} differ")
    assert wrong == []


@pytest.mark.long
@pytest.mark.parametrize("part", PARTS)
def test_what_may_not_be_seen_changes_no_byte_at_length(
    app: Flask, make: Factory, sign_in: Callable[[User], FlaskClient], database: databases.SQLITE, part: int
) -> None:
    compared, wrong = count_differing(Pair(app, make, sign_in, database), PAIRS_OF_A_PART, part + 2)
    print(f"two worlds, part {part}: {PAIRS_OF_A_PART} pairs, {compared} answers compared, {len(wrong)} differ")
    assert wrong == []


def test_a_count_of_everybody_is_noticed(
    app: Flask,
    make: Factory,
    sign_in: Callable[[User], FlaskClient],
    database: databases.SQLITE,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The twin: a roster that counts all people tells of one more whom the partner must not notice."""
    from bsm_alumni.desk import views_partner

    def careless(*_given: object) -> int:
        return db.session.scalar(sa.text("SELECT count(*) FROM alumni")) or 0

    monkeypatch.setattr(views_partner, "count_shared", careless)
    monkeypatch.setattr(queries_partner, "count_shared", careless)
    pair, actor = Pair(app, make, sign_in, database), "partner, all agreed"

    def more(connection: sa.Connection, *_given: object) -> None:
        columns = ", ".join(column.name for column in db.metadata.tables["alumni"].columns if column.name != "id")
        connection.execute(sa.text(f"INSERT INTO alumni ({columns}) SELECT {columns} FROM alumni WHERE restricted"))

    asks: list[Ask] = [("GET", "/partner/alumni", {})]
    assert pair.answers(actor, asks, [more]) != pair.answers(actor, asks, [])
