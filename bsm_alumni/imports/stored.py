"""Rows and problems in the database: written in batches, read in order without holding more than a batch."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bsm_alumni.extensions import db
from bsm_alumni.imports.bulk import table_of
from bsm_alumni.imports.enums import RowOutcome
from bsm_alumni.imports.fields import SheetKind
from bsm_alumni.imports.headers import SheetMap
from bsm_alumni.imports.models import ImportBatch, ImportProblem, ImportRow
from bsm_alumni.imports.problems import Problem
from bsm_alumni.imports.words import problem_words

BATCH = 500

# Called after each batch with (done, total); in a job it commits the batch and shows the progress.
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class StoredRow:
    """A row as it stands after repairs: `values` are meaning → text."""

    id: int
    sheet: str
    row: int
    values: dict[str, str]
    outcome: RowOutcome | None


def maps_of(batch: ImportBatch) -> dict[str, SheetMap]:
    """Sheet → how it is read."""
    return {name: SheetMap.from_json(data) for name, data in (batch.mapping.get("sheets") or {}).items()}


def values_of(cells: dict[str, str], repairs: dict[str, str], columns: dict[str, str]) -> dict[str, str]:
    """Meaning → text of one row, repaired cells over those of the file."""
    both = {**cells, **repairs} if repairs else cells
    return {columns[heading]: text for heading, text in both.items() if heading in columns}


def rows_of(batch: ImportBatch, kind: SheetKind, size: int = BATCH) -> Iterator[list[StoredRow]]:
    """Batches of the rows of a kind that were not left out, in the order of the file. Safe to commit in between."""
    maps, batch_id, last = maps_of(batch), batch.id, 0
    columns = {name: sheet.columns for name, sheet in maps.items()}
    while True:
        found = db.session.execute(
            sa.select(
                ImportRow.id, ImportRow.sheet, ImportRow.row, ImportRow.cells, ImportRow.repairs, ImportRow.outcome
            )
            .where(
                ImportRow.batch_id == batch_id,
                ImportRow.sheet_kind == kind.value,
                ImportRow.left_out.is_(False),
                ImportRow.id > last,
            )
            .order_by(ImportRow.id)
            .limit(size)
        ).all()
        if not found:
            return
        last = found[-1].id
        yield [
            StoredRow(
                one.id, one.sheet, one.row, values_of(one.cells, one.repairs, columns.get(one.sheet, {})), one.outcome
            )
            for one in found
        ]


def rows_by_id(batch: ImportBatch, ids: Sequence[int]) -> dict[int, StoredRow]:
    """Some rows by id."""
    maps = maps_of(batch)
    found: dict[int, StoredRow] = {}
    for start in range(0, len(ids), BATCH):
        for one in db.session.execute(
            sa.select(
                ImportRow.id, ImportRow.sheet, ImportRow.row, ImportRow.cells, ImportRow.repairs, ImportRow.outcome
            ).where(ImportRow.id.in_(ids[start : start + BATCH]))
        ):
            values = values_of(one.cells, one.repairs, maps[one.sheet].columns)
            found[one.id] = StoredRow(one.id, one.sheet, one.row, values, one.outcome)
    return found


class ProblemLog:
    """Collects problems of rows and writes them a batch at a time."""

    def __init__(self, batch: ImportBatch) -> None:
        self._batch_id = batch.id
        self._headings = {
            name: {meaning: heading for heading, meaning in sheet.columns.items()}
            for name, sheet in maps_of(batch).items()
        }
        self._rows: list[dict[str, Any]] = []

    def add(self, sheet: str, row: int, problems: Iterable[Problem], column: str = "") -> None:
        """Note problems of a row; the column is the heading of the problem's meaning unless given."""
        headings = self._headings.get(sheet, {})
        for one in problems:
            self._rows.append(
                {
                    "batch_id": self._batch_id,
                    "sheet": sheet,
                    "row": row,
                    "column": (column or headings.get(one.field, one.field))[:120],
                    "value": one.value[:300],
                    "kind": one.code,
                    "problem": problem_words(one)[:500],
                    "severity": one.severity,
                }
            )

    def write(self) -> None:
        """Put what was collected into the database."""
        if self._rows:
            db.session.execute(sa.insert(table_of(ImportProblem)), self._rows)
            self._rows.clear()


def count_rows(batch_id: int, kind: SheetKind | None = None) -> int:
    """How many data rows were read."""
    select = sa.select(sa.func.count()).select_from(ImportRow).where(ImportRow.batch_id == batch_id)
    if kind is not None:
        select = select.where(ImportRow.sheet_kind == kind.value)
    return db.session.scalar(select) or 0


def set_outcomes(outcomes: dict[int, RowOutcome]) -> None:
    """Say what applying did with rows, by row id."""
    for outcome in set(outcomes.values()):
        ids = [row_id for row_id, value in outcomes.items() if value is outcome]
        for start in range(0, len(ids), BATCH):
            db.session.execute(
                sa.update(ImportRow).where(ImportRow.id.in_(ids[start : start + BATCH])).values(outcome=outcome)
            )
