"""Several callers at the same moment, each with a transaction of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from flask import Flask

from bsm_alumni.database import writing
from bsm_alumni.extensions import db

Result = TypeVar("Result")


def race(app: Flask, acts: Sequence[Callable[[], Result]]) -> list[Result]:
    """What each act returned; all begin together, each in a thread with its own application context."""
    db.session.rollback()
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], Result]) -> Result:
        with app.app_context(), writing():
            gate.wait(timeout=30)
            try:
                return act()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [future.result(timeout=60) for future in [threads.submit(run, act) for act in acts]]
