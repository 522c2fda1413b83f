"""The commit at the edge: writing requests commit once, reading ones must not write, refusals change nothing."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask, abort

from bsm_alumni import create_app
from bsm_alumni.access import access, public
from bsm_alumni.extensions import csrf, db
from bsm_alumni.reference.models import Theme
from bsm_alumni.web.edge import UncommittedChanges


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
