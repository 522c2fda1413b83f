"""Migrations: linear, pinned, up and down, and no different from the models."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

from bsm_alumni.access import ddl_wall
from bsm_alumni.consent import ddl
from bsm_alumni.extensions import Base, Model, db
from bsm_alumni.maintenance.service import migration_head, upgrade_database
from bsm_alumni.web.errors import Refused
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


def drop_everything() -> None:
    """Tables, and on PostgreSQL what hangs on them and between them."""
    db.session.remove()
    if db.engine.dialect.name != "postgresql":
        db.drop_all()
        return
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")


@pytest.fixture
def empty(app: Flask) -> Flask:
    """The application over a database without any table."""
    drop_everything()
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


def test_the_frozen_statements_are_those_of_the_program(app: Flask) -> None:
    """The first migration makes triggers and wall by a text of its own; tables made for tests take the program's."""
    sql = FOLDER / "sql"
    held = {kind: (sql / f"0001_start.{kind}.sql").read_text() for kind in ("sqlite", "postgresql")}
    assert [part in held["sqlite"] for part in ddl.SQLITE] == [True] * len(ddl.SQLITE)
    wanted = [*ddl.POSTGRESQL, *ddl_wall.statements()]
    assert [part for part in wanted if part not in held["postgresql"]] == []


def things() -> set[tuple[str, str]]:
    """Triggers, indexes and policies by kind and name, and on SQLite the checks of each table."""
    db.session.remove()
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(
                "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
            )
            held = rows.all()
            checks = {
                ("check", name) for _t, _n, text in held for name in re.findall(r"CONSTRAINT (ck_\w+)", text or "")
            }
            return {(kind, name) for kind, name, _text in held if name != "alembic_version"} | checks
        statement = """SELECT 'policy', tablename || policyname || coalesce(qual, '') FROM pg_policies
            UNION SELECT 'trigger', tgname FROM pg_trigger WHERE NOT tgisinternal
            UNION SELECT 'index', indexname FROM pg_indexes WHERE schemaname = 'public'
            UNION SELECT 'check', conname FROM pg_constraint WHERE contype = 'c'
            UNION SELECT 'grant', table_name || grantee FROM information_schema.column_privileges
                WHERE starts_with(grantee, 'bsm_')"""
        return {(kind, name) for kind, name in connection.exec_driver_sql(statement) if "alembic" not in name}


def test_migrated_and_made_tables_hold_the_same_things(app: Flask) -> None:
    made = things()
    drop_everything()
    upgrade(directory=str(FOLDER))
    assert things() == made


def test_a_database_of_an_unknown_version_is_left_alone(empty: Flask) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('0001_initial')")
    with pytest.raises(Refused, match=r"of version 0001_initial.*Nothing was changed"):
        upgrade_database()
    assert table_names() == {"alembic_version"}
