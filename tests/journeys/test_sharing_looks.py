"""The pages about sharing and agreements in a real browser: phone and desk, both themes, both directions."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, expect

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.consent.enums import FieldGroup, SharingAnswer, SharingSource
from bsm_alumni.consent.links import make_ask, token_of
from bsm_alumni.consent.service import set_sharing
from bsm_alumni.consent.service_proposals import propose_consent, refuse_proposal
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.models import Organisation
from tests.factories import Factory
from tests.journeys.conftest import Live
from tests.journeys.looking import Looker, findings
from tests.journeys.test_own_pages import enter

pytestmark = pytest.mark.browser

NAME, WORK, CONTACT, DAYS, _SESSIONS = FieldGroup


@pytest.fixture(params=[(320, "dark"), (1280, "light")], ids=["phone", "desk"])
def window(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    width, scheme = request.param
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="en-GB")
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def token(live: Live, make: Factory) -> str:
    """Partners with and without agreements, and one person to whom each of them stands differently."""
    partners = [make.organisation(code, name=f"{code}, a partner of the programme") for code in ("UNW", "UNX", "UNY")]
    make.organisation("UNZ", name="UNZ, a partner without an agreement")
    for partner in partners:
        days = {"ends_on": utc_now().date() + timedelta(400)}
        make.agreement(partner, frozenset(FieldGroup), reference=f"{partner.code}/2031/01", **days)
    person = make.alumnus(themes=(make.theme("Document security"),), languages={"fr": 5, "ar": 7}, phone="+221 33 1")
    recorder, second = make.user(Role.OFFICER, name="Rita Recorder"), make.user(Role.OFFICER, name="Sam Second")
    for other in (person, make.alumnus("Chen"), make.alumnus("Benali", email=None)):
        say(other, partners[1])
    make.consent(person, partners[0], frozenset({NAME, WORK, CONTACT}))
    with writing():
        put_down(person, partners[0], recorder, {CONTACT}, given=False)
        put_down(person, partners[2], recorder, {NAME, WORK, DAYS}, given=True)
        wrong = put_down(make.alumnus("Silva"), partners[2], recorder, {NAME}, given=True)
        refuse_proposal(wrong, make.user(Role.ALUMNUS, alumnus_id=wrong.alumnus_id).id)
        link = token_of(make_ask(person.id))
        db.session.commit()
    assert (person.id, second.id) == (1, 2)
    return link


def say(person: Alumnus, partner: Organisation) -> None:
    with writing():
        words = "d'accord pour le partenaire"
        set_sharing(person.id, SharingAnswer.SOME, [partner.id], source=SharingSource.IMPORT, words=words)
        db.session.commit()


def put_down(person: Alumnus, partner: Organisation, user: User, groups: set[FieldGroup], *, given: bool) -> object:
    return propose_consent(
        person.id,
        partner.id,
        groups,
        given=given,
        evidence="Mail of 3 March 2031, in the shared mailbox of the programme",
        recorded_by_id=user.id,
        words="No longer.",
        locale="en",
    )


OWN = ("me/", "me/sharing", "me/sharing/history")
STAFF = (
    "sharing",
    "sharing?q=nobody&state=asked",
    "sharing/ask",
    "sharing/waiting",
    "sharing/waiting/2",
    "sharing/wrong",
    "alumni/1",
    "alumni/1/sharing",
    "alumni/1/sharing/record",
    "settings/organisations",
    "settings/organisations/1/agreements",
    "settings/organisations/4/agreements",
    "settings/organisations/4/agreements/new",
    "settings/organisations/1/agreements/1/edit",
    "settings/organisations/1/agreements/1/end",
)


def test_pages_of_the_alumnus_and_of_the_link(
    live: Live,
    window: BrowserContext,
    token: str,
    make: Factory,
    sign_in: Callable[[User], FlaskClient],
    pictures: Path | None,
    request: pytest.FixtureRequest,
) -> None:
    looker, page = Looker(pictures), window.new_page()
    name = request.node.callspec.id
    page.goto(f"{live.url}/s/{token}")
    looker.look(page, f"sharing-link-{name}")
    page.goto(f"{live.url}/s/{token}")
    page.get_by_role("button", name="No, share nothing").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.goto(f"{live.url}/s/{token}")
    expect(page.get_by_role("heading", name="This link is closed")).to_be_visible()
    looker.found += findings(page)
    # The server wrote meanwhile: what the test read before is over.
    db.session.rollback()
    enter(window, live, sign_in(make.user(Role.ALUMNUS, alumnus_id=1)))
    for number, path in enumerate(OWN):
        page.goto(f"{live.url}/{path}")
        looker.look(page, f"sharing-own-{number}-{name}")
    assert looker.found == []


def test_pages_of_staff(
    live: Live,
    window: BrowserContext,
    token: str,
    make: Factory,
    sign_in: Callable[[User], FlaskClient],
    pictures: Path | None,
    request: pytest.FixtureRequest,
) -> None:
    enter(window, live, sign_in(make.user(Role.ADMIN, name="Ada Administrator")))
    looker, page = Looker(pictures), window.new_page()
    name = request.node.callspec.id
    for number, path in enumerate(STAFF):
        page.goto(f"{live.url}/staff/{path}")
        looker.look(page, f"sharing-staff-{number:02d}-{name}")
    page.goto(f"{live.url}/staff/settings/organisations/4/agreements/new")
    page.get_by_role("button", name="See what this does").click()
    expect(page.get_by_role("heading", name="Look at these again")).to_be_visible()
    page.get_by_label("Name and country").check()
    page.get_by_label("What the partner may use").fill("Choosing presenters")
    page.get_by_role("button", name="See what this does").click()
    expect(page.get_by_text("0 people become visible,")).to_be_visible()
    looker.picture(page, f"sharing-staff-effect-{name}")
    looker.found += findings(page)
    page.get_by_role("button", name="Save this agreement").click()
    expect(page.get_by_text("The agreement is entered.")).to_be_visible()
    assert looker.found == []
