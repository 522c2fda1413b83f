"""Every cell becomes text before anything is read from it: one path for workbooks, CSV and repairs typed by hand."""

import datetime as dt

MAX_CELL = 4_000  # characters kept of one cell

Cells = tuple[str, ...]


def cell_text(value: object) -> str:
    """The text of a cell: dates in ISO form, whole numbers without '.0', formulas as they were typed.

    A formula object (an array formula, say) has its text; nothing is ever worked out.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        text = value
    elif isinstance(value, bool):
        text = "TRUE" if value else "FALSE"
    elif isinstance(value, float):
        text = str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    elif isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        text = value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="minutes")
    elif isinstance(value, dt.time):
        text = value.isoformat(timespec="minutes")
    else:
        text = str(getattr(value, "text", value))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text[:MAX_CELL]


def trimmed(cells: list[str]) -> Cells:
    """The cells without the empty ones at the end; () for a blank row."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return tuple(cells[:end])
