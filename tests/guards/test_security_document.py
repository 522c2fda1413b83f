"""The security pages say what is true: tests that are named exist, headings too, and the counts are right."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

from config import ROOT

DOCS = ROOT / "docs"
# The standard's rows of levels 1 and 2, as 'section: level-1 rows / level-2 rows'.
STANDARD = """
1.1: / 1 2; 1.2: 1 2 3 4 5 / 6 7 8 9; 1.3: 1 2 / 3 4 5 6 7 8 9 10 11; 1.4: / 1 2 3; 1.5: 1 / 2
2.1: 1 / 2 3; 2.2: 1 2 / 3; 2.3: 1 / 2 3 4; 2.4: / 1
3.2: 1 2 /; 3.3: 1 / 2 3 4; 3.4: 1 2 / 3 4 5 6; 3.5: 1 2 3 / 4 5; 3.7: / 1 2
4.1: 1 / 2 3; 4.2: / 1; 4.3: / 1 2; 4.4: 1 / 2 3 4
5.1: / 1; 5.2: 1 2 / 3; 5.3: 1 2 /; 5.4: / 1 2 3
6.1: 1 / 2 3; 6.2: 1 2 3 4 5 6 7 8 / 9 10 11 12; 6.3: 1 2 / 3 4; 6.4: 1 2 / 3 4; 6.5: / 1 2 3 4 5
6.6: / 1 2 3; 6.8: / 1 2 3 4
7.1: / 1 2 3; 7.2: 1 2 3 4 /; 7.3: / 1 2; 7.4: 1 2 / 3 4 5; 7.5: / 1 2; 7.6: / 1 2
8.1: 1 / 2; 8.2: 1 2 / 3; 8.3: 1 /; 8.4: / 1
9.1: 1 2 3 /; 9.2: 1 / 2 3 4
10.1: / 1 2; 10.2: / 1 2; 10.3: / 1 2 3 4; 10.4: 1 2 3 4 5 / 6 7 8 9 10 11; 10.5: / 1 2 3 4 5
10.6: / 1 2; 10.7: / 1 2 3
11.1: / 1 2; 11.2: / 1 2 3; 11.3: 1 2 / 3; 11.4: 1 / 2 3 4; 11.5: / 1; 11.6: / 1
12.1: 1 / 2 3; 12.2: 1 2 /; 12.3: / 1 2 3 4
13.1: / 1; 13.2: / 1 2 3 4 5; 13.3: / 1 2; 13.4: 1 / 2 3 4 5
14.1: / 1 2; 14.2: 1 / 2 3 4; 14.3: 1 / 2 3
15.1: 1 / 2 3; 15.2: 1 / 2 3; 15.3: 1 / 2 3 4 5 6 7
16.1: / 1; 16.2: / 1 2 3 4 5; 16.3: / 1 2 3 4; 16.4: / 1 2 3; 16.5: / 1 2 3
17.1: / 1; 17.2: / 1 2 3 4; 17.3: / 1 2
"""
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$")
TEST = re.compile(r"`(tests/[a-z_/0-9]+\.py)::(\w+)`")
LINK = re.compile(r"\]\(([a-z-]*(?:\.md)?)#([^)]+)\)")


def standard() -> dict[str, str]:
    """Every number with its level."""
    found = {}
    for section, levels in re.findall(r"([\d.]+): ([^;\n]*)", STANDARD):
        for level, numbers in enumerate(levels.split("/"), start=1):
            found |= {f"{section}.{number}": str(level) for number in numbers.split()}
    return found


def rows(text: str) -> list[tuple[str, ...]]:
    """(number, level, what is asked, how it is met, what holds it) of each row."""
    return [match.groups() for line in text.splitlines() if (match := ROW.match(line))]


def held_by(cell: str) -> str:
    """The kind of what holds a row; nothing for a cell that is none."""
    for plain in ("**not met**: ", "**not claimed**: ", "operator: ["):
        if cell.startswith(plain):
            return plain.strip("*: [")
    if TEST.search(cell):
        return "test"
    return "page" if cell.startswith("written: [") else ""


def defined_in(path: str) -> set[str]:
    """The tests that a file defines."""
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def missing_tests(text: str) -> list[str]:
    """Tests that the text names and that do not exist."""
    return [
        f"{path}::{name}"
        for path, name in TEST.findall(text)
        if not (ROOT / path).is_file() or name not in defined_in(path)
    ]


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as they are made where such pages are shown."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def missing_headings(page: str, text: str) -> Iterator[str]:
    """Links of a page to headings that are not there."""
    for target, anchor in LINK.findall(text):
        if anchor not in anchors((DOCS / (target or page)).read_text()):
            yield f"{target}#{anchor}"


ASVS = (DOCS / "asvs.md").read_text()
SECURITY = (DOCS / "security.md").read_text()


def test_every_row_stands_once_with_its_level() -> None:
    levels, found = standard(), rows(ASVS)
    tables, rest = ASVS.split("## Rows that do not apply")
    left_out = re.findall(r"\d+\.\d+\.\d+", rest)
    assert Counter(levels.values()) == {"1": 70, "2": 183}
    assert [number for number, times in Counter([*(row[0] for row in found), *left_out]).items() if times > 1] == []
    assert {row[0] for row in found} | set(left_out) == set(levels)
    assert {row[0]: row[1] for row in found} == {row[0]: levels[row[0]] for row in found}
    # No line of a table is passed over because it is written differently.
    assert len(re.findall(r"^\| [\dV]", tables, re.MULTILINE)) == len(found)


def test_every_row_says_what_holds_it() -> None:
    assert [row[0] for row in rows(ASVS) if not held_by(row[4])] == []


def test_the_counts_are_right() -> None:
    found = rows(ASVS)
    levels, kinds = Counter(row[1] for row in found), Counter(held_by(row[4]) for row in found)
    first = [row for row in found if row[1] == "1"]
    plain = {kind: [row[0] for row in first if held_by(row[4]) == kind] for kind in ("not met", "not claimed")}
    words = " ".join(ASVS.split())
    sentences = [
        f"**{levels['1']} of level 1 and {levels['2']} of level 2 apply** to this program, {len(found)} together; "
        f"{len(standard()) - len(found)} do not",
        f"A **test** that is about it ({kinds['test']} rows)".replace("A **", "a **"),
        f"a **page** where the row asks for something written ({kinds['page']})",
        f"the **operator's** work around the program ({kinds['operator']})",
        f"**Not met** ({kinds['not met']})",
        f"**not claimed** ({kinds['not claimed']})",
        f"Of level 1, {len(plain['not met'])} rows are not met and {len(plain['not claimed'])} not claimed: "
        f"{', '.join(sorted([*plain['not met'], *plain['not claimed']], key=lambda n: [*map(int, n.split('.'))]))}.",
    ]
    assert [sentence for sentence in sentences if sentence not in words] == []


def test_every_test_that_is_named_exists() -> None:
    assert missing_tests(ASVS + SECURITY) == []
    paths = set(re.findall(r"tests/[a-z_/0-9]+(?:\.py)?", ASVS + SECURITY))
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def test_every_page_that_is_pointed_to_has_that_heading() -> None:
    assert [*missing_headings("asvs.md", ASVS), *missing_headings("security.md", SECURITY)] == []


def test_files_that_are_named_exist() -> None:
    named = re.findall(r"`((?:accounts|alumni|consent|assignments)/[a-z_]+\.py)`", ASVS + SECURITY)
    assert [name for name in named if not (ROOT / "bsm_alumni" / name).is_file()] == []


def test_twins_are_caught() -> None:
    assert missing_tests("`tests/guards/test_security_document.py::test_nobody_wrote`") != []
    assert missing_tests("`tests/guards/test_no_such_file.py::test_x`") != []
    assert missing_tests("`tests/guards/test_security_document.py::test_twins_are_caught`") == []
    assert list(missing_headings("asvs.md", "[x](security.md#no-such-heading)")) == ["security.md#no-such-heading"]
    assert list(missing_headings("asvs.md", "[x](security.md#what-is-not-claimed)")) == []
    assert [held_by(cell) for cell in ("we hope so", "**not met**: no", "operator: [x](y)", "written: [x](y)")] == [
        "",
        "not met",
        "operator",
        "page",
    ]
    assert rows("| 1.1.1 | 2 | a | b | c |\n| 1.1 | 2 | a | b | c |") == [("1.1.1", "2", "a", "b", "c")]
