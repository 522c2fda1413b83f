"""Sign-in and one's own account on a dark phone and a light desk, in both directions, with nothing that axe finds."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext

from bsm_alumni.accounts.enums import Role, TokenKind
from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.service_tokens import PATHS, make_token, token_of
from bsm_alumni.extensions import db
from tests.accounts.steps import give_password
from tests.factories import Factory
from tests.journeys.conftest import Live
from tests.journeys.looking import Looker, findings

pytestmark = pytest.mark.browser

SignIn = Callable[[User], FlaskClient]
LONG_ADDRESS = "a.rather.long.name.of.an.officer@border-security.example.org"


@pytest.fixture(params=[320, 1280])
def window(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A narrow and a wide window, the narrow one dark."""
    scheme = "dark" if request.param == 320 else "light"
    context = chromium.new_context(viewport={"width": request.param, "height": 800}, color_scheme=scheme)
    yield context
    context.close()


def path_of(user: User, kind: TokenKind) -> str:
    """The path of a new link, committed."""
    token = make_token(user, kind, timedelta(hours=1), {"address": "new@example.org"})
    db.session.commit()
    return f"{PATHS[kind]}/{token_of(token)}"


def test_pages_before_sign_in(live: Live, window: BrowserContext, make: Factory, pictures: Path | None) -> None:
    alumnus = make.user(Role.ALUMNUS, email=LONG_ADDRESS)
    paths = {
        "sign-in": "/",
        "link": "/sign-in/link",
        "sent": "/sign-in/link/sent",
        "forgotten": "/password/forgotten",
        "opened": path_of(alumnus, TokenKind.SIGN_IN),
        "new": path_of(alumnus, TokenKind.PASSWORD_RESET),
        "undo": path_of(alumnus, TokenKind.ADDRESS_UNDO),
    }
    page, looker = window.new_page(), Looker(pictures)
    width = page.viewport_size["width"] if page.viewport_size else 0
    for name, path in paths.items():
        page.goto(f"{live.url}{path}")
        looker.look(page, f"account-{name}-{width}")
    assert looker.found == []


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ALUMNUS])
def test_ones_own_account(
    role: Role, live: Live, window: BrowserContext, make: Factory, sign_in: SignIn, pictures: Path
) -> None:
    user = give_password(make.user(role, email=LONG_ADDRESS))
    sign_in(user)
    cookie = sign_in(user).get_cookie("bsm")
    assert cookie is not None
    window.add_cookies([{"name": "bsm", "value": cookie.value, "url": live.url}])
    page, looker = window.new_page(), Looker(pictures)
    width = page.viewport_size["width"] if page.viewport_size else 0
    change = path_of(user, TokenKind.ADDRESS_CHANGE)
    for path in ("/account", "/account/password", "/account/address", "/account/confirm", change):
        page.goto(f"{live.url}{path}")
        name = path.split("/")[-1][:10]
        looker.look(page, f"account-{role}-{name}-{width}")
    page.goto(f"{live.url}/account/password")
    page.locator("#password").fill("passwordpassword")
    page.locator("#current").fill("wrong")
    page.locator("main form button[type=submit]").click()
    looker.picture(page, f"account-{role}-refused-{width}")
    looker.found += findings(page)
    assert looker.found == []
