"""Lists taken away as files; each is put into the trail with its purpose."""

from dataclasses import dataclass

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.alumni.rules_roster import RosterFilter
from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.desk.queries_exports import TABLES, Table, alumni_table
from bsm_alumni.desk.queries_partner import agreed
from bsm_alumni.web.exports import table_file


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A finished file and the number of rows in it."""

    content: bytes
    count: int


def export_table(viewer: Viewer, kind: str, file_format: str, purpose: str) -> ExportFile:
    """One of TABLES as this viewer may see it. Raises KeyError for another kind or format."""
    return _export(viewer, kind, TABLES[kind](viewer), file_format, purpose, {})


def export_shared(viewer: Viewer, narrow: RosterFilter, file_format: str, purpose: str) -> ExportFile:
    """The people this viewer may see and the filter leaves, with the agreed fields alone."""
    narrow = agreed(narrow)
    return _export(viewer, "alumni", alumni_table(viewer, narrow), file_format, purpose, narrow.to_args())


def _export(
    viewer: Viewer, kind: str, table: Table, file_format: str, purpose: str, narrow: dict[str, str]
) -> ExportFile:
    columns, rows = table
    held = list(rows)
    file = ExportFile(table_file(file_format, columns, held), len(held))
    after = {
        "kind": kind,
        "count": file.count,
        "purpose": purpose,
        "format": file_format,
        "filter": narrow,
        "organisation": viewer.organisation_id,
    }
    record_many([Change("export.made", "users", viewer.user_id or 0, {}, after)])
    return file
