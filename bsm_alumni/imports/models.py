"""Files that were read in, their rows, what was said of them, and where each value went."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bsm_alumni.extensions import Model, UtcDateTime, enum_type, utc_now
from bsm_alumni.imports.enums import ImportState, RowOutcome, Severity


class ImportBatch(Model):
    """One file on its way in. ``report`` is the document that the command line prints."""

    __tablename__ = "import_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    filename: Mapped[str] = mapped_column(sa.String(255))
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    content: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    state: Mapped[ImportState] = mapped_column(enum_type(ImportState, "state"), default=ImportState.READING)
    mapping: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    report: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    error: Mapped[str] = mapped_column(sa.String(500), default="")
    job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("jobs.id"))
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportRow(Model):
    """One data row as it stood in the file, and as repaired; ``row`` counts from 1 as in the sheet."""

    __tablename__ = "import_rows"
    __table_args__ = (sa.UniqueConstraint("batch_id", "sheet", "row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("import_batches.id"))
    sheet: Mapped[str] = mapped_column(sa.String(100))
    sheet_kind: Mapped[str] = mapped_column(sa.String(20))
    row: Mapped[int]
    # Column heading → cell as text (dates in ISO form).
    cells: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    repairs: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    left_out: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[RowOutcome | None] = mapped_column(enum_type(RowOutcome, "outcome"))


class ImportProblem(Model):
    """One thing to know about one cell."""

    __tablename__ = "import_problems"
    __table_args__ = (sa.Index("ix_import_problems_batch_id_id", "batch_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("import_batches.id"))
    sheet: Mapped[str] = mapped_column(sa.String(100))
    row: Mapped[int]
    column: Mapped[str] = mapped_column(sa.String(120))
    value: Mapped[str] = mapped_column(sa.String(300))
    kind: Mapped[str] = mapped_column(sa.String(60))
    problem: Mapped[str] = mapped_column(sa.String(500))
    severity: Mapped[Severity] = mapped_column(enum_type(Severity, "severity"))


class ImportedValue(Model):
    """Where a value came from and what it replaced; undoing reads it backwards."""

    __tablename__ = "imported_values"
    __table_args__ = (sa.Index("ix_imported_values_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("import_batches.id"), index=True)
    sheet: Mapped[str] = mapped_column(sa.String(100))
    row: Mapped[int]
    subject_kind: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int]
    field: Mapped[str] = mapped_column(sa.String(60))
    column: Mapped[str] = mapped_column(sa.String(120))
    before: Mapped[Any] = mapped_column(sa.JSON)
    after: Mapped[Any] = mapped_column(sa.JSON)


class SavedMapping(Model):
    """A reading of columns that an officer corrected and keeps."""

    __tablename__ = "saved_mappings"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(100), unique=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
