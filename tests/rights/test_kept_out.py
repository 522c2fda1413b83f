"""An address whose owner asked to be erased is not brought back by a file or a form, unless staff let it in."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.alumni.models import Alumnus, AlumnusEmail
from bsm_alumni.alumni.rules_profile import ProfileDetails
from bsm_alumni.alumni.service_profile import create_alumnus
from bsm_alumni.consent.erased import address_hash, keep_out, lift
from bsm_alumni.extensions import db
from bsm_alumni.imports.models import ImportProblem
from bsm_alumni.imports.service_run import run_import
from bsm_alumni.web.errors import FieldErrors
from tests.factories import Factory

HEAD = "Family name,Given names,E-mail,Country\n"
ROWS = "Diallo,Amina,Amina.Diallo@example.org,Senegal\nNdiaye,Awa,awa@example.org,Senegal\n"


def load(folder: Path, name: str) -> None:
    file = folder / f"{name}.csv"
    file.write_text(HEAD + ROWS)
    run_import("alumni", file)
    db.session.commit()


def addresses() -> list[str]:
    return list(db.session.scalars(sa.select(AlumnusEmail.folded).order_by(AlumnusEmail.folded)))


def test_the_row_stays_out_with_words_until_the_address_is_let_in(app: Flask, tmp_path: Path) -> None:
    keep_out([address_hash("amina.diallo@example.org")], 7)
    db.session.commit()
    load(tmp_path, "first")
    assert addresses() == ["awa@example.org"]
    assert db.session.scalars(sa.select(Alumnus.family_name)).all() == ["Ndiaye"]
    problems = db.session.execute(
        sa.select(ImportProblem.row, ImportProblem.severity).where(ImportProblem.kind == "asked_to_be_erased")
    ).all()
    assert [(row, severity.value) for row, severity in problems] == [(2, "error")]
    lift("amina.diallo@example.org", None, "She asked to be here again.")
    db.session.commit()
    load(tmp_path, "second")
    assert addresses() == ["amina.diallo@example.org", "awa@example.org"]


def test_a_form_refuses_it_too(make: Factory) -> None:
    keep_out([address_hash("amina@example.org")], 7)
    with pytest.raises(FieldErrors) as refused:
        create_alumnus(ProfileDetails(family_name="Diallo", emails=("Amina@example.org",)))
    assert "asked to be erased" in refused.value.errors["emails"]
    assert create_alumnus(ProfileDetails(family_name="Diallo", emails=("other@example.org",))).id
