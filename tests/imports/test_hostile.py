"""Hostile and broken files: each gets one clear reason, and nothing is changed."""

import resource
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.database import writing
from bsm_alumni.extensions import db
from bsm_alumni.imports.errors import ImportRefused
from bsm_alumni.imports.reading import Source
from bsm_alumni.imports.service_run import run_import
from bsm_alumni.imports.words import refusal_words
from tests.imports.hostile import FILES, HEADINGS, workbook_bytes, write

ROWS = "Surname{0}Given names{0}Country{0}E-mail\nDiallo{0}Amélie{0}Senegal{0}a@example.org\n"


def everything() -> dict[str, int]:
    """How many rows each table has."""
    tables = db.metadata.sorted_tables
    return {table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables}


@pytest.mark.parametrize("name", FILES)
def test_one_reason_and_nothing_changed(name: str, app: Flask, tmp_path: Path) -> None:
    path = write(tmp_path, name)
    before = everything()
    with writing(), pytest.raises(ImportRefused) as refused:
        run_import("workbook", path)
    db.session.rollback()
    assert refused.value.code == FILES[name][2]
    assert everything() == before
    words = refusal_words(refused.value.code, refused.value.details)
    assert "%(" not in words
    assert words.endswith(".")


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
