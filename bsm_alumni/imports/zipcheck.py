"""Looks at the zip directory and the raw bytes of a workbook before any XML parser sees them.

A workbook of 0.7 MB can unpack to 288 MB, an entity can read a local file, and one row can hold a million cells. All
three are found here, in bounded memory.
"""

import zipfile
from pathlib import Path

from bsm_alumni.imports.errors import UnreadableFile

MAX_FILE = 60 * 1024 * 1024  # bytes as uploaded
MAX_UNPACKED = 400 * 1024 * 1024  # bytes of all members together
MAX_RATIO = 120  # unpacked to packed, of a member above 1 MiB: real sheets stay below 40
MAX_MEMBERS = 2_000
MAX_COLUMNS = 500
_MARKS_PER_ROW = MAX_COLUMNS * 12  # '<' signs: a cell has at most about ten
_CHUNK = 1 << 16
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A register holds no programs; whoever made the file may not know that it does.
_PROGRAMS = ("vbaproject.bin", "activex1.bin", ".exe", ".dll", ".js", ".vbs")
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")


def check_workbook(path: Path) -> None:
    """Raise UnreadableFile, with one reason, unless the file looks like a workbook that is safe to open."""
    with path.open("rb") as stream:
        head = stream.read(8)
    if head == _OLE:
        raise UnreadableFile("old_or_locked_workbook")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(archive)
            for member in archive.infolist():
                if member.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_member(archive, member)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError) as error:
        raise UnreadableFile("broken_workbook") from error
    except Exception as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile("broken_workbook") from error  # zlib.error and its like


def _check_directory(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(members) > MAX_MEMBERS:
        raise UnreadableFile("too_many_parts", count=len(members), limit=MAX_MEMBERS)
    if len(set(names)) != len(names) or any(_leads_outside(name) for name in names):
        raise UnreadableFile("broken_workbook")
    if any(name.lower().endswith(_PROGRAMS) for name in names):
        raise UnreadableFile("holds_programs")
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableFile("old_or_locked_workbook")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED:
        raise UnreadableFile("unpacks_too_large", megabytes=unpacked >> 20, limit=MAX_UNPACKED >> 20)
    for member in members:
        if member.file_size > 1 << 20 and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise UnreadableFile("unpacks_too_large", megabytes=unpacked >> 20, limit=MAX_UNPACKED >> 20)
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise UnreadableFile("not_a_workbook")


def _leads_outside(name: str) -> bool:
    """True for a part that would be written somewhere else if anybody unpacked it."""
    return name.startswith(("/", "\\")) or ":" in name or ".." in name.replace("\\", "/").split("/")


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Stream one part: no document type, no entity, no other encoding to hide them in, no endless row."""
    sheet = "worksheets/" in member.filename
    tail, marks = b"", 0
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            window = tail + chunk
            if not tail and (window[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in window[:64]):
                raise UnreadableFile("unsafe_xml")
            if any(word in window for word in _FORBIDDEN):
                raise UnreadableFile("unsafe_xml")
            tail = chunk[-16:]
            if sheet:
                marks = _marks_since_row_end(chunk, marks)


def _marks_since_row_end(chunk: bytes, marks: int) -> int:
    """Count '<' since the last '</row>'; a row that never ends holds more cells than any register."""
    end = chunk.rfind(b"row>")
    first = chunk.find(b"row>")
    if marks + chunk.count(b"<", 0, first if first >= 0 else len(chunk)) > _MARKS_PER_ROW:
        raise UnreadableFile("too_many_columns", limit=MAX_COLUMNS)
    return chunk.count(b"<", end) if end >= 0 else marks + chunk.count(b"<")
