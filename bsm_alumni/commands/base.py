"""What every command needs: the application, one transaction, one way to refuse."""

import functools
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from flask import Flask


def with_app(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run the command inside the application and one transaction, committed at its end.

    What a service refuses ends the command with exit code 1 and its reasons.
    """

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        # All that is heavy loads here, so that a command without the application starts at once.
        from sqlalchemy.exc import OperationalError, ProgrammingError

        from bsm_alumni import create_app
        from bsm_alumni.database import UnsafeDatabase, writing
        from bsm_alumni.extensions import db
        from bsm_alumni.web.errors import FieldErrors, Refused
        from config import UnsafeSettings

        try:
            app = create_app()
        except (UnsafeSettings, UnsafeDatabase) as error:
            raise click.ClickException(str(error)) from error
        with (
            app.app_context(),
            app.test_request_context(base_url=app.extensions["bsm_settings"].base_url),
            writing(),
        ):
            try:
                _make_tables_for_a_newcomer(app)
                result = command(*args, **kwargs)
                db.session.commit()
            except FieldErrors as error:
                db.session.rollback()
                raise click.ClickException("\n".join(error.errors.values())) from error
            except (OperationalError, ProgrammingError) as error:
                db.session.rollback()
                raise click.ClickException(
                    f"{_first_line(error)} Try `bsm-alumni db upgrade` and `bsm-alumni check`."
                ) from error
            except (Refused, LookupError) as error:
                db.session.rollback()
                raise click.ClickException(str(error)) from error
        return result

    return run


def _first_line(error: Exception) -> str:
    return f"The database does not work as it should ({str(error).splitlines()[0]})."


def _make_tables_for_a_newcomer(app: "Flask") -> None:
    """In the demo a command may be the first thing that is done: then its SQLite database is made."""
    from bsm_alumni.maintenance.service import upgrade_database
    from config import ROOT

    settings = app.extensions["bsm_settings"]
    path = ROOT / settings.database_url.removeprefix("sqlite:///")
    if settings.is_demo and settings.database_url.startswith("sqlite") and not path.exists():
        upgrade_database()


def print_json(document: Any) -> None:
    """Print one JSON document, readable, in any script."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
