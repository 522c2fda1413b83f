"""The first page and its sign-in, as each role."""

from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.service import create_user
from bsm_alumni.extensions import db
from tests.browsing import post_form

PASSWORD = "a long enough password"


def test_a_visitor_gets_the_sign_in_form(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.text.count("<h1>") == 1


def test_arabic_pages_run_from_right_to_left(client: FlaskClient) -> None:
    assert '<html lang="ar" dir="rtl">' in client.get("/?lang=ar").text


def test_signing_in_and_out(app: Flask, client: FlaskClient) -> None:
    create_user("officer@example.org", Role.OFFICER, password=PASSWORD)
    db.session.commit()
    answer = post_form(client, "/", {"email": "Officer@example.org", "password": PASSWORD}, page="/")
    assert answer.status_code == 302
    assert post_form(client, "/sign-out").status_code == 302
    assert client.get("/").status_code == 200


def test_five_wrong_passwords_close_the_door_for_a_while(app: Flask, client: FlaskClient) -> None:
    create_user("officer@example.org", Role.OFFICER, password=PASSWORD)
    db.session.commit()
    for _try in range(5):
        assert post_form(client, "/", {"email": "officer@example.org", "password": "wrong"}).status_code == 422
    answer = post_form(client, "/", {"email": "officer@example.org", "password": PASSWORD})
    assert answer.status_code == 422
