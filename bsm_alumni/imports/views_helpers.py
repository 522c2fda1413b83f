"""What the pages of an import show, made ready for their templates."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from bsm_alumni.imports.errors import ImportRefused
from bsm_alumni.imports.fields import FIELDS, SheetKind
from bsm_alumni.imports.headers import Column
from bsm_alumni.imports.models import ImportBatch
from bsm_alumni.imports.stored import maps_of
from bsm_alumni.imports.words import refusal_words


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet and what its columns were understood to mean."""

    name: str
    kind: str
    header_row: int
    columns: list[Column]

    def place_of(self, heading: str) -> int | None:
        """The place of a column by its heading."""
        return next((column.index for column in self.columns if column.heading == heading), None)


def sheet_views(batch: ImportBatch) -> list[SheetView]:
    """The sheets of an import in the order of the file."""
    return [
        SheetView(
            name,
            sheet.kind.value,
            sheet.header_row,
            [
                Column(
                    place,
                    heading,
                    sheet.columns.get(heading, ""),
                    sheet.scores.get(heading, 0),
                    tuple(sheet.samples.get(heading, ())),
                )
                for place, heading in enumerate(sheet.headings)
            ],
        )
        for name, sheet in maps_of(batch).items()
    ]


def column_choices(kind: str) -> list[tuple[str, str]]:
    """Every meaning a column can have, in words."""
    return [(field.key, str(field.label)) for field in FIELDS[SheetKind(kind)]]


def summary_of(batch: ImportBatch, left_out: int) -> dict[str, Any]:
    """What applying would do, as the preview found."""
    preview: dict[str, Any] = batch.report.get("preview", {})
    rows = preview.get("rows", 0)
    return {
        "rows": rows - left_out,
        "left_out": left_out,
        "unusable": preview.get("unusable", 0),
        "people": preview.get("people", {}),
        "cohorts": preview.get("cohorts", {}).get("new", 0),
        "events": preview.get("events", {}).get("new", 0),
    }


def go_to(view: str, import_id: int) -> ResponseReturnValue:
    """Lead on to a page of an import."""
    return redirect(url_for(f"imports_staff.{view}", import_id=import_id))


def refused(error: ImportRefused, view: str, import_id: int) -> ResponseReturnValue:
    """Say why a step was refused, on the page it was taken from."""
    flash(refusal_words(error.code, error.details), "error")
    return go_to(view, import_id)
