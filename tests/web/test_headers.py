"""Headers and cookies on every answer: each page × role × method, and every kind of error."""

from collections.abc import Callable

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from bsm_alumni import create_app
from bsm_alumni.accounts.models import User
from bsm_alumni.extensions import db
from bsm_alumni.web.headers import PUBLIC_FILES
from tests.browsing import post_form
from tests.factories import Factory
from tests.guards.test_routes import ROLES, path_of
from tests.web.answers import faults_of
from tests.web.conftest import BASE, HOST, Enter, production_settings

METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT")


def paths_of(app: Flask) -> dict[str, list[Rule]]:
    """Each address of the application, filled in, with the rules that it fits."""
    found: dict[str, list[Rule]] = {}
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/twin/"):
            found.setdefault(path_of(rule), []).append(rule)
    return found


def has_token(app: Flask, path: str, method: str) -> bool:
    """True where the page that answers has a secret in its address."""
    try:
        rule, _values = app.url_map.bind(HOST).match(path, method, return_rule=True)
    except HTTPException:
        return False
    return "token" in rule.arguments


def all_faults(app: Flask, client: FlaskClient, methods: tuple[str, ...] = METHODS) -> tuple[int, dict[str, list[str]]]:
    """How many answers were looked at, and what is wrong with those that are not as they should be."""
    count, wrong = 0, {}
    for path, rules in paths_of(app).items():
        for method in methods:
            with client.open(path, method=method, base_url=BASE) as answer:
                found = faults_of(
                    answer,
                    production=True,
                    public_file=rules[0].endpoint in PUBLIC_FILES,
                    secret=path.startswith("/i/") or has_token(app, path, method),
                )
            count += 1
            if found:
                wrong[f"{method} {rules[0].rule} {answer.status}"] = found
    return count, wrong


@pytest.mark.parametrize("role", ROLES)
def test_every_page_method_and_role(role: str, production: Flask, enter: Enter) -> None:
    methods = METHODS if role in ("anonymous", "admin") else ("GET", "POST")
    count, wrong = all_faults(production, enter(role), methods)
    print(f"\n{role}: {count} answers, {len(wrong)} with a wrong header")
    assert wrong == {}


@pytest.mark.parametrize("plant", [
    lambda response: response.headers.pop("X-Frame-Options"),
    lambda response: response.headers.set("Cache-Control", "max-age=60"),
    lambda response: response.headers.add("X-Frame-Options", "SAMEORIGIN"),
    lambda response: response.headers.set("Server", "Secret/1.0"),
    lambda response: response.headers.set("Access-Control-Allow-Origin", "*"),
    lambda response: response.set_cookie("other", "x"),
    lambda response: response.set_cookie("__Host-other", "x", secure=True, httponly=True),
    lambda response: response.set_cookie("__Host-o", "x", secure=True, httponly=True, samesite="Lax", domain=HOST),
])  # fmt: skip
def test_a_planted_fault_is_found(plant: Callable[[Response], object], production: Flask, enter: Enter) -> None:
    """The twin: the same walk over the same pages finds each of these."""

    def spoil(response: Response) -> Response:
        plant(response)
        return response

    production._got_first_request = False
    # The one that was registered first runs last.
    production.after_request_funcs[None].insert(0, spoil)
    _count, wrong = all_faults(production, enter("anonymous"), ("GET",))
    assert len(wrong) > 100


@pytest.mark.parametrize("role", ["anonymous", "admin", "partner"])
def test_every_error_page(role: str, enter: Enter) -> None:
    client = enter(role)
    for status in (400, 401, 403, 404, 409, 410, 413, 415, 422, 429, 500, 501, 503):
        for method in ("GET", "POST"):
            answer = client.open(f"/twin/status/{status}", method=method, base_url=BASE)
            assert (answer.status_code, answer.content_type) == (status, "text/html; charset=utf-8")
            assert faults_of(answer, production=True) == []
            assert answer.text.count("<h1>") == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_nobody_foresaw_tells_nothing_and_is_logged(
    method: str, enter: Enter, caplog: pytest.LogCaptureFixture
) -> None:
    answer = enter("admin").open("/twin/broken", method=method, base_url=BASE)
    assert answer.status_code == 500
    assert faults_of(answer, production=True) == []
    assert ["canary" in answer.text, "Traceback" in answer.text] == [False, False]
    assert [record.getMessage() for record in caplog.records] == [f"{method} twin.broken failed"]


def test_a_post_without_token_or_too_large_or_refused(enter: Enter, production: Flask) -> None:
    client = enter("admin")
    answers = {
        400: client.post("/language", base_url=BASE, data={"lang": "fr"}),
        413: client.post("/language", base_url=BASE, data={"lang": "x" * (21 << 20)}),
        404: client.get("/no-such-page", base_url=BASE),
        405: client.put("/language", base_url=BASE),
    }
    production.config["WTF_CSRF_ENABLED"] = False
    answers[422] = client.post("/staff/settings/organisations/new", base_url=BASE)
    anonymous = enter("anonymous")
    answers[401] = anonymous.post("/sign-out", base_url=BASE)
    answers[302] = anonymous.get("/staff/alumni", base_url=BASE)
    assert {status: answer.status_code for status, answer in answers.items()} == {status: status for status in answers}
    assert {status: faults_of(answer, production=True) for status, answer in answers.items()} == {
        status: [] for status in answers
    }


def test_the_page_that_says_a_file_is_not_there_is_not_kept(enter: Enter) -> None:
    client = enter("admin")
    for path in ("/static/no-such-file.css", "/static/../config.py", "/static/%2e%2e/config.py"):
        answer = client.get(path, base_url=BASE)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
    with client.get("/static/app.css", base_url=BASE) as answer:
        assert "max-age=31536000" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers


def test_without_a_database_every_answer_has_its_headers(app: Flask) -> None:
    made = create_app(production_settings("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1"))
    client = made.test_client()
    with client.session_transaction(base_url=BASE) as session:
        session["_user_id"] = "somebody"
    for path, status in (("/", 500), ("/staff/alumni", 500), ("/healthz", 200), ("/readyz", 503)):
        answer = (client if status == 500 else made.test_client()).get(path, base_url=BASE)
        assert (path, answer.status_code) == (path, status)
        assert faults_of(answer, production=True) == []
        assert "127.0.0.1" not in answer.text


def test_the_demo_does_not_ask_browsers_to_stay_on_https(client: FlaskClient) -> None:
    for path in ("/", "/healthz", "/no-such-page", "/staff/alumni"):
        assert faults_of(client.get(path), production=False) == []


def test_the_session_cookie_in_production_and_demo(enter: Enter, client: FlaskClient) -> None:
    cookie = enter("anonymous").get("/", base_url=BASE).headers["Set-Cookie"]
    assert cookie.startswith("__Host-bsm=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    cookie = client.get("/").headers["Set-Cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


def test_a_language_choice_leads_only_within_the_site(client: FlaskClient) -> None:
    answer = post_form(client, "/language", {"lang": "ar", "next": "//evil.example/"})
    assert answer.headers["Location"] == "/"
    assert 'dir="rtl"' in client.get("/").text


def test_a_signed_in_page_is_as_sound_as_one_of_a_visitor(
    make: Factory, sign_in: Callable[[User], FlaskClient]
) -> None:
    person = make.alumnus()
    user = make.user()
    db.session.commit()
    client = sign_in(user)
    for path in ("/staff/home", "/staff/alumni", f"/staff/alumni/{person.id}", "/staff/alumni/export"):
        assert faults_of(client.get(path), production=False) == []
