"""Delimited text: which encoding, which delimiter, and its rows as a stream."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from bsm_alumni.imports.cells import Cells, trimmed
from bsm_alumni.imports.errors import UnreadableFile
from bsm_alumni.imports.zipcheck import MAX_COLUMNS

DELIMITERS = (",", ";", "\t", "|")
MAX_LINE = 200_000  # characters
_SAMPLE = 60  # lines that the delimiter is judged by
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def find_encoding(path: Path) -> str:
    """'utf-8', 'utf-8-sig', 'utf-16', 'utf-16-le', 'utf-16-be' or 'cp1252'; raises UnreadableFile for anything else.

    cp1252 is taken only where the text looks like Western European: a handful of letters in a hundred with accents. A
    Cyrillic or Arabic code page read that way gives nothing but accents, and is refused rather than guessed.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
    for mark, name in _BOMS:
        if head.startswith(mark):
            if not name or not _decodes(path, name):
                raise UnreadableFile("unknown_encoding")
            return name
    if b"\0" in head:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        name = "utf-16-le" if odd > even else "utf-16-be"
        if max(even, odd) * 4 < len(head) or min(even, odd) or not _decodes(path, name):
            raise UnreadableFile("not_a_table")
        return name
    if _decodes(path, "utf-8"):
        return "utf-8"
    if _decodes(path, "cp1252") and _looks_western(path):
        return "cp1252"
    raise UnreadableFile("unknown_encoding")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(1 << 16):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _looks_western(path: Path) -> bool:
    text = path.read_bytes()[: 1 << 20].decode("cp1252", errors="replace")
    letters = sum(char.isalpha() for char in text)
    accented = sum(char.isalpha() and ord(char) > 127 for char in text)
    odd = sum(ord(char) < 32 and char not in "\r\n\t" for char in text)
    return odd == 0 and letters > 0 and accented * 5 <= letters


def find_delimiter(lines: list[str]) -> str:
    """The delimiter that cuts most of the lines into the same number, above one, of cells; ',' when none does."""
    best, best_score = ",", (0, 0)
    for delimiter in DELIMITERS:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        except csv.Error:
            continue
        wide = [(count, width) for width, count in widths.items() if width > 1]
        if wide and max(wide) > best_score:
            best, best_score = delimiter, max(wide)
    return best


def _bounded_lines(stream: TextIO) -> Iterator[str]:
    while line := stream.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            raise UnreadableFile("too_many_columns", limit=MAX_COLUMNS)
        if "\0" in line:
            raise UnreadableFile("not_a_table")
        yield line


class CsvFile:
    """A delimited text file as a source with one sheet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.encoding = find_encoding(path)
        with path.open(encoding=self.encoding, newline="") as stream:
            lines = [line for line, _ in zip(_bounded_lines(stream), range(_SAMPLE), strict=False)]
        if not "".join(lines).strip():
            raise UnreadableFile("empty_file")
        sample = "".join(lines)
        if any(ord(char) < 32 and char not in "\r\n\t\f" for char in sample) or sample.startswith("%PDF"):
            raise UnreadableFile("not_a_table")
        self.delimiter = find_delimiter(lines)

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """(row as a spreadsheet would number it, cells) of each row that is not blank."""
        with self.path.open(encoding=self.encoding, newline="") as stream:
            reader = csv.reader(_bounded_lines(stream), delimiter=self.delimiter)
            try:
                for number, row in enumerate(reader, start=1):
                    if len(row) > MAX_COLUMNS:
                        raise UnreadableFile("too_many_columns", limit=MAX_COLUMNS)
                    cells = trimmed([cell.replace("\r\n", "\n") for cell in row])
                    if cells:
                        yield number, cells
            except (csv.Error, UnicodeError) as error:
                raise UnreadableFile("not_a_table") from error
