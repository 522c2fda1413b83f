"""Reading imports, their rows and their problems."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from bsm_alumni.extensions import db
from bsm_alumni.imports.enums import Severity
from bsm_alumni.imports.models import ImportBatch, ImportedValue, ImportProblem, ImportRow, SavedMapping
from bsm_alumni.web.errors import NotThere
from bsm_alumni.web.pagination import Page, page_of

ROWS_SHOWN = 20  # with what was said of each, a page stays under 60 KB
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems of one kind: how many, how grave, and one of them to show."""

    kind: str
    severity: Severity
    count: int
    example: str


@dataclass(slots=True)
class RowView:
    """A row to look at: its cells, repaired or not, and what was said of them."""

    row: ImportRow
    problems: list[ImportProblem] = field(default_factory=list)

    def cell(self, heading: str) -> str:
        """The text of a cell as it now stands."""
        return str({**self.row.cells, **self.row.repairs}.get(heading, ""))


def get_batch(batch_id: int) -> ImportBatch:
    """The import; raises NotThere."""
    batch = db.session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotThere(f"There is no import {batch_id}.")
    return batch


def imports_page(after: str | None = None, before: str | None = None) -> Page[ImportBatch]:
    """Imports, newest first."""
    select = sa.select(ImportBatch)
    return page_of(select, [ImportBatch.created_at, ImportBatch.id], after=after, before=before, descending=True)


def find_same_file(batch: ImportBatch) -> ImportBatch | None:
    """The last import of the very same file that was applied and not undone."""
    return db.session.scalar(
        sa.select(ImportBatch)
        .where(
            ImportBatch.sha256 == batch.sha256,
            ImportBatch.id != batch.id,
            ImportBatch.applied_at.is_not(None),
            ImportBatch.undone_at.is_(None),
        )
        .order_by(ImportBatch.id.desc())
        .limit(1)
    )


def saved_mappings(kind: str) -> Sequence[SavedMapping]:
    """Kept mappings for a kind of import, by name."""
    return db.session.scalars(
        sa.select(SavedMapping).where(SavedMapping.kind == kind).order_by(SavedMapping.name).limit(100)
    ).all()


def get_mapping(mapping_id: int) -> SavedMapping:
    """A kept mapping; raises NotThere."""
    saved = db.session.get(SavedMapping, mapping_id)
    if saved is None:
        raise NotThere(f"There is no mapping {mapping_id}.")
    return saved


def problem_groups(batch_id: int) -> list[ProblemGroup]:
    """Problems by kind, the gravest and most frequent first."""
    rows = db.session.execute(
        sa.select(ImportProblem.kind, ImportProblem.severity, sa.func.count(), sa.func.min(ImportProblem.id))
        .where(ImportProblem.batch_id == batch_id)
        .group_by(ImportProblem.kind, ImportProblem.severity)
    ).all()
    examples = {
        one.id: one.problem
        for one in db.session.execute(
            sa.select(ImportProblem.id, ImportProblem.problem).where(ImportProblem.id.in_([row[3] for row in rows]))
        )
    }
    groups = [ProblemGroup(kind, severity, count, examples[first]) for kind, severity, count, first in rows]
    return sorted(groups, key=lambda group: (_RANK[group.severity], -group.count, group.kind))


def rows_page(
    batch_id: int, kind: str | None = None, after: str | None = None, before: str | None = None, left_out: bool = False
) -> Page[RowView]:
    """Rows with a problem of one kind, or of any above a note, or left out; each with all its problems. Two queries."""
    select = sa.select(ImportRow).where(ImportRow.batch_id == batch_id)
    if left_out:
        select = select.where(ImportRow.left_out.is_(True))
    else:
        said = sa.select(sa.literal(1)).where(
            ImportProblem.batch_id == batch_id,
            ImportProblem.sheet == ImportRow.sheet,
            ImportProblem.row == ImportRow.row,
        )
        said = said.where(ImportProblem.kind == kind) if kind else said.where(ImportProblem.severity != Severity.NOTE)
        select = select.where(sa.exists(said))
    page = page_of(select, [ImportRow.id], after=after, before=before, size=ROWS_SHOWN)
    views = {(row.sheet, row.row): RowView(row) for row in page.rows}
    if views:
        numbers = [row.row for row in page.rows]
        for problem in db.session.scalars(
            sa.select(ImportProblem)
            .where(
                ImportProblem.batch_id == batch_id,
                ImportProblem.sheet.in_({row.sheet for row in page.rows}),
                ImportProblem.row.in_(numbers),
            )
            .order_by(ImportProblem.id)
        ):
            if (problem.sheet, problem.row) in views:
                views[problem.sheet, problem.row].problems.append(problem)
    return Page(list(views.values()), page.next_key, page.previous_key)


def get_row(batch_id: int, row_id: int) -> RowView:
    """One row with its problems; raises NotThere."""
    row = db.session.get(ImportRow, row_id)
    if row is None or row.batch_id != batch_id:
        raise NotThere(f"There is no row {row_id} in import {batch_id}.")
    problems = db.session.scalars(
        sa.select(ImportProblem)
        .where(ImportProblem.batch_id == batch_id, ImportProblem.sheet == row.sheet, ImportProblem.row == row.row)
        .order_by(ImportProblem.id)
    ).all()
    return RowView(row, list(problems))


def file_problems(batch_id: int, limit: int = 20) -> Sequence[ImportProblem]:
    """What was said of the file as a whole, not of a row."""
    return db.session.scalars(
        sa.select(ImportProblem)
        .where(ImportProblem.batch_id == batch_id, ImportProblem.row == 0)
        .order_by(ImportProblem.id)
        .limit(limit)
    ).all()


def count_left_out(batch_id: int) -> int:
    """How many rows somebody left out."""
    select = sa.select(sa.func.count()).where(ImportRow.batch_id == batch_id, ImportRow.left_out.is_(True))
    return db.session.scalar(select) or 0


def origin_of(kind: str, subject_id: int, limit: int = 200) -> Sequence[Any]:
    """Where the values of a record came from: (field, file, sheet, row, column, after), oldest first."""
    return db.session.execute(
        sa.select(
            ImportedValue.field,
            ImportBatch.filename,
            ImportedValue.sheet,
            ImportedValue.row,
            ImportedValue.column,
            ImportedValue.after,
        )
        .join(ImportBatch, ImportBatch.id == ImportedValue.batch_id)
        .where(ImportedValue.subject_kind == kind, ImportedValue.subject_id == subject_id)
        .order_by(ImportedValue.id)
        .limit(limit)
    ).all()
