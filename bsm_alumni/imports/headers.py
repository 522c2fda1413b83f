"""Finds the heading row under title rows and says what each column means, with a score and samples to judge it by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz

from bsm_alumni.imports.cells import Cells
from bsm_alumni.imports.contacts import usable
from bsm_alumni.imports.dates import Order
from bsm_alumni.imports.fields import FIELDS, NEEDED, SheetKind, field_keys
from bsm_alumni.reference.countries import find_country
from bsm_alumni.reference.folding import fold

HEADER_WITHIN = 30  # rows, counted as they come
LEAST_SCORE = 80  # of 100, for a heading that is not spelled as any we know


@dataclass(frozen=True, slots=True)
class Column:
    """One column: place from 0, heading (made unique), meaning ('' when none) and how sure that is (0–100)."""

    index: int
    heading: str
    meaning: str
    score: int
    samples: tuple[str, ...] = ()


@dataclass(slots=True)
class SheetMap:
    """How one sheet is read. Kept as JSON in the import and in saved mappings."""

    kind: SheetKind
    header_row: int
    headings: list[str]
    columns: dict[str, str]
    scores: dict[str, int] = field(default_factory=dict)
    samples: dict[str, list[str]] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)

    def heading_of(self, meaning: str) -> str:
        """The heading of the column with that meaning, '' when there is none."""
        return next((heading for heading, key in self.columns.items() if key == meaning), "")

    def order_of(self, meaning: str) -> Order:
        """How the dates of that column are written."""
        return Order(self.orders.get(self.heading_of(meaning), Order.UNKNOWN))

    def to_json(self) -> dict[str, object]:
        """The map as a JSON object."""
        return {
            "kind": self.kind.value,
            "header_row": self.header_row,
            "headings": self.headings,
            "columns": self.columns,
            "scores": self.scores,
            "samples": self.samples,
            "orders": self.orders,
        }

    @staticmethod
    def from_json(data: dict[str, object]) -> "SheetMap":
        """The map from its JSON object; unknown meanings are dropped."""
        kind = SheetKind(str(data["kind"]))
        columns = data.get("columns") or {}
        assert isinstance(columns, dict)
        known = field_keys(kind)
        return SheetMap(
            kind=kind,
            header_row=int(str(data.get("header_row") or 0)),
            headings=[str(heading) for heading in data.get("headings") or []],  # type: ignore[attr-defined]
            columns={str(k): str(v) for k, v in columns.items() if v in known},
            scores={str(k): int(v) for k, v in (data.get("scores") or {}).items()},  # type: ignore[attr-defined]
            samples={str(k): list(v) for k, v in (data.get("samples") or {}).items()},  # type: ignore[attr-defined]
            orders={str(k): str(v) for k, v in (data.get("orders") or {}).items()},  # type: ignore[attr-defined]
        )


def unique_headings(cells: Sequence[str], width: int) -> list[str]:
    """A name for every column: its heading on one line, 'Column 3' where it is empty, 'Name (2)' where it repeats."""
    seen: dict[str, int] = {}
    headings = []
    for index in range(width):
        text = " ".join(cells[index].split())[:110] if index < len(cells) else ""
        text = text or f"Column {index + 1}"
        seen[text] = seen.get(text, 0) + 1
        headings.append(text if seen[text] == 1 else f"{text} ({seen[text]})")
    return headings


@lru_cache(maxsize=4096)
def heading_scores(heading: str, kind: SheetKind) -> dict[str, int]:
    """Meaning → how well the heading names it, 0 to 100."""
    folded = fold(heading)
    scores: dict[str, int] = {}
    if not folded:
        return scores
    for meaning in FIELDS[kind]:
        best = 0.0
        for spelling in meaning.headings.split("|"):
            known = fold(spelling)
            if known == folded:
                best = 100
                break
            best = max(best, fuzz.ratio(known, folded))
            if len(known) > 4 and f" {known} " in f" {folded} ":
                best = max(best, 90)
        if best >= LEAST_SCORE:
            scores[meaning.key] = round(best)
    return scores


def match_columns(headings: Sequence[str], kind: SheetKind, samples: Sequence[Sequence[str]]) -> list[Column]:
    """The most likely meaning of each column; no meaning is given to two columns."""
    scored: list[tuple[int, int, str]] = []
    for index, heading in enumerate(headings):
        scores = dict(heading_scores(heading, kind))
        if not scores and index < len(samples):
            scores = _by_values(samples[index], kind)
        scored.extend((-score, index, key) for key, score in scores.items())
    meanings: dict[int, tuple[str, int]] = {}
    taken: set[str] = set()
    for score, index, key in sorted(scored):
        if index not in meanings and key not in taken:
            meanings[index] = (key, -score)
            taken.add(key)
    return [
        Column(
            index,
            heading,
            *meanings.get(index, ("", 0)),
            tuple(dict.fromkeys(v for v in (samples[index] if index < len(samples) else ()) if v))[:3],
        )
        for index, heading in enumerate(headings)
    ]


def _by_values(values: Sequence[str], kind: SheetKind) -> dict[str, int]:
    """What values alone betray, where the heading says nothing: addresses and countries."""
    present = [value for value in values if value.strip()]
    if kind is not SheetKind.ALUMNI or len(present) < 3:
        return {}
    if sum(usable(value.strip()) for value in present) * 2 > len(present):
        return {"email": 75}
    if sum(find_country(value) is not None for value in present) * 3 > len(present) * 2:
        return {"country": 60}
    return {}


def find_map(rows: Iterable[tuple[int, Cells]], kinds: Sequence[SheetKind], certain: bool = False) -> SheetMap | None:
    """Find the heading row among the first rows and the kind of sheet it belongs to; None when nothing fits.

    `certain` takes the very first row, whatever it holds: somebody said that it is the heading row.
    """
    head = [row for row, _ in zip(rows, range(HEADER_WITHIN + 40), strict=False)]
    best: tuple[int, int, SheetKind] | None = None
    for place, (_, cells) in enumerate(head[:HEADER_WITHIN]):
        for kind in kinds:
            found = [c.meaning for c in match_columns(cells, kind, ()) if c.meaning and c.score >= LEAST_SCORE]
            if any(needed <= set(found) for needed in NEEDED[kind]) and (best is None or len(found) > best[0]):
                best = (len(found), place, kind)
    if certain and head:
        best = (0, 0, kinds[0])
    if best is None:
        return None
    _, place, kind = best
    number, cells = head[place]
    below = [row for _, row in head[place + 1 :]]
    width = max([len(cells), *(len(row) for row in below)])
    headings = unique_headings(cells, width)
    samples = [[row[index] for row in below if index < len(row)] for index in range(width)]
    columns = match_columns(headings, kind, samples)
    return SheetMap(
        kind=kind,
        header_row=number,
        headings=headings,
        columns={column.heading: column.meaning for column in columns if column.meaning},
        scores={column.heading: column.score for column in columns if column.meaning},
        samples={column.heading: [value[:80] for value in column.samples] for column in columns},
    )
