"""The commit at the edge: writing requests commit once, reading ones must not write, refusals change nothing."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask, Response, abort, request, stream_with_context

from bsm_alumni import create_app
from bsm_alumni.access import access, public
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.audit.service import note
from bsm_alumni.extensions import csrf, db
from bsm_alumni.reference.models import Theme
from bsm_alumni.web.edge import TooLate, UncommittedChanges, write_anyway


def twin_views() -> Blueprint:
    bp = Blueprint("twin", __name__)

    @bp.route("/twin/<int:status>", methods=["GET", "POST"])
    @access(public)
    def write(status: int) -> str:
        db.session.add(Theme(code=f"twin-{status}", name=f"Twin {status}"))
        if status == 422:
            db.session.flush()
        if status >= 400:
            abort(status)
        return "written"

    @bp.route("/twin/noting/<int:status>", methods=["GET", "POST"])
    @access(public)
    def noting(status: int) -> str:
        note("twin.read", "twins", status)
        if request.method == "POST":
            db.session.add(Theme(code=f"twin-{status}", name=f"Twin {status}"))
        if status >= 400:
            abort(status)
        return "secret"

    @bp.get("/twin/unwritable")
    @access(public)
    def unwritable() -> str:
        write_anyway(lambda: db.session.execute(sa.text("INSERT INTO no_such_table VALUES (1)")) and None)
        return "secret"

    @bp.get("/twin/streamed/<int:late>")
    @access(public)
    def streamed(late: int) -> Response:
        note("twin.read", "twins", "before")

        def lines() -> Iterator[str]:
            yield f"{db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))} written;"
            if late:
                note("twin.read", "twins", "after")

        return Response(stream_with_context(lines()))

    csrf.exempt(bp)
    return bp


@pytest.fixture
def twin(app: Flask) -> Iterator[Flask]:
    """The application with a page that writes whatever the method."""
    other = create_app(app.extensions["bsm_settings"], TESTING=True)
    other._got_first_request = False
    other.register_blueprint(twin_views())
    yield other
    with other.app_context():
        db.engine.dispose()


def names(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Theme.name)))


def test_a_post_commits(twin: Flask) -> None:
    assert twin.test_client().post("/twin/200").status_code == 200
    assert names(twin) == ["Twin 200"]


@pytest.mark.parametrize("status", [409, 422])
def test_a_refusal_changes_nothing(twin: Flask, status: int) -> None:
    assert twin.test_client().post(f"/twin/{status}").status_code == status
    assert names(twin) == []


def test_a_get_that_writes_fails_its_test(twin: Flask) -> None:
    with pytest.raises(UncommittedChanges):
        twin.test_client().get("/twin/200")
    assert names(twin) == []


def test_a_get_that_flushed_fails_its_test(twin: Flask) -> None:
    with pytest.raises(UncommittedChanges):
        twin.test_client().get("/twin/422")
    assert names(twin) == []


def trail(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        rows = db.session.execute(
            sa.select(AuditEntry.verb, AuditEntry.subject_id, AuditEntry.actor).order_by(AuditEntry.id)
        )
        return [tuple(row) for row in rows]


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
@pytest.mark.parametrize("status", [200, 403, 404, 422])
def test_a_note_is_written_whatever_becomes_of_the_request(twin: Flask, method: str, status: int) -> None:
    answer = twin.test_client().open(f"/twin/noting/{status}", method=method)
    assert answer.status_code == status
    assert trail(twin) == [("twin.read", str(status), "BSM Alumni")]
    assert names(twin) == (["Twin 200"] if (method, status) == ("POST", 200) else [])


def test_what_cannot_be_put_down_is_not_disclosed(twin: Flask) -> None:
    answer = twin.test_client().get("/twin/unwritable")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert trail(twin) == []
    assert twin.test_client().get("/twin/noting/200").text == "secret"


def test_a_stream_begins_after_its_note(twin: Flask) -> None:
    assert twin.test_client().get("/twin/streamed/0").text == "1 written;"


def test_a_note_after_the_answer_left_fails(twin: Flask) -> None:
    with pytest.raises(TooLate):
        _ = twin.test_client().get("/twin/streamed/1").text
    assert trail(twin) == [("twin.read", "before", "BSM Alumni")]


def test_a_note_of_one_request_does_not_reach_the_next(twin: Flask) -> None:
    client = twin.test_client()
    client.get("/twin/noting/200")
    client.get("/healthz")
    assert len(trail(twin)) == 1


def test_a_note_excuses_no_write_on_get(twin: Flask) -> None:
    with pytest.raises(UncommittedChanges):
        twin.test_client().get("/twin/200")
    twin.test_client().get("/twin/noting/200")
    with pytest.raises(UncommittedChanges):
        twin.test_client().get("/twin/422")
    assert names(twin) == []


def test_outside_a_request_a_note_belongs_to_the_transaction(app: Flask) -> None:
    note("twin.read", "twins", 1)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 0
    note("twin.read", "twins", 2)
    db.session.commit()
    assert db.session.scalars(sa.select(AuditEntry.subject_id)).all() == ["2"]
