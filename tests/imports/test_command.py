"""`bsm-alumni import`: exit codes and the JSON document."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

import bsm_alumni
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.cli import main
from bsm_alumni.extensions import db
from bsm_alumni.imports.models import ImportBatch
from tests.imports.test_undo import AMINA, HEAD, table
from tests.imports.test_workbook import count

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command over the test's own database."""
    monkeypatch.setattr(bsm_alumni, "create_app", lambda: app)

    def _run(*arguments: object) -> Result:
        return CliRunner().invoke(main, ["import", *map(str, arguments)])

    return _run


def test_the_document_has_the_shape_other_programs_rely_on(run: Run, tmp_path: Path) -> None:
    result = run("alumni", table(tmp_path, AMINA, AMINA.replace("amina@example.org", "n/a")), "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert {key: document[key] for key in ("kind", "applied", "people", "cohorts", "events")} == {
        "kind": "alumni",
        "applied": True,
        "people": {"new": 1, "updated": 0, "merged": 1},
        "cohorts": {"new": 0},
        "events": {"new": 0},
    }
    assert document["rows"] == {"read": 2, "applied": 2, "skipped": 0, "unchanged": 0}
    error = next(one for one in document["problems"] if one["severity"] == "error")
    assert (error["sheet"], error["row"], error["column"], error["value"]) == ("people", 3, "E-mail", "n/a")
    assert set(error) >= {"sheet", "row", "column", "value", "problem", "severity"}


def test_a_dry_run_says_the_same_and_keeps_nothing(run: Run, tmp_path: Path) -> None:
    result = run("alumni", table(tmp_path, AMINA), "--dry-run", "--json")
    document = json.loads(result.stdout)
    assert (result.exit_code, document["applied"], document["people"]["new"]) == (0, False, 1)
    db.session.rollback()
    assert (count(Alumnus), count(ImportBatch)) == (0, 0)


def test_a_refused_file_ends_with_one_and_its_reason(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "paper.csv"
    path.write_bytes(b"%PDF-1.7")
    result = run("alumni", path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "paper.csv: This is neither a workbook nor a table in text form. "
        "Save the table as .xlsx or .csv and try again.\n"
    )
    document = json.loads(run("alumni", path, "--json").stdout)
    assert (document["applied"], len(document["problems"])) == (False, 1)


@pytest.mark.parametrize("arguments", [("people", "x.csv"), ("alumni", "/no/such/file"), ("alumni",)])
def test_wrong_usage_ends_with_two(arguments: tuple[str, ...], run: Run) -> None:
    assert run(*arguments).exit_code == 2


def test_a_mapping_says_what_columns_mean(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(HEAD.replace("Country", "Where from") + AMINA, encoding="utf-8")
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"Where from": "country"}))
    assert run("alumni", path, "--mapping", mapping).exit_code == 0
    assert db.session.scalars(sa.select(Alumnus.country_code)).one() == "SN"
    mapping.write_text("not JSON")
    assert run("alumni", path, "--mapping", mapping).exit_code == 1


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(run: Run, tmp_path: Path) -> None:
    result = run("alumni", table(tmp_path, AMINA), "--sheet", "Webinars")
    assert (result.exit_code, result.stderr) == (
        1,
        "people.csv: There is no sheet 'Webinars'. The sheets are: people.\n",
    )
