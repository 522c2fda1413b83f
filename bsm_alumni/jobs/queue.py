"""The queue: it carries no work, it only wakes a worker up to look at the rows."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from huey import Huey, SqliteHuey, crontab

from config import ROOT, Settings


def _open(settings: Settings) -> Huey:
    url = settings.database_url
    if url.startswith("sqlite"):
        path = ROOT / Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        return SqliteHuey("bsm-alumni", results=False, filename=str(path.with_name(f"{path.stem}-queue.db")))
    from huey import PostgresHuey

    return PostgresHuey("bsm-alumni", results=False, dsn=url.replace("postgresql+psycopg://", "postgresql://"))


def make_queue(settings: Settings, sweep: Callable[[], object]) -> tuple[Huey, Callable[[], object]]:
    """The queue beside the database, and the task that wakes a worker; the worker sweeps each minute by itself."""
    huey = _open(settings)
    task = huey.task(name="sweep")(sweep)
    huey.periodic_task(crontab(minute="*"), name="sweep-each-minute")(sweep)
    return huey, task


def wake_function(settings: Settings) -> Callable[[], None]:
    """A function that wakes a worker; the queue is opened when it is first called."""
    tasks: list[Callable[[], object]] = []

    def _not_here() -> None:
        raise RuntimeError("Only the worker sweeps.")

    def _wake() -> None:
        if not tasks:
            tasks.append(make_queue(settings, _not_here)[1])
        tasks[0]()

    return _wake


def wake(app: Flask) -> None:
    """Wake a worker. A failure is no loss: the worker also looks once a minute by itself."""
    try:
        app.extensions["bsm_wake"]()
    except Exception:
        app.logger.warning("The worker could not be woken; it looks by itself within a minute.", exc_info=True)
