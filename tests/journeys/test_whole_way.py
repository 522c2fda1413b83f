"""The whole way in a real browser: import, rank, invite, answer from the delivered mail, and who may see whom."""

import re
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Page, expect

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.service import create_user
from bsm_alumni.alumni.models import Alumnus, AlumnusEmail
from bsm_alumni.consent.models import SharedWith
from bsm_alumni.database import writing
from bsm_alumni.demo.sharing import confirm_made_up_statements, made_up_agreements
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.maintenance.lists import ensure_lists
from bsm_alumni.organisations.queries import get_organisation_by_code
from bsm_alumni.worker import sweep
from config import ROOT
from tests.journeys.conftest import Live, Mailbox
from tests.journeys.looking import Looker

pytestmark = pytest.mark.browser

PASSWORD = "a long enough password"
expect.set_options(timeout=20_000)
WORKBOOK = ROOT / "demo" / "staff-workbook.xlsx"
WEBINAR = "Border Community Dynamics"


@pytest.fixture
def accounts(live: Live) -> dict[str, str]:
    """An officer, an administrator and a partner user of UNODC, over the first lists."""
    ensure_lists()
    create_user("officer@example.org", Role.OFFICER, password=PASSWORD, name="Olu Officer", zone="Europe/Vienna")
    create_user("admin@example.org", Role.ADMIN, password=PASSWORD, name="Ada Administrator")
    unodc = get_organisation_by_code("UNODC").id
    create_user("unodc@example.org", Role.PARTNER, password=PASSWORD, name="Paz Partner", organisation_id=unodc)
    db.session.commit()
    return {"officer": "officer@example.org", "admin": "admin@example.org", "partner": "unodc@example.org"}


def sign_in(page: Page, url: str, email: str) -> None:
    page.goto(url)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def link_in(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    match = re.search(r"http://\S+/i/\S+", body.get_content())
    assert match is not None
    return match[0]


def work(live: Live) -> None:
    """What the worker does when it is woken."""
    db.session.rollback()
    sweep(live.app)


def name_of(address: str) -> str:
    db.session.rollback()
    person = sa.select(Alumnus.display_name).join(AlumnusEmail).where(AlumnusEmail.folded == address.lower())
    name = db.session.execute(person).scalar_one()
    db.session.rollback()
    return name


def someone(shared: bool) -> str:
    """The name of an active person who agreed to be seen by UNODC, or of one who did not."""
    db.session.rollback()
    unodc = get_organisation_by_code("UNODC").id
    agreed = sa.exists().where(SharedWith.alumnus_id == Alumnus.id, SharedWith.organisation_id == unodc)
    select = sa.select(Alumnus.display_name).where(agreed if shared else ~agreed, Alumnus.latin_name == "")
    name = db.session.execute(select.order_by(Alumnus.id).limit(1)).scalar_one()
    db.session.rollback()
    return name


def import_workbook(page: Page, live: Live, looker: Looker) -> None:
    page.get_by_role("link", name="Imports").click()
    looker.look(page, "imports-empty")
    page.locator("input[type=file]").set_input_files(WORKBOOK)
    page.get_by_role("button", name="Read the file").click()
    work(live)
    page.goto(page.url)
    batch = re.sub(r"(/staff/imports/\d+).*", r"\1", page.url)
    page.goto(f"{batch}/columns")
    looker.look(page, "import-columns")
    page.goto(f"{batch}/rows")
    looker.look(page, "import-rows")
    page.get_by_role("button", name=re.compile("^Apply ")).click()
    work(live)
    page.goto(batch)
    expect(page.get_by_role("heading", level=1)).to_have_text("The import was applied")
    figures = dict(
        zip(page.locator("main dl dt").all_inner_texts(), page.locator("main dl dd").all_inner_texts(), strict=True)
    )
    assert (figures["New people"], figures["New cohorts"], figures["New sessions"]) == ("640", "8", "13")
    looker.look(page, "import-done")


def invite_three(page: Page, looker: Looker) -> None:
    page.get_by_role("link", name="Events").click()
    looker.look(page, "events")
    page.get_by_role("link", name=re.compile(WEBINAR)).first.click()
    event = page.url
    for count in (1, 2, 3):
        page.goto(event)
        page.get_by_role("button", name=re.compile("^Invite ")).first.click()
        expect(page.locator(".seat-card .state-waiting")).to_have_count(count)
    looker.look(page, "event")


def answer_on_a_phone(phone: BrowserContext, link: str, looker: Looker) -> None:
    page = phone.new_page()
    page.goto(link)
    assert page.locator("script").count() == 0
    looker.look(page, "invitation-phone")
    page.get_by_role("button", name="I will present").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Will you present at this session?")
    looker.look(page, "invitation-accepted-phone")


def test_the_whole_way(
    live: Live,
    mailbox: Mailbox,
    accounts: dict[str, str],
    desktop: BrowserContext,
    phone: BrowserContext,
    pictures: Path | None,
) -> None:
    looker = Looker(pictures)
    officer = desktop.new_page()
    officer.goto(live.url)
    looker.look(officer, "sign-in")
    sign_in(officer, live.url, accounts["officer"])
    looker.look(officer, "home-empty")
    import_workbook(officer, live, looker)
    invite_three(officer, looker)

    work(live)
    # The head of the trail is mailed to administrators the same day; that is no invitation.
    asked = [mail for mail in mailbox.mails if str(mail["To"]) not in accounts.values()]
    assert len(asked) == 3
    address = str(asked[0]["To"])
    person = name_of(address)
    answer_on_a_phone(phone, link_in(asked[0]), looker)

    officer.goto(officer.url)
    card = officer.locator(".seat-card", has_text=person)
    expect(card.locator(".state-accepted")).to_be_visible()

    for path in ("/staff/home", "/staff/alumni", "/staff/cohorts", "/staff/mail", "/staff/settings"):
        officer.goto(live.url + path)
        looker.look(officer, path.strip("/").replace("/", "-"))

    nobody_is_shown_before_they_say_so()
    partner_sees_only_the_shared(live, accounts, desktop, looker)
    assert looker.found == []
    assert looker.seen >= 30


def nobody_is_shown_before_they_say_so() -> None:
    """What the file says of sharing opens nothing; then agreements are entered and most people confirm."""
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SharedWith)) == 0
    with writing():
        made_up_agreements(utc_now().date())
        assert confirm_made_up_statements() > 100
        db.session.commit()


def partner_sees_only_the_shared(live: Live, accounts: dict[str, str], desktop: BrowserContext, looker: Looker) -> None:
    desktop.clear_cookies()
    page = desktop.new_page()
    sign_in(page, live.url, accounts["partner"])
    looker.look(page, "partner-roster")
    for shared in (True, False):
        name = someone(shared)
        page.goto(f"{live.url}/partner/alumni?q={name}")
        assert page.get_by_role("link", name=name, exact=True).count() == int(shared)
