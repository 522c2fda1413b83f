"""Reading what was exported, as its reader's program would."""

import csv
import io
import json
import zipfile
from typing import Any

from openpyxl import load_workbook


def text_of(content: bytes) -> str:
    """Every word in a file, with a workbook's archive opened."""
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def rows_of(content: bytes, file_format: str) -> list[dict[str, Any]]:
    """The rows of a file by column."""
    if file_format == "json":
        return json.loads(content)
    if file_format == "csv":
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        return list(csv.DictReader(line for line in text if not line.startswith(("#", '"#'))))
    head, *rows = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]
