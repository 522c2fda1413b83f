"""The application with two kinds of requests of its own."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.approvals.kinds import KINDS


@pytest.fixture(autouse=True)
def kinds(app: Flask) -> Iterator[None]:
    """The kinds of the tests beside the real ones."""
    real = app.extensions["bsm_approval_kinds"]
    app.extensions["bsm_approval_kinds"] = {**real, **KINDS}
    yield
    app.extensions["bsm_approval_kinds"] = real
