"""What every command needs: the application, one transaction, one way to refuse."""

import functools
import json
from collections.abc import Callable
from typing import Any

import click

from bsm_alumni.database import writing
from bsm_alumni.extensions import db
from bsm_alumni.web.errors import FieldErrors, Refused


def with_app(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run the command inside the application and one transaction, committed at its end.

    What a service refuses ends the command with exit code 1 and its reasons.
    """

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        from bsm_alumni import create_app
        from bsm_alumni.database import UnsafeDatabase
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
                result = command(*args, **kwargs)
                db.session.commit()
            except FieldErrors as error:
                db.session.rollback()
                raise click.ClickException("\n".join(error.errors.values())) from error
            except (Refused, LookupError) as error:
                db.session.rollback()
                raise click.ClickException(str(error)) from error
        return result

    return run


def print_json(document: Any) -> None:
    """Print one JSON document, readable, in any script."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
