"""Tables as files: CSV, XLSX and JSON. Text stays text, so that no cell turns into a formula or a link."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter
from flask import Response

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
# What spreadsheet programs take for the beginning of a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a file comes from, who took it and for what; it stays on the file wherever that goes."""

    title: str
    facts: tuple[tuple[str, str], ...]

    @property
    def line(self) -> str:
        """All of it in one line."""
        return " | ".join([self.title, *(f"{term}: {value}" for term, value in self.facts)])


def table_file(format_: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], mark: Mark | None = None) -> bytes:
    """The table as a file's bytes; ``format_`` is one of FORMATS. Raises KeyError for any other.

    ``mark`` becomes the first line of a CSV (behind '#'), the first sheet and the properties of a workbook, and a
    key 'export' of each row of JSON.
    """
    writer = {"csv": _csv, "xlsx": _xlsx, "json": _json}[format_]
    return writer(columns, rows, mark)


def table_response(name: str, format_: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """The table as a download called ``name`` with the format's ending."""
    response = Response(table_file(format_, columns, rows), content_type=FORMATS[format_])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{format_}"'
    return response


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return "; ".join(str(item) for item in value)
    return value


def _cell(value: Any) -> Any:
    plain = _plain(value)
    if isinstance(plain, str) and plain.startswith(_FORMULA_STARTS):
        return f"'{plain}"
    return "" if plain is None else plain


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Any]], mark: Mark | None) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    if mark is not None:
        writer.writerow([f"# {mark.line}"])
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    # The mark lets spreadsheet programs read the file as UTF-8.
    return text.getvalue().encode("utf-8-sig")


def _mark_sheet(book: xlsxwriter.Workbook, mark: Mark) -> None:
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 80)
    sheet.write_string(0, 0, mark.title, book.add_format({"bold": True}))
    for down, (term, value) in enumerate(mark.facts, start=1):
        sheet.write_string(down, 0, term)
        sheet.write_string(down, 1, value)
    book.set_properties({"title": mark.title, "subject": mark.line[:255], "comments": mark.line})


def _xlsx(columns: Sequence[str], rows: Iterable[Sequence[Any]], mark: Mark | None) -> bytes:
    file = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(file, options) as book:
        if mark is not None:
            _mark_sheet(book, mark)
        sheet = book.add_worksheet()
        sheet.activate()
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for across, column in enumerate(columns):
            sheet.write_string(0, across, column, bold)
        for down, row in enumerate(rows, start=1):
            for across, value in enumerate(row):
                plain = _plain(value)
                if isinstance(plain, (int, float)) and not isinstance(plain, bool):
                    sheet.write_number(down, across, plain)
                elif plain is not None and plain != "":
                    sheet.write_string(down, across, str(plain))
    return file.getvalue()


def _json(columns: Sequence[str], rows: Iterable[Sequence[Any]], mark: Mark | None) -> bytes:
    found = [dict(zip(columns, (_json_value(value) for value in row), strict=True)) for row in rows]
    if mark is not None:
        for row in found:
            row["export"] = mark.line
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def _json_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value
