"""What a person would notice on a page: axe's findings, sideways scrolling, words cut off."""

from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}
# Only what is wrong leaves the browser: axe's whole report of a page is megabytes.
RUN = """async rules => (await axe.run(rules)).violations.flatMap(
    violation => violation.nodes.map(node => `${violation.id} ${node.html.slice(0, 160)}`))"""


def findings(page: Page) -> list[str]:
    """Every violation that axe finds on the page, with the elements; and the page's width when it scrolls sideways."""
    page.evaluate(AXE_SCRIPT)
    found = [f"{page.url} {violation}" for violation in page.evaluate(RUN, RULES)]
    width = page.viewport_size["width"] if page.viewport_size else 0
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
        found.append(f"{page.url} scrolls sideways: {wide} px in {width}")
    return found


class Looker:
    """Looks at pages on the way and keeps what it found, in English and from right to left."""

    def __init__(self, pictures: Path | None) -> None:
        self.pictures, self.found, self.seen = pictures, list[str](), 0

    def look(self, page: Page, name: str) -> None:
        """Look at the page as it stands, and at the same address in Arabic direction when it is an address to get."""
        self._one(page, name)
        there = page.url
        answer = page.goto(there + ("&" if "?" in there else "?") + "lang=ar")
        assert answer is not None
        assert answer.status == 200
        assert page.evaluate("document.documentElement.dir") == "rtl"
        self._one(page, f"{name}-ar")
        page.goto(there)

    def _one(self, page: Page, name: str) -> None:
        self.picture(page, name)
        self.found += findings(page)
        self.seen += 1

    def picture(self, page: Page, name: str) -> None:
        """Keep a picture of the whole page, when pictures are wanted."""
        if self.pictures is not None:
            page.screenshot(path=self.pictures / f"{name}.png", full_page=True)
