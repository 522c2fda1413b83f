"""Headers on every kind of answer."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.web.headers import HEADERS


@pytest.mark.parametrize("path", ["/", "/healthz", "/no-such-page", "/static/app.css", "/staff/alumni", "/i/wrong"])
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        sent = {name: answer.headers.get(name) for name in HEADERS}
    expected = dict(HEADERS)
    if path.startswith("/i/"):
        expected["Referrer-Policy"] = "no-referrer"
    assert sent == expected


def test_pages_are_not_kept_by_browsers_but_files_are(client: FlaskClient) -> None:
    assert client.get("/").headers["Cache-Control"] == "no-store"
    with client.get("/static/app.css") as answer:
        assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_a_strange_host_is_refused(app: Flask) -> None:
    assert app.test_client().get("/", base_url="http://evil.example").status_code == 400


def test_the_session_cookie_is_closed_to_scripts(client: FlaskClient) -> None:
    cookie = client.get("/").headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


def test_a_language_choice_leads_only_within_the_site(client: FlaskClient) -> None:
    from tests.browsing import post_form

    answer = post_form(client, "/language", {"lang": "ar", "next": "//evil.example/"})
    assert answer.headers["Location"] == "/"
    assert 'dir="rtl"' in client.get("/").text
