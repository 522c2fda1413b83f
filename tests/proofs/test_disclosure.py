"""Every page × method × actor × state of sharing: no answer, mail, file or log tells what was not given."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from bsm_alumni.accounts.models import User
from bsm_alumni.extensions import db
from bsm_alumni.mail.models import Mail
from tests import databases
from tests.factories import Factory
from tests.proofs.asking import PROBES, Asker, Found, Numbers, kept_log, mails_of, send_all
from tests.proofs.canaries import STATES, Marked, World, may_see
from tests.proofs.scanning import marks_in

pytestmark = pytest.mark.sqlite

ACTORS = (
    "nobody",
    "the person",
    "another alumnus",
    "partner, all agreed",
    "partner, name agreed",
    "partner, agreement ended",
    "focal point",
    "viewer",
    "officer",
    "admin",
)
# Who is shown nobody at all, and so sees no mark.
UNSEEING = ("nobody", "another alumnus", "partner, agreement ended")
# Pages that are searched: also by the beginning of every mark.
SEARCHED = {
    "alumni_partner.roster",
    "alumni_staff.roster",
    "audit_staff.audit",
    "cohorts_staff.cohorts",
    "events_partner.events",
    "events_staff.events",
    "mail_staff.outbox",
    "staff_home.search",
    "users_staff.users",
}
# Ending the session or the account would leave the rest of the run to a visitor.
NOT_POSTED = {"accounts_public.sign_out"}


class Kept:
    """A database as it was, to be put back after what was posted changed it."""

    def __init__(self, app: Flask, database: databases.SQLITE) -> None:
        self.app, self.database = app, database
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
        self.content = database.path.read_bytes()

    def put_back(self) -> None:
        db.session.remove()
        db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{self.database.path}{suffix}").unlink(missing_ok=True)
        self.database.path.write_bytes(self.content)
        self.app.extensions.pop("bsm_columns", None)


def rules_of(app: Flask, method: str) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or set()) and rule.endpoint not in NOT_POSTED:
            yield rule


def client_of(
    actor: str, app: Flask, world: World, person: Marked, sign_in: Callable[[User], FlaskClient]
) -> FlaskClient:
    if actor == "nobody":
        return app.test_client()
    user_id = person.ids["user_id"] if actor == "the person" else world.accounts[actor]
    return sign_in(db.session.get_one(User, user_id))


def judge_mails(asker: Asker, folder: Path, where: str) -> None:
    """A mail is read by whoever it is addressed to, whoever caused it."""
    world = asker.world
    for address, content in mails_of(folder):
        own = {world.marks[mark][0] for mark in marks_in(address.encode()) if mark in world.marks}
        for mark in marks_in(content):
            number, name = world.marks[mark]
            reader = "the person" if number in own else world.readers.get(address, "nobody")
            if not may_see(reader, name, world.people[number].state):
                asker.found.leaks.add((f"mail to {reader}", where, f"{name} of {world.people[number].state!r}"))


def ask_everything(
    app: Flask,
    world: World,
    actor: str,
    person: Marked,
    asker: Asker,
    kept: Kept,
    folder: Path,
    every_method: bool,
) -> None:
    """All pages as one actor about one person. A page whose address names nobody tells of all states at once."""
    own = {"token": person.ids["token"], "calendar_token": person.ids["calendar_token"]}
    # A secret link is the person's own; others may only guess.
    secrets = own if actor == "the person" else {"token": "guess", "calendar_token": "1-guess"}
    numbers = Numbers(person, {**world.shared_ids}, secrets)

    def wanted(rule: Rule) -> bool:
        return every_method or bool(rule.arguments) or person.number == 0 or actor == "the person"

    for rule in rules_of(app, "GET"):
        if wanted(rule):
            path = numbers.path_of(rule)
            for probe in PROBES if rule.endpoint in SEARCHED else ("",):
                asker.get(f"{path}{probe}", person.number)
            if every_method:
                asker.get(path, person.number, "HEAD")
    for rule in rules_of(app, "POST"):
        if wanted(rule):
            path = numbers.path_of(rule)
            for fields in asker.forms.get(path, [{}])[:1]:
                status = asker.post(path, fields, person.number)
                if status < 400:
                    if db.session.scalar(sa.select(sa.func.count()).where(Mail.attempts == 0)):
                        send_all()
                        judge_mails(asker, folder, path)
                    kept.put_back()


@pytest.fixture
def world(make: Factory) -> World:
    return World(make)


def ask_as(
    actor: str,
    app: Flask,
    world: World,
    sign_in: Callable[[User], FlaskClient],
    database: databases.SQLITE,
    folder: Path,
    every_method: bool = False,
) -> Found:
    """Everything as one actor about all eight people, and the log of it."""
    found = Found()
    clients = [client_of(actor, app, world, person, sign_in) for person in world.people]
    kept = Kept(app, database)
    with kept_log() as log:
        for person, client in zip(world.people, clients, strict=True):
            asker = Asker(app, world, actor, client, found)
            ask_everything(app, world, actor, person, asker, kept, folder, every_method)
    found.leaks |= {("the log", line[:80], mark) for line in log.lines for mark in marks_in(line.encode())}
    print(
        f"disclosure, {actor}: {found.answers} answers in {len(STATES)} states, {found.marks_seen} marks seen, "
        f"{len(found.leaks)} leaks, {len(log.lines)} log lines; {found.statuses}"
    )
    return found


@pytest.mark.parametrize("actor", ACTORS)
def test_no_answer_tells_what_was_not_given(
    app: Flask,
    world: World,
    sign_in: Callable[[User], FlaskClient],
    database: databases.SQLITE,
    mail_folder: Path,
    actor: str,
) -> None:
    found = ask_as(actor, app, world, sign_in, database, mail_folder)
    assert sorted(found.leaks) == []
    # Ten actors together: ten thousand.
    assert found.answers >= 1_000
    # Marks were there to be seen by those who may: a run that saw none would prove nothing.
    assert (found.marks_seen > 0) == (actor not in UNSEEING)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("actor", ACTORS)
def test_no_answer_tells_what_was_not_given_at_length(
    app: Flask,
    make: Factory,
    sign_in: Callable[[User], FlaskClient],
    database: databases.SQLITE,
    mail_folder: Path,
    actor: str,
    seed: int,
) -> None:
    found = ask_as(actor, app, World(make, seed), sign_in, database, mail_folder, every_method=True)
    assert sorted(found.leaks) == []
    # Three times ten actors together: a hundred thousand.
    assert found.answers >= 3_400
