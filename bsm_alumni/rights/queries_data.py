"""Everything that is held about a person, table by table, as the person gets it."""

import base64
import enum
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.audit.service import PROGRAM
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.rules import groups_of, in_order
from bsm_alumni.rights.person import Person, person_of
from bsm_alumni.rights.tables import HELD
from bsm_alumni.wall import lower_wall

# What a key of another table stands for, by the column that names it there.
NAMES: Mapping[str, str] = {
    "organisations": "name",
    "events": "title",
    "cohorts": "code",
    "courses": "title",
    "themes": "name",
    "import_batches": "filename",
    "slots": "role",
}
# Columns that name a person by text.
ACTORS = frozenset({"actor"})


@dataclass(frozen=True, slots=True)
class Section:
    """One table's rows: column → value, as JSON holds it."""

    table: str
    title: str
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Holdings:
    """All sections, empty ones too, with the person's number and the instant."""

    alumnus_id: int
    name: str
    made_at: datetime
    sections: Sequence[Section]

    def to_json(self) -> dict[str, Any]:
        """One document: what it is, then each table under its own name."""
        return {
            "about": _("Everything that BSM Alumni holds about %(name)s", name=self.name),
            "number": self.alumnus_id,
            "made_at": self.made_at.isoformat(),
            "sections": {section.table: list(section.rows) for section in self.sections},
            "titles": {section.table: section.title for section in self.sections},
        }


def holdings_of(alumnus: Alumnus) -> Holdings:
    """Everything about the person. One query a table, and one for each kind of name.

    It reads in front of the second wall: behind it an alumnus is shown their own profile, but not, for instance, the
    rows of files they came from. Each table's decision says which rows are theirs.
    """
    lower_wall()
    db.session.rollback()
    person = person_of(alumnus)
    names = _Names()
    found = {name: _rows(name, person) for name in HELD}
    for name, rows in found.items():
        names.want(db.metadata.tables[name], rows)
    names.load()
    sections = [
        Section(name, str(HELD[name].title), [_plain_row(name, row, names, person) for row in rows])
        for name, rows in found.items()
    ]
    return Holdings(alumnus.id, alumnus.display_name, utc_now(), sections)


def _rows(name: str, person: Person) -> list[dict[str, Any]]:
    table, held = db.metadata.tables[name], HELD[name]
    columns: list[Any] = [column for column in table.columns if column.name not in held.hidden]
    # A table of hidden columns alone has still a row to tell of.
    columns = columns or [sa.literal(1).label("held")]
    select = sa.select(*columns).where(held.where(table, person)).order_by(*table.primary_key.columns)
    return [dict(row) for row in db.session.execute(select).mappings()]


class _Names:
    """Names behind keys, loaded together."""

    def __init__(self) -> None:
        self.wanted: defaultdict[str, set[int]] = defaultdict(set)
        self.found: dict[tuple[str, int], str] = {}

    def want(self, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
        for column, target in targets(table).items():
            self.wanted[target] |= {row[column] for row in rows if row.get(column) is not None}

    def load(self) -> None:
        for target, ids in self.wanted.items():
            table = db.metadata.tables[target]
            name = table.c[NAMES[target]]
            for number, words in db.session.execute(sa.select(table.c.id, name).where(table.c.id.in_(ids))):
                self.found[target, number] = str(plain(words))


def targets(table: sa.Table) -> dict[str, str]:
    """Column → the table of NAMES that it points at."""
    found = {}
    for column in table.columns:
        for key in column.foreign_keys:
            target = key.target_fullname.partition(".")[0]
            if target in NAMES:
                found[column.name] = target
    return found


def _plain_row(name: str, row: Mapping[str, Any], names: _Names, person: Person) -> dict[str, Any]:
    pointing = targets(db.metadata.tables[name])
    found: dict[str, Any] = {}
    for column, value in row.items():
        if column == "groups":
            found[column] = [group.value for group in in_order(groups_of(value))]
        elif column in ACTORS:
            found[column] = _actor(value, row.get("actor_id"), person)
        elif column == "actor_id" or (_is_user(name, column) and value not in person.user_ids):
            # Users of the programme and of partners are not handed out by number either.
            continue
        else:
            found[column] = plain(value)
        if column in pointing and value is not None:
            found[column.removesuffix("_id")] = names.found.get((pointing[column], value), "")
    return found


def _is_user(name: str, column: str) -> bool:
    keys = db.metadata.tables[name].c[column].foreign_keys if column in db.metadata.tables[name].c else ()
    return any(key.target_fullname == "users.id" for key in keys)


def _actor(words: str, actor_id: int | None, person: Person) -> str:
    """Who did it: the person themselves by name, everybody else by what they are."""
    if words == PROGRAM or not words:
        return words
    if actor_id is None or actor_id in person.user_ids:
        return words
    return _("Programme staff")


def plain(value: Any) -> Any:
    """A value as JSON holds it; bytes as base64."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value
