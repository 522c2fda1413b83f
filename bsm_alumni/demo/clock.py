"""The demo's day. Its sessions begin in July 2026, so the demo plays on 1 June 2026 whenever it is started."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bsm_alumni.extensions import set_clock_offset
from config import ROOT, Settings

FIRST_MOMENT = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def _file(settings: Settings) -> Path | None:
    """Where the offset is kept: beside the SQLite database it belongs to."""
    if not settings.is_demo or not settings.database_url.startswith("sqlite:///"):
        return None
    path = ROOT / settings.database_url.removeprefix("sqlite:///")
    return path.with_name(f"{path.stem}-clock.txt")


def start_demo_clock(settings: Settings) -> None:
    """Set the clock of this demo database to the demo's first moment; it runs on from there."""
    path = _file(settings)
    if path is not None and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        offset = FIRST_MOMENT - datetime.now(UTC)
        path.write_text(f"{int(offset.total_seconds())}\n")
    use_demo_clock(settings)


def use_demo_clock(settings: Settings) -> None:
    """Take up the clock of a demo database; without one, and outside the demo, the machine's own clock."""
    path = _file(settings)
    seconds = int(path.read_text()) if path is not None and path.exists() else 0
    set_clock_offset(timedelta(seconds=seconds))
