"""Where a request commits: once, after the view, and only when it is one that may write."""

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from bsm_alumni.database import begin_reading, begin_writing
from bsm_alumni.extensions import db
from bsm_alumni.jobs.queue import wake
from bsm_alumni.wall import lower_wall
from bsm_alumni.web.errors import error_page

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

# Kept with the request itself: `g` outlives it where several share an application context.
NOTES, NOTES_ARE_WRITTEN = "bsm.notes", "bsm.notes_are_written"


class UncommittedChanges(Exception):
    """A request that must not write left changes behind."""


class TooLate(Exception):
    """What must be put down before the answer leaves came after it."""


@sa.event.listens_for(Session, "after_flush")
def _note_flush(session: Session, _context: object) -> None:
    session.info["flushed"] = True


def _begin_request() -> None:
    if request.method in SAFE_METHODS:
        begin_reading()
    else:
        begin_writing()


def _finish(response: Response) -> Response:
    _settle(response)
    lower_wall()
    return _write_notes(response)


def _settle(response: Response) -> None:
    """Commit the request's own changes, or roll them back."""
    session = db.session
    if request.method in SAFE_METHODS:
        if current_app.testing and (
            session.new or session.dirty or session.deleted or session.info.pop("flushed", None)
        ):
            raise UncommittedChanges(f"{request.method} {request.path} changed the database.")
        session.rollback()
    elif response.status_code >= 400 and not g.get("keep_changes"):
        session.rollback()
        session.info.pop("wake_worker", None)
    else:
        session.commit()
        if session.info.pop("wake_worker", None):
            wake(current_app._get_current_object())  # type: ignore[attr-defined]


def _write_notes(response: Response) -> Response:
    """Put down what was asked of ``write_anyway``; without it the answer does not leave."""
    writes: list[Callable[[], None]] = request.environ.pop(NOTES, [])
    request.environ[NOTES_ARE_WRITTEN] = True
    if not writes:
        return response
    session = db.session
    begin_writing()
    try:
        for write in writes:
            write()
        session.commit()
    except Exception:
        session.rollback()
        current_app.logger.exception("The trail could not be written, so %s was not answered", request.endpoint)
        begin_reading()
        response.close()
        return current_app.make_response(error_page(500))
    finally:
        begin_reading()
        # What the notes flushed is committed; it is no change that this request left behind.
        session.info.pop("flushed", None)
    return response


def write_anyway(write: Callable[[], None]) -> None:
    """Have ``write`` called in a transaction of its own before the answer leaves, whatever becomes of the request.

    For traces of what was read or refused: they are put down on GET too, and when the request is rolled back. The
    answer becomes the page of error 500 when they cannot be. Raises TooLate once the answer is on its way.
    """
    if NOTES_ARE_WRITTEN in request.environ:
        raise TooLate(f"{request.endpoint} tells of something after its answer left.")
    request.environ.setdefault(NOTES, []).append(write)


def _end_request(_error: BaseException | None) -> None:
    # Whatever runs next in this thread must not take the write lock because this request did.
    begin_reading()
    lower_wall()


def keep_changes() -> None:
    """Commit although the answer is a refusal: a failed sign-in is counted."""
    g.keep_changes = True


def init_edge(app: Flask) -> None:
    """Install the commit at the end of each request."""
    app.before_request(_begin_request)
    app.after_request(_finish)
    app.teardown_request(_end_request)
