"""Sign-in with an identity provider: the whole way over real HTTP, and every way in which an answer can be wrong."""

import dataclasses
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
import sqlalchemy as sa
import time_machine
from flask import Flask
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from bsm_alumni.accounts import client_oidc
from bsm_alumni.accounts.enums import Awaits, Role, SessionEnd, SignInMethod
from bsm_alumni.accounts.models import OidcAnswer, OidcRule, User, UserSession
from bsm_alumni.accounts.queries import find_user
from bsm_alumni.accounts.service_oidc import forget_old_answers
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db, utc_now
from tests.accounts.providers import CLIENT_ID, CLIENT_SECRET, Liar, lying_provider, put_user, real_provider
from tests.factories import Factory

AMINA = {"email": "amina@example.org", "email_verified": True, "name": "Amina Diallo", "groups": ["staff", "bsm"]}


@dataclasses.dataclass
class Site:
    """Our application as a server, and browsers that reach it."""

    url: str
    app: Flask

    def settings(self, **changes: str) -> None:
        before = self.app.extensions["bsm_settings"]
        self.app.extensions["bsm_settings"] = dataclasses.replace(before, **changes)

    def browser(self) -> "Browser":
        return Browser(self.url)


class Browser:
    """A browser that follows the way step by step."""

    def __init__(self, url: str) -> None:
        self.url, self.http = url, requests.Session()

    def get(self, address: str) -> requests.Response:
        db.session.rollback()
        address = address if address.startswith("http") else self.url + address
        return self.http.get(address, allow_redirects=False, timeout=20)

    def start(self, path: str = "/sign-in/provider") -> str:
        """Press the button; returns the address at the provider."""
        answer = self.get(path)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def agree(self, at_provider: str, subject: str | None = None) -> str:
        """Sign in there; returns the address that the provider sends the browser to."""
        if subject is None:
            return self.get(at_provider).headers["Location"]
        data = {"sub": subject} if subject else {"action": "deny"}
        return self.http.post(at_provider, data=data, allow_redirects=False, timeout=20).headers["Location"]

    def take(self, back: str, **changes: str) -> requests.Response:
        """Open our page behind the answer and press its button."""
        page = self.get(back)
        assert page.status_code == 200, page.text
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text.split("</form>")[0]))
        db.session.rollback()
        return self.http.post(
            f"{self.url}/sign-in/provider/answer", data={**fields, **changes}, allow_redirects=False, timeout=20
        )

    def sign_in(self, subject: str | None = None) -> requests.Response:
        return self.take(self.agree(self.start(), subject))


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    before, url = app.extensions["bsm_settings"], f"http://127.0.0.1:{server.server_port}"
    found = Site(url, app)
    found.settings(base_url=url, oidc_client_id=CLIENT_ID, oidc_client_secret=CLIENT_SECRET, oidc_name="UN sign-in")
    app.extensions.pop("bsm_oidc", None)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        app.extensions["bsm_settings"] = before


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with real_provider() as issuer:
        yield issuer


@pytest.fixture
def real(site: Site, provider: str) -> Site:
    """The site with `oidc-provider-mock`, a program that is not ours."""
    site.settings(oidc_issuer=provider)
    return site


@pytest.fixture
def liar(site: Site) -> Iterator[Liar]:
    with lying_provider() as found:
        found.claims = dict(AMINA)
        site.settings(oidc_issuer=found.issuer)
        yield found


def rule(claim: str, value: str, role: Role, organisation_id: int | None = None) -> OidcRule:
    position = (db.session.scalar(sa.select(sa.func.max(OidcRule.position))) or 0) + 1
    row = OidcRule(position=position, claim=claim, value=value, role=role, organisation_id=organisation_id)
    db.session.add(row)
    db.session.commit()
    return row


def sessions() -> list[UserSession]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(UserSession).order_by(UserSession.id)))


def refusals() -> list[str]:
    db.session.rollback()
    found = sa.select(AuditEntry.after).where(AuditEntry.verb == "user.provider_refused").order_by(AuditEntry.id)
    return [after["reason"] for after in db.session.scalars(found)]


# -- with a provider that is not ours


def test_a_new_officer_comes_in(real: Site, provider: str) -> None:
    rule("groups", "bsm", Role.OFFICER)
    put_user(provider, "a1", AMINA)
    browser = real.browser()
    assert "Sign in with UN sign-in" in browser.get("/").text
    at_provider = browser.start("/sign-in/provider?next=/staff/cohorts")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(at_provider).query).items()}
    assert asked["redirect_uri"] == f"{real.url}/sign-in/provider/answer"
    assert (asked["response_type"], asked["code_challenge_method"], asked["scope"]) == (
        "code",
        "S256",
        "openid email profile",
    )
    assert {len(asked[name]) >= 43 for name in ("state", "nonce", "code_challenge")} == {True}
    back = browser.agree(at_provider, "a1")
    # Opening the page signs nobody in; its button does.
    assert browser.get(back).status_code == 200
    assert sessions() == []
    answer = browser.take(back)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/staff/cohorts")
    assert browser.get("/staff/cohorts").status_code == 200
    user = find_user("amina@example.org")
    assert user is not None
    assert (user.role, user.name, user.password, user.oidc_subject) == (
        Role.OFFICER,
        "Amina Diallo",
        None,
        f"{provider}|a1",
    )
    [session] = sessions()
    assert (session.user_id, session.method) == (user.id, SignInMethod.OIDC)


def test_a_partner_comes_in_for_the_organisation_of_the_rule(real: Site, provider: str, make: Factory) -> None:
    iom = make.organisation("IOM").id
    rule("realm.roles", "iom", Role.PARTNER, iom)
    put_user(provider, "p1", {**AMINA, "groups": [], "realm": {"roles": ["x", "iom"]}})
    browser = real.browser()
    assert browser.sign_in("p1").status_code == 302
    user = find_user("amina@example.org")
    assert user is not None
    assert (user.role, user.organisation_id, user.is_focal_point) == (Role.PARTNER, iom, False)
    assert browser.get("/partner/alumni").status_code == 200
    assert browser.get("/staff/alumni").status_code == 403


def test_where_no_rule_fits_nobody_is_made(real: Site, provider: str) -> None:
    rule("groups", "other", Role.OFFICER)
    put_user(provider, "a2", AMINA)
    answer = real.browser().sign_in("a2")
    assert answer.status_code == 403
    assert "Your account there gives no access here." in answer.text
    assert (find_user("amina@example.org"), sessions(), refusals()) == (None, [], ["no rule"])


def test_whoever_says_no_there_is_not_signed_in_here(real: Site) -> None:
    browser = real.browser()
    back = browser.agree(browser.start(), "")
    assert browser.get(back).status_code == 403
    assert sessions() == []


def test_a_code_works_once_at_the_provider(real: Site, provider: str) -> None:
    rule("groups", "bsm", Role.OFFICER)
    put_user(provider, "a3", AMINA)
    first = real.browser()
    back = first.agree(first.start(), "a3")
    cookies = first.http.cookies.copy()
    assert first.take(back).status_code == 302
    # The same cookie, the same answer, again.
    second = real.browser()
    second.http.cookies = cookies
    assert second.take(back).status_code == 403
    assert len(sessions()) == 1


# -- whose account it is


def test_an_account_is_found_by_an_address_the_provider_vouches_for(liar: Liar, site: Site, make: Factory) -> None:
    rule("groups", "bsm", Role.OFFICER)
    number = make.user(email="amina@example.org", name="Kept").id
    assert site.browser().sign_in().status_code == 302
    user = db.session.get_one(User, number, populate_existing=True)
    assert (user.oidc_subject, user.name) == (f"{liar.issuer}|s1", "Kept")
    # From now on the link counts, whatever the address becomes there.
    liar.claims["email"] = "married@example.org"
    assert site.browser().sign_in().status_code == 302
    assert [session.user_id for session in sessions()] == [number, number]


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_nobody_vouches_for_finds_and_makes_nobody(
    verified: Any, liar: Liar, site: Site, make: Factory
) -> None:
    rule("groups", "bsm", Role.OFFICER)
    make.user(email="amina@example.org")
    liar.claims["email_verified"] = verified
    assert site.browser().sign_in().status_code == 403
    assert (sessions(), refusals()) == ([], ["address not verified"])


def test_the_user_page_vouches_for_no_address_of_the_token(liar: Liar, site: Site) -> None:
    rule("groups", "bsm", Role.OFFICER)
    liar.claims["email_verified"] = False
    liar.userinfo = {"sub": "s1", "email": "amina@example.org", "email_verified": True}
    assert site.browser().sign_in().status_code == 403


def test_claims_of_the_user_page_count(liar: Liar, site: Site) -> None:
    rule("groups", "bsm", Role.OFFICER)
    liar.userinfo, liar.claims = {"sub": "s1", **AMINA}, {}
    assert site.browser().sign_in().status_code == 302


def test_an_account_linked_to_somebody_else_is_not_taken(liar: Liar, site: Site, make: Factory) -> None:
    rule("groups", "bsm", Role.OFFICER)
    make.user(email="amina@example.org", oidc_subject=f"{liar.issuer}|another")
    assert site.browser().sign_in().status_code == 403
    assert (sessions(), refusals()) == ([], ["linked elsewhere"])


@pytest.mark.parametrize("fields", [{"active": False}, {"role": Role.ALUMNUS}])
def test_neither_the_deactivated_nor_alumni_come_in(
    fields: dict[str, Any], liar: Liar, site: Site, make: Factory
) -> None:
    rule("groups", "bsm", Role.OFFICER)
    for link in (None, f"{liar.issuer}|s1"):
        number = make.user(email=f"{'amina' if link is None else 'linked'}@example.org", oidc_subject=link, **fields).id
        assert site.browser().sign_in().status_code == 403
        user = db.session.get_one(User, number, populate_existing=True)
        assert (user.active, user.role) == (fields.get("active", True), fields.get("role", Role.OFFICER))
    assert sessions() == []


def test_no_demo_account_comes_in_outside_the_demo(liar: Liar, site: Site, make: Factory) -> None:
    rule("groups", "bsm", Role.OFFICER)
    make.user(email="officer@demo.example")
    liar.claims["email"] = "officer@demo.example"
    site.settings(env="production")
    assert site.browser().sign_in().status_code == 403


# -- what they may do


def test_the_table_decides_at_each_sign_in_and_a_new_role_ends_the_old_sessions(
    liar: Liar, site: Site, make: Factory
) -> None:
    iom = make.organisation("IOM").id
    first = rule("groups", "bsm", Role.OFFICER)
    old = site.browser()
    old.sign_in()
    db.session.delete(first)
    rule("groups", "bsm", Role.PARTNER, iom)
    new = site.browser()
    assert new.sign_in().status_code == 302
    assert (old.get("/staff/events").status_code, new.get("/partner/alumni").status_code) == (302, 200)
    assert [session.ended_why for session in sessions()] == [SessionEnd.ROLE_CHANGED, None]
    user = find_user("amina@example.org")
    assert user is not None
    assert (user.role, user.organisation_id) == (Role.PARTNER, iom)


def test_who_fits_no_rule_any_more_is_out(liar: Liar, site: Site) -> None:
    rule("groups", "bsm", Role.OFFICER)
    browser = site.browser()
    browser.sign_in()
    liar.claims["groups"] = []
    assert site.browser().sign_in().status_code == 403
    assert browser.get("/staff/events").status_code == 302


def test_an_administrator_is_made_as_the_table_says_and_the_last_one_kept(
    liar: Liar, site: Site, make: Factory
) -> None:
    rule("groups", "bsm", Role.VIEWER)
    admin_rule = rule("groups", "staff", Role.ADMIN)
    assert site.browser().sign_in().status_code == 302
    user = find_user("amina@example.org")
    assert user is not None
    assert user.role is Role.ADMIN
    db.session.delete(admin_rule)
    db.session.commit()
    # Without her nobody could administer.
    assert site.browser().sign_in().status_code == 403
    assert refusals() == ["last administrator"]
    make.user(Role.ADMIN, last_sign_in_at=utc_now())
    assert site.browser().sign_in().status_code == 302
    db.session.rollback()
    assert db.session.get_one(User, user.id, populate_existing=True).role is Role.VIEWER


# -- the second factor


@pytest.mark.parametrize(
    ("claims", "awaits"),
    [
        ({}, Awaits.SET_UP),
        ({"amr": ["pwd"]}, Awaits.SET_UP),
        ({"amr": ["pwd", "otp"]}, Awaits.NOTHING),
        ({"amr": ["mfa"]}, Awaits.NOTHING),
        ({"amr": ["hwk"]}, Awaits.NOTHING),
        ({"acr": "silver"}, Awaits.SET_UP),
        ({"acr": "gold"}, Awaits.NOTHING),
    ],
)
def test_the_providers_second_factor_counts_when_it_says_so(
    claims: dict[str, Any], awaits: Awaits, liar: Liar, site: Site
) -> None:
    rule("groups", "bsm", Role.OFFICER)
    site.settings(env="production", oidc_acr="gold https://example.org/acr/two")
    liar.claims |= claims
    browser = site.browser()
    assert browser.sign_in().status_code == 302
    assert [session.awaits for session in sessions()] == [awaits]
    assert browser.get("/staff/events").status_code == (200 if awaits is Awaits.NOTHING else 302)


def test_what_the_user_page_says_of_a_second_factor_does_not_count(liar: Liar, site: Site) -> None:
    rule("groups", "bsm", Role.OFFICER)
    site.settings(env="production")
    liar.userinfo = {"sub": "s1", "amr": ["mfa"]}
    assert site.browser().sign_in().status_code == 302
    assert [session.awaits for session in sessions()] == [Awaits.SET_UP]


def test_a_proof_of_long_ago_is_not_fresh(liar: Liar, site: Site) -> None:
    rule("groups", "bsm", Role.ADMIN)

    def long_ago(payload: dict[str, Any]) -> dict[str, Any]:
        return {**payload, "auth_time": payload["iat"] - 3600}

    for change, status in ((long_ago, 302), (lambda payload: {**payload, "auth_time": payload["iat"]}, 200)):
        liar.payload = change
        browser = site.browser()
        browser.sign_in()
        assert browser.get("/staff/settings/users").status_code == 200
        assert browser.get("/staff/settings/users/new").status_code == status


# -- answers that are not as they must be

OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one"})


def with_payload(**changes: Any) -> Callable[[Liar], None]:
    def change(liar: Liar) -> None:
        liar.payload = lambda payload: {
            name: value for name, value in {**payload, **changes}.items() if value is not None
        }

    return change


def with_algorithm(algorithm: str, secret: str = "") -> Callable[[Liar], None]:
    def change(liar: Liar) -> None:
        liar.algorithm = algorithm
        liar.secret = liar.key.as_pem(private=False) if secret == "public key" else secret.encode()

    return change


def signed_by_another(liar: Liar) -> None:
    liar.signing_key = OTHER_KEY


def with_reply(**changes: Any) -> Callable[[Liar], None]:
    def change(liar: Liar) -> None:
        liar.reply = lambda reply: {name: value for name, value in {**reply, **changes}.items() if value is not None}

    return change


def with_answer(**changes: Any) -> Callable[[Liar], None]:
    def change(liar: Liar) -> None:
        liar.answer = lambda answer: {name: value for name, value in {**answer, **changes}.items() if value is not None}

    return change


def somebody_else_on_the_user_page(liar: Liar) -> None:
    liar.userinfo = {"sub": "s2", "groups": ["bsm"]}


# Each with what the log says of it: a lie must not be found out by accident.
LIES: dict[str, tuple[Callable[[Liar], None], str]] = {
    "wrong nonce": (with_payload(nonce="x" * 43), "Invalid claim: 'nonce'"),
    "no nonce": (with_payload(nonce=None), "Missing claim: 'nonce'"),
    "wrong audience": (with_payload(aud="another-client"), "Invalid claim: 'aud'"),
    "audience of many without us": (with_payload(aud=["one", "two"], azp=CLIENT_ID), "Invalid claim: 'aud'"),
    "meant for another party": (with_payload(aud=[CLIENT_ID, "two"], azp="two"), "Invalid claim: 'azp'"),
    "no audience": (with_payload(aud=None), "Missing claim: 'aud'"),
    "other issuer": (with_payload(iss="https://evil.example"), "Invalid claim: 'iss'"),
    "no issuer": (with_payload(iss=None), "Missing claim: 'iss'"),
    "over": (with_payload(exp=1_700_000_000), "The token is expired"),
    "without an end": (with_payload(exp=None), "Missing claim: 'exp'"),
    "from the future": (with_payload(iat=4_000_000_000, exp=4_000_000_300), "issued in the future"),
    "not yet": (with_payload(nbf=4_000_000_000), "not yet valid"),
    "no subject": (with_payload(sub=None), "Missing claim: 'sub'"),
    "subject that is no text": (with_payload(sub=["s1"]), "Claim 'sub'"),
    "other access token": (with_payload(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), "Invalid claim: 'at_hash'"),
    "unsigned": (with_algorithm("none"), "Algorithm of 'none' is not allowed"),
    "signed with our own secret": (with_algorithm("HS256", CLIENT_SECRET), "Algorithm of 'HS256' is not allowed"),
    "signed with the public key": (with_algorithm("HS256", "public key"), "Algorithm of 'HS256' is not allowed"),
    "signed by another": (signed_by_another, "bad_signature"),
    "no token of identity": (with_reply(id_token=None), "there is no token of identity"),
    "no token at all": (with_reply(id_token="not.a.token"), "Invalid header"),
    "somebody else on the user page": (somebody_else_on_the_user_page, "tells of somebody else"),
    "an answer of another issuer": (with_answer(iss="https://evil.example"), "another issuer"),
    "an answer without its issuer": (with_answer(iss=None), "another issuer"),
    "wrong state": (with_answer(state="x" * 43), ""),
    "no state": (with_answer(state=None), ""),
    "a code that was never given": (with_answer(code="guessed"), "invalid_grant"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_lets_nobody_in(lie: str, liar: Liar, site: Site, caplog: pytest.LogCaptureFixture) -> None:
    rule("groups", "bsm", Role.ADMIN)
    change, found_out = LIES[lie]
    change(liar)
    answer = site.browser().sign_in()
    assert answer.status_code == 403
    assert (sessions(), find_user("amina@example.org")) == ([], None)
    said = [entry.getMessage() for entry in caplog.records if "answer was not taken" in entry.getMessage()]
    assert [found_out in words for words in said] == ([True] if found_out else [])
    assert refusals() == ["answer not proved" if found_out else "no such attempt"]


def test_the_truth_lets_in(liar: Liar, site: Site) -> None:
    """The twin of the lies: the same way without one."""
    rule("groups", "bsm", Role.ADMIN)
    assert site.browser().sign_in().status_code == 302
    assert len(sessions()) == 1


def test_an_answer_to_somebody_elses_attempt_is_not_taken(liar: Liar, site: Site) -> None:
    """An attacker sends the own answer to somebody else, who would then work in the attacker's account."""
    rule("groups", "bsm", Role.OFFICER)
    attacker, victim, other = site.browser(), site.browser(), site.browser()
    back = attacker.agree(attacker.start())
    assert victim.take(back).status_code == 403
    # Nor when the victim has begun an attempt too.
    other.start()
    assert other.take(back).status_code == 403
    assert sessions() == []


def test_a_stolen_code_is_worth_nothing(liar: Liar, site: Site) -> None:
    """Whoever sees a code cannot bring it in with an attempt of their own: the verifier stayed in the browser."""
    rule("groups", "bsm", Role.OFFICER)
    victim, thief = site.browser(), site.browser()
    code = parse_qs(urlsplit(victim.agree(victim.start())).query)["code"][0]
    own = thief.agree(thief.start())
    assert thief.take(own, code=code).status_code == 403
    assert sessions() == []


def test_a_form_without_its_token_is_not_taken(liar: Liar, site: Site) -> None:
    rule("groups", "bsm", Role.OFFICER)
    browser = site.browser()
    back = browser.agree(browser.start())
    assert browser.take(back, csrf_token="").status_code == 400
    assert sessions() == []


def test_an_attempt_of_long_ago_is_over(liar: Liar, site: Site) -> None:
    rule("groups", "bsm", Role.OFFICER)
    browser = site.browser()
    with time_machine.travel(utc_now() - timedelta(minutes=16), tick=True):
        at_provider = browser.start()
    assert browser.take(browser.agree(at_provider)).status_code == 403
    assert refusals() == ["no such attempt"]


def test_an_answer_is_taken_once_even_from_a_provider_that_keeps_its_codes(liar: Liar, site: Site) -> None:
    rule("groups", "bsm", Role.OFFICER)
    liar.keeps_codes = True
    first = site.browser()
    back = first.agree(first.start())
    first.get(back)
    cookies = first.http.cookies.copy()

    def replay(_number: int) -> int:
        browser = site.browser()
        browser.http.cookies = cookies.copy()
        with site.app.app_context():
            return browser.take(back).status_code

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(replay, range(6))) == [302, 403, 403, 403, 403, 403]
    assert replay(7) == 403
    assert len(sessions()) == 1
    assert forget_old_answers() == 0
    with time_machine.travel(utc_now() + timedelta(days=2), tick=False):
        assert forget_old_answers() == 1
    assert db.session.scalars(sa.select(OidcAnswer)).all() == []


# -- the provider's description of itself


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "http://evil.example/jwks"},
        {"userinfo_endpoint": "ftp://evil.example/"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
    ],
)
def test_a_description_that_is_not_safe_is_not_used(changes: dict[str, Any], liar: Liar, site: Site) -> None:
    liar.discovery = lambda described: {**described, **changes}
    assert site.browser().get("/sign-in/provider").status_code == 502


@pytest.mark.parametrize("named", [False, True])
def test_no_redirect_of_the_provider_is_followed(named: bool, liar: Liar, site: Site) -> None:
    """The provider's own page for people sends on to the keys; its twin names them itself."""
    rule("groups", "bsm", Role.OFFICER)
    sent_on = f"{liar.issuer}/authorize?{urlencode({'redirect_uri': f'{liar.issuer}/jwks', 'state': 'x'})}"
    assert requests.get(sent_on, timeout=5).json().keys() == {"keys"}
    liar.asked.clear()
    liar.discovery = lambda described: {**described, "jwks_uri": f"{liar.issuer}/jwks" if named else sent_on}
    assert site.browser().sign_in().status_code == (302 if named else 403)
    assert liar.asked.count("/jwks") == (1 if named else 0)


def test_a_provider_that_is_away_keeps_nobody_waiting(liar: Liar, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_oidc, "TIMEOUT", (0.2, 0.2))
    liar.sleeps = 1
    answer = site.browser().get("/sign-in/provider")
    assert (answer.status_code, answer.elapsed < timedelta(seconds=1)) == (502, True)
    liar.sleeps = 0
    assert site.browser().get("/sign-in/provider").status_code == 302


def test_new_keys_are_fetched_when_they_are_needed(liar: Liar, site: Site) -> None:
    rule("groups", "bsm", Role.OFFICER)
    assert site.browser().sign_in().status_code == 302
    liar.key = RSAKey.generate_key(2048, {"kid": "two"})
    assert site.browser().sign_in().status_code == 302
    assert (liar.asked.count("/.well-known/openid-configuration"), liar.asked.count("/jwks")) == (1, 2)


def test_without_a_provider_there_is_no_way_in(site: Site) -> None:
    browser = site.browser()
    assert browser.get("/sign-in/provider").status_code == 404
    assert browser.get("/sign-in/provider/answer?code=x&state=y").status_code == 404
    assert "/sign-in/provider" not in browser.get("/").text
