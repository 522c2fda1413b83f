"""Files that try to do harm, or are simply not what they say; each is made anew, none is kept in the repository."""

import io
import re
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ROW = b"Surname,Given names,Country,E-mail\nDiallo,Amina,Senegal,a@example.org\n"
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


def with_parts(*parts: tuple[str, bytes]) -> bytes:
    """A good workbook with more parts in it."""
    out = io.BytesIO(workbook_bytes())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts:
            target.writestr(name, content)
    return out.getvalue()


def same_part_twice() -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return with_parts((SHEET, b"<worksheet/>"))


def zip_of_zips() -> bytes:
    content = workbook_bytes()
    for number in range(5):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as target:
            target.writestr(f"{number}.zip", content)
        content = out.getvalue()
    return content


def with_password() -> bytes:
    """Each part says that it is encrypted."""
    data = bytearray(workbook_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        while start >= 0:
            data[start + at] |= 1
            start = data.find(mark, start + 4)
    return bytes(data)


def lying_about_its_size() -> bytes:
    """The directory says that a part of 50 MB is one of 10 bytes."""
    data = bytearray(with_part(SHEET, lambda _: b"<worksheet>" + b" " * (50 << 20) + b"</worksheet>"))
    start = data.find(b"PK\x01\x02")
    while SHEET.encode() not in data[start : start + 46 + len(SHEET)]:
        start = data.find(b"PK\x01\x02", start + 4)
    data[start + 24 : start + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def office(kind: str) -> bytes:
    """A document of another office program, as far as its directory goes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        if kind == "ods":
            target.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            target.writestr("content.xml", "<office:document-content/>")
        else:
            target.writestr("[Content_Types].xml", "<Types/>")
            target.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


def nested(part: str) -> bytes:
    """Elements within elements, a hundred thousand deep."""
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    return with_part(part, lambda xml: xml.replace(b"</", deep + b"</", 1))


def empty_rows() -> bytes:
    rows = b"".join(b'<row r="%d"></row>' % number for number in range(1, 100_001))
    return with_part(
        SHEET, lambda xml: re.sub(rb"(?s)<sheetData>.*</sheetData>", b"<sheetData>" + rows + b"</sheetData>", xml)
    )


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
    "a program in it": ("a.xlsx", lambda: with_parts(("xl/vbaProject.bin", OLE)), "holds_programs"),
    "another program in it": ("a.xlsx", lambda: with_parts(("xl/media/x.EXE", b"MZ")), "holds_programs"),
    "parts that climb out": ("a.xlsx", lambda: with_parts(("../../../tmp/x.xml", b"<a/>")), "broken_workbook"),
    "parts at the root": ("a.xlsx", lambda: with_parts(("/etc/cron.d/x.xml", b"<a/>")), "broken_workbook"),
    "parts on a drive": ("a.xlsx", lambda: with_parts(("C:\\x.xml", b"<a/>")), "broken_workbook"),
    "the same part twice": ("a.xlsx", same_part_twice, "broken_workbook"),
    "zips in zips": ("a.xlsx", zip_of_zips, "not_a_workbook"),
    "a password": ("a.xlsx", with_password, "old_or_locked_workbook"),
    "a directory that lies": ("a.xlsx", lying_about_its_size, "broken_workbook"),
    "another spreadsheet's file": ("a.ods", lambda: office("ods"), "not_a_workbook"),
    "a letter": ("a.docx", lambda: office("docx"), "not_a_workbook"),
    "elements in elements": ("a.xlsx", lambda: nested(SHEET), "too_many_columns"),
    "a hundred thousand empty rows": ("a.xlsx", empty_rows, "nothing_recognised"),
    "an archive": ("a.csv", lambda: b"\x1f\x8b\x08" + b"x" * 100, "not_a_table"),
    "a moving picture that is a script": ("a.csv", lambda: b"GIF89a/*" + b"*/=1;alert(1)//", "not_a_table"),
    "a drawing with a script": ("a.csv", lambda: b"<svg onload='alert(1)'></svg>\n", "nothing_recognised"),
    "a program of the web": ("a.csv", lambda: b"<?php system($_GET['c']);\n", "nothing_recognised"),
    "nothing but a letter": ("a.csv", lambda: b"x", "nothing_recognised"),
    "nothing but commas": ("a.csv", lambda: b"," * (19 << 20), "too_many_columns"),
    "one endless word": ("a.csv", lambda: b"x" * (1 << 20), "too_many_columns"),
    "a quote without an end": ("a.csv", lambda: b'Surname,Given names\n"' + b"x,\n" * 200_000, "not_a_table"),
    "zero bytes in the text": ("a.csv", lambda: ROW + b"x" * 5_000 + b"\0\n", "not_a_table"),
    "four bytes a letter": ("a.csv", lambda: "Surname,Name\nDiallo,Amina\n".encode("utf-32"), "unknown_encoding"),
    "a table of something else": ("a.csv", lambda: b"Apples,Pears\n1,2\n3,4\n", "nothing_recognised"),
}  # fmt: skip


def write(folder: Path, name: str) -> Path:
    """Put one hostile file into a folder."""
    filename, make, _reason = FILES[name]
    path = folder / filename
    path.write_bytes(make())
    return path
