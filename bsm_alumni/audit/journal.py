"""The file beside the database in which heads of the chain are kept: one a line, time, entry and code."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from flask import current_app

from bsm_alumni.audit.rules_verify import Head
from bsm_alumni.web.errors import Refused

NAME = "audit-head"
# More than the longest line.
LAST_BYTES = 200


def journal_file() -> Path:
    """Where the heads are kept."""
    return Path(current_app.extensions["bsm_settings"].journal_dir) / NAME


def parse_head(line: str) -> Head:
    """A line of the file; raises ValueError for anything else."""
    at, number, mac = line.split()
    return Head(int(number), mac, datetime.fromisoformat(at))


def read_heads() -> Iterator[Head]:
    """Every head in the file, oldest first. Raises Refused naming a line that is none."""
    path = journal_file()
    if not path.exists():
        return
    with path.open(encoding="ascii", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield parse_head(line)
            except ValueError:
                raise Refused(f"Line {number} of {path} is not a head of the trail: it was changed.") from None


def find_last_head() -> Head | None:
    """The latest head in the file; None for no file, or one whose end is spoilt."""
    try:
        with journal_file().open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - LAST_BYTES))
            lines = file.read().decode("ascii", errors="replace").splitlines()
        return parse_head(lines[-1])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def append_head(head: Head) -> None:
    """Write a head at the end of the file, for good, readable by the program's own user alone."""
    assert head.at is not None
    path = journal_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = f"{head.at.isoformat(timespec='seconds')} {head.entry_id} {head.mac}\n"
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line.encode("ascii"))
        os.fsync(handle)
    finally:
        os.close(handle)
