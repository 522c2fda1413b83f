"""One door for every kind of file: a source has sheets, and a sheet has rows of text."""

from collections.abc import Iterator
from pathlib import Path

from bsm_alumni.imports.cells import Cells
from bsm_alumni.imports.errors import UnreadableFile
from bsm_alumni.imports.reading_csv import CsvFile
from bsm_alumni.imports.reading_xlsx import Workbook
from bsm_alumni.imports.zipcheck import MAX_FILE

_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0"
_OTHERS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"<?xml",
    b"<!DOC",
    b"<html",
)


class Source:
    """A file opened for reading. Raises UnreadableFile on opening, or while rows are read, with one reason."""

    def __init__(self, path: Path) -> None:
        size = path.stat().st_size
        if size == 0:
            raise UnreadableFile("empty_file")
        if size > MAX_FILE:
            raise UnreadableFile("file_too_large", megabytes=size >> 20, limit=MAX_FILE >> 20)
        with path.open("rb") as stream:
            head = stream.read(8)
        self._book: Workbook | None = None
        self._csv: CsvFile | None = None
        if head.startswith((_ZIP, _OLE)):
            self._book = Workbook(path)
        elif head.startswith(_OTHERS):
            raise UnreadableFile("not_a_table")
        else:
            self._csv = CsvFile(path)
        self._name = path.stem[:90] or "table"

    @property
    def sheets(self) -> list[str]:
        """The names of the sheets that can be seen; a text file is one sheet named after it."""
        if self._book is None:
            return [self._name]
        return [name for name in self._book.sheets if name not in self._book.hidden]

    @property
    def hidden(self) -> list[str]:
        """Sheets that somebody hid: left alone, and said so."""
        return [] if self._book is None else [n for n in self._book.sheets if n in self._book.hidden]

    @property
    def encoding(self) -> str:
        """The encoding a text file was read in; '' for a workbook."""
        return self._csv.encoding if self._csv else ""

    def rows(self, sheet: str) -> Iterator[tuple[int, Cells]]:
        """(row number, cells) of each row that is not blank, in order."""
        if self._book is not None:
            return self._book.rows(sheet)
        assert self._csv is not None
        return self._csv.rows()

    def comments(self, sheet: str) -> list[tuple[int, int, str]]:
        """(row, column, text) of notes pinned to cells."""
        return self._book.comments(sheet) if self._book is not None else []

    def close(self) -> None:
        """Release the file."""
        if self._book is not None:
            self._book.close()
