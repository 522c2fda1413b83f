"""A season in a real browser: planned, one seat swapped after its price, applied, invited, one declines, refilled."""

import re
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bsm_alumni.accounts.models import User
from bsm_alumni.extensions import db
from bsm_alumni.worker import sweep
from tests.factories import Factory
from tests.journeys.conftest import Live, Mailbox
from tests.journeys.looking import Looker, findings
from tests.journeys.test_own_pages import enter
from tests.planning.worlds import FIRST, LAST, Season, make_season

pytestmark = pytest.mark.browser


class Desk:
    """An officer at a desk, with the same pages on a small dark phone beside it."""

    def __init__(self, live: Live, desktop: BrowserContext, phone: BrowserContext, pictures: Path | None) -> None:
        self.live, self.page, self.phone = live, desktop.new_page(), phone.new_page()
        self.looker = Looker(pictures)

    def look(self, name: str) -> None:
        """Look at the page as it stands on both, in both directions."""
        self.looker.look(self.page, f"season-{name}")
        self.phone.goto(self.page.url)
        self.looker.look(self.phone, f"season-{name}-phone")

    def look_here(self, name: str) -> None:
        """Look at a page that is no address."""
        self.looker.found += findings(self.page)
        self.looker.picture(self.page, f"season-{name}")


@pytest.fixture
def season(live: Live, make: Factory) -> Season:
    """Four sessions, nine people: one more than the plan needs."""
    return make_season(make, people=9)


@pytest.fixture
def desk(
    live: Live,
    season: Season,
    desktop: BrowserContext,
    chromium: Browser,
    sign_in: Callable[[User], FlaskClient],
    pictures: Path | None,
) -> Desk:
    phone = chromium.new_context(viewport={"width": 320, "height": 640}, color_scheme="dark", locale="en-GB")
    phone.set_default_timeout(30_000)
    client = sign_in(season.officer)
    enter(desktop, live, client)
    enter(phone, live, client)
    return Desk(live, desktop, phone, pictures)


def work(live: Live) -> None:
    """What the worker does when it is woken."""
    db.session.rollback()
    sweep(live.app)
    db.session.rollback()


def plan_the_season(desk: Desk) -> str:
    """Weights by slider, the form's errors, then the plan; its address."""
    page = desk.page
    page.goto(f"{desk.live.url}/staff/plan")
    desk.look("none")
    page.get_by_role("link", name="Plan a season").first.click()
    page.get_by_label("First day").fill(str(FIRST))
    page.get_by_label("Last day").fill(str(LAST))
    page.get_by_role("button", name="Show these sessions").click()
    expect(page.get_by_text("4 sessions in these days")).to_be_visible()
    desk.look("new")
    slider = page.get_by_role("slider", name="Fair load")
    slider.fill("4.5")
    expect(page.get_by_role("spinbutton", name="Fair load")).to_have_value("4.5")
    assert slider.get_attribute("aria-valuetext") == "4.5 points"
    page.get_by_role("spinbutton", name="Fair load").fill("3")
    expect(slider).to_have_value("3")
    page.get_by_label("Name of the plan").fill("")
    page.get_by_role("button", name="Start planning").click()
    expect(page.get_by_role("heading", name="Look at these again")).to_be_visible()
    desk.look_here("wrong")
    page.get_by_label("Name of the plan").fill("Spring 2027")
    page.get_by_role("button", name="Start planning").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Spring 2027")
    expect(page.get_by_text("The worker begins in a moment.")).to_be_visible()
    url = page.url
    desk.look("waiting")
    work(desk.live)
    # The page asks again by itself and shows the board without anybody's doing.
    expect(page.get_by_text("This plan fills 8 of 9 seats. No plan is better.")).to_be_visible()
    desk.look("board")
    page.get_by_role("link", name="By person").click()
    desk.look("persons")
    return url


def swap_one(desk: Desk, url: str) -> None:
    page = desk.page
    page.goto(url)
    page.get_by_role("link", name=re.compile("Why, and who else")).first.click()
    desk.look("seat")
    page.get_by_label("Name").fill("Given")
    page.get_by_role("button", name="Say why not").click()
    expect(page.locator(".named").nth(2)).to_be_visible()
    page.get_by_role("link", name=re.compile("Look at the swap")).first.click()
    expect(page.get_by_text("The whole plan becomes:")).to_be_visible()
    desk.look("price")
    taker = page.get_by_role("heading", level=1).inner_text().removeprefix("Give the seat to ")
    page.get_by_role("button", name=f"Give the seat to {taker}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Seat of {taker}")
    page.get_by_role("button", name="Lock this seat").click()
    expect(page.get_by_text("Locked: stays here")).to_be_visible()
    page.goto(url)
    expect(page.locator(".plan-cards").first).to_contain_text(taker)
    expect(page.get_by_text("It was changed by hand since it was made")).to_be_visible()
    page.get_by_role("link", name="Why, and who could take it").click()
    desk.look("free")


def apply_and_invite(desk: Desk, url: str) -> None:
    page = desk.page
    page.goto(url)
    page.get_by_role("link", name="Apply this plan").click()
    desk.look("apply")
    page.get_by_role("button", name="Propose 8 seats").click()
    expect(page.get_by_text("8 seats are proposed.")).to_be_visible()
    desk.look("invite")
    assert page.locator("tbody input[type=checkbox]:checked").count() == 8
    page.get_by_role("button", name="Invite those who are ticked").click()
    expect(page.get_by_text("8 people are invited; the mails are on their way.")).to_be_visible()
    expect(page.locator(".seat-card .state-waiting", has_text="Invited")).to_have_count(8)


def decline_by_link(desk: Desk, mail: EmailMessage) -> None:
    body = mail.get_body(("plain",))
    assert body is not None
    link = re.search(r"http://\S+/i/\S+", body.get_content())
    assert link is not None
    page: Page = desk.phone
    page.goto(link[0])
    page.locator("summary", has_text="I cannot").click()
    page.locator("form button", has_text="I cannot").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Will you present at this session?")


def refill(desk: Desk, url: str) -> None:
    page = desk.page
    page.goto(f"{desk.live.url}/staff/home")
    expect(page.get_by_role("link", name=re.compile("Refill from the plan"))).to_have_count(1)
    page.goto(url)
    expect(page.get_by_role("heading", name="1 seat of this plan was lost")).to_be_visible()
    expect(page.locator(".is-lost")).to_have_count(1)
    desk.look("lost")
    page.locator(".is-lost").get_by_role("link", name=re.compile("Refill from the plan")).click()
    desk.look("refill")
    page.get_by_role("button", name=re.compile("^Invite ")).first.click()
    expect(page.get_by_text("is invited; the mail is on its way.")).to_be_visible()
    expect(page.locator(".seat-card .state-waiting", has_text="Invited")).to_have_count(8)
    expect(page.locator(".is-lost")).to_contain_text("Somebody else has the seat now.")
    expect(page.get_by_role("heading", name="1 seat of this plan was lost")).to_have_count(0)
    desk.look("refilled")


def compare_with_anew(desk: Desk, url: str) -> None:
    page = desk.page
    page.goto(url)
    page.get_by_role("link", name="Make it anew").click()
    desk.look("anew")
    page.get_by_role("button", name="Make the plan anew").click()
    work(desk.live)
    expect(page.get_by_text("Made from “Spring 2027”.")).to_be_visible()
    page.get_by_role("link", name="See both side by side").click()
    desk.look("compare")
    page.goto(f"{desk.live.url}/staff/plan")
    desk.look("list")


def test_a_season_from_plan_to_refill(live: Live, mailbox: Mailbox, season: Season, desk: Desk) -> None:
    url = plan_the_season(desk)
    swap_one(desk, url)
    apply_and_invite(desk, url)
    work(live)
    addresses = {address.address for person in season.people for address in person.emails}
    asked = [mail for mail in mailbox.mails if str(mail["To"]) in addresses]
    assert len(asked) == 8
    decline_by_link(desk, asked[0])
    refill(desk, url)
    compare_with_anew(desk, url)
    assert desk.looker.found == []
    assert desk.looker.seen == 4 * 16


def test_without_scripts_a_season_is_planned_all_the_same(
    live: Live, season: Season, chromium: Browser, sign_in: Callable[[User], FlaskClient]
) -> None:
    plain = chromium.new_context(java_script_enabled=False)
    enter(plain, live, sign_in(season.officer))
    page = plain.new_page()
    page.goto(f"{live.url}/staff/plan/new?first_day={FIRST}&last_day={LAST}")
    expect(page.locator("input[type=range]").first).to_be_hidden()
    page.get_by_role("spinbutton", name="Fair load").fill("7")
    page.get_by_role("button", name="Start planning").click()
    url = page.url
    work(live)
    page.goto(url)
    expect(page.get_by_text("This plan fills 8 of 9 seats.")).to_be_visible()
    plain.close()
