"""`import`: reads a file, says everything that is to be said of it, and applies it."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from bsm_alumni.commands.base import with_app


@click.command("import")
@click.argument("kind", type=click.Choice(["workbook", "alumni", "cohorts", "events"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sheet", metavar="NAME", help="Read this sheet only.")
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A JSON file that says what columns mean: heading to meaning.",
)
@click.option("--dry-run", is_flag=True, help="Do everything but keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@with_app
def import_command(
    kind: str, file: Path, sheet: str | None, mapping: Path | None, dry_run: bool, as_json: bool
) -> None:
    """Import FILE, a workbook or CSV. KIND is workbook (all sheets), alumni, cohorts or events."""
    from bsm_alumni.extensions import db
    from bsm_alumni.imports.errors import ImportRefused
    from bsm_alumni.imports.report import json_parts
    from bsm_alumni.imports.service_run import run_import
    from bsm_alumni.imports.words import refusal_words

    try:
        given = _read_mapping(mapping)
        with _bar(file.name) as progress:
            batch = run_import(kind, file, sheet=sheet, given=given, keep=not dry_run, progress=progress)
    except ImportRefused as refused:
        db.session.rollback()
        words = refusal_words(refused.code, refused.details)
        if as_json:
            click.echo(json.dumps(_refused(kind, file.name, sheet, words), ensure_ascii=False, indent=2))
        else:
            click.echo(f"{file.name}: {words}", err=True)
        sys.exit(1)
    if as_json:
        for part in json_parts(batch, applied=not dry_run):
            click.echo(part, nl=False)
    else:
        _print_words(batch, dry_run)
    if dry_run:
        db.session.rollback()


def _read_mapping(path: Path | None) -> dict[str, Any]:
    from bsm_alumni.imports.errors import ImportRefused

    if path is None:
        return {}
    try:
        given = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise ImportRefused("mapping_not_read", reason=str(error)) from error
    if not isinstance(given, dict):
        raise ImportRefused("mapping_not_read", reason="it is no object")
    known = given.keys() & {"sheets", "columns"}
    return given if known else {"columns": given}


def _refused(kind: str, name: str, sheet: str | None, words: str) -> dict[str, Any]:
    problem = {"sheet": sheet or "", "row": 0, "column": "", "value": name, "problem": words, "severity": "error"}
    return {
        "kind": kind,
        "applied": False,
        "rows": {"read": 0, "applied": 0, "skipped": 0},
        "people": {"new": 0, "updated": 0, "merged": 0},
        "cohorts": {"new": 0},
        "events": {"new": 0},
        "problems": [problem],
    }


@contextmanager
def _bar(name: str) -> Iterator[Any]:
    """A progress bar on the error stream, where somebody looks at it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)


def _print_words(batch: Any, dry_run: bool) -> None:
    from bsm_alumni.imports.queries import problem_groups
    from bsm_alumni.imports.report import head_of

    head = head_of(batch, not dry_run)
    rows, people = head["rows"], head["people"]
    click.echo(f"{rows['read']} rows read, {rows['applied']} applied, {rows['skipped']} left as they are.")
    click.echo(f"People: {people['new']} new, {people['updated']} updated, {people['merged']} rows merged.")
    click.echo(f"Cohorts: {head['cohorts']['new']} new. Sessions: {head['events']['new']} new.")
    for group in problem_groups(batch.id):
        click.echo(f"{group.severity.value:>8}  {group.count:>6}  {group.example}")
    click.echo("Nothing was kept: this was a dry run." if dry_run else f"Applied as import {batch.id}.")
