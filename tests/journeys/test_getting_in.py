"""Invitation, users, focal point and provider as a browser shows them: at 1280 and 320 px, in both directions."""

import dataclasses
import secrets
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext

from bsm_alumni.accounts.enums import Role, SignInMethod
from bsm_alumni.accounts.models import ColleagueInvitation, OidcRule, User, UserSession
from bsm_alumni.accounts.service_invitations import invite
from bsm_alumni.accounts.service_tokens import url_of
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.tokens import hash_of
from tests.accounts.providers import CLIENT_ID, CLIENT_SECRET, lying_provider
from tests.factories import Factory
from tests.journeys.conftest import Live
from tests.journeys.looking import Looker, findings

pytestmark = pytest.mark.browser


def signed_in(live: Live, context: BrowserContext, user: User) -> None:
    """Give the browser a session of the user's."""
    token = secrets.token_urlsafe(16)
    row = UserSession(token_hash=hash_of(token), user_id=user.id, method=SignInMethod.PASSWORD)
    row.second_factor_at = utc_now()
    db.session.add(row)
    db.session.commit()
    cookie = live.app.session_interface.get_signing_serializer(live.app).dumps({"_user_id": token})
    context.add_cookies([{"name": "bsm", "value": cookie, "url": live.url}])


@pytest.mark.parametrize("window", ["desktop", "phone"])
def test_pages_of_users(
    window: str, live: Live, make: Factory, pictures: Path | None, request: pytest.FixtureRequest
) -> None:
    context: BrowserContext = request.getfixturevalue(window)
    iom = make.organisation("IOM", name="International Organization for Migration").id
    admin = make.user(Role.ADMIN, email="ada@example.org", name="Ada Administrator", last_sign_in_at=utc_now())
    make.user(Role.ADMIN, email="ben@example.org", name="Ben Administrator", last_sign_in_at=utc_now())
    focal = make.user(Role.PARTNER, email="fay@example.org", name="Fay Focal", organisation_id=iom, is_focal_point=True)
    invited = make.user(Role.PARTNER, email="a.very.long.address.of.a.colleague@example.org", organisation_id=iom)
    alumnus = make.user(Role.ALUMNUS, email="amina@example.org", name="Amina Diallo")
    for claim, value, role, organisation_id in (
        ("groups", "bsm-administrators", Role.ADMIN, None),
        ("realm_access.roles", "iom-border-management-focal-points", Role.PARTNER, iom),
    ):
        rule = OidcRule(position=1, claim=claim, value=value, role=role, organisation_id=organisation_id)
        db.session.add(rule)
    until = utc_now() + timedelta(days=7)
    for name, moment in (("New Colleague", until), ("Slow Colleague", utc_now())):
        email = f"{name.lower().replace(' ', '.')}.of.border.management@example.org"
        row = ColleagueInvitation(organisation_id=iom, email=email, name=name, invited_until=moment)
        db.session.add(row)
    link, other = url_of(invite(invited)), url_of(invite(alumnus))
    db.session.commit()
    page, looker = context.new_page(), Looker(pictures)
    numbers = [user.id for user in (invited, alumnus)]

    def look(path: str, name: str) -> None:
        page.goto(path if path.startswith("http") else live.url + path)
        looker.look(page, f"{name}-{window}")

    look(link, "welcome")
    look(other, "welcome-alumnus")
    signed_in(live, context, admin)
    look("/staff/settings/users", "users")
    look("/staff/settings/users/new", "user-new")
    look(f"/staff/settings/users/{numbers[0]}", "user")
    look(f"/staff/settings/users/{numbers[1]}", "user-alumnus")
    page.goto(f"{live.url}/staff/settings/users/{numbers[0]}")
    page.get_by_label("Administrator: everything").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("This waits for a second administrator: Ben Administrator.").wait_for()
    look("/staff/settings/users", "users-waiting")
    look("/staff/settings/sign-in", "provider")
    page.goto(f"{live.url}/staff/settings/sign-in")
    page.locator("#claims").fill('{"groups": ["bsm-administrators"]}')
    page.get_by_role("button", name="Try it").click()
    page.get_by_text("by the rule groups = bsm-administrators").wait_for()
    looker.found += findings(page)
    looker.picture(page, f"provider-tried-{window}")
    context.clear_cookies()
    signed_in(live, context, focal)
    look("/partner/users", "our-users")
    look("/partner/users/invite", "our-users-invite")
    context.clear_cookies()
    page.goto(f"{live.url}/welcome/{'x' * 43}")
    page.get_by_role("heading", name="This link does not work").wait_for()
    looker.picture(page, f"welcome-closed-{window}")
    assert looker.found == []


def test_the_way_through_the_provider(live: Live, make: Factory, desktop: BrowserContext, app: Flask) -> None:
    """One press of a button: the page in between presses its own."""
    db.session.add(OidcRule(position=1, claim="groups", value="bsm", role=Role.OFFICER))
    db.session.commit()
    app.extensions.pop("bsm_oidc", None)
    with lying_provider() as provider:
        provider.claims = {"email": "amina@example.org", "email_verified": True, "groups": ["bsm"]}
        app.extensions["bsm_settings"] = dataclasses.replace(
            app.extensions["bsm_settings"],
            oidc_issuer=provider.issuer,
            oidc_client_id=CLIENT_ID,
            oidc_client_secret=CLIENT_SECRET,
            oidc_name="UN sign-in",
        )
        page = desktop.new_page()
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
        page.goto(live.url)
        page.get_by_role("link", name="Sign in with UN sign-in").click()
        page.wait_for_url(f"{live.url}/staff/home")
        assert refused == []
