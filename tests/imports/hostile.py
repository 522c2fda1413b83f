"""Files that try to do harm, or are simply not what they say; each is made anew, none is kept in the repository."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADINGS = ("Surname", "Given names", "Country", "E-mail")


def workbook_bytes(rows: int = 3) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    for number in range(rows):
        sheet.append(["Diallo", f"Amina {number}", "Senegal", f"amina{number}@example.org"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(name: str, change: Callable[[bytes], bytes], data: bytes | None = None) -> bytes:
    """A good workbook with one part changed."""
    source, out = zipfile.ZipFile(io.BytesIO(data or workbook_bytes())), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            content = source.read(member.filename)
            target.writestr(member.filename, change(content) if member.filename == name else content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def bomb() -> bytes:
    """0.3 MB that unpack to 300 MB."""
    return with_part(SHEET, lambda _: b"<worksheet>" + b" " * (300 << 20) + b"</worksheet>")


def external_entity() -> bytes:
    doctype = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return with_part(SHEET, lambda xml: doctype + xml.split(b"?>", 1)[-1].replace(b"Diallo", b"&e;"))


def billion_laughs() -> bytes:
    entities = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"ha") for n in range(9))
    return with_part("xl/workbook.xml", lambda xml: b"<!DOCTYPE x [" + entities + b"]>" + xml)


def hidden_in_utf16() -> bytes:
    return with_part(SHEET, lambda xml: xml.decode().replace("UTF-8", "UTF-16").encode("utf-16"))


def million_columns() -> bytes:
    cells = b"".join(b'<c t="n"><v>%d</v></c>' % number for number in range(1_000_000))
    return with_part(SHEET, lambda xml: xml.replace(b"</row>", cells + b"</row>", 1))


def far_column() -> bytes:
    cell = b'<c r="XFD1" t="n"><v>1</v></c></row>'
    return with_part(SHEET, lambda xml: xml.replace(b"</row>", cell, 1))


def million_columns_csv() -> bytes:
    return b",".join(b"x" for _ in range(1_000_000))


def many_parts() -> bytes:
    out = io.BytesIO(workbook_bytes())
    with zipfile.ZipFile(out, "a") as target:
        for number in range(3_000):
            target.writestr(f"xl/media/{number}.bin", b"")
    return out.getvalue()


def other_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr("content.xml", "<office/>")
    return out.getvalue()


def broken_sheet() -> bytes:
    return with_part(SHEET, lambda xml: xml[: len(xml) // 2])


# name → (file name, its bytes, the one reason)
FILES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zip bomb": ("a.xlsx", bomb, "unpacks_too_large"),
    "external entity": ("a.xlsx", external_entity, "unsafe_xml"),
    "billion laughs": ("a.xlsx", billion_laughs, "unsafe_xml"),
    "entities hidden in UTF-16": ("a.xlsx", hidden_in_utf16, "unsafe_xml"),
    "a million columns": ("a.xlsx", million_columns, "too_many_columns"),
    "a cell far to the right": ("a.xlsx", far_column, "too_many_columns"),
    "a million columns of text": ("a.csv", million_columns_csv, "too_many_columns"),
    "thousands of parts": ("a.xlsx", many_parts, "too_many_parts"),
    "another kind of zip": ("a.xlsx", other_zip, "not_a_workbook"),
    "cut in half": ("a.xlsx", lambda: workbook_bytes()[:3000], "broken_workbook"),
    "a sheet cut in half": ("a.xlsx", broken_sheet, "broken_workbook"),
    "an old or locked workbook": ("a.xls", lambda: OLE + b"\0" * 512, "old_or_locked_workbook"),
    "a paper": ("a.xlsx", lambda: b"%PDF-1.7\n" + b"x" * 100, "not_a_table"),
    "a picture called csv": ("a.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not_a_table"),
    "noise": ("a.csv", lambda: bytes(range(256)) * 20, "not_a_table"),
    "a page of the web": ("a.csv", lambda: b"<!DOCTYPE html><html><body>no</body></html>", "not_a_table"),
    "wrong encoding": ("a.csv", lambda: "Фамилия,Имя\nДиалло,Амина\n".encode("cp1251"), "unknown_encoding"),
    "UTF-16 cut short": ("a.csv", lambda: "Surname,Name\nDiallo,A".encode("utf-16")[:-1], "unknown_encoding"),
    "UTF-8 with a stray byte": ("a.csv", lambda: "Surname,Name\nДиалло,Амина\n".encode() + b"\x81", "unknown_encoding"),
    "nothing": ("a.csv", lambda: b"", "empty_file"),
    "only blank lines": ("a.csv", lambda: b"\n\n \n", "empty_file"),
    "a table of something else": ("a.csv", lambda: b"Apples,Pears\n1,2\n3,4\n", "nothing_recognised"),
}  # fmt: skip


def write(folder: Path, name: str) -> Path:
    """Put one hostile file into a folder."""
    filename, make, _reason = FILES[name]
    path = folder / filename
    path.write_bytes(make())
    return path
