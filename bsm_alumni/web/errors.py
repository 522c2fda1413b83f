"""Pages for what went wrong: each says what happened and what to do next."""

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, SecurityError

from bsm_alumni.extensions import db


class FieldErrors(Exception):
    """A service found input that cannot be taken; ``errors`` maps a field's name to words that say how to mend it."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {words}" for name, words in errors.items()))
        self.errors = errors


class Refused(Exception):
    """A service will not do what was asked, for a reason that ``words`` tell the person."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class NotThere(LookupError):
    """There is no such thing for this viewer; a request that meets it is answered with 404."""


PAGES = frozenset({400, 401, 403, 404, 405, 409, 413, 429, 500})


# For the time when the database does not answer.
BARE_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>BSM Alumni</title></head>'
    "<body><h1>BSM Alumni is out of order</h1><p>Nothing was changed. Try again in a few minutes.</p></body></html>"
)


def error_page(code: int) -> tuple[str, int]:
    """The page that tells of an error and its status; an unknown code shows the page nearest to it."""
    known = code if code in PAGES else (400 if code < 500 else 500)
    try:
        return render_template(f"errors/{known}.html"), code
    except SQLAlchemyError:
        # Who is signed in, and so the page's frame, comes from the database.
        db.session.rollback()
        return BARE_PAGE, code


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Our own page for an error of HTTP."""
    if error.code is None or error.code < 400 or isinstance(error, SecurityError):
        # To a host name that is not ours no page with addresses in it can be made, and its name is not repeated.
        response = error.get_response()
        if isinstance(error, SecurityError):
            response.data = "This is not an address of this site."
            response.content_type = "text/plain; charset=utf-8"
        return response
    body, _code = error_page(error.code)
    response = error.get_response()
    response.data, response.content_type = body, "text/html; charset=utf-8"
    return response


def _not_there(error: NotThere) -> ResponseReturnValue:
    return error_page(404)


def _unexpected(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("%s %s failed", request.method, request.endpoint, exc_info=error)
    db.session.rollback()
    return error_page(500)


def init_errors(app: Flask) -> None:
    """Show our own pages for every error."""
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(NotThere, _not_there)
    if not app.testing:
        app.register_error_handler(Exception, _unexpected)
