"""Every table has a decision: one that is about people and has none fails here."""

import sqlalchemy as sa
from flask import Flask

from bsm_alumni.extensions import db
from bsm_alumni.rights.enums_tables import Fate
from bsm_alumni.rights.tables import HELD, NOBODY

# Columns that name an alumnus without a foreign key.
BY_NAME = frozenset({"alumnus_id", "about_id", "subject_id"})


def pointing(metadata: sa.MetaData) -> set[str]:
    """Tables with a reference to an alumnus, by a key or by a column's name, to their account, or to their seats."""
    found = {"alumni"}
    for table in metadata.tables.values():
        for column in table.columns:
            targets = {key.target_fullname.partition(".")[0] for key in column.foreign_keys}
            if column.name in BY_NAME or targets & {"alumni", "assignments"}:
                found.add(table.name)
    return found


def undecided(metadata: sa.MetaData) -> set[str]:
    """Tables that point at an alumnus and have no decision for their rows."""
    return pointing(metadata) - HELD.keys()


def test_every_table_has_one_decision_and_every_decision_a_table(app: Flask) -> None:
    assert HELD.keys() & NOBODY.keys() == set()
    assert HELD.keys() | NOBODY.keys() == db.metadata.tables.keys()


def test_every_table_that_points_at_an_alumnus_is_held(app: Flask) -> None:
    assert undecided(db.metadata) == set()
    assert len(pointing(db.metadata)) > 20


def test_of_a_blanked_table_every_column_is_decided(app: Flask) -> None:
    for name, held in HELD.items():
        if held.fate is Fate.BLANKED:
            columns = {column.name for column in db.metadata.tables[name].columns}
            assert (name, set(held.left) | held.stays) == (name, columns)
            assert set(held.left) & held.stays == set()


def test_what_is_hidden_is_there(app: Flask) -> None:
    for name, held in HELD.items():
        columns = {column.name for column in db.metadata.tables[name].columns}
        assert (name, held.hidden - columns) == (name, set())


def test_a_new_table_without_a_decision_is_found() -> None:
    metadata = sa.MetaData()
    sa.Table("alumni", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table("letters", metadata, sa.Column("to", sa.ForeignKey("alumni.id")))
    sa.Table("whispers", metadata, sa.Column("about_id", sa.Integer))
    sa.Table("stars", metadata, sa.Column("name", sa.String))
    assert undecided(metadata) == {"letters", "whispers"}
