"""A page as a tree that simple selectors search: `ol.list > li`, `#hour`, `form[method=post]`."""

import re
from html.parser import HTMLParser

from flask.testing import FlaskClient

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
PART = re.compile(r"(?P<tag>^[\w-]+)|#(?P<id>[\w-]+)|\.(?P<cls>[\w-]+)|\[(?P<name>[\w-]+)=(?P<value>[^\]]+)\]")


class Node:
    """An element, or the document itself."""

    def __init__(self, tag: str, attrs: dict[str, str], parent: "Node | None") -> None:
        self.tag, self.attrs, self.parent = tag, attrs, parent
        self.children: list[Node | str] = []

    def __getitem__(self, name: str) -> str:
        return self.attrs[name]

    def elements(self) -> list["Node"]:
        """All elements below, in the order of the page."""
        found = []
        for child in self.children:
            if isinstance(child, Node):
                found += [child, *child.elements()]
        return found

    def select(self, selector: str) -> list["Node"]:
        """Elements below that fit: simple parts joined by a space (below) or > (child of), or by commas."""
        options = [option.replace(">", " > ").split() for option in selector.split(",")]
        return [node for node in self.elements() if any(node._fits_chain(option) for option in options)]

    def select_one(self, selector: str) -> "Node":
        """The first that fits; fails where none does."""
        return self.select(selector)[0]

    def get_text(self, between: str = "") -> str:
        """The words, spaces tidied."""
        return " ".join(between.join(self._texts()).split())

    def _texts(self) -> list[str]:
        return [text for c in self.children for text in ([c] if isinstance(c, str) else c._texts())]

    def _fits(self, part: str) -> bool:
        for match in PART.finditer(part):
            tag, wanted_id, cls, name, value = match.group("tag", "id", "cls", "name", "value")
            if (
                (tag and tag != self.tag)
                or (wanted_id and wanted_id != self.attrs.get("id"))
                or (cls and cls not in self.attrs.get("class", "").split())
                or (name and self.attrs.get(name) != value)
            ):
                return False
        return True

    def _fits_chain(self, chain: list[str]) -> bool:
        if not self._fits(chain[-1]):
            return False
        rest = chain[:-1]
        if not rest:
            return True
        if rest[-1] == ">":
            return self.parent is not None and self.parent._fits_chain(rest[:-1])
        above = self.parent
        while above is not None:
            if above._fits_chain(rest):
                return True
            above = above.parent
        return False


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.at = Node("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(node)
        if tag not in VOID:
            self.at = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.at.children.append(Node(tag, {name: value or "" for name, value in attrs}, self.at))

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.at.tag, f"</{tag}> closes <{self.at.tag}>"
        assert self.at.parent is not None
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


def parse(text: str) -> Node:
    """The tree of a page whose elements are all closed in order."""
    builder = _Builder()
    builder.feed(text)
    assert builder.at is builder.root, f"<{builder.at.tag}> is not closed"
    return builder.root


def page_of(client: FlaskClient, url: str) -> Node:
    """The page at the address, which answers with 200."""
    answer = client.get(url)
    assert answer.status_code == 200
    return parse(answer.text)
