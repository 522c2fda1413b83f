"""Step one: the file becomes rows. Nothing of the registry is touched."""

import hashlib
import re
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db
from bsm_alumni.imports.bulk import table_of
from bsm_alumni.imports.cells import Cells
from bsm_alumni.imports.dates import Order
from bsm_alumni.imports.enums import ImportState
from bsm_alumni.imports.errors import ImportRefused, UnreadableFile
from bsm_alumni.imports.fields import NEEDED, SheetKind, field_keys
from bsm_alumni.imports.headers import SheetMap, find_map
from bsm_alumni.imports.models import ImportBatch, ImportProblem, ImportRow
from bsm_alumni.imports.problems import NOTE, Problem, problem
from bsm_alumni.imports.reading import Source
from bsm_alumni.imports.stored import ProblemLog, Progress
from bsm_alumni.imports.structure import RowShape, shape_of

MAX_ROWS = 500_000
_READ_BATCH = 1_000
# Problems of the file itself; checking the rows anew leaves them.
OF_THE_FILE = ("section_row", "total_row", "sheet_hidden", "sheet_not_recognised", "cell_comment", "windows_encoding")
_NUMERIC_DATE = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*\d{2,4}")

KINDS: dict[str, tuple[SheetKind, ...]] = {
    "workbook": tuple(SheetKind),
    **{kind.value: (kind,) for kind in SheetKind},
}


def new_batch(kind: str, filename: str, content: bytes, actor_id: int | None = None, keep: bool = True) -> ImportBatch:
    """Put an import down, still to be read. `keep` stores the file itself, so that it can be read anew."""
    batch = ImportBatch(
        kind=kind,
        filename=filename[:255],
        sha256=hashlib.sha256(content).hexdigest(),
        content=content if keep else None,
        state=ImportState.READING,
        mapping={},
        report={},
        actor_id=actor_id,
    )
    db.session.add(batch)
    db.session.flush()
    record("import.uploaded", batch, after={"kind": kind, "filename": batch.filename, "sha256": batch.sha256})
    return batch


def read_content(batch: ImportBatch, progress: Progress, given: dict[str, Any] | None = None) -> None:
    """Read the file that is kept with the import."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("file" + Path(batch.filename).suffix[:10])
        path.write_bytes(batch.content or b"")
        read_file(batch, path, progress, given)


def read_file(
    batch: ImportBatch,
    path: Path,
    progress: Progress,
    given: dict[str, Any] | None = None,
    only_sheet: str | None = None,
) -> None:
    """Read every sheet into rows. Raises UnreadableFile or ImportRefused; then nothing is kept of the file's rows.

    `given` is a mapping: {"sheets": {sheet: {"kind", "header_row", "columns"}}} or {"columns": {heading: meaning}}.
    """
    forget_rows(batch)
    source = Source(path)
    try:
        sheets = _choose(source, batch, only_sheet)
        maps = _find_maps(source, sheets, KINDS[batch.kind], given or {})
        if not maps:
            raise UnreadableFile("nothing_recognised")
        batch.mapping = {"sheets": {name: sheet.to_json() for name, sheet in maps.items()}}
        db.session.flush()
        log = ProblemLog(batch)
        _note_file(source, sheets, maps, log, batch.filename)
        counts: dict[str, int] = {"blank": 0, "section": 0, "total": 0}
        done = 0
        for name, sheet in maps.items():
            done = _store(batch, source, name, sheet, log, counts, progress, done)
        batch.mapping = {"sheets": {name: sheet.to_json() for name, sheet in maps.items()}}
        batch.report = {**batch.report, "structure": counts}
        log.write()
        db.session.flush()
    finally:
        source.close()


def forget_rows(batch: ImportBatch) -> None:
    """Delete the rows and problems of an earlier reading."""
    for model in (ImportRow, ImportProblem):
        db.session.execute(sa.delete(model).where(model.batch_id == batch.id))


def _choose(source: Source, batch: ImportBatch, only: str | None) -> list[str]:
    if only is None:
        return source.sheets
    if only not in [*source.sheets, *source.hidden]:
        raise ImportRefused("sheet_not_found", sheet=only, sheets=", ".join(source.sheets))
    return [only]


def _find_maps(
    source: Source, sheets: Sequence[str], kinds: Sequence[SheetKind], given: dict[str, Any]
) -> dict[str, SheetMap]:
    maps: dict[str, SheetMap] = {}
    for name in sheets:
        wanted = (given.get("sheets") or {}).get(name) or {}
        among = [SheetKind(wanted["kind"])] if wanted.get("kind") in set(SheetKind) else list(kinds)
        header_row = int(wanted.get("header_row") or 0)
        rows: Iterable[tuple[int, Cells]] = source.rows(name)
        if header_row:
            rows = (row for row in rows if row[0] >= header_row)
        found = find_map(rows, among, certain=bool(header_row))
        if found is not None:
            correct(found, wanted.get("columns") or given.get("columns") or {})
            maps[name] = found
    return maps


def correct(sheet: SheetMap, columns: dict[str, str]) -> None:
    """Put an officer's meanings over those that were found; '' takes a meaning away, and none is given twice."""
    known = field_keys(sheet.kind)
    for heading, meaning in columns.items():
        if heading not in sheet.headings or (meaning and meaning not in known):
            continue
        for other in [one for one, key in sheet.columns.items() if meaning and key == meaning and one != heading]:
            if columns.get(other, "") != meaning:
                del sheet.columns[other]
        if meaning:
            sheet.columns[heading] = meaning
            sheet.scores[heading] = 100
        else:
            sheet.columns.pop(heading, None)


def is_enough(sheet: SheetMap) -> bool:
    """Whether the columns still tell what a row is."""
    meanings = set(sheet.columns.values())
    return any(needed <= meanings for needed in NEEDED[sheet.kind]) or bool(
        sheet.kind is SheetKind.ALUMNI and meanings & {"full_name", "family_name"}
    )


def _note_file(
    source: Source, sheets: Sequence[str], maps: dict[str, SheetMap], log: ProblemLog, filename: str
) -> None:
    for name in source.hidden:
        if name not in sheets:
            log.add(name, 0, [problem("sheet_hidden", NOTE, name, "")])
    for name in sheets:
        if name not in maps:
            log.add(name, 0, [problem("sheet_not_recognised", NOTE, name, "")])
    if source.encoding == "cp1252":
        log.add(sheets[0], 0, [problem("windows_encoding", NOTE, filename, "")])
    for name, sheet in maps.items():
        for row, column, text in source.comments(name):
            heading = sheet.headings[column - 1] if column <= len(sheet.headings) else ""
            if row > sheet.header_row:
                log.add(name, row, [problem("cell_comment", NOTE, "", "", comment=text)], heading)


def _store(
    batch: ImportBatch,
    source: Source,
    name: str,
    sheet: SheetMap,
    log: ProblemLog,
    counts: dict[str, int],
    progress: Progress,
    done: int,
) -> int:
    rows: list[dict[str, Any]] = []
    orders: dict[str, set[Order]] = {}
    last, gap = 0, 0
    for number, cells in source.rows(name):
        if number <= sheet.header_row:
            last = number
            continue
        shape = shape_of(cells, sheet.headings)
        gap, last = gap + (number - last - 1 if last else 0), number
        if shape is RowShape.DATA:
            counts["blank"] += gap
            gap = 0
            rows.append(_row(batch, name, sheet, number, cells))
            _see_orders(orders, sheet.headings, cells)
        elif shape is not RowShape.HEADING:
            text = next(cell for cell in cells if cell.strip())
            counts[shape.value] += 1
            log.add(name, number, [_structure_problem(shape, text)])
        if len(rows) >= _READ_BATCH:
            done = _flush(rows, log, done)
            progress(done, 0)
            if done > MAX_ROWS:
                raise UnreadableFile("too_many_rows", limit=MAX_ROWS)
    done = _flush(rows, log, done)
    sheet.orders = {
        heading: (Order.MIXED if len(found) > 1 else next(iter(found))).value for heading, found in orders.items()
    }
    return done


def _structure_problem(shape: RowShape, text: str) -> Problem:
    return problem("section_row" if shape is RowShape.SECTION else "total_row", NOTE, text, "")


def _row(batch: ImportBatch, name: str, sheet: SheetMap, number: int, cells: Cells) -> dict[str, Any]:
    named = {heading: cell for heading, cell in zip(sheet.headings, cells, strict=False) if cell.strip()}
    for index in range(len(sheet.headings), len(cells)):
        if cells[index].strip():
            named[f"Column {index + 1}"] = cells[index]
    return {
        "batch_id": batch.id,
        "sheet": name[:100],
        "sheet_kind": sheet.kind.value,
        "row": number,
        "cells": named,
        "repairs": {},
        "left_out": False,
    }


def _see_orders(orders: dict[str, set[Order]], headings: list[str], cells: Cells) -> None:
    for heading, cell in zip(headings, cells, strict=False):
        if cell[:1].isdigit() and (match := _NUMERIC_DATE.match(cell)):
            if int(match[1]) > 12:
                orders.setdefault(heading, set()).add(Order.DAY_FIRST)
            elif int(match[2]) > 12:
                orders.setdefault(heading, set()).add(Order.MONTH_FIRST)


def _flush(rows: list[dict[str, Any]], log: ProblemLog, done: int) -> int:
    if rows:
        db.session.execute(sa.insert(table_of(ImportRow)), rows)
        done += len(rows)
        rows.clear()
    log.write()
    return done
