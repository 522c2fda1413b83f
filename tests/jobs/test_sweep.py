"""One sweep of the worker: a duty that fails keeps nothing else from being done."""

from flask import Flask

from bsm_alumni.extensions import db
from bsm_alumni.reference.models import Theme
from bsm_alumni.worker import sweep


def fails() -> int:
    db.session.add(Theme(code="half-done", name="Half done"))
    db.session.flush()
    raise RuntimeError("the duty fails")


def counts() -> int:
    return 7


def test_the_other_duties_are_done_and_nothing_is_left_half_done(app: Flask) -> None:
    assert sweep(app, (fails, counts)) == 7
    assert db.session.query(Theme).count() == 0
