"""Reading what a page shows."""

import re
from html import unescape


def rows_of(html: str) -> list[str]:
    """The names that head the rows of the page's first table, in order."""
    table = html.split("<tbody>", 1)[1].split("</tbody>", 1)[0] if "<tbody>" in html else ""
    heads = re.findall(r'<th scope="row".*?</th>', table, re.DOTALL)
    return [unescape(re.search(r"<bdi>(.*?)</bdi>|<a [^>]*>(.*?)</a>", head, re.DOTALL).group(0)) for head in heads]


def names_of(html: str) -> list[str]:
    """As ``rows_of``, without markup."""
    return [re.sub(r"<[^>]+>", "", row) for row in rows_of(html)]


def words_in(html: str, css_class: str) -> list[str]:
    """The text of each element with this class, in order; such elements must not nest within their own kind."""
    pattern = rf'<(\w+)[^>]*class="[^"]*\b{css_class}\b[^"]*"[^>]*>(.*?)</\1>'
    found = [re.sub(r"<[^>]+>", " ", inner) for _tag, inner in re.findall(pattern, html, re.DOTALL)]
    return [" ".join(unescape(text).split()) for text in found]
