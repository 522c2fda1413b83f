"""`serve` and `worker`."""

import os
import sys

import click

from bsm_alumni.commands.base import with_app


@click.command("serve")
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Address and port.")
@click.option("--workers", default=2, show_default=True, help="Server processes.")
def serve(bind: str, workers: int) -> None:
    """Run the web server. The worker is a program of its own: `bsm-alumni worker`."""
    _refuse_exposed()
    arguments = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", bind, "--workers", str(workers)]
    os.execv(sys.executable, [*arguments, "--threads", "4", "--timeout", "60", "--preload", "--no-control-socket"])  # noqa: S606


@with_app
def _refuse_exposed() -> None:
    """In production do not start with an account that everybody knows, or a database that others can read."""
    from bsm_alumni.extensions import db
    from bsm_alumni.maintenance.service import check_exposure

    for finding in check_exposure():
        if not finding.ok:
            raise click.ClickException(f"{finding.name}: {finding.words}.")
    db.session.rollback()


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
@with_app
def worker(once: bool) -> None:
    """Send mail, run imports, remind and expire, until stopped."""
    from flask import current_app

    from bsm_alumni.extensions import db
    from bsm_alumni.worker import run_worker, sweep

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    db.session.rollback()
    if once:
        click.echo(f"{sweep(app)} done.")
    else:
        run_worker(app)
