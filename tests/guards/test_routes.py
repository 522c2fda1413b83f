"""The route table: every endpoint × role through the real client."""

from collections.abc import Callable

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from bsm_alumni.access import access, staff_read
from bsm_alumni.access.guard import UnmarkedEndpoint, check_marks, guard_request
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from tests.factories import Factory
from tests.guards.route_table import LETS_IN, ROUTES

ROLES = ["anonymous", *[role.value for role in Role]]
EXAMPLES = {"int": "999999", "string": "x", "default": "x", "path": "app.css", "float": "1.5"}


def path_of(rule: Rule) -> str:
    """An address that fits the rule, of things that do not exist."""
    parts = []
    for is_dynamic, data in rule._trace:
        if not is_dynamic:
            parts.append(data)
            continue
        name = rule._converters[data].__class__.__name__
        parts.append({"IntegerConverter": "999999", "PathConverter": "app.css"}.get(name, "x"))
    return "".join(parts).split("|", 1)[-1]


def test_the_table_names_every_endpoint(app: Flask) -> None:
    assert set(app.view_functions) == set(ROUTES)


def test_each_endpoint_carries_the_policy_of_the_table(app: Flask) -> None:
    carried = {endpoint: view.access_policy.name for endpoint, view in app.view_functions.items()}
    assert carried == ROUTES


@pytest.mark.parametrize("role", ROLES)
def test_the_guard_answers_as_the_table_says(
    role: str, app: Flask, make: Factory, sign_in: Callable[[User], FlaskClient]
) -> None:
    client = app.test_client() if role == "anonymous" else sign_in(make.user(Role(role)))
    wrong = []
    for rule in app.url_map.iter_rules():
        allowed = role in LETS_IN[ROUTES[rule.endpoint]]
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            with client.open(path_of(rule), method=method, follow_redirects=False) as answer:
                status = answer.status_code
            if allowed:
                # Past the guard: a page, a redirect, nothing there, or a post without its token.
                expected = {"GET": {200, 302, 404}, "POST": {400}}[method]
            elif role == "anonymous":
                expected = {302} if method == "GET" else {400, 401}
            elif ROUTES[rule.endpoint] == "half_signed_in" and method == "GET":
                # The steps of a sign-in that is complete lead on to the first page.
                expected = {302}
            else:
                expected = {403} if method == "GET" else {400, 403}
            if status not in expected:
                wrong.append((rule.endpoint, method, status, expected))
    assert wrong == []


def test_a_view_without_a_mark_stops_the_start() -> None:
    app = Flask("twin")
    bp = Blueprint("twin", __name__)
    bp.get("/")(lambda: "open")
    app.register_blueprint(bp, name="twin")
    with pytest.raises(UnmarkedEndpoint):
        check_marks(app)


def test_a_mark_above_the_route_is_refused_at_run_time() -> None:
    app = Flask("twin", static_folder=None)

    @app.get("/marked-too-late")
    def view() -> str:
        return "open"

    # What a decorator above @route would do: it marks something that Flask never calls.
    access(staff_read)(lambda: view())
    app.before_request(guard_request)
    assert app.test_client().get("/marked-too-late").status_code == 403
