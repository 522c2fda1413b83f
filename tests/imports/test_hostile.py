"""Hostile and broken files: each gets one clear reason, and nothing is changed."""

import io
import re
import resource
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.database import writing
from bsm_alumni.extensions import db
from bsm_alumni.imports.errors import ImportRefused
from bsm_alumni.imports.reading import Source
from bsm_alumni.imports.service_run import run_import
from bsm_alumni.imports.words import refusal_words
from tests.alumni.hostile_photos import PHOTOS, good
from tests.browsing import csrf_token, post_form
from tests.factories import Factory
from tests.imports.hostile import FILES, HEADINGS, workbook_bytes, write

ROWS = "Surname{0}Given names{0}Country{0}E-mail\nDiallo{0}Amélie{0}Senegal{0}a@example.org\n"


def everything() -> dict[str, int]:
    """How many rows each table has."""
    tables = db.metadata.sorted_tables
    return {table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables}


def reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def peak_megabytes() -> int:
    """The most memory that this process held since ``reset_peak``."""
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) >> 10


def refuse_import(name: str, path: Path) -> str:
    """The code of the one reason that an import of the file gets, after a look at its words."""
    try:
        with writing():
            run_import("workbook", path)
    except ImportRefused as refused:
        words = refusal_words(refused.code, refused.details)
        assert ("%(" in words, words[-1]) == (False, ".")
        return refused.code
    finally:
        db.session.rollback()
    return "taken"


def refuse_photo(client: FlaskClient, filename: str, content: bytes) -> str:
    """The one error that the page of the own photo shows, or what happened instead."""
    answer = post_form(client, "/me/photo", {"photo": (io.BytesIO(content), filename)})
    errors = re.findall(r'<li><a href="#photo">Photo: (.*?)</a></li>', answer.text)
    return errors[0] if (answer.status_code, len(errors)) == (422, 1) else f"{answer.status} {errors}"


def test_each_hostile_upload_gets_one_reason_changes_nothing_and_takes_little_memory(
    app: Flask, make: Factory, sign_in: Callable[[User], FlaskClient], tmp_path: Path
) -> None:
    client = sign_in(make.user(Role.ALUMNUS))
    csrf_token(client)
    before, start = everything(), None
    wrong, most = {}, 0
    for name, (filename, make_file, reason) in FILES.items():
        path = tmp_path / filename
        path.write_bytes(make_file())
        reset_peak()
        start = peak_megabytes()
        found = refuse_import(name, path)
        most = max(most, peak_megabytes() - start)
        if found != reason:
            wrong[name] = found
    for name, (filename, make_file, reason) in PHOTOS.items():
        content = make_file()
        reset_peak()
        start = peak_megabytes()
        found = refuse_photo(client, filename, content)
        most = max(most, peak_megabytes() - start)
        if not found.startswith(reason):
            wrong[name] = found
    total = len(FILES) + len(PHOTOS)
    print(f"\n{total - len(wrong)} of {total} hostile uploads: one clear error each; at most {most} MB more memory")
    assert wrong == {}
    assert everything() == before
    assert total >= 40
    assert most < 150


def test_the_twin_a_good_photo_and_a_good_table_are_taken(
    app: Flask, make: Factory, sign_in: Callable[[User], FlaskClient], tmp_path: Path
) -> None:
    """What shows a refusal above shows the opposite here."""
    path = tmp_path / "good.xlsx"
    path.write_bytes(workbook_bytes())
    assert refuse_import("good", path) == "taken"
    before = everything()
    assert before["alumni"] == 3
    found = refuse_photo(sign_in(make.user(Role.ALUMNUS)), "me.exe", good())
    assert found.startswith("302 FOUND")
    assert everything() != before


@pytest.mark.parametrize("url", ["/me/photo", "/staff/imports"])
def test_more_than_twenty_megabytes_are_not_read(
    url: str, make: Factory, sign_in: Callable[[User], FlaskClient]
) -> None:
    client = sign_in(make.user(Role.ALUMNUS if url == "/me/photo" else Role.OFFICER))
    before = everything()
    field = "photo" if url == "/me/photo" else "file"
    answer = post_form(client, url, {field: (io.BytesIO(b"x" * (21 << 20)), "a.csv"), "kind": "workbook"})
    assert (answer.status_code, answer.text.count("<h1>")) == (413, 1)
    assert everything() == before


NAMES = (
    "../../../etc/cron.d/x.csv",
    "/etc/passwd",
    "C:\\x.csv",
    "a\u202evsc.exe",
    "x" * 300,
    "<b>.csv",
    " .csv",
)


def test_a_hostile_name_is_a_name_and_nothing_else(
    app: Flask, make: Factory, sign_in: Callable[[User], FlaskClient]
) -> None:
    client = sign_in(make.user())
    for name in NAMES:
        data = {"file": (io.BytesIO(ROWS.format(",").encode()), name), "kind": "workbook"}
        assert (name, post_form(client, "/staff/imports", data).status_code) == (name, 302)
    assert "<b>.csv" not in client.get("/staff/imports").text
    assert not Path("/etc/cron.d/x.csv").exists()


def test_links_and_commands_in_a_workbook_are_text_and_nothing_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """External workbooks, web queries and DDE: cells of text, like any other."""
    monkeypatch.setattr(socket.socket, "connect", lambda *_args: pytest.fail("A file made us call somebody."))
    command = "=cmd|'/c calc'!A1"
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    path = tmp_path / "links.xlsx"
    out = io.BytesIO(cells_workbook(command, "='[x.xlsx]S'!A1"))
    with zipfile.ZipFile(out, "a") as target:
        target.writestr("xl/externalLinks/externalLink1.xml", link)
        target.writestr(
            "xl/externalLinks/_rels/externalLink1.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId1" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
            'Target="http://evil.example/x.xlsx" TargetMode="External"/></Relationships>',
        )
    path.write_bytes(out.getvalue())
    source = Source(path)
    assert [cells for _row, cells in source.rows("Sheet")] == [(command, "='[x.xlsx]S'!A1")]


def cells_workbook(*cells: str) -> bytes:
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(cells)
    book.save(out)
    return out.getvalue()


def test_a_bomb_is_refused_in_little_memory(tmp_path: Path) -> None:
    path = write(tmp_path, "zip bomb")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ImportRefused):
        Source(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_is_read_in_every_usual_encoding_and_delimiter(encoding: str, delimiter: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(ROWS.format(delimiter).encode(encoding))
    source = Source(path)
    assert list(source.rows(source.sheets[0])) == [
        (1, HEADINGS),
        (2, ("Diallo", "Amélie", "Senegal", "a@example.org")),
    ]


def test_a_good_workbook_is_read_the_twin_of_the_hostile_ones(tmp_path: Path) -> None:
    path = tmp_path / "good.xlsx"
    path.write_bytes(workbook_bytes(1))
    source = Source(path)
    assert list(source.rows("Sheet")) == [(1, HEADINGS), (2, ("Diallo", "Amina 0", "Senegal", "amina0@example.org"))]
