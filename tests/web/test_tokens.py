"""The colour tokens of the face: equal names in every theme, and AA contrast on every pair that is used."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "static" / "app.css").read_text(encoding="utf-8")

BLOCKS = {
    "light": ":root",
    "dark by the reader's system": ':root:not([data-bs-theme="light"])',
    "dark by choice": '[data-bs-theme="dark"]',
}

TEXT = 4.5  # WCAG 2.2, 1.4.3: text of normal size
SHAPE = 3.0  # WCAG 2.2, 1.4.11: edges of controls, marks that carry meaning

# (what is drawn, what it is drawn on, least contrast)
USED_PAIRS = [
    *[(text, ground, TEXT) for text in ("ink", "muted", "link", "link-hover") for ground in ("page", "raised")],
    *[("ink", f"{tint}-tint", TEXT) for tint in ("accepted", "waiting", "declined", "proposed", "notice")],
    *[("link", f"{tint}-tint", TEXT) for tint in ("accepted", "waiting", "declined", "notice")],
    *[(state, f"{state}-tint", TEXT) for state in ("accepted", "waiting", "declined", "proposed")],
    *[(state, ground, TEXT) for state in ("accepted", "waiting", "declined") for ground in ("page", "raised")],
    ("link-hover", "notice-tint", TEXT),
    ("on-brand", "brand", TEXT),
    ("on-brand", "brand-deep", TEXT),
    ("on-brand-muted", "brand", TEXT),
    ("on-brand-muted", "brand-deep", TEXT),
    ("on-primary", "primary", TEXT),
    ("on-primary", "primary-hover", TEXT),
    ("on-danger", "danger", TEXT),
    ("on-danger", "danger-hover", TEXT),
    ("danger", "page", TEXT),
    ("line-strong", "page", SHAPE),
    ("line-strong", "raised", SHAPE),
    ("focus", "page", SHAPE),
    ("focus", "raised", SHAPE),
    ("primary", "page", SHAPE),
    ("primary", "raised", SHAPE),
    ("bright", "page", SHAPE),
    ("bright", "brand", SHAPE),
]


def tokens_of(css: str, selector: str) -> dict[str, str]:
    """The colour tokens set in the first block of ``selector``, as name to '#RRGGBB'."""
    block = re.search(rf"^\s*{re.escape(selector)} \{{([^}}]*)\}}", css, re.MULTILINE)
    assert block is not None, f"no block {selector}"
    return dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6});", block.group(1)))


def luminance(colour: str) -> float:
    """Relative luminance of '#RRGGBB' from 0 to 1 (WCAG 2.2, glossary)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21 (WCAG 2.2, glossary)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def failures(tokens: dict[str, str]) -> list[str]:
    """Each used pair that is too faint, with its ratio."""
    found = []
    for drawn, ground, least in USED_PAIRS:
        ratio = contrast(tokens[drawn], tokens[ground])
        if ratio < least:
            found.append(f"{drawn} on {ground}: {ratio:.2f} < {least}")
    return found


@pytest.mark.parametrize("theme", BLOCKS)
def test_every_used_pair_meets_aa(theme: str) -> None:
    assert failures(tokens_of(CSS, BLOCKS[theme])) == []


def test_a_faint_pair_is_found() -> None:
    faint = tokens_of(CSS, BLOCKS["light"]) | {"muted": "#9AA5AC"}
    assert [f.split(":")[0] for f in failures(faint)] == ["muted on page", "muted on raised"]


def test_contrast_of_known_colours() -> None:
    assert (contrast("#000000", "#FFFFFF"), contrast("#777777", "#777777")) == (21.0, 1.0)


def test_themes_have_the_same_names() -> None:
    names = {theme: set(tokens_of(CSS, selector)) for theme, selector in BLOCKS.items()}
    assert names["light"] == names["dark by choice"] == names["dark by the reader's system"]


def test_both_ways_to_dark_are_one_set() -> None:
    assert tokens_of(CSS, BLOCKS["dark by choice"]) == tokens_of(CSS, BLOCKS["dark by the reader's system"])


def test_every_token_that_is_read_is_set() -> None:
    read = {name for name in re.findall(r"var\(--([a-z-]+)\)", CSS) if not name.startswith("bs-")}
    assert read - set(re.findall(r"--([a-z-]+):", CSS)) == set()


PHYSICAL = re.compile(
    r"(?<![-\w])(?:(?:margin|padding|border)-(?:left|right|top|bottom)"
    r"|(?:left|right):|(?:text-align|float): (?:left|right))"
)


def test_only_logical_properties() -> None:
    assert PHYSICAL.findall(CSS) == []
    assert PHYSICAL.findall("a { margin-left: 4px; text-align: right }") == [
        "margin-left",
        "text-align: right",
    ]


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert re.findall(r"url\(|@import", CSS) == []
