"""Pages of alumni and partners in a real browser: phone and desk, both directions, nothing that axe finds."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, expect

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.enums import PeriodKind
from bsm_alumni.alumni.models import Alumnus, AvailabilityPeriod
from bsm_alumni.consent.enums import FieldGroup, SharingAnswer, SharingSource
from bsm_alumni.consent.service import set_sharing
from bsm_alumni.database import writing
from bsm_alumni.extensions import db
from bsm_alumni.organisations.models import Organisation
from tests.factories import Factory
from tests.journeys.conftest import Live
from tests.journeys.looking import Looker

pytestmark = pytest.mark.browser

OWN = ("", "profile", "profile/edit", "availability", "sharing", "sharing/history")
THEIRS = ("alumni", "alumni?q=dia&place=SN", "alumni?q=nobody", "alumni/1", "alumni/export")


@pytest.fixture(params=[320, 1280])
def window(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A narrow and a wide window, the narrow one dark."""
    scheme = "dark" if request.param == 320 else "light"
    context = chromium.new_context(
        viewport={"width": request.param, "height": 800}, color_scheme=scheme, locale="en-GB"
    )
    yield context
    context.close()


@pytest.fixture
def partner(live: Live, make: Factory) -> Organisation:
    """A partner, and Amina Diallo, of whom the register says that this partner may see her."""
    partner = make.organisation("UNX", name="A partner of the programme")
    make.agreement(partner, frozenset(FieldGroup))
    person = make.alumnus(themes=(make.theme("Document security"),), languages={"fr": 5, "ar": 7})
    make.enrolment(make.cohort(), person)
    days = AvailabilityPeriod(kind=PeriodKind.BLACKOUT, starts_on=date(2031, 5, 3), ends_on=date(2031, 5, 9))
    person.periods.append(days)
    db.session.commit()
    with writing():
        set_sharing(person.id, SharingAnswer.SOME, [partner.id], source=SharingSource.IMPORT, words="UNX only")
        db.session.commit()
    assert person.id == 1
    return partner


def enter(window: BrowserContext, live: Live, client: FlaskClient) -> None:
    """Give the browser the session of a client that is signed in."""
    cookie = client.get_cookie("bsm")
    assert cookie is not None
    window.add_cookies([{"name": "bsm", "value": cookie.value, "url": live.url}])


def test_own_pages(
    live: Live,
    window: BrowserContext,
    partner: Organisation,
    make: Factory,
    sign_in: Callable[[User], FlaskClient],
    pictures: Path | None,
) -> None:
    enter(window, live, sign_in(make.user(Role.ALUMNUS, alumnus_id=1)))
    looker, page = Looker(pictures), window.new_page()
    width = page.viewport_size["width"] if page.viewport_size else 0
    for path in OWN:
        page.goto(f"{live.url}/me/{path}")
        looker.look(page, f"me-{path.replace('/', '-') or 'home'}-{width}")
    page.goto(f"{live.url}/me/")
    page.get_by_role("button", name="Yes, share this").first.click()
    expect(page.get_by_text("These partners may see you from now on: A partner of the programme.")).to_be_visible()
    page.get_by_role("button", name="Stop sharing with UNX").click()
    expect(page.get_by_text("A partner of the programme sees nothing of you from now on.")).to_be_visible()
    page.get_by_text("Share with UNX").click()
    page.get_by_role("button", name="Yes, share this with UNX").click()
    expect(page.get_by_text("From now on A partner of the programme sees of you")).to_be_visible()
    assert looker.found == []
    assert looker.seen == 2 * len(OWN)


def test_partner_pages(
    live: Live,
    window: BrowserContext,
    partner: Organisation,
    make: Factory,
    sign_in: Callable[[User], FlaskClient],
    pictures: Path | None,
) -> None:
    make.consent(db.session.get_one(Alumnus, 1), partner, frozenset(FieldGroup))
    enter(window, live, sign_in(make.user(Role.PARTNER, organisation_id=partner.id)))
    looker, page = Looker(pictures), window.new_page()
    width = page.viewport_size["width"] if page.viewport_size else 0
    for number, path in enumerate(THEIRS):
        page.goto(f"{live.url}/partner/{path}")
        looker.look(page, f"partner-{number}-{width}")
    page.goto(f"{live.url}/partner/alumni")
    page.get_by_role("link", name="Amina Diallo").click()
    expect(page.get_by_role("heading", name="Amina Diallo")).to_be_visible()
    page.goto(f"{live.url}/partner/alumni/export")
    page.get_by_label("What will you use the list for?").fill("Choosing presenters for a workshop")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export 1 person").click()
    # Who took it, when, its number and what for.
    name = r"alumni_UNX_user-\d+_20260601T0900Z_export-1_choosing-presenters-for-a-work\.xlsx"
    assert re.fullmatch(name, download.value.suggested_filename)
    assert looker.found == []
    assert looker.seen == 2 * len(THEIRS)
