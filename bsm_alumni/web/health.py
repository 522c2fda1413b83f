"""Is the server alive, and can it work? For whoever watches it."""

import sqlalchemy as sa
from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from bsm_alumni.access import access, public
from bsm_alumni.extensions import db

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@access(public)
def alive() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@bp.get("/readyz")
@access(public)
def ready() -> ResponseReturnValue:
    """The database answers too; 503 when it does not."""
    try:
        db.session.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError:
        current_app.logger.exception("The database does not answer")
        return {"status": "database does not answer"}, 503
    return {"status": "ok"}
