"""A passkey in a real browser with a virtual authenticator: made, used alone, as second factor, and done without."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.service_passwords import set_password
from bsm_alumni.extensions import db
from tests.factories import Factory
from tests.journeys.conftest import Live
from tests.journeys.looking import Looker

pytestmark = pytest.mark.browser

PASSWORD = "vexed kiosk tumbler"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def user(make: Factory) -> User:
    user = make.user(name="Noor Haddad")
    set_password(user, PASSWORD)
    db.session.commit()
    return user


@pytest.fixture
def page(live: Live, desktop: BrowserContext) -> Iterator[Page]:
    """A page of a browser with an authenticator built in."""
    page = desktop.new_page()
    devtools = desktop.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield page
    page.close()


def at(live: Live, path: str) -> str:
    """An address under the name that passkeys are bound to."""
    return live.url.replace("127.0.0.1", "localhost") + path


def sign_in(page: Page, live: Live, user: User) -> None:
    page.goto(at(live, "/"))
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_is_made_and_signs_in(page: Page, live: Live, user: User, pictures: Path | None) -> None:
    looker = Looker(pictures)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    sign_in(page, live, user)
    page.goto(at(live, "/account/second-factors"))
    looker.look(page, "factors-none")
    page.get_by_label("Name of the passkey").fill("Work laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes", level=1)).to_be_visible()
    expect(page.locator(".codes code")).to_have_count(10)
    looker.picture(page, "factors-codes")
    page.get_by_role("link", name="I have kept them, go on").click()

    page.goto(at(live, "/account/second-factors"))
    expect(page.get_by_role("rowheader", name="Work laptop")).to_be_visible()
    looker.look(page, "factors-one")
    # The same device has one already, and says so.
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("This device has a passkey for your account already.")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/staff/home")

    page.get_by_role("button", name="Sign out").click()
    sign_in(page, live, user)
    expect(page.get_by_role("heading", name="Show that it is you", level=1)).to_be_visible()
    looker.look(page, "factor-ask")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/staff/home")
    assert problems == []
    assert looker.found == []


def test_without_scripts_the_other_ways_are_offered(live: Live, user: User, desktop: BrowserContext) -> None:
    browser = desktop.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    sign_in(page, live, user)
    page.goto(at(live, "/account/second-factors"))
    expect(page.get_by_text("This browser cannot make a passkey at this address.")).to_be_visible()
    expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()
    page.get_by_role("button", name="Set up an app").click()
    expect(page.get_by_role("img", name="QR code with your secret")).to_be_visible()
    plain.close()


def test_at_a_bare_address_the_button_stays_away(live: Live, user: User, desktop: BrowserContext) -> None:
    page = desktop.new_page()
    page.goto(live.url)
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
