"""Migrations: linear, pinned, up and down, and no different from the models."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

from bsm_alumni.extensions import Base, Model, db
from bsm_alumni.maintenance.service import migration_head
from config import ROOT

FOLDER = ROOT / "migrations"


def scripts(folder: Path = FOLDER) -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(folder))
    return ScriptDirectory.from_config(config)


def differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, db.metadata))


def table_names() -> set[str]:
    db.session.remove()
    return set(sa.inspect(db.engine).get_table_names())


@pytest.fixture
def empty(app: Flask) -> Flask:
    """The application over a database without any table."""
    db.session.remove()
    db.drop_all()
    return app


def test_there_is_one_line_and_its_head_is_pinned() -> None:
    directory = scripts()
    assert directory.get_heads() == [migration_head()]
    assert all(not isinstance(script.down_revision, tuple) for script in directory.walk_revisions())


def test_files_are_numbered_in_order() -> None:
    names = sorted(path.name for path in (FOLDER / "versions").glob("*.py"))
    revisions = [script.revision for script in reversed(list(scripts().walk_revisions()))]
    assert [name.removesuffix(".py") for name in names] == revisions


def test_up_gives_the_models_tables_and_down_takes_them_away(empty: Flask) -> None:
    upgrade(directory=str(FOLDER))
    assert differences() == []
    assert table_names() == {*db.metadata.tables, "alembic_version"}
    downgrade(directory=str(FOLDER), revision="base")
    assert table_names() == {"alembic_version"}
    upgrade(directory=str(FOLDER))
    assert differences() == []


def test_a_column_without_a_migration_is_noticed(empty: Flask) -> None:
    """The twin: a table that no migration makes must show as a difference."""
    upgrade(directory=str(FOLDER))
    table = sa.Table("twin", db.metadata, sa.Column("id", sa.Integer, primary_key=True))
    try:
        assert [kind for kind, *_rest in differences()] == ["add_table"]
    finally:
        db.metadata.remove(table)


def test_every_constraint_has_a_name() -> None:
    bare = [
        f"{table.name}: {constraint}"
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if not constraint.name
    ]
    assert bare == []
    assert Model.metadata is Base.metadata
