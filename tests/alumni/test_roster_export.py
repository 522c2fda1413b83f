"""Exports hold exactly what the list shows, and text stays text."""

import csv
import io
import json
from collections.abc import Callable

import openpyxl
import pytest
from flask.testing import FlaskClient

from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.queries_export import PLAIN_COLUMNS as COLUMNS
from tests.factories import Factory

HOSTILE = '=HYPERLINK("http://example.org","x")'


@pytest.fixture
def staff(make: Factory, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in(make.user())


def read(client: FlaskClient, format_: str, query: str = "") -> list[dict[str, object]]:
    answer = client.get(f"/staff/alumni/export?format={format_}&{query}")
    assert answer.status_code == 200
    if format_ == "json":
        return json.loads(answer.data)
    if format_ == "csv":
        return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.parametrize("format_", ["csv", "xlsx", "json"])
def test_the_filter_holds_for_the_file(format_: str, make: Factory, staff: FlaskClient) -> None:
    make.alumnus("Diallo", "Amina")
    make.alumnus("Ferrer", "Lucía", country_code="CO")
    make.alumnus("Zhou", "Ming", country_code="CO", status=AlumnusStatus.ARCHIVED)
    assert [row["name"] for row in read(staff, format_, "place=CO")] == ["Lucía Ferrer"]


@pytest.mark.parametrize("format_", ["csv", "xlsx", "json"])
def test_every_column_is_there(format_: str, make: Factory, staff: FlaskClient) -> None:
    make.alumnus()
    assert [tuple(row) for row in read(staff, format_)] == [COLUMNS]


def test_text_that_looks_like_a_formula_stays_text(make: Factory, staff: FlaskClient) -> None:
    make.alumnus(agency=HOSTILE)
    assert read(staff, "json")[0]["agency"] == HOSTILE
    assert read(staff, "csv")[0]["agency"] == f"'{HOSTILE}"
    book = openpyxl.load_workbook(io.BytesIO(staff.get("/staff/alumni/export?format=xlsx").data))
    cell = book.active.cell(2, COLUMNS.index("agency") + 1)
    assert (cell.value, cell.data_type, cell.hyperlink) == (HOSTILE, "s", None)


def test_a_file_is_longer_than_a_page(make: Factory, staff: FlaskClient) -> None:
    for _number in range(27):
        make.alumnus()
    assert len(read(staff, "csv")) == 27


def test_another_format_is_not_there(staff: FlaskClient) -> None:
    assert staff.get("/staff/alumni/export?format=exe").status_code == 404
