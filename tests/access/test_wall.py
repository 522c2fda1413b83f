"""The second wall, asked by queries that bypass the application. PostgreSQL only: SQLite has no roles."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.access import access, partner
from bsm_alumni.access import ddl_wall as ddl
from bsm_alumni.access.viewer import Viewer, viewer_of
from bsm_alumni.access.wall import find_wall
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries import visible
from bsm_alumni.extensions import db
from bsm_alumni.wall import lower_wall, raise_wall
from tests.factories import Factory
from tests.partner.worlds import make_world

pytestmark = pytest.mark.postgresql

# Nobody but staff and the program reads these; a new table is to be put here or behind a policy.
STAFF_ONLY = {
    "approvals",
    "audit_denials",
    "audit_head",
    "columns_version",
    "consent_erasures",
    "erased_addresses",
    "import_batches",
    "import_problems",
    "import_rows",
    "imported_values",
    "jobs",
    "matching_weights",
    "not_same_person",
    "oidc_answers",
    "oidc_rules",
    "partner_exports",
    "plan_marks",
    "plan_seats",
    "plan_shorts",
    "plan_weights",
    "plans",
    "retention_asks",
    "retention_periods",
    "saved_mappings",
    "sign_in_failures",
    "spent_challenges",
}


@contextmanager
def behind_wall(viewer: Viewer) -> Iterator[sa.Connection]:
    """A connection as this viewer's reading requests have it."""
    db.session.rollback()
    wall = find_wall(viewer)
    assert wall is not None
    raise_wall(wall)
    try:
        yield db.session.connection()
    finally:
        lower_wall()
        db.session.rollback()


def numbers(connection: sa.Connection, statement: str) -> list[int]:
    return sorted(connection.exec_driver_sql(statement).scalars())


def refused(connection: sa.Connection, statement: str) -> str:
    """The database's own word for why it does not run the statement."""
    with pytest.raises(sa.exc.ProgrammingError) as caught, connection.begin_nested():
        connection.exec_driver_sql(statement)
    return type(caught.value.orig).__name__


def behind_a_policy() -> set[str]:
    found = db.session.execute(sa.text("SELECT relname FROM pg_class WHERE relrowsecurity")).scalars()
    return set(found)


def test_every_table_is_open_walled_or_for_staff_alone(app: Flask) -> None:
    walled = behind_a_policy()
    assert walled | set(ddl.OPEN) | STAFF_ONLY == set(db.metadata.tables)
    assert (walled & set(ddl.OPEN), walled & STAFF_ONLY) == (set(), set())
    # No table with a key of a person is open to all.
    keyed = {
        table.name
        for table in db.metadata.tables.values()
        for column in table.columns
        if "alumnus" in column.name or any(key.column.table.name in ("alumni", "users") for key in column.foreign_keys)
    }
    assert keyed & set(ddl.OPEN) == set()


def test_the_roles_own_nothing_and_can_do_nothing_else(app: Flask) -> None:
    rows = db.session.execute(
        sa.text(
            "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolinherit,"
            " (SELECT count(*) FROM pg_class WHERE relowner = r.oid) FROM pg_roles r WHERE rolname LIKE 'bsm_%'"
        )
    ).all()
    assert sorted(map(tuple, rows)) == [
        (role, False, False, False, False, False, 0) for role in (ddl.ALUMNUS_ROLE, ddl.PARTNER_ROLE)
    ]


def test_a_partner_finds_the_same_people_without_any_condition(app: Flask, make: Factory) -> None:
    world = make_world(make)
    viewer = viewer_of(world.user_a)
    expected = sorted(db.session.scalars(visible(viewer).with_only_columns(Alumnus.id)))
    everyone = db.session.scalar(sa.select(sa.func.count()).select_from(Alumnus))
    assert everyone is not None
    assert 0 < len(expected) < everyone
    with behind_wall(viewer) as connection:
        assert numbers(connection, "SELECT id FROM alumni") == expected
        for table in ("alumnus_terms", "assignments", "enrolments", "alumnus_languages", "alumnus_emails"):
            seen = set(numbers(connection, f"SELECT alumnus_id FROM {table}"))  # noqa: S608
            assert seen <= set(expected), table
    # The twin: in front of the wall the same statement gives everyone.
    assert len(numbers(db.session.connection(), "SELECT id FROM alumni")) == everyone


def test_without_a_name_the_role_sees_nobody(app: Flask, make: Factory) -> None:
    make_world(make)
    for role in (Role.PARTNER, Role.ALUMNUS):
        with behind_wall(Viewer(user_id=None, role=role)) as connection:
            assert numbers(connection, "SELECT id FROM alumni") == []
            assert numbers(connection, "SELECT alumnus_id FROM shared_with") == []


def test_columns_that_no_partner_sees_cannot_be_named(app: Flask, make: Factory) -> None:
    world = make_world(make)
    with behind_wall(viewer_of(world.user_a)) as connection:
        for statement in (
            "SELECT * FROM alumni",
            "SELECT remarks FROM alumni",
            "SELECT title FROM alumni",
            "SELECT note FROM availability_periods",
            "SELECT note FROM enrolments",
            "SELECT reason_text FROM assignments",
            "SELECT id FROM alumni ORDER BY remarks",
        ):
            assert (statement, refused(connection, statement)) == (statement, "InsufficientPrivilege")


def test_tables_for_staff_alone_cannot_be_read(app: Flask, make: Factory) -> None:
    world = make_world(make)
    alumnus = make.user(Role.ALUMNUS)
    for user in (world.user_a, alumnus):
        with behind_wall(viewer_of(user)) as connection:
            for table in sorted(STAFF_ONLY):
                assert (table, refused(connection, f"SELECT 1 FROM {table}")) == (  # noqa: S608
                    table,
                    "InsufficientPrivilege",
                )


def test_nothing_can_be_written_behind_the_wall(app: Flask, make: Factory) -> None:
    world = make_world(make)
    with behind_wall(viewer_of(world.user_a)) as connection:
        for statement in (
            "UPDATE alumni SET restricted = false",
            "DELETE FROM shared_with",
            "UPDATE agreements SET groups = 31",
            "INSERT INTO shared_with VALUES (1, 1, 31)",
            "TRUNCATE consents",
            "CREATE VIEW peep AS SELECT * FROM alumni",
            "UPDATE users SET role = 'admin'",
        ):
            assert (statement, refused(connection, statement)) == (statement, "InsufficientPrivilege")


def test_an_alumnus_reads_their_own_rows(app: Flask, make: Factory) -> None:
    world = make_world(make)
    person = world.shown[0]
    viewer = viewer_of(make.user(Role.ALUMNUS, alumnus_id=person.id))
    with behind_wall(viewer) as connection:
        assert numbers(connection, "SELECT id FROM alumni") == [person.id]
        assert numbers(connection, "SELECT id FROM users") == [viewer.user_id]
        for table in ddl.OF_PERSON:
            assert set(numbers(connection, f"SELECT alumnus_id FROM {table}")) <= {person.id}, table  # noqa: S608
        assert set(numbers(connection, "SELECT alumnus_id FROM alumnus_emails")) == {person.id}


def test_a_withdrawal_counts_from_the_next_statement(app: Flask, make: Factory) -> None:
    world = make_world(make)
    viewer, gone = viewer_of(world.user_a), world.shown[0].id
    with behind_wall(viewer) as connection:
        assert gone in numbers(connection, "SELECT id FROM alumni")
        with db.engine.begin() as other:
            other.exec_driver_sql(f"DELETE FROM shared_with WHERE alumnus_id = {gone}")  # noqa: S608
        assert gone not in numbers(connection, "SELECT id FROM alumni")


def test_a_view_that_forgets_the_door_is_held_by_the_wall(
    app: Flask, make: Factory, sign_in: Callable[[User], FlaskClient]
) -> None:
    """A planted page that counts everybody: partners get their number, staff the whole."""
    world = make_world(make)

    def careless() -> str:
        return str(db.session.scalar(sa.text("SELECT count(*) FROM alumni")))

    kept = app.view_functions["alumni_partner.roster"]
    app.view_functions["alumni_partner.roster"] = access(partner)(careless)
    try:
        seen = sign_in(world.user_a).get("/partner/alumni").text
    finally:
        app.view_functions["alumni_partner.roster"] = kept
    assert seen == str(len(world.shown))
    everyone = db.session.scalar(sa.select(sa.func.count()).select_from(Alumnus))
    assert everyone is not None
    assert everyone > len(world.shown)
    # The connection goes back to the pool as it came.
    assert db.session.scalar(sa.text("SELECT current_user = session_user"))


def test_a_login_that_is_no_superuser_takes_the_roles_the_operator_gave_it(app: Flask) -> None:
    """As docs/operations.md has it; the twin was given nothing, and can neither take a role nor grant it to itself."""
    logins = ("bsm_test_login", "bsm_test_twin")
    steps = [ddl.make_role(role) for role in ddl.BOTH]
    with db.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for login in logins:
            connection.exec_driver_sql(f"CREATE ROLE {login} LOGIN")
        try:
            for role in ddl.BOTH:
                connection.exec_driver_sql(f"GRANT {role} TO {logins[0]}")
            found = {}
            for login in logins:
                connection.exec_driver_sql(f"SET SESSION AUTHORIZATION {login}")
                try:
                    for step in [*steps, *(f"SET ROLE {role}" for role in ddl.BOTH)]:
                        connection.exec_driver_sql(step)
                    found[login] = str(connection.exec_driver_sql("SELECT current_user").scalar())
                except sa.exc.ProgrammingError as error:
                    found[login] = type(error.orig).__name__
                connection.exec_driver_sql("RESET SESSION AUTHORIZATION")
        finally:
            connection.exec_driver_sql("RESET SESSION AUTHORIZATION")
            for login in logins:
                connection.exec_driver_sql(f"DROP ROLE {login}")
    assert found == {logins[0]: ddl.ALUMNUS_ROLE, logins[1]: "InsufficientPrivilege"}
