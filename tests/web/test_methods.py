"""Methods: each address takes those of its table and no others, and tells no more than that."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from tests.factories import Factory
from tests.guards.test_routes import path_of

OTHERS = ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "SEARCH", "MADE-UP")


def methods_by_path(app: Flask) -> dict[str, set[str]]:
    """Each address with the methods that its rules take; a token of 'sent' is an address of another rule too."""
    addresses = app.url_map.bind("localhost")
    return {path: set(addresses.allowed_methods(path)) for path in map(path_of, app.url_map.iter_rules())}


def loose_rules(app: Flask) -> list[str]:
    """Rules that take anything but a GET, or anything but a POST: a view that reads must not write."""
    return [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (rule.methods or set()) not in ({"GET", "HEAD", "OPTIONS"}, {"POST", "OPTIONS"})
    ]


def test_each_rule_either_reads_or_writes(app: Flask) -> None:
    assert loose_rules(app) == []


def test_a_view_that_takes_both_is_found(app: Flask) -> None:
    twin = Flask("twin", static_folder=None)
    twin.add_url_rule("/both", "both", lambda: "", methods=["GET", "POST"])
    twin.add_url_rule("/put", "put", lambda: "", methods=["PUT"])
    twin.add_url_rule("/read", "read", lambda: "", methods=["GET"])
    assert loose_rules(twin) == ["both", "put"]


def test_other_methods_are_refused_and_told_the_right_ones(
    app: Flask, client: FlaskClient, make: Factory, sign_in: Callable[[User], FlaskClient]
) -> None:
    clients = {"anonymous": client, "admin": sign_in(make.user(Role.ADMIN))}
    wrong, count = [], 0
    for path, methods in methods_by_path(app).items():
        for who, browser in clients.items():
            for method in OTHERS if who == "anonymous" else OTHERS[:1]:
                answer = browser.open(path, method=method)
                told = {name.strip() for name in answer.headers.get("Allow", "").split(",")}
                count += 1
                if (answer.status_code, told) != (405, methods):
                    wrong.append((who, method, path, answer.status_code, told))
    print(f"\n{count} requests of other methods, {count - len(wrong)} refused with 405")
    assert wrong == []


def test_options_tells_the_methods_and_nothing_else(app: Flask, client: FlaskClient) -> None:
    for path, methods in methods_by_path(app).items():
        answer = client.options(path)
        if answer.status_code == 200:
            told = {name.strip() for name in answer.headers["Allow"].split(",")}
            assert (told, answer.data) == (methods, b"")
            assert [name for name, _value in answer.headers if name.startswith("Access-Control")] == []
        else:
            assert (path, answer.status_code) == (path, 401)


def test_head_is_get_without_a_body(client: FlaskClient) -> None:
    for path in ("/", "/healthz", "/no-such-page", "/static/app.css"):
        with client.head(path) as head, client.get(path) as get:
            assert (head.status_code, head.data) == (get.status_code, b"")
            assert head.headers.get("Cache-Control") == get.headers.get("Cache-Control")


def test_a_method_is_not_changed_by_a_header_or_a_field(client: FlaskClient) -> None:
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        assert client.get("/sign-out", headers={name: "POST"}).status_code == 405
    assert client.post("/language?_method=DELETE", data={"_method": "DELETE"}).status_code == 400
