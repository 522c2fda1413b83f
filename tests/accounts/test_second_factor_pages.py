"""The second factor's pages, in the demo and in production, where staff and partners get nowhere without one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni import create_app
from bsm_alumni.accounts import service_recovery
from bsm_alumni.accounts.enums import Awaits, Role, SessionEnd, SignInMethod
from bsm_alumni.accounts.models import Passkey, RecoveryCode, User, UserSession
from bsm_alumni.accounts.service_factors import reset_factors
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.models import Mail
from bsm_alumni.web.tokens import hash_of
from config import Settings
from tests import databases
from tests.accounts.authenticator import Authenticator
from tests.accounts.signing import (
    HOST,
    SecureClient,
    at_once,
    code_now,
    codes_on,
    give_app,
    headings,
    is_in,
    secret_of,
    wrong_code,
)
from tests.accounts.steps import cookie_of, give_password, is_let_in, sign_in_by_password, verbs, with_cookie
from tests.browsing import csrf_token, post_form
from tests.conftest import SECRET
from tests.factories import Factory
from tests.guards.route_table import ROUTES
from tests.guards.test_routes import path_of

SignIn = Callable[[User], FlaskClient]
Queries = Callable[[], contextmanager]
LIST, ASK, SET_UP = "/account/second-factors", "/second-factor", "/second-factor/set-up"


@pytest.fixture(scope="module")
def whole_production(database: databases.Database, mail_folder: Path) -> Flask:
    settings = Settings("production", database.url, SECRET, HOST, f"file:{mail_folder}")
    production = create_app(settings, TESTING=True)
    production.extensions["bsm_wake"] = lambda: None
    production.test_client_class = SecureClient
    return production


@pytest.fixture
def production(app: Flask, whole_production: Flask) -> Iterator[Flask]:
    """The same database behind a production application, where a second factor is required."""
    yield whole_production
    with whole_production.app_context():
        db.session.remove()
        db.engine.dispose()


def add_app(client: FlaskClient, user: User, root: str = LIST, *, shows_codes: bool = True) -> tuple[bytes, list[str]]:
    """Set up an app through the pages; its secret and the recovery codes, which whoever has some is not shown."""
    assert post_form(client, f"{root}/app").status_code == 302
    db.session.refresh(user)
    secret = secret_of(user)
    answer = post_form(client, f"{root}/app/confirm", {"code": code_now(secret)})
    assert answer.status_code == (200 if shows_codes else 302)
    return secret, codes_on(answer)


def give_codes(user: User) -> list[str]:
    codes = service_recovery.make_codes(user)
    db.session.commit()
    return codes


# ---- Nobody gets anywhere with half a sign-in ---------------------------------------------------


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OFFICER, Role.VIEWER, Role.PARTNER])
@pytest.mark.parametrize("has_app", [True, False])
def test_half_a_sign_in_opens_nothing_of_the_whole_map(
    role: Role, has_app: bool, production: Flask, make: Factory
) -> None:
    user = give_password(make.user(role))
    if has_app:
        give_app(user)
    client = sign_in_by_password(production, user)
    token = csrf_token(client, "/no-such-page")
    wrong, asked = [], 0
    for rule in production.url_map.iter_rules():
        if ROUTES[rule.endpoint] in ("public", "half_signed_in"):
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            with client.open(path_of(rule), method=method, data={"csrf_token": token}) as answer:
                asked += 1
                sent_to = answer.headers.get("Location", "")
                let_off = (302, True) if method == "GET" else (401, False)
                if (answer.status_code, sent_to.startswith("/?next=")) != let_off:
                    wrong.append((rule.endpoint, method, answer.status_code, sent_to))
    assert wrong == []
    assert asked > 150
    # The twin: with the factor the same session opens the person's first page.
    assert client.get("/").headers["Location"] == f"{ASK}?next=%2F"
    if has_app:
        assert post_form(client, ASK, {"code": code_now(secret_of(user)), "next": "/"}).status_code == 302
    else:
        add_app(client, user, SET_UP)
    assert client.get("/", follow_redirects=True).status_code == 200
    assert is_let_in(client)


def test_an_alumnus_needs_no_second_factor_but_shows_the_one_there_is(production: Flask, make: Factory) -> None:
    user = give_password(make.user(Role.ALUMNUS))
    assert is_let_in(sign_in_by_password(production, user))
    secret = give_app(user)
    client = sign_in_by_password(production, user)
    assert not is_let_in(client)
    post_form(client, ASK, {"code": code_now(secret)})
    assert is_let_in(client)


def test_a_session_that_began_in_the_demo_owes_the_factor_in_production(
    app: Flask, production: Flask, make: Factory
) -> None:
    user = make.user(Role.OFFICER)
    db.session.add(UserSession(token_hash=hash_of("a token"), user_id=user.id, method=SignInMethod.PASSWORD))
    db.session.commit()
    clients = []
    for program, base in ((app, "http://localhost"), (production, HOST)):
        client = program.test_client()
        with client.session_transaction(base_url=base) as session:
            session["_user_id"] = "a token"
        clients.append(client)
    assert [client.get("/staff/home").status_code for client in clients] == [200, 302]


def test_the_demo_offers_the_factor_without_requiring_it(app: Flask, make: Factory) -> None:
    user = give_password(make.user())
    client = sign_in_by_password(app, user)
    assert is_let_in(client)
    add_app(client, user)
    again = sign_in_by_password(app, user)
    assert not is_let_in(again)
    assert again.get("/").headers["Location"] == f"{ASK}?next=%2F"


@pytest.mark.parametrize(("email", "let_in"), [("officer@demo.example", False), ("officer@example.org", True)])
def test_a_demo_account_s_passkey_opens_nothing_in_production(
    email: str, let_in: bool, production: Flask, make: Factory, sign_in: SignIn
) -> None:
    home, key = sign_in(make.user(email=email)), Authenticator()
    options = post_form(home, f"{LIST}/passkeys/options").json
    assert post_form(home, f"{LIST}/passkeys", {"answer": key.make(dict(options)), "name": ""}).status_code == 200
    client, key.origin = production.test_client(), HOST
    asked = post_form(client, "/sign-in/passkey/options").json
    assert post_form(client, "/sign-in/passkey", {"answer": key.use(dict(asked))}).status_code == 302
    assert is_let_in(client) == let_in


# ---- Setting the first one up ----------------------------------------------------------------------


def test_the_first_app(production: Flask, make: Factory) -> None:
    user = give_password(make.user())
    client = sign_in_by_password(production, user)
    assert client.get(ASK).headers["Location"] == f"{SET_UP}?next=/"
    assert headings(client.get(SET_UP)) == ["Set up a second factor"]
    # Nothing to scan before it was asked for, since a GET makes nothing.
    assert '<svg class="qr"' not in client.get(f"{SET_UP}/app").text
    assert post_form(client, f"{SET_UP}/app").headers["Location"] == f"{SET_UP}/app"
    db.session.refresh(user)
    secret, page = secret_of(user), client.get(f"{SET_UP}/app")
    assert page.text.count('<svg class="qr"') == 1
    assert " style=" not in page.text
    refused = post_form(client, f"{SET_UP}/app/confirm", {"code": wrong_code(secret)})
    assert (refused.status_code, is_let_in(client)) == (422, False)
    before = client.get_cookie("__Host-bsm", domain="bsm.example.org")
    answer = post_form(client, f"{SET_UP}/app/confirm", {"code": code_now(secret)})
    assert (answer.status_code, headings(answer), len(codes_on(answer))) == (200, ["Your recovery codes"], 10)
    assert is_let_in(client)
    copy = production.test_client()
    assert before is not None
    copy.set_cookie("__Host-bsm", before.value, domain="bsm.example.org", secure=True)
    assert not is_let_in(copy)
    row = db.session.scalars(sa.select(UserSession)).one()
    assert (row.awaits, row.second_factor_at is None) == (Awaits.NOTHING, False)
    assert [verb for verb in verbs() if "app" in verb or "factor" in verb] == [
        "user.second_factor_failed",
        "user.app_added",
        "user.second_factor_shown",
    ]
    assert [mail.kind for mail in db.session.scalars(sa.select(Mail))] == ["account.factor_added"]


def test_forms_of_the_page_with_the_codes_can_be_posted(production: Flask, make: Factory) -> None:
    user = give_password(make.user())
    client = sign_in_by_password(production, user)
    post_form(client, f"{SET_UP}/app")
    db.session.refresh(user)
    page = post_form(client, f"{SET_UP}/app/confirm", {"code": code_now(secret_of(user))})
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 302


def test_who_has_a_factor_cannot_set_up_another_one_instead_of_showing_it(production: Flask, make: Factory) -> None:
    user = give_password(make.user())
    secret = give_app(user)
    client = sign_in_by_password(production, user)
    assert client.get(SET_UP).headers["Location"] == ASK
    assert client.get(f"{SET_UP}/app").headers["Location"] == ASK
    post_form(client, f"{SET_UP}/app")
    assert post_form(client, f"{SET_UP}/passkey/options").status_code == 404
    # Even with a secret that waits, as one begun elsewhere.
    db.session.refresh(user)
    assert user.totp_pending is None
    user.totp_pending, user.totp_pending_at = user.totp_secret, utc_now()
    db.session.commit()
    assert post_form(client, f"{SET_UP}/app/confirm", {"code": code_now(secret)}).status_code == 404
    assert not is_let_in(client)


def test_of_two_who_set_up_the_first_app_at_once_one_gets_in(production: Flask, make: Factory) -> None:
    user = give_password(make.user())
    clients = [sign_in_by_password(production, user) for _number in range(4)]
    post_form(clients[0], f"{SET_UP}/app")
    db.session.refresh(user)
    code = code_now(secret_of(user))
    at_once([lambda c=client: post_form(c, f"{SET_UP}/app/confirm", {"code": code}) for client in clients])
    assert sum(is_let_in(client) for client in clients) == 1


# ---- Showing it ------------------------------------------------------------------------------------


def test_a_code_lets_in_once(app: Flask, make: Factory) -> None:
    user = give_password(make.user())
    secret = give_app(user)
    first, second = (sign_in_by_password(app, user) for _number in range(2))
    code = code_now(secret)
    page = first.get(f"{ASK}?next=/staff/events")
    assert headings(page) == ["Show that it is you"]
    assert user.email in page.text
    answer = post_form(first, ASK, {"code": f" {code[:3]} {code[3:]} ", "next": "/staff/events"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/staff/events")
    assert is_in(first)
    # Back in the browser's history there is nothing to do any more.
    assert first.get(ASK).headers["Location"] == "/"
    again = post_form(second, ASK, {"code": code})
    assert (again.status_code, headings(again), is_let_in(second)) == (422, ["Show that it is you"], False)
    assert post_form(second, ASK, {"code": code_now(secret, 1)}).status_code == 302
    assert is_in(second)
    assert verbs().count("user.second_factor_failed") == 1


def test_a_code_raced_lets_in_one(app: Flask, make: Factory) -> None:
    user = give_password(make.user())
    secret = give_app(user)
    clients = [sign_in_by_password(app, user) for _number in range(4)]
    code = code_now(secret)
    at_once([lambda c=client: post_form(c, ASK, {"code": code}) for client in clients])
    assert sum(is_let_in(client) for client in clients) == 1


def test_a_recovery_code_raced_lets_in_one(app: Flask, make: Factory) -> None:
    user = give_password(make.user())
    give_app(user)
    code = give_codes(user)[6]
    clients = [sign_in_by_password(app, user) for _number in range(4)]
    at_once([lambda c=client: post_form(c, f"{ASK}/recovery-code", {"recovery_code": code}) for client in clients])
    assert sum(is_let_in(client) for client in clients) == 1


def test_a_cookie_copied_before_the_factor_stays_outside(app: Flask, make: Factory) -> None:
    user = give_password(make.user())
    secret = give_app(user)
    client = sign_in_by_password(app, user)
    copy = cookie_of(client)
    post_form(client, ASK, {"code": code_now(secret)})
    assert is_let_in(client)
    assert not is_let_in(with_cookie(app, copy))
    assert with_cookie(app, copy).get(ASK).status_code == 302


def test_a_recovery_code_lets_in_and_says_how_many_are_left(app: Flask, make: Factory) -> None:
    user = give_password(make.user())
    give_app(user)
    codes = give_codes(user)
    db.session.execute(sa.update(RecoveryCode).where(RecoveryCode.position < 5).values(used_at=utc_now()))
    db.session.commit()
    seen = []
    for code in codes[5:8]:
        client = sign_in_by_password(app, user)
        assert post_form(client, f"{ASK}/recovery-code", {"recovery_code": code}).status_code == 302
        page = client.get(LIST).text
        seen.append([f"You have {n} recovery codes left" in page for n in (4, 3, 2)] + ["Make new ones under" in page])
    assert seen == [[True, False, False, False], [False, True, False, True], [False, False, True, True]]
    used = sign_in_by_password(app, user)
    assert post_form(used, f"{ASK}/recovery-code", {"recovery_code": codes[5]}).status_code == 422
    assert [mail.kind for mail in db.session.scalars(sa.select(Mail)) if "recovery" in mail.kind] == [
        "account.recovery_code_used"
    ] * 3
    assert verbs().count("user.recovery_code_used") == 3


def test_no_page_of_an_app_s_user_shows_what_they_do_not_have(app: Flask, make: Factory) -> None:
    user = give_password(make.user())
    give_app(user)
    page = sign_in_by_password(app, user).get(ASK).text
    assert ("recovery-code" in page, "data-passkey=" in page) == (False, False)


def test_signing_in_as_someone_else(app: Flask, make: Factory) -> None:
    user = give_password(make.user())
    secret = give_app(user)
    client = sign_in_by_password(app, user)
    assert post_form(client, f"{ASK}/someone-else").headers["Location"] == "/"
    assert client.get("/").status_code == 200
    assert client.get(ASK).status_code == 302
    assert post_form(client, ASK, {"code": code_now(secret)}).status_code == 401


def test_the_page_leads_nowhere_else(app: Flask, make: Factory) -> None:
    user = give_password(make.user())
    secret = give_app(user)
    client = sign_in_by_password(app, user)
    answer = post_form(client, ASK, {"code": code_now(secret), "next": "//evil.example.org"})
    assert answer.headers["Location"] == "/"


# ---- Guessing --------------------------------------------------------------------------------------


def test_guesses_are_limited_for_the_account_from_wherever_they_come(app: Flask, make: Factory) -> None:
    user, other = give_password(make.user()), give_password(make.user())
    secret, others = give_app(user), give_app(other)
    with time_machine.travel(utc_now(), tick=False) as clock:
        for number in range(5):
            client = sign_in_by_password(app, user)
            client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
            assert post_form(client, ASK, {"code": wrong_code(secret)}).status_code == 422
        client = sign_in_by_password(app, user)
        assert "too many tries" in post_form(client, ASK, {"code": code_now(secret)}).text
        assert not is_let_in(client)
        # Somebody else is not kept out by it.
        theirs = sign_in_by_password(app, other)
        post_form(theirs, ASK, {"code": code_now(others)})
        assert is_let_in(theirs)
        clock.shift(timedelta(minutes=2))
        assert post_form(client, ASK, {"code": code_now(secret)}).status_code == 302
        assert is_let_in(client)


def test_guesses_are_limited_for_a_network_whoever_is_guessed_at(app: Flask, make: Factory) -> None:
    users = [give_password(make.user()) for _number in range(8)]
    secrets = [give_app(user) for user in users]
    for user, secret in zip(users[:7], secrets, strict=False):
        client = sign_in_by_password(app, user)
        for _try in range(5 if user is not users[6] else 0):
            post_form(client, ASK, {"code": wrong_code(secret)})
    client = sign_in_by_password(app, users[7])
    assert "too many tries" in post_form(client, ASK, {"code": code_now(secrets[7])}).text
    client.environ_base["REMOTE_ADDR"] = "192.0.2.77"
    post_form(client, ASK, {"code": code_now(secrets[7])})
    assert is_let_in(client)


def test_recovery_codes_and_new_apps_are_not_guessed_either(app: Flask, make: Factory) -> None:
    user = give_password(make.user())
    give_app(user)
    code = give_codes(user)[0]
    client = sign_in_by_password(app, user)
    for _try in range(5):
        assert post_form(client, f"{ASK}/recovery-code", {"recovery_code": "0" * 25}).status_code == 422
    assert "too many tries" in post_form(client, f"{ASK}/recovery-code", {"recovery_code": code}).text
    assert not is_let_in(client)


# ---- Looking after them ------------------------------------------------------------------------------


def test_the_list_asks_for_a_fresh_proof(make: Factory, sign_in: SignIn) -> None:
    client = sign_in(make.user())
    assert client.get(LIST).status_code == 200
    db.session.execute(sa.update(UserSession).values(fresh_at=utc_now() - timedelta(minutes=16)))
    db.session.commit()
    for url in (LIST, f"{LIST}/app"):
        assert client.get(url).headers["Location"].startswith("/account/confirm?next=")
    for url in (f"{LIST}/app", f"{LIST}/recovery-codes", f"{LIST}/app/remove", f"{LIST}/passkeys/options"):
        assert post_form(client, url).headers["Location"].startswith("/account/confirm?next=")


def test_adding_and_removing_an_app_ends_the_other_sessions(make: Factory, sign_in: SignIn) -> None:
    user = make.user()
    client, elsewhere = sign_in(user), sign_in(user)
    _secret, codes = add_app(client, user)
    assert len(codes) == 10
    assert [is_let_in(client), is_let_in(elsewhere)] == [True, False]
    # In the demo the last one may go, and the recovery codes with it.
    elsewhere = sign_in(user)
    assert post_form(client, f"{LIST}/app/remove").status_code == 302
    assert [is_let_in(client), is_let_in(elsewhere)] == [True, False]
    db.session.refresh(user)
    assert (user.totp_secret, user.totp_confirmed_at) == (None, None)
    assert db.session.scalars(sa.select(RecoveryCode)).all() == []
    assert post_form(client, f"{LIST}/app/remove").status_code == 404
    assert [(mail.kind, mail.params["factor"]) for mail in db.session.scalars(sa.select(Mail).order_by(Mail.id))] == [
        ("account.factor_added", "app"),
        ("account.factor_removed", "app"),
    ]


def test_a_new_phone_in_place_of_the_old_one(app: Flask, make: Factory, sign_in: SignIn) -> None:
    user = make.user()
    old, client = give_app(user), sign_in(user)
    give_codes(user)
    new, codes = add_app(client, user, shows_codes=False)
    assert (new != old, codes) == (True, [])
    give_password(user)
    browser = sign_in_by_password(app, user)
    post_form(browser, ASK, {"code": code_now(old, 1)})
    assert not is_let_in(browser)
    post_form(browser, ASK, {"code": code_now(new, 1)})
    assert is_let_in(browser)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.VIEWER, Role.PARTNER])
def test_the_last_factor_stays_where_one_is_required(role: Role, production: Flask, make: Factory) -> None:
    user = give_password(make.user(role))
    client = sign_in_by_password(production, user)
    add_app(client, user, SET_UP)
    assert f'action="{LIST}/app/remove"' not in client.get(LIST).text
    post_form(client, f"{LIST}/app/remove")
    db.session.refresh(user)
    assert user.totp_confirmed_at is not None
    # With a second one either may go, and then the other stays.
    db.session.add(Passkey(user_id=user.id, credential_id="x", public_key="x", name="Key"))
    db.session.commit()
    passkey_id = db.session.scalars(sa.select(Passkey.id)).one()
    post_form(client, f"{LIST}/app/remove")
    post_form(client, f"{LIST}/passkeys/{passkey_id}/remove")
    db.session.refresh(user)
    assert (user.totp_confirmed_at, len(db.session.scalars(sa.select(Passkey)).all())) == (None, 1)
    assert "This is your last second factor" in client.get(LIST).text


def test_an_alumnus_may_do_without(production: Flask, make: Factory) -> None:
    user = give_password(make.user(Role.ALUMNUS))
    client = sign_in_by_password(production, user)
    add_app(client, user)
    post_form(client, f"{LIST}/app/remove")
    db.session.refresh(user)
    assert user.totp_confirmed_at is None
    assert is_let_in(client)


def test_new_recovery_codes(make: Factory, sign_in: SignIn) -> None:
    user = make.user()
    client = sign_in(user)
    assert post_form(client, f"{LIST}/recovery-codes").headers["Location"] == LIST
    give_app(user)
    old = give_codes(user)
    new = codes_on(post_form(client, f"{LIST}/recovery-codes"))
    assert (len(set(new)), set(new) & set(old)) == (10, set())
    assert not service_recovery.take_recovery_code(user, old[0])
    assert service_recovery.take_recovery_code(user, new[0])
    db.session.rollback()
    assert [(mail.kind, mail.params["factor"]) for mail in db.session.scalars(sa.select(Mail))] == [
        ("account.factor_added", "recovery")
    ]


def test_a_reset_takes_everything_and_ends_every_session(app: Flask, make: Factory, sign_in: SignIn) -> None:
    user, other = make.user(), make.user()
    client, theirs = sign_in(user), sign_in(other)
    secret = give_app(user)
    give_app(other)
    give_codes(user)
    db.session.add(Passkey(user_id=user.id, credential_id="x", public_key="x", name="Key"))
    db.session.commit()
    reset_factors(user)
    db.session.commit()
    assert (user.totp_secret, db.session.scalars(sa.select(Passkey)).all()) == (None, [])
    assert db.session.scalars(sa.select(RecoveryCode)).all() == []
    assert [is_let_in(client), is_let_in(theirs)] == [False, True]
    ended = db.session.scalars(sa.select(UserSession).where(UserSession.user_id == user.id)).one()
    assert ended.ended_why is SessionEnd.FACTOR_CHANGED
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "user.factors_reset")).one()
    assert entry.before == {"app": True, "passkeys": ["Key"]}
    assert [mail.kind for mail in db.session.scalars(sa.select(Mail))] == ["account.factor_removed"]
    assert secret.hex() not in str(entry.before)


def test_the_list_costs_the_same_however_many_there_are(make: Factory, sign_in: SignIn, count_queries: Queries) -> None:
    user = make.user()
    client, counts = sign_in(user), []
    for number in (1, 2, 3):
        db.session.add(Passkey(user_id=user.id, credential_id=f"x{number}", public_key="x", name=f"Key {number}"))
        db.session.commit()
        with count_queries() as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= 5


@pytest.mark.parametrize("role", list(Role))
def test_the_pages_in_every_frame(role: Role, make: Factory, sign_in: SignIn) -> None:
    user = make.user(role)
    client = sign_in(user)
    assert headings(client.get(LIST)) == ["Second factors"]
    post_form(client, f"{LIST}/app")
    assert headings(client.get(f"{LIST}/app")) == ["Set up an app"]
    assert client.get(f"{LIST}?lang=ar").status_code == 200
