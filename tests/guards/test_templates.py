"""Templates: each compiles, none has words outside gettext, none has inline code or styles."""

import re
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from flask import Flask
from jinja2 import nodes

from config import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHOWN_ATTRIBUTES = frozenset({"placeholder", "title", "alt", "aria-label", "value"})
# Words that are the same in every language.
NAMES = frozenset({"BSM", "CSV", "XLSX", "JSON"})


class Literals(HTMLParser):
    """Collects text and shown attributes of a page whose Jinja parts were cut out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside.append(tag)
        for name, value in attrs:
            if name in SHOWN_ATTRIBUTES and tag != "meta":
                self._note(value or "", bare=name == "value")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            while self.inside and self.inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.inside):
            self._note(data)

    def _note(self, text: str, bare: bool = False) -> None:
        if bare and " " not in text.strip():
            return
        words = [word for word in re.findall(r"[^\W\d_]{2,}", text) if word not in NAMES]
        if words:
            self.found.append(" ".join(text.split()))


def markup_of(source: str) -> str:
    """The template without comments, translated blocks, the block of class names, and expressions."""
    source = re.sub(r"\{#.*?#\}", " ", source, flags=re.DOTALL)
    source = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", " ", source, flags=re.DOTALL)
    source = re.sub(r"\{% block body_class %\}[\w -]*\{% endblock %\}", " ", source)
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", source, flags=re.DOTALL)


def literals(source: str) -> list[str]:
    """The words of a template that do not come from an expression."""
    parser = Literals()
    parser.feed(markup_of(source))
    return parser.found


def inline_code(source: str) -> list[str]:
    """Inline scripts, handlers and styles: the content security policy would refuse them."""
    source = markup_of(source)
    return re.findall(r"<style\b|\bstyle\s*=\s*[\"']|\bon[a-z]+\s*=\s*[\"']|<script(?![^>]*\bsrc=)|javascript:", source)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template(path: Path, whole_app: Flask) -> None:
    source = path.read_text()
    name = str(path.relative_to(ROOT / "templates"))
    whole_app.jinja_env.get_template(name)
    assert literals(source) == []
    if not name.startswith("mail/"):
        assert inline_code(source) == []


def test_constant_output_in_expressions_goes_through_gettext(whole_app: Flask) -> None:
    """{{ "Save" }} is a literal too."""
    bare = []
    for path in TEMPLATES:
        tree = whole_app.jinja_env.parse(path.read_text())
        for output in tree.find_all(nodes.Output):
            bare += [
                (path.name, node.value)
                for node in output.nodes
                if isinstance(node, nodes.Const) and re.search(r"[^\W\d_]{2,} [^\W\d_]{2,}", str(node.value))
            ]
    assert bare == []


def test_twins_are_caught(whole_app: Flask) -> None:
    assert literals("<h1>{{ _('Fine') }}</h1><p>Not fine</p>") == ["Not fine"]
    assert literals('<input placeholder="Not fine either">') == ["Not fine either"]
    assert inline_code('<p style="color: red">') == ['style="']
    assert inline_code('<button onclick="x()">') == ['onclick="']
    assert inline_code("<script>x()</script>") == ["<script"]
    with pytest.raises(jinja2.TemplateSyntaxError):
        whole_app.jinja_env.parse("{% if %}")
