"""Cohorts at scale, as printed: US dates, one course in many spellings, participants by country."""

from datetime import date
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from bsm_alumni.cohorts.models import Cohort, Course
from bsm_alumni.extensions import db
from bsm_alumni.imports.report import head_of, problems_of
from tests.imports.test_workbook import count, imported

HEAD = "Fiscal year,Country,Course title,Start,End,Location,Participants,Participants from,Delivered by\n"
LINES = (
    '2007-2008,Cameroon,Legal Aspects Combating Terrorism,4/17/2008,4/18/2008,"Newport, RI",2,Navy,N/A\n'
    '2007-2008,Kenya,LEGAL ASPECTS COMBATING TERRORISM,4/17/2008,4/18/2008,"NEWPORT, RI",3,Army,\n'
    "2008-2009,Macedonia,Legal Aspects Combating Terrorism,9/7/2009,9/12/2009,Garmisch,1,MOD,Marshall Center\n"
    "2008-2009,Nowhereland,Boarding Team Member,9/7/2009 9/9/2009,9/9/2009,Yorktown,0,UNK,\n"
    "2008-2009,Peru,Boarding Team Member,9/12/2009,9/1/2009,Yorktown,four,Coast Guard,\n"
    "1999-2000,Eritrea,BOARDING TEAM MEMBER,,,,1,,\n"
)


def trainings(folder: Path) -> Path:
    path = folder / "trainings.csv"
    path.write_text(HEAD + LINES, encoding="utf-8")
    return path


def test_rows_of_one_delivery_are_one_cohort_with_all_its_participants(app: Flask, tmp_path: Path) -> None:
    batch = imported(trainings(tmp_path), "cohorts")
    head = head_of(batch, True)
    assert head["rows"] == {"read": 6, "applied": 6, "skipped": 0, "unchanged": 0}
    assert (head["cohorts"], count(Course)) == ({"new": 5}, 2)
    cohorts = db.session.execute(
        sa.select(Course.title, Cohort.venue, Cohort.starts_on, Cohort.ends_on, Cohort.participants)
        .join(Course, Course.id == Cohort.course_id)
        .order_by(Cohort.id)
    ).all()
    assert [tuple(row) for row in cohorts] == [
        ("Legal Aspects Combating Terrorism", "Newport, RI", date(2008, 4, 17), date(2008, 4, 18), 5),
        ("Legal Aspects Combating Terrorism", "Garmisch", date(2009, 9, 7), date(2009, 9, 12), 1),
        ("Boarding Team Member", "Yorktown", date(2009, 9, 7), date(2009, 9, 9), 0),
        ("Boarding Team Member", "Yorktown", date(2009, 9, 12), None, None),
        ("Boarding Team Member", "", None, None, 1),
    ]


def test_problems_are_named_by_row_and_column(app: Flask, tmp_path: Path) -> None:
    batch = imported(trainings(tmp_path), "cohorts")
    named = [(one["row"], one["column"], one["code"]) for one in problems_of(batch.id) if one["severity"] != "note"]
    assert sorted(named) == [
        (5, "Country", "country_not_known"),
        (5, "Start", "several_dates"),
        (6, "End", "end_before_start"),
        (6, "Participants", "number_not_understood"),
    ]


def test_importing_cohorts_twice_adds_none(app: Flask, tmp_path: Path) -> None:
    imported(trainings(tmp_path), "cohorts")
    head = head_of(imported(trainings(tmp_path), "cohorts"), True)
    assert (head["cohorts"], head["rows"]["applied"], count(Cohort)) == ({"new": 0}, 0, 5)
