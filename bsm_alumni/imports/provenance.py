"""Where each value came from and what it replaced; undoing reads it backwards."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from bsm_alumni.audit.service import plain
from bsm_alumni.extensions import db
from bsm_alumni.imports.bulk import table_of
from bsm_alumni.imports.enums import ImportState
from bsm_alumni.imports.merging import RowRef
from bsm_alumni.imports.models import ImportBatch, ImportedValue

CREATED = "*"  # the field that stands for the whole record: it was made by this import

# Field of a record → the meanings of the columns it is read from, the first that is there.
MEANINGS: dict[str, tuple[str, ...]] = {
    "title": ("title", "full_name"),
    "name": ("family_name", "full_name", "given_names"),
    "gender": ("sex",),
    "country": ("country",),
    "agency": ("agency",),
    "position": ("position",),
    "emails": ("email",),
    "phone": ("phone",),
    "languages": ("languages",),
    "themes": ("themes",),
    "zone": ("zone", "country"),
    "sharing": ("sharing",),
    "remarks": ("remarks",),
    "enrolments": ("cohort",),
}


class Provenance:
    """Collects what an import wrote, and writes it down a batch at a time."""

    def __init__(self, batch: ImportBatch, headings: dict[str, dict[str, str]]) -> None:
        self._batch_id = batch.id
        self._headings = headings
        self._rows: list[dict[str, Any]] = []

    def column(self, sheet: str, field: str) -> str:
        """The heading of the column that a field was read from, '' where there is none."""
        headings = self._headings.get(sheet, {})
        return next((headings[key] for key in MEANINGS.get(field, (field,)) if key in headings), "")

    def add(self, ref: RowRef, kind: str, subject_id: int, field: str, before: Any, after: Any) -> None:
        """Note one value of one record."""
        self._rows.append(
            {
                "batch_id": self._batch_id,
                "sheet": ref.sheet,
                "row": ref.row,
                "subject_kind": kind,
                "subject_id": subject_id,
                "field": field,
                "column": self.column(ref.sheet, field)[:120],
                "before": plain(before),
                "after": plain(after),
            }
        )

    def write(self) -> None:
        """Put what was collected into the database."""
        if self._rows:
            db.session.execute(sa.insert(table_of(ImportedValue)), self._rows)
            self._rows.clear()


def last_imported(kind: str, subject_ids: Iterable[int]) -> dict[tuple[int, str], Any]:
    """(subject, field) → the value that an import gave last, of imports that were not undone."""
    rows = db.session.execute(
        sa.select(ImportedValue.subject_id, ImportedValue.field, ImportedValue.after)
        .join(ImportBatch, ImportBatch.id == ImportedValue.batch_id)
        .where(
            ImportedValue.subject_kind == kind,
            ImportedValue.subject_id.in_(list(subject_ids)),
            ImportBatch.state != ImportState.UNDONE,
        )
        .order_by(ImportedValue.id)
    )
    return {(subject_id, field): after for subject_id, field, after in rows}
