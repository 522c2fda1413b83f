"""The document that the command line prints, and its figures."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from bsm_alumni.extensions import db
from bsm_alumni.imports.enums import RowOutcome
from bsm_alumni.imports.fields import SheetKind
from bsm_alumni.imports.models import ImportBatch, ImportedValue, ImportProblem, ImportRow
from bsm_alumni.imports.provenance import CREATED

_TOOK = (RowOutcome.ADDED, RowOutcome.UPDATED, RowOutcome.MERGED)


def final_counts(batch_id: int) -> dict[str, Any]:
    """What applying did, counted from the rows and from what was made."""
    outcomes: dict[tuple[str, RowOutcome | None], int] = {
        (kind, outcome): count
        for kind, outcome, count in db.session.execute(
            sa.select(ImportRow.sheet_kind, ImportRow.outcome, sa.func.count())
            .where(ImportRow.batch_id == batch_id)
            .group_by(ImportRow.sheet_kind, ImportRow.outcome)
        )
    }
    made: dict[str, int] = dict(
        db.session.execute(
            sa.select(ImportedValue.subject_kind, sa.func.count())
            .where(ImportedValue.batch_id == batch_id, ImportedValue.field == CREATED)
            .group_by(ImportedValue.subject_kind)
        ).all()
    )
    people = SheetKind.ALUMNI.value
    read = sum(outcomes.values())
    applied = sum(count for (_, outcome), count in outcomes.items() if outcome in _TOOK)
    unchanged = sum(count for (_, outcome), count in outcomes.items() if outcome is RowOutcome.UNCHANGED)
    return {
        "rows": {"read": read, "applied": applied, "skipped": read - applied, "unchanged": unchanged},
        "people": {
            "new": outcomes.get((people, RowOutcome.ADDED), 0),
            "updated": outcomes.get((people, RowOutcome.UPDATED), 0),
            "merged": outcomes.get((people, RowOutcome.MERGED), 0),
        },
        "cohorts": {"new": made.get("cohorts", 0)},
        "events": {"new": made.get("events", 0)},
    }


def head_of(batch: ImportBatch, applied: bool) -> dict[str, Any]:
    """The document without its problems. Before applying, the figures are those of the preview."""
    preview = batch.report.get("preview", {})
    rows = db.session.scalar(sa.select(sa.func.count()).where(ImportRow.batch_id == batch.id)) or 0
    document = {
        "kind": batch.kind,
        "applied": applied,
        "import": batch.id,
        "file": batch.filename,
        "rows": {"read": rows, "applied": 0, "skipped": rows},
        "people": {"new": 0, "updated": 0, "merged": 0},
        "cohorts": {"new": 0},
        "events": {"new": 0},
    }
    for key in ("rows", "people", "cohorts", "events"):
        if key in batch.report:
            document[key] = batch.report[key]
    document["structure"] = batch.report.get("structure", {})
    document["sharing"] = preview.get("sharing", {})
    return document


def problems_of(batch_id: int, size: int = 1_000) -> Iterator[dict[str, Any]]:
    """Every problem in the order of sheets and rows, a batch at a time."""
    key: tuple[str, int, int] = ("", -1, 0)
    columns = (ImportProblem.sheet, ImportProblem.row, ImportProblem.id)
    while True:
        bound = sa.tuple_(*[sa.literal(v, c.type) for v, c in zip(key, columns, strict=True)])
        found = db.session.execute(
            sa.select(
                *columns, ImportProblem.column, ImportProblem.value, ImportProblem.problem, ImportProblem.severity,
                ImportProblem.kind,
            )
            .where(ImportProblem.batch_id == batch_id, sa.tuple_(*columns) > bound)
            .order_by(*columns)
            .limit(size)
        ).all()  # fmt: skip
        if not found:
            return
        key = (found[-1].sheet, found[-1].row, found[-1].id)
        for one in found:
            yield {
                "sheet": one.sheet,
                "row": one.row,
                "column": one.column,
                "value": one.value,
                "problem": one.problem,
                "severity": one.severity.value,
                "code": one.kind,
            }


def json_parts(batch: ImportBatch, applied: bool) -> Iterator[str]:
    """The whole document as text, in parts, so that a long list of problems is never held at once."""
    head = json.dumps(head_of(batch, applied), ensure_ascii=False, indent=2)
    yield head.removesuffix("\n}") + ',\n  "problems": ['
    separator = "\n    "
    for one in problems_of(batch.id):
        yield separator + json.dumps(one, ensure_ascii=False)
        separator = ",\n    "
    yield "\n  ]\n}\n"
