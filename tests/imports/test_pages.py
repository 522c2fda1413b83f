"""The pages of an import, from the file to undoing it, as an officer walks them."""

import io
import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.models import Alumnus, AlumnusEmail
from bsm_alumni.extensions import db
from bsm_alumni.imports.enums import ImportState
from bsm_alumni.imports.models import ImportBatch, ImportRow, SavedMapping
from bsm_alumni.worker import sweep
from tests.factories import Factory
from tests.imports.test_workbook import WORKBOOK, count

SMALL = (
    "Register of people,,,,\n"
    ",,,,\n"
    "Surname,Given names,Country,E-mail,Languages\n"
    "Diallo,Amina,Senegal,amina@example.org,French (C1)\n"
    "Keita,Moussa,Mali,moussa at example.org,Bambara\n"
    "Ba,Awa,Senegal,awa@example.org,French - fluent\n"
)

SignIn = Callable[[User], FlaskClient]
Post = Callable[..., object]


@pytest.fixture
def officer(make: Factory, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.OFFICER))


def upload(app: Flask, client: FlaskClient, post: Post, text: str = SMALL, name: str = "people.csv") -> ImportBatch:
    file = (io.BytesIO(text.encode()), name)
    answer = post(client, "/staff/imports", {"kind": "alumni", "file": file}, page="/staff/imports")
    assert answer.status_code == 302  # type: ignore[attr-defined]
    sweep(app)
    return db.session.scalars(sa.select(ImportBatch).order_by(ImportBatch.id.desc()).limit(1)).one()


def row_id(batch: ImportBatch, row: int) -> int:
    return db.session.scalars(sa.select(ImportRow.id).where(ImportRow.batch_id == batch.id, ImportRow.row == row)).one()


def state(batch_id: int) -> ImportState:
    db.session.rollback()
    return db.session.scalars(sa.select(ImportBatch.state).where(ImportBatch.id == batch_id)).one()


def test_from_file_to_done_and_back(app: Flask, officer: FlaskClient, post: Post) -> None:
    batch = upload(app, officer, post)
    page = f"/staff/imports/{batch.id}"
    assert officer.get(page).location == f"{page}/columns"
    columns = officer.get(f"{page}/columns").text
    assert re.findall(r"<option value=\"(\w+)\" selected>", columns) == [
        "alumni", "family_name", "given_names", "country", "email", "languages",
    ]  # fmt: skip
    rows = officer.get(f"{page}/rows").text
    assert "&#39;moussa at example.org&#39; has no @" in rows
    assert "Apply 3 rows" in rows
    assert count(Alumnus) == 0
    post(officer, f"{page}/apply", page=f"{page}/rows")
    assert "Applying the rows" in officer.get(page).text
    sweep(app)
    assert state(batch.id) is ImportState.APPLIED
    assert count(Alumnus) == 3
    assert "The import was applied" in officer.get(page).text
    post(officer, f"{page}/undo", page=page)
    sweep(app)
    assert (state(batch.id), count(Alumnus), count(AlumnusEmail)) == (ImportState.UNDONE, 0, 0)
    assert "The import was undone" in officer.get(page).text


def test_a_row_is_repaired_in_place(app: Flask, officer: FlaskClient, post: Post) -> None:
    batch = upload(app, officer, post)
    page = f"/staff/imports/{batch.id}"
    post(officer, f"{page}/rows/{row_id(batch, 5)}", {"h:E-mail": "moussa@example.org"}, page=f"{page}/rows")
    assert "has no @" not in officer.get(f"{page}/rows").text
    post(officer, f"{page}/apply", page=f"{page}/rows")
    sweep(app)
    assert db.session.scalars(sa.select(AlumnusEmail.address).order_by(AlumnusEmail.address)).all() == [
        "amina@example.org",
        "awa@example.org",
        "moussa@example.org",
    ]


def test_a_row_left_out_stays_out_and_can_be_taken_in_again(app: Flask, officer: FlaskClient, post: Post) -> None:
    batch = upload(app, officer, post)
    page = f"/staff/imports/{batch.id}"
    chosen = {"row": str(row_id(batch, 5)), "do": "leave-out"}
    post(officer, f"{page}/rows", chosen, page=f"{page}/rows")
    assert "Apply 2 rows" in officer.get(f"{page}/rows").text
    post(officer, f"{page}/rows", {**chosen, "do": "take-in"}, page=f"{page}/rows")
    assert "Apply 3 rows" in officer.get(f"{page}/rows").text
    post(officer, f"{page}/rows", chosen, page=f"{page}/rows")
    post(officer, f"{page}/apply", page=f"{page}/rows")
    sweep(app)
    names = db.session.scalars(sa.select(Alumnus.family_name).order_by(Alumnus.family_name)).all()
    assert names == ["Ba", "Diallo"]


def test_columns_are_corrected_and_the_reading_kept_for_the_next_file(
    app: Flask, officer: FlaskClient, post: Post
) -> None:
    odd = SMALL.replace("Country", "Where from").replace("Languages", "Speaks")
    batch = upload(app, officer, post, odd)
    page = f"/staff/imports/{batch.id}"
    post(officer, f"{page}/columns", {"s0c2": "country", "s0c4": "languages"}, page=f"{page}/columns")
    sweep(app)
    post(officer, f"{page}/mapping", {"name": "Dakar office"}, page=f"{page}/columns")
    saved = db.session.scalars(sa.select(SavedMapping)).one()
    assert saved.mapping["sheets"]["file"]["columns"] == {
        "Surname": "family_name",
        "Given names": "given_names",
        "Where from": "country",
        "E-mail": "email",
        "Speaks": "languages",
    }
    other = upload(app, officer, post, odd.replace("amina", "fatou"), "again.csv")
    post(
        officer,
        f"/staff/imports/{other.id}/use-mapping",
        {"mapping": str(saved.id)},
        page=f"/staff/imports/{other.id}/columns",
    )
    sweep(app)
    chosen = officer.get(f"/staff/imports/{other.id}/columns").text
    assert re.findall(r"<option value=\"(\w+)\" selected>", chosen)[1:] == [
        "family_name", "given_names", "country", "email", "languages",
    ]  # fmt: skip


def test_a_second_apply_is_refused_in_words(app: Flask, officer: FlaskClient, post: Post) -> None:
    batch = upload(app, officer, post)
    page = f"/staff/imports/{batch.id}"
    post(officer, f"{page}/apply", page=f"{page}/rows")
    sweep(app)
    post(officer, f"{page}/apply", page=page)
    assert "This import was applied already; nothing was done a second time." in officer.get(page).text
    assert count(Alumnus) == 3


def test_a_file_that_cannot_be_read_says_why_and_leaves_nothing(app: Flask, officer: FlaskClient, post: Post) -> None:
    batch = upload(app, officer, post, "%PDF-1.7 not a table", "paper.csv")
    text = officer.get(f"/staff/imports/{batch.id}").text
    assert "This is neither a workbook nor a table in text form." in text
    assert (count(ImportRow), count(Alumnus)) == (0, 0)


def test_the_list_names_the_next_step_when_empty(officer: FlaskClient) -> None:
    assert "No file was read in yet." in officer.get("/staff/imports").text


def test_a_viewer_reads_but_gets_no_buttons(
    app: Flask, make: Factory, sign_in: SignIn, officer: FlaskClient, post: Post
) -> None:
    batch = upload(app, officer, post)
    viewer = sign_in(make.user(Role.VIEWER))
    rows = viewer.get(f"/staff/imports/{batch.id}/rows").text
    assert "Apply 3 rows" not in rows
    assert "moussa at example.org" in rows
    assert post(viewer, f"/staff/imports/{batch.id}/apply", page=f"/staff/imports/{batch.id}/rows").status_code == 403  # type: ignore[attr-defined]


def test_the_rows_page_asks_as_many_questions_for_many_rows(
    app: Flask, officer: FlaskClient, post: Post, count_queries: Callable[[], object]
) -> None:
    def queries(rows: int) -> int:
        lines = "".join(f"Keita,M{number}oussa,Mali,m{number} at example.org,Bambara\n" for number in range(rows))
        batch = upload(app, officer, post, SMALL.split("Diallo")[0] + lines)
        with count_queries() as seen:  # type: ignore[attr-defined]
            assert officer.get(f"/staff/imports/{batch.id}/rows").status_code == 200
        return len(seen)

    assert queries(1) == queries(3)


def test_pages_of_the_whole_workbook_stay_small(app: Flask, officer: FlaskClient, post: Post) -> None:
    file = (io.BytesIO(WORKBOOK.read_bytes()), "staff-workbook.xlsx")
    post(officer, "/staff/imports", {"kind": "workbook", "file": file}, page="/staff/imports")
    sweep(app)
    page = f"/staff/imports/{db.session.scalars(sa.select(ImportBatch.id)).one()}"
    sizes = {part: len(officer.get(f"{page}/{part}").data) for part in ("columns", "rows", "rows?kind=level_missing")}
    assert {part: size < 60_000 for part, size in sizes.items()} == dict.fromkeys(sizes, True)
