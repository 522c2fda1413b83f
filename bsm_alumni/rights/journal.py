"""The journal of erasures: a file that only grows, beside the database and its backups, with nothing to read in it.

A backup made before an erasure still holds the person; when it is put back the journal says who goes again. Each
line is one JSON object: when, the number of the person, keyed hashes of the addresses, and a keyed mark of the
record, so that a journal never erases somebody of another installation.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app

from config import ROOT

FILE = "erasures.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """One erasure as the journal has it."""

    alumnus_id: int
    at: datetime
    mark: str
    addresses: tuple[str, ...]


def journal_path() -> Path:
    """Where the journal is kept: ``BSM_JOURNAL_DIR``."""
    return ROOT / current_app.extensions["bsm_settings"].journal_dir / FILE


def mark_of(alumnus_id: int, created_at: datetime) -> str:
    """A keyed mark of one record, by its number and the instant it was made."""
    key = b"erasure-journal:" + str(current_app.config["SECRET_KEY"]).encode()
    text = f"{alumnus_id}:{created_at.astimezone(UTC).isoformat(timespec='seconds')}"
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def write(entry: Entry) -> None:
    """Append one erasure and wait until the disk has it. The file is for the program's own user alone."""
    path = journal_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(
        {
            "at": entry.at.astimezone(UTC).isoformat(timespec="seconds"),
            "alumnus": entry.alumnus_id,
            "mark": entry.mark,
            "addresses": list(entry.addresses),
        }
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, f"{line}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def read() -> list[Entry]:
    """Every erasure in the journal, the last line of each person; a line cut short by a crash is passed over."""
    path = journal_path()
    if not path.exists():
        return []
    found: dict[int, Entry] = {}
    for line in path.read_text().splitlines():
        entry = _read_line(line)
        if entry is not None:
            found[entry.alumnus_id] = entry
    return list(found.values())


def _read_line(line: str) -> Entry | None:
    try:
        held = json.loads(line)
        at = datetime.fromisoformat(held["at"])
        return Entry(int(held["alumnus"]), at, str(held["mark"]), tuple(map(str, held["addresses"])))
    except (ValueError, KeyError, TypeError):
        return None


def together(first: Iterable[Entry], second: Iterable[Entry]) -> list[Entry]:
    """The entries of both, one a person."""
    return list({entry.alumnus_id: entry for entry in (*second, *first)}.values())
