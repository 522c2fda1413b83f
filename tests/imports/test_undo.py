"""Applying once, bringing known people up to date with care, and taking an import back."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.alumni.models import Alumnus, AlumnusEmail, AlumnusLanguage, AlumnusTerm
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.audit.service import find_first_break, record
from bsm_alumni.cohorts.models import Cohort, Course, Enrolment
from bsm_alumni.consent.enums import SharingAnswer, SharingSource
from bsm_alumni.consent.models import SharedWith, SharingStatement, StatedWith
from bsm_alumni.database import writing
from bsm_alumni.events.models import Event, EventSeries, Slot
from bsm_alumni.extensions import db
from bsm_alumni.imports.errors import AlreadyApplied, NotUndoable
from bsm_alumni.imports.models import ImportBatch, ImportedValue
from bsm_alumni.imports.queries import origin_of
from bsm_alumni.imports.report import head_of, problems_of
from bsm_alumni.imports.service_apply import apply_batch, claim
from bsm_alumni.imports.service_run import no_progress, run_import
from bsm_alumni.imports.service_undo import undo_batch
from tests.factories import Factory
from tests.imports.test_workbook import WORKBOOK, count, imported

HEAD = "Surname,Given names,Sex,Country,Agency,Rank,E-mail,Mobile,Languages,OK to share with partners?,Remarks\n"
AMINA = "Diallo,Amina,f,Senegal,Customs,Captain,amina@example.org,+221 77 123 4567,French (C1),yes,\n"


def table(folder: Path, *lines: str, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_text(HEAD + "".join(lines), encoding="utf-8")
    return path


def taken_back(batch: ImportBatch) -> None:
    with writing():
        undo_batch(db.session.merge(batch), no_progress)
        db.session.commit()


def one_alumnus() -> Alumnus:
    db.session.expire_all()
    return db.session.scalars(sa.select(Alumnus)).one()


def said(batch: ImportBatch, kind: str) -> list[str]:
    return [one["problem"] for one in problems_of(batch.id) if one["code"] == kind]


def test_undoing_the_workbook_leaves_nothing_of_it(app: Flask) -> None:
    batch = imported(WORKBOOK)
    taken_back(batch)
    models = (Alumnus, AlumnusEmail, AlumnusLanguage, AlumnusTerm, SharedWith, StatedWith, SharingStatement, Enrolment)
    models += (Cohort, Course, Event, Slot, EventSeries)
    assert {model.__tablename__: count(model) for model in models} == {model.__tablename__: 0 for model in models}
    assert find_first_break() is None


def test_an_import_can_be_taken_back_once_and_applied_once(app: Flask, tmp_path: Path) -> None:
    batch = imported(table(tmp_path, AMINA), "alumni")
    with pytest.raises(AlreadyApplied):
        claim(batch)
    with pytest.raises(AlreadyApplied):
        apply_batch(batch, no_progress)
    db.session.rollback()
    taken_back(batch)
    with pytest.raises(NotUndoable):
        taken_back(batch)
    db.session.rollback()
    assert count(Alumnus) == 0


def test_somebody_changed_since_stays_and_is_named(app: Flask, tmp_path: Path) -> None:
    keita = "Keita,Moussa,m,Mali,Police,Major,moussa@example.org,+223 70 123 4567,French (B2),no,\n"
    batch = imported(table(tmp_path, AMINA, keita), "alumni")
    amina = db.session.scalars(sa.select(Alumnus).where(Alumnus.family_name == "Diallo")).one()
    with writing():
        amina.position = "Colonel"
        record("alumnus.edited", amina, before={"position": "Captain"}, after={"position": "Colonel"})
        db.session.commit()
    taken_back(batch)
    assert [one.family_name for one in db.session.scalars(sa.select(Alumnus))] == ["Diallo"]
    undo = db.session.get_one(ImportBatch, batch.id).report["undo"]
    assert (undo["removed"], undo["kept"]) == (1, 1)
    assert undo["kept_names"][0]["name"] == "Amina Diallo"


def test_gaps_are_filled_and_undoing_empties_them_again(app: Flask, make: Factory, tmp_path: Path) -> None:
    make.alumnus(email="amina@example.org", phone="", position="", agency="Customs", languages={"en": 5})
    batch = imported(table(tmp_path, AMINA), "alumni")
    assert head_of(batch, True)["people"] == {"new": 0, "updated": 1, "merged": 0}
    person = one_alumnus()
    spoken = {one.language_code: one.level for one in person.languages}
    assert (person.phone, person.position, spoken) == ("+221 77 123 4567", "Captain", {"en": 5, "fr": 5})
    taken_back(batch)
    person = one_alumnus()
    spoken = {one.language_code: one.level for one in person.languages}
    assert (person.phone, person.position, spoken, count(SharingStatement)) == ("", "", {"en": 5}, 0)


def test_what_somebody_changed_in_the_registry_is_not_overwritten(app: Flask, make: Factory, tmp_path: Path) -> None:
    make.alumnus(email="amina@example.org", position="Colonel", agency="Customs")
    batch = imported(table(tmp_path, AMINA), "alumni")
    assert one_alumnus().position == "Colonel"
    assert said(batch, "kept_registry_value") == [
        "The registry has 'Colonel', changed since. It is kept; change it there if this is newer."
    ]


def test_a_newer_file_brings_people_up_to_date_but_only_what_nobody_touched(app: Flask, tmp_path: Path) -> None:
    imported(table(tmp_path, AMINA), "alumni")
    with writing():
        one_alumnus().phone = "+221 1 000 0000"
        db.session.commit()
    newer = AMINA.replace("Captain", "Major").replace("123 4567", "999 9999")
    batch = imported(table(tmp_path, newer), "alumni")
    person = one_alumnus()
    assert (person.position, person.phone) == ("Major", "+221 1 000 0000")
    assert head_of(batch, True)["people"] == {"new": 0, "updated": 1, "merged": 0}
    taken_back(batch)
    assert one_alumnus().position == "Captain"


def test_a_persons_own_answer_is_never_replaced_by_a_file(app: Flask, make: Factory, tmp_path: Path) -> None:
    unodc = make.organisation("UNODC")
    person = make.alumnus(email="amina@example.org", agency="Customs")
    make.consent(person, unodc, frozenset())
    imported(table(tmp_path, AMINA), "alumni")
    assert db.session.get_one(SharingStatement, person.id).answer is SharingAnswer.NO
    assert (count(SharedWith), count(StatedWith)) == (0, 0)


def test_answers_from_a_file_wait_to_be_confirmed(app: Flask, make: Factory, tmp_path: Path) -> None:
    make.organisation("UNODC")
    make.organisation("IOM")
    imported(table(tmp_path, AMINA.replace(",yes,", ",only UNODC,")), "alumni")
    statement = db.session.scalars(sa.select(SharingStatement)).one()
    assert (statement.answer, statement.words) == (SharingAnswer.SOME, "only UNODC")
    assert (statement.source, statement.confirmed_at) == (SharingSource.IMPORT, None)
    # It opens nothing.
    assert (count(StatedWith), count(SharedWith)) == (1, 0)


def test_two_rows_that_answer_differently_share_what_both_allow(app: Flask, make: Factory, tmp_path: Path) -> None:
    make.organisation("UNODC")
    again = AMINA.replace("Diallo", "DIALLO").replace(",yes,", ",NO!,")
    batch = imported(table(tmp_path, AMINA, again), "alumni")
    assert db.session.scalars(sa.select(SharingStatement.answer)).one() is SharingAnswer.NO
    assert said(batch, "sharing_differs") == [
        "Row 2 answers 'yes'. Only what both allow is shared until the person confirms."
    ]


def test_one_person_across_case_accents_script_and_spacing(app: Flask, tmp_path: Path) -> None:
    variants = [
        AMINA,
        AMINA.replace("Diallo,Amina", "DIALLO,Amína").replace("amina@", "AMINA@"),
        AMINA.replace("Diallo,Amina", " Diallo ,AMINA").replace("amina@example.org", "n/a"),
        AMINA.replace("Diallo,Amina", "Диалло,Амина"),
    ]
    batch = imported(table(tmp_path, *variants), "alumni")
    assert head_of(batch, True)["people"] == {"new": 1, "updated": 0, "merged": 3}


def test_people_who_only_look_alike_are_kept_apart(app: Flask, tmp_path: Path) -> None:
    other = AMINA.replace("Customs", "Police").replace("amina@", "amina2@").replace("123 4567", "765 4321")
    stranger = AMINA.replace("Diallo,Amina", "Okafor,Chidi")
    batch = imported(table(tmp_path, AMINA, other, stranger), "alumni")
    assert head_of(batch, True)["people"]["new"] == 3
    assert (len(said(batch, "may_be_same_person")), len(said(batch, "address_of_another"))) == (1, 1)
    assert count(AlumnusEmail) == 2


def test_every_value_knows_where_it_came_from(app: Flask, tmp_path: Path) -> None:
    imported(table(tmp_path, AMINA), "alumni")
    person = one_alumnus()
    origins = {(one.field, one.sheet, one.row, one.column) for one in origin_of("alumni", person.id)}
    assert origins == {
        ("*", "people", 2, ""),
        ("name", "people", 2, "Surname"),
        ("gender", "people", 2, "Sex"),
        ("country", "people", 2, "Country"),
        ("agency", "people", 2, "Agency"),
        ("position", "people", 2, "Rank"),
        ("emails", "people", 2, "E-mail"),
        ("phone", "people", 2, "Mobile"),
        ("languages", "people", 2, "Languages"),
        ("sharing", "people", 2, "OK to share with partners?"),
    }


def test_each_person_and_the_import_itself_are_in_the_trail(app: Flask, tmp_path: Path) -> None:
    imported(table(tmp_path, AMINA), "alumni")
    verbs = db.session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.id)).all()
    own = [verb for verb in verbs if not verb.startswith(("theme.", "organisation."))]
    assert own == ["import.uploaded", "import.started", "alumnus.imported", "import.applied"]
    assert find_first_break() is None


def test_a_stop_in_the_middle_goes_on_where_it_stood(app: Flask, tmp_path: Path) -> None:
    lines = [AMINA.replace("Diallo", f"Diallo{n}").replace("amina@", f"amina{n}@") for n in range(700)]
    stops = iter([False] * 4 + [True])

    class Stopped(Exception):
        pass

    def progress(_done: int, _total: int) -> None:
        if next(stops, False):
            raise Stopped

    with writing():
        with pytest.raises(Stopped):
            run_import("alumni", table(tmp_path, *lines), progress=progress)
        db.session.rollback()
        batch = db.session.scalars(sa.select(ImportBatch)).one()
        assert 0 < count(Alumnus) < 700
        apply_batch(batch, no_progress)
        db.session.commit()
    assert count(Alumnus) == 700
    assert head_of(batch, True)["people"] == {"new": 700, "updated": 0, "merged": 0}
    assert count(ImportedValue) == 700 * 10
