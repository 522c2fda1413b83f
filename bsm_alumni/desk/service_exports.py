"""Lists taken away as files; each is put into the trail with its purpose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.alumni.rules_roster import RosterFilter
from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.desk.projections import PartnerAlumnus
from bsm_alumni.desk.queries_partner import agreed, each_shared
from bsm_alumni.reference.countries import country_name
from bsm_alumni.reference.languages import language_name
from bsm_alumni.reference.levels import Level
from bsm_alumni.web.exports import table_file

Columns = Sequence[str]
Row = Sequence[Any]

SHARED_COLUMNS = (
    "id",
    "name",
    "latin_name",
    "country",
    "country_code",
    "agency",
    "position",
    "languages",
    "themes",
    "cohorts",
)


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A finished file and the number of rows in it."""

    content: bytes
    count: int


def export_shared(viewer: Viewer, narrow: RosterFilter, file_format: str, purpose: str) -> ExportFile:
    """The people this viewer may see and the filter leaves, with the agreed fields alone."""
    rows = [shared_row(person) for person in each_shared(viewer, narrow)]
    file = ExportFile(table_file(file_format, SHARED_COLUMNS, rows), len(rows))
    record_export("alumni", viewer, file, purpose, file_format, narrow=agreed(narrow).to_args())
    return file


def shared_row(person: PartnerAlumnus) -> Row:
    """A person in the order of SHARED_COLUMNS; names of countries and languages in English, as files have them."""
    return (
        person.id,
        person.display_name,
        person.latin_name,
        country_name(person.country_code) if person.country_code else "",
        person.country_code or "",
        person.agency,
        person.position,
        [_spoken(code, level) for code, level in person.languages],
        list(person.themes),
        list(person.cohorts),
    )


def _spoken(code: str, level: int) -> str:
    words = "" if level == Level.UNKNOWN else Level(level).name.replace("NATIVE", "native")
    return f"{language_name(code)} {words}".strip()


def record_export(
    kind: str,
    viewer: Viewer,
    file: ExportFile,
    purpose: str,
    file_format: str,
    *,
    narrow: dict[str, str] | None = None,
    actor: str | None = None,
) -> None:
    """Put down who took which list, how long it was, and for what."""
    after = {
        "kind": kind,
        "count": file.count,
        "purpose": purpose,
        "format": file_format,
        "filter": narrow or {},
        "organisation": viewer.organisation_id,
    }
    record_many([Change("export.made", "users", viewer.user_id or 0, {}, after)], actor)
