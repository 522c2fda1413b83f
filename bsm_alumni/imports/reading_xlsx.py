"""Workbooks, streamed row by row: formulas stay text, nothing outside the file is touched."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from openpyxl import load_workbook
from openpyxl.worksheet._reader import WorkSheetParser

from bsm_alumni.imports.cells import Cells, cell_text, trimmed
from bsm_alumni.imports.errors import UnreadableFile
from bsm_alumni.imports.zipcheck import MAX_COLUMNS, check_workbook

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class _Rows(WorkSheetParser):  # type: ignore[misc]
    """openpyxl's row parser, kept from building objects for inline strings and from remembering row heights."""

    def parse_cell(self, element: Element) -> dict[str, Any]:
        if element.get("t") != "inlineStr":
            return super().parse_cell(element)
        column = element.get("r")
        element.set("t", "str")
        parsed: dict[str, Any] = super().parse_cell(element)
        texts = [node.text or "" for node in element.iter(_MAIN + "t")]
        return {**parsed, "value": "".join(texts), "data_type": "s", "coordinate": column}

    def parse_row(self, row: Element) -> tuple[int, list[dict[str, Any]]]:
        number, cells = super().parse_row(row)
        self.row_dimensions.clear()
        return number, cells


class Workbook:
    """An .xlsx or .xlsm file. Raises UnreadableFile, with one reason, for anything that is not safe to read."""

    def __init__(self, path: Path) -> None:
        check_workbook(path)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
        except DefusedXmlException as error:
            raise UnreadableFile("unsafe_xml") from error
        except Exception as error:  # openpyxl raises whatever its parts raise
            raise UnreadableFile("broken_workbook") from error
        self._sheets = {sheet.title: sheet for sheet in self._book.worksheets}
        self.hidden = {name for name, sheet in self._sheets.items() if sheet.sheet_state != "visible"}
        if not self._sheets:
            raise UnreadableFile("not_a_workbook")

    @property
    def sheets(self) -> list[str]:
        """Names of all worksheets in the order of the tabs, hidden ones among them."""
        return list(self._sheets)

    def rows(self, sheet: str) -> Iterator[tuple[int, Cells]]:
        """(row number in the sheet, cells) of each row that is not blank."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield from self._rows(self._sheets[sheet])
        except DefusedXmlException as error:
            raise UnreadableFile("unsafe_xml") from error
        except UnreadableFile:
            raise
        except GeneratorExit:
            raise
        except Exception as error:
            raise UnreadableFile("broken_workbook") from error

    def _rows(self, sheet: Any) -> Iterator[tuple[int, Cells]]:
        book = self._book
        with sheet._get_source() as source:
            parser = _Rows(
                source,
                sheet._shared_strings,
                data_only=False,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            for number, parsed in parser.parse():
                width = max((cell["column"] for cell in parsed), default=0)
                if width > MAX_COLUMNS and any(
                    cell["column"] > MAX_COLUMNS and cell["value"] not in (None, "") for cell in parsed
                ):
                    raise UnreadableFile("too_many_columns", limit=MAX_COLUMNS)
                cells = [""] * min(width, MAX_COLUMNS)
                for cell in parsed:
                    if cell["column"] <= MAX_COLUMNS:
                        cells[cell["column"] - 1] = cell_text(cell["value"])
                if kept := trimmed(cells):
                    yield number, kept

    def comments(self, sheet: str) -> list[tuple[int, int, str]]:
        """(row, column, text) of the notes pinned to cells: they are shown to the officer, never read as data."""
        archive = self._book._archive
        path = self._sheets[sheet]._worksheet_path
        folder, _, name = path.rpartition("/")
        try:
            relations = fromstring(archive.read(f"{folder}/_rels/{name}.rels"))
        except KeyError:
            return []
        found: list[tuple[int, int, str]] = []
        for relation in relations:
            target = relation.get("Target", "")
            if not relation.get("Type", "").endswith("/comments"):
                continue
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target.removeprefix('../')}"
            try:
                root = fromstring(archive.read(part))
            except KeyError:
                continue
            for comment in root.iter(_MAIN + "comment"):
                text = "".join(node.text or "" for node in comment.iter(_MAIN + "t"))
                row, column = _position(comment.get("ref", ""))
                if row:
                    found.append((row, column, text.strip()))
        return found

    def close(self) -> None:
        """Release the file."""
        self._book.close()


def _position(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    digits = reference[len(letters) :]
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return (int(digits), column) if digits and letters else (0, 0)
