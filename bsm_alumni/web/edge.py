"""Where a request commits: once, after the view, and only when it is one that may write."""

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from bsm_alumni.database import begin_reading, begin_writing
from bsm_alumni.extensions import db
from bsm_alumni.jobs.queue import wake

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class UncommittedChanges(Exception):
    """A request that must not write left changes behind."""


@sa.event.listens_for(Session, "after_flush")
def _note_flush(session: Session, _context: object) -> None:
    session.info["flushed"] = True


def _begin_request() -> None:
    if request.method in SAFE_METHODS:
        begin_reading()
    else:
        begin_writing()


def _commit(response: Response) -> Response:
    session = db.session
    if request.method in SAFE_METHODS:
        if current_app.testing and (
            session.new or session.dirty or session.deleted or session.info.pop("flushed", None)
        ):
            raise UncommittedChanges(f"{request.method} {request.path} changed the database.")
        session.rollback()
        return response
    if response.status_code >= 400 and not g.get("keep_changes"):
        session.rollback()
        session.info.pop("wake_worker", None)
        return response
    session.commit()
    if session.info.pop("wake_worker", None):
        wake(current_app._get_current_object())  # type: ignore[attr-defined]
    return response


def _end_request(_error: BaseException | None) -> None:
    # Whatever runs next in this thread must not take the write lock because this request did.
    begin_reading()


def keep_changes() -> None:
    """Commit although the answer is a refusal: a failed sign-in is counted."""
    g.keep_changes = True


def init_edge(app: Flask) -> None:
    """Install the commit at the end of each request."""
    app.before_request(_begin_request)
    app.after_request(_commit)
    app.teardown_request(_end_request)
