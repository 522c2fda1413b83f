"""`demo`: everything a newcomer needs to try the program."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from urllib.parse import urlsplit

import click

from bsm_alumni.commands.base import with_app

ACCOUNTS = ("admin", "officer", "viewer", "unodc", "iom", "alumnus")
SECONDS_TO_START = 60


@click.command("demo")
@click.option("--load-only", is_flag=True, help="Load the demo programme and stop.")
def demo(load_only: bool) -> None:
    """Load the demo programme, start the web server and the worker, and say how to sign in."""
    if os.environ.get("BSM_ENV", "demo") != "demo":
        raise click.ClickException("The demo runs with BSM_ENV=demo only.")
    load()
    if not load_only:
        run()


@with_app
def load() -> None:
    """Upgrade the database and load the demo, once."""
    from flask import current_app

    from bsm_alumni.demo.clock import start_demo_clock
    from bsm_alumni.demo.service import demo_is_loaded, load_demo
    from bsm_alumni.maintenance.service import upgrade_database

    upgrade_database()
    if demo_is_loaded():
        click.echo("The demo programme is there already; it goes on where it was.")
        return
    start_demo_clock(current_app.extensions["bsm_settings"])
    load_demo(lambda words: click.echo(f"{words} …"))


def run() -> None:
    """Start server and worker, wait for the first page, print the accounts, stop both on Ctrl-C."""
    from bsm_alumni.accounts.rules import DEMO_DOMAIN, DEMO_PASSWORD
    from config import ROOT, read_settings

    settings = read_settings()
    parts = urlsplit(settings.base_url)
    command = os.path.join(os.path.dirname(sys.executable), "bsm-alumni")
    bind = f"{parts.hostname}:{parts.port or 80}"
    programs = [
        subprocess.Popen([command, "serve", "--bind", bind], cwd=ROOT),  # noqa: S603
        subprocess.Popen([command, "worker"], cwd=ROOT),  # noqa: S603
    ]
    signal.signal(signal.SIGTERM, lambda *_rest: sys.exit(0))
    try:
        _wait_for(f"{settings.base_url}/readyz", programs)
        click.echo(f"\nBSM Alumni runs at {settings.base_url}\n\nSign in as")
        for name in ACCOUNTS:
            click.echo(f"  {name}{DEMO_DOMAIN}")
        click.echo(f"each with the password {DEMO_PASSWORD}\n")
        click.echo("The demo's day is 1 June 2026 when first started. Mail is written to var/mail. Ctrl-C stops it.")
        while all(program.poll() is None for program in programs):
            time.sleep(0.5)
        raise click.ClickException("The server or the worker stopped by itself; its last lines say why.")
    except KeyboardInterrupt:
        click.echo("\nStopped. `make demo` goes on where it was; `make clean` forgets it.")
    finally:
        for program in programs:
            program.terminate()
        for program in programs:
            program.wait(timeout=20)


def _wait_for(url: str, programs: list[subprocess.Popen[bytes]]) -> None:
    for _try in range(SECONDS_TO_START * 4):
        if any(program.poll() is not None for program in programs):
            raise click.ClickException(f"The server did not start. Is something else running at {url}?")
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.25)
    raise click.ClickException(f"The server does not answer at {url}.")
