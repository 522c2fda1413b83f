"""Rows that are not data: section headings such as '— AFRICA —', totals, and repeated heading rows."""

import enum
import re

from bsm_alumni.imports.cells import Cells
from bsm_alumni.reference.folding import fold

_TOTAL = re.compile(r"(?:grand |sub ?)?total(?:s|es)?|sum|somme|suma|итого|المجموع|合计|总计", re.IGNORECASE)


class RowShape(enum.StrEnum):
    """What a row that is not blank is."""

    DATA = "data"
    SECTION = "section"
    TOTAL = "total"
    HEADING = "heading"


def shape_of(cells: Cells, headings: list[str]) -> RowShape:
    """Tell data from what stands between it: only a row with a quarter of its columns filled, or less, is not data."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if [" ".join(cell.split()) for cell in cells if cell.strip()] == headings[: len(filled)] and len(filled) > 1:
        return RowShape.HEADING
    if len(filled) * 4 > max(len(headings), 4):
        return RowShape.DATA
    if any(_TOTAL.fullmatch(cell.strip(" :")) or fold(cell).startswith("total ") for cell in filled):
        return RowShape.TOTAL
    if len(filled) == 1 and len(headings) > 3:
        return RowShape.SECTION
    return RowShape.DATA
