"""All steps of an import at once, for the command line and the demo."""

from pathlib import Path
from typing import Any

from bsm_alumni.extensions import db
from bsm_alumni.imports.enums import ImportState
from bsm_alumni.imports.lists import ensure_lists
from bsm_alumni.imports.models import ImportBatch
from bsm_alumni.imports.service_apply import apply_batch, claim
from bsm_alumni.imports.service_read import new_batch, read_file
from bsm_alumni.imports.stored import Progress
from bsm_alumni.imports.zipcheck import MAX_FILE


def no_progress(_done: int, _total: int) -> None:
    """For callers that show none."""


def run_import(
    kind: str,
    path: Path,
    *,
    sheet: str | None = None,
    given: dict[str, Any] | None = None,
    keep: bool = True,
    progress: Progress = no_progress,
    actor_id: int | None = None,
) -> ImportBatch:
    """Read, check and apply a file. Raises UnreadableFile or ImportRefused; then nothing was written for good.

    With `keep`, batches are committed while they are applied, once the whole file was read. Without, nothing is, and
    the caller rolls back.
    """
    content = path.read_bytes() if path.stat().st_size <= MAX_FILE else b""
    batch = new_batch(kind, path.name, content, actor_id, keep=False)
    del content
    read_file(batch, path, progress, given, only_sheet=sheet)
    batch.state = ImportState.READY
    ensure_lists()
    db.session.flush()
    claim(batch)

    def tick(done: int, total: int) -> None:
        if keep:
            db.session.commit()
        progress(done, total)

    tick(0, 0)
    apply_batch(batch, tick)
    tick(1, 1)
    return batch
