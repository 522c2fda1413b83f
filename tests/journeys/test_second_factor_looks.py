"""The second factor's pages on a dark phone and a light desk, both directions, with nothing that axe finds."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bsm_alumni.accounts import service_recovery
from bsm_alumni.accounts.enums import Awaits, Role
from bsm_alumni.accounts.models import Passkey, RecoveryCode, User, UserSession
from bsm_alumni.extensions import db, utc_now
from tests.accounts.signing import give_app
from tests.factories import Factory
from tests.journeys.conftest import Live
from tests.journeys.looking import Looker

pytestmark = pytest.mark.browser


@pytest.fixture(params=[320, 1280])
def window(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A narrow and a wide window, the narrow one dark."""
    scheme = "dark" if request.param == 320 else "light"
    context = chromium.new_context(
        viewport={"width": request.param, "height": 800}, color_scheme=scheme, locale="en-GB"
    )
    yield context
    context.close()


def enter(window: BrowserContext, live: Live, client: FlaskClient) -> Page:
    """A page of a browser that has the client's session."""
    cookie = client.get_cookie("bsm")
    assert cookie is not None
    url = live.url.replace("127.0.0.1", "localhost")
    window.add_cookies([{"name": "bsm", "value": cookie.value, "url": url}])
    page = window.new_page()
    page.goto(f"{url}/healthz")
    return page


def await_a_factor(user: User, awaits: Awaits) -> None:
    """Let the user's session be half a sign-in."""
    changed = sa.update(UserSession).where(UserSession.user_id == user.id)
    db.session.execute(changed.values(awaits=awaits, second_factor_at=None, created_at=utc_now()))
    db.session.commit()


def test_setting_up(
    live: Live, window: BrowserContext, make: Factory, sign_in: Callable[[User], FlaskClient], pictures: Path
) -> None:
    user = make.user(email="a.rather.long.name.of.an.officer@border-security.example.org")
    client = sign_in(user)
    await_a_factor(user, Awaits.SET_UP)
    page, looker = enter(window, live, client), Looker(pictures)
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.goto(page.url.replace("/healthz", "/second-factor/set-up"))
    expect(page.get_by_role("button", name="Make a passkey")).to_be_visible()
    looker.look(page, f"factor-set-up-{width}")
    page.get_by_role("button", name="Set up an app").click()
    page.get_by_text("I cannot scan it").click()
    looker.picture(page, f"factor-app-open-{width}")
    looker.look(page, f"factor-app-{width}")
    page.get_by_label("Code from the app").fill("000000")
    page.get_by_role("button", name="Let this app count").click()
    expect(page.get_by_role("heading", name="Look at these again")).to_be_visible()
    looker.picture(page, f"factor-app-wrong-{width}")
    assert looker.found == []


def test_asking(
    live: Live, window: BrowserContext, make: Factory, sign_in: Callable[[User], FlaskClient], pictures: Path
) -> None:
    user = make.user(Role.PARTNER, email="a.rather.long.name.of.an.officer@border-security.example.org")
    client = sign_in(user)
    give_app(user)
    service_recovery.make_codes(user)
    db.session.add(Passkey(user_id=user.id, credential_id="x", public_key="x", name="Key"))
    await_a_factor(user, Awaits.FACTOR)
    page, looker = enter(window, live, client), Looker(pictures)
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.goto(page.url.replace("/healthz", "/second-factor"))
    looker.look(page, f"factor-ask-{width}")
    page.get_by_text("Use a recovery code").click()
    page.get_by_label("Recovery code").fill("3k7d2")
    page.get_by_role("button", name="Go on with this code").click()
    expect(page.get_by_role("heading", name="Look at these again")).to_be_visible()
    looker.picture(page, f"factor-ask-wrong-{width}")
    assert looker.found == []


@pytest.mark.parametrize("role", [Role.OFFICER, Role.PARTNER, Role.ALUMNUS])
def test_looking_after_them(
    role: Role,
    live: Live,
    window: BrowserContext,
    make: Factory,
    sign_in: Callable[[User], FlaskClient],
    pictures: Path | None,
) -> None:
    user = make.user(role)
    client = sign_in(user)
    page, looker = enter(window, live, client), Looker(pictures)
    width = page.viewport_size["width"] if page.viewport_size else 0
    give_app(user)
    service_recovery.make_codes(user)
    db.session.execute(sa.update(RecoveryCode).where(RecoveryCode.position < 8).values(used_at=utc_now()))
    for name in ("Work laptop", "The blue security key in the safe of the third floor, left"):
        db.session.add(Passkey(user_id=user.id, credential_id=name, public_key="x", name=name))
    db.session.commit()
    page.goto(page.url.replace("/healthz", "/account/second-factors"))
    looker.look(page, f"factors-{role}-{width}")
    page.get_by_text("Rename or remove").first.click()
    looker.picture(page, f"factors-{role}-open-{width}")
    page.get_by_role("button", name="Make ten new codes").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    looker.picture(page, f"factors-{role}-codes-{width}")
    page.emulate_media(media="print")
    looker.picture(page, f"factors-{role}-print-{width}")
    assert looker.found == []
