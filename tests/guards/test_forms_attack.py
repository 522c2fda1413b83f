"""Every form, with every column of every table added to what it sends: nothing moves that would not have moved."""

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Blueprint, Flask, request
from flask.testing import FlaskClient

from bsm_alumni import create_app
from bsm_alumni.access import access, public
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.database import engine_options
from bsm_alumni.extensions import csrf, db, utc_now
from tests.factories import Factory
from tests.guards.forms_table import NOT_ON_A_PAGE, OWN_FIELDS, OWN_NAMES
from tests.guards.forms_world import Form, filled, forms_of, make_world
from tests.guards.test_routes import path_of

pytestmark = pytest.mark.sqlite

SignIn = Callable[[User], FlaskClient]
Rows = dict[str, list[dict[str, Any]]]

# Different each time by themselves: compared only as 'the same as before' or 'changed'.
RANDOM = frozenset({
    "mac", "digest", "salt", "seal", "nonce", "token_hash", "fs_uniquifier", "password", "totp_secret", "code_hash",
    "webauthn_handle", "content", "last_mac", "key", "totp_pending",
})  # fmt: skip
HEX = re.compile(r"\b[0-9a-f]{32,64}\b")


def hostile_value(column: sa.Column[Any]) -> str:
    """What would do most harm in a column: the highest role, another's number, a yes, a moment long ago."""
    if isinstance(column.type, sa.Enum):
        return "admin" if "admin" in column.type.enums else str(column.type.enums[-1])
    if isinstance(column.type, sa.Boolean):
        return "" if column.name == "active" else "1"
    if isinstance(column.type, sa.Integer):
        return "2"
    if isinstance(column.type, (sa.Date, sa.DateTime)) or "DateTime" in type(column.type).__name__:
        return "2020-01-01T00:00:00+00:00"
    if isinstance(column.type, sa.JSON):
        return '{"role": "admin"}'
    return "evil@example.org"


def additions(taken: set[str]) -> dict[str, str]:
    """Every column of every table in the spellings that frameworks have fallen for, but for the form's own names."""
    found: dict[str, str] = {}
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            value, short = hostile_value(column), table.name.removesuffix("s")
            for name in (
                column.name, f"{table.name}.{column.name}", f"{short}.{column.name}", f"{short}[{column.name}]",
                f"{column.name}[]", f"{short}-{column.name}", f"{short}_{column.name}", column.name.upper(),
                f"{column.name}-0", f"__{column.name}",
            ):  # fmt: skip
                if name not in taken:
                    found.setdefault(name, value)
    return found


def rows_now() -> Rows:
    """Everything that the database holds."""
    with db.engine.connect() as connection:
        return {
            table.name: [
                dict(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()
            ]
            for table in db.metadata.sorted_tables
        }


def comparable(rows: Rows, before: Rows) -> dict[str, list[str]]:
    """The rows as text, with what is random by itself reduced to whether it is as it was before."""
    found = {}
    for name, table in rows.items():
        keys = [column.name for column in db.metadata.tables[name].primary_key]
        old = {tuple(str(row[key]) for key in keys): row for row in before[name]}
        lines = []
        for row in table:
            earlier = old.get(tuple(str(row[key]) for key in keys), {})
            plain = {
                column: ("as before" if earlier.get(column) == value else "changed") if column in RANDOM else value
                for column, value in row.items()
            }
            lines.append(HEX.sub("…", str(plain)))
        found[name] = lines
    return found


class Keeper:
    """Puts the database back to the world between posts: the file as it was."""

    def __init__(self) -> None:
        self.rows = rows_now()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.session.remove()
        db.engine.dispose()
        self._file = Path(db.engine.url.database or "")
        self._kept = self._file.read_bytes()

    def put_back(self) -> None:
        db.session.remove()
        db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{self._file}{suffix}").unlink(missing_ok=True)
        self._file.write_bytes(self._kept)


def moved(keeper: Keeper, post: Callable[[], int]) -> tuple[int, dict[str, list[str]]]:
    """The status of a post upon the world, and the whole database after it."""
    keeper.put_back()
    status = post()
    return status, comparable(rows_now(), keeper.rows)


def differences(one: dict[str, list[str]], other: dict[str, list[str]]) -> list[str]:
    return [
        f"{table}: {sorted(set(one[table]) ^ set(other[table]))}"[:700] for table in one if one[table] != other[table]
    ]


@pytest.fixture
def still(app: Flask) -> Iterator[None]:
    """The clock stands, so that two runs of the same post give the same moments; forms need no token."""
    app.config["WTF_CSRF_ENABLED"] = False
    with time_machine.travel(utc_now(), tick=False):
        yield
    app.config["WTF_CSRF_ENABLED"] = True


# What an error that no page foresaw counts as; in production it is the page of error 500.
CRASHED = 500
QUERY = {"role": "admin", "organisation_id": "2", "alumnus_id": "2", "active": "1", "user_id": "2", "id": "2"}


def same_browser(client: FlaskClient) -> Callable[..., int]:
    """Posts as this browser is now, each time: what an answer does to its cookies is forgotten."""
    kept = dict(client._cookies)

    def post(url: str, **body: Any) -> int:
        client._cookies = dict(kept)
        try:
            with client.post(url, **body) as answer:
                return answer.status_code
        except Exception:
            return CRASHED
        finally:
            client._cookies = dict(kept)

    return post


def attack(client: FlaskClient, keeper: Keeper, url: str, form: Form, also_json: bool = True) -> tuple[int, list[str]]:
    """The status of the honest post, and what differs when the same post carries every column's name."""
    extra = additions({*form.fields, *form.files, *OWN_NAMES})
    if form.files:
        # A form with a file may have a thousand parts and no more: the columns as they are called.
        columns = {column.name for table in db.metadata.sorted_tables for column in table.columns}
        extra = {name: value for name, value in extra.items() if name in columns}
    query = QUERY if "?" not in url else {}
    post = same_browser(client)
    status, plain = moved(keeper, lambda: post(url, data=filled(form)))
    loaded = {**filled(form), **extra}
    attacked, after = moved(keeper, lambda: post(url, data=loaded, query_string=query))
    found = [f"status {status} became {attacked}"] if status != attacked else []
    found += ["it crashed"] if CRASHED in (status, attacked) else []
    found += differences(plain, after)
    if also_json and not form.files:
        single = {name: value[0] if isinstance(value, list) else value for name, value in filled(form).items()}
        _status, plain = moved(keeper, lambda: post(url, json=single))
        _status, after = moved(keeper, lambda: post(url, json={**single, **extra}))
        found += [f"as JSON: {words}" for words in differences(plain, after)]
    return status, found


@dataclass
class Tally:
    """What an attack on many forms came to."""

    count: int = 0
    valid: set[str] = field(default_factory=set)
    wrong: dict[str, list[str]] = field(default_factory=dict)

    def add(self, role: str, endpoint: str, result: tuple[int, list[str]]) -> None:
        status, found = result
        self.count += 1
        if status < 400:
            self.valid.add(endpoint)
        if found:
            self.wrong[f"{role} {endpoint}"] = found


def attack_all(app: Flask, make: Factory, sign_in: SignIn, folder: Path, every_role: bool) -> Tally:
    """Attack each form as one of those who find it, or as everyone who does; and what no page shows."""
    users, tokens = make_world(make, folder)
    clients = {role: sign_in(user) for role, user in users.items()}
    clients["anonymous"] = app.test_client()
    keeper, tally = Keeper(), Tally()
    posts: dict[str, dict[str, Form]] = {}
    for role, client in clients.items():
        start = (
            ["/", *tokens]
            if role == "anonymous"
            else ["/", "/account", "/staff/home", "/me/", "/me/photo", "/partner/alumni"]
        )
        for endpoint, form in forms_of(app, client, start):
            form.fields.update({**OWN_FIELDS.get(endpoint, {}), **form.fields})
            posts.setdefault(endpoint, {}).setdefault(role, form)
    for endpoint, forms in posts.items():
        for number, (role, form) in enumerate(forms.items()):
            if number == 0 or every_role:
                tally.add(role, endpoint, attack(clients[role], keeper, form.url, form, also_json=number == 0))
    for endpoint in NOT_ON_A_PAGE:
        (rule,) = [one for one in app.url_map.iter_rules(endpoint) if "POST" in (one.methods or set())]
        url = path_of(rule).replace("999999", "1")
        form = Form(url, dict(OWN_FIELDS.get(endpoint, {})))
        owners = {"/me": "alumnus", "/partner": "partner", "/staff": "admin", "/account": "officer"}
        owner = next((role for start, role in owners.items() if url.startswith(start)), "anonymous")
        for role in clients if every_role else (owner,):
            tally.add(role, endpoint, attack(clients[role], keeper, url, form, also_json=every_role))
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())}
    print(f"\n{tally.count} forms of {len(endpoints)} endpoints attacked with {len(additions(set()))} names each")
    print(f"{len(tally.valid)} endpoints took the honest post; {len(tally.wrong)} moved what they should not")
    assert endpoints - set(posts) == set(NOT_ON_A_PAGE)
    return tally


def test_nothing_moves_that_should_not(app: Flask, make: Factory, sign_in: SignIn, tmp_path: Path, still: None) -> None:
    tally = attack_all(app, make, sign_in, tmp_path, every_role=False)
    assert tally.wrong == {}
    assert len(tally.valid) >= 60


@pytest.mark.long
def test_nothing_moves_for_any_role(app: Flask, make: Factory, sign_in: SignIn, tmp_path: Path, still: None) -> None:
    assert attack_all(app, make, sign_in, tmp_path, every_role=True).wrong == {}


def planted_view() -> Blueprint:
    bp = Blueprint("twin", __name__)

    @bp.post("/twin/<int:user_id>")
    @access(public)
    def populate(user_id: int) -> str:
        user = db.session.get_one(User, user_id)
        for name, value in request.form.items():
            if name in User.__table__.columns and name == "role":
                setattr(user, name, Role(value))
            elif name in User.__table__.columns and name == "name":
                setattr(user, name, value)
        return "saved"

    csrf.exempt(bp)
    return bp


def test_a_view_that_takes_whatever_comes_is_caught(app: Flask, make: Factory) -> None:
    """The twin: a page that fills a row with all that it was sent."""
    user = make.user(Role.OFFICER)
    # Its connections must not outlive a request: the file beneath is put back between posts.
    options = {**engine_options(app.extensions["bsm_settings"].database_url), "poolclass": sa.NullPool}
    twin = create_app(
        app.extensions["bsm_settings"], TESTING=True, WTF_CSRF_ENABLED=False, SQLALCHEMY_ENGINE_OPTIONS=options
    )
    twin._got_first_request = False
    twin.register_blueprint(planted_view())
    url = f"/twin/{user.id}"
    keeper = Keeper()
    with time_machine.travel(utc_now(), tick=False):
        _status, found = attack(twin.test_client(), keeper, url, Form(url, {"name": ["Olga"]}))
    assert [words.split(":")[0] for words in found] == ["users"]
    assert "admin" in found[0]
    with twin.app_context():
        db.engine.dispose()


def test_what_is_random_by_itself_is_told_from_what_was_changed(app: Flask, make: Factory) -> None:
    user = make.user(Role.OFFICER)
    before = rows_now()
    user.fs_uniquifier = secrets.token_hex(16)
    db.session.commit()
    once = comparable(rows_now(), before)
    user.fs_uniquifier = secrets.token_hex(16)
    db.session.commit()
    assert comparable(rows_now(), before) == once
    assert once != comparable(before, before)
