"""The audit trail in a real browser: phone and desk, both directions, nothing that axe finds."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.audit.chain import Change, append
from bsm_alumni.audit.service_shred import shred_about
from bsm_alumni.extensions import db
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


def test_the_trail(
    live: Live,
    window: BrowserContext,
    make: Factory,
    sign_in: Callable[[User], FlaskClient],
    pictures: Path | None,
) -> None:
    before, after = {"name": "Old name", "agency": "Police"}, {"name": "A name " * 30, "agency": None}
    append([Change("alumnus.edited", "alumni", number, before, after) for number in range(1, 30)], 5, "Olga Officer")
    append([Change("access.denied", "endpoints", "users_staff.users", {}, {"network": "192.0.2.0/24"})], None, "")
    assert shred_about(3) == 1
    db.session.commit()
    cookie = sign_in(make.user(Role.ADMIN)).get_cookie("bsm")
    assert cookie is not None
    window.add_cookies([{"name": "bsm", "value": cookie.value, "url": live.url}])
    looker, page = Looker(pictures), window.new_page()
    width = page.viewport_size["width"] if page.viewport_size else 0
    for name, query in (
        ("all", ""),
        ("narrowed", "?who=olga&kind=alumni&number=3&first=2026-01-01"),
        ("denied", "?denied=1"),
        ("none", "?who=nobody"),
    ):
        page.goto(f"{live.url}/staff/audit{query}")
        for summary in page.locator("table summary").all()[:2]:
            summary.click()
        looker.look(page, f"audit-{name}-{width}")
    assert looker.found == []
    assert looker.seen == 8
