"""Views load, check a form, call one service and redirect: they touch neither the database nor the tables."""

import ast

from config import ROOT

VIEWS = sorted((ROOT / "bsm_alumni").glob("*/views_*.py"))


def imported(source: str) -> set[str]:
    """The dotted names that a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def forbidden(source: str) -> set[str]:
    """What a view must not have: SQLAlchemy, the session, and tables for anything but annotations."""
    names = imported(source)
    tables = {name.rsplit(".", 1)[1] for name in names if ".models." in name}
    used = {
        node.value.id if isinstance(node, ast.Attribute) else node.func.id
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in tables)
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in tables)
    }
    return used | {name for name in names if name.split(".")[0] == "sqlalchemy" or name == "bsm_alumni.extensions.db"}


def test_views_touch_no_database() -> None:
    found = {str(path.relative_to(ROOT)): forbidden(path.read_text()) for path in VIEWS}
    assert {name: names for name, names in found.items() if names} == {}


def test_twins_are_caught() -> None:
    assert forbidden("import sqlalchemy as sa") == {"sqlalchemy"}
    assert forbidden("from bsm_alumni.extensions import db, utc_now") == {"bsm_alumni.extensions.db"}
    named = "from bsm_alumni.alumni.models import Alumnus\n"
    assert forbidden(named + "def show(alumnus: Alumnus) -> str: ...") == set()
    assert forbidden(named + "Alumnus(title='Ms')") == {"Alumnus"}
    assert forbidden(named + "Alumnus.title") == {"Alumnus"}
    assert forbidden("from bsm_alumni.alumni.queries import visible") == set()
