"""Lists taken away as files; each is put into the trail with its purpose.

A file for a partner holds what is shared when it is handed out, not when it was begun: people are read in batches
that each ask again, and all of them are looked at once more at the end.
"""

import re
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from bsm_alumni.access.viewer import Viewer, viewer_of
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.queries import find_active_user
from bsm_alumni.alumni.rules_roster import RosterFilter
from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.consent.disclosures import EVERYTHING, put_down
from bsm_alumni.consent.enums_disclosures import DisclosureWay
from bsm_alumni.database import begin_reading, begin_writing
from bsm_alumni.desk.models_exports import PartnerExport
from bsm_alumni.desk.projections import PartnerAlumnus
from bsm_alumni.desk.queries_exports import TABLES
from bsm_alumni.desk.queries_partner import BATCH, agreed, groups_covered, shared_page, still_shown
from bsm_alumni.desk.rows_partner import shared_columns, shared_row
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.queries import get_organisation
from bsm_alumni.organisations.rules import ALL_GROUPS, mask_of
from bsm_alumni.reference.folding import fold
from bsm_alumni.web.errors import Refused
from bsm_alumni.web.exports import Mark, table_file


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A finished file, the number of rows in it, and what to call it, without its ending."""

    content: bytes
    count: int
    name: str


def export_table(viewer: Viewer, kind: str, file_format: str, purpose: str) -> ExportFile:
    """One of TABLES as this viewer may see it. Raises KeyError for another kind or format, Refused as below."""
    if kind == "alumni" and not viewer.is_staff:
        return export_shared(viewer, RosterFilter(), file_format, purpose)
    viewer = _today(viewer)
    columns, rows = TABLES[kind](viewer)
    held = list(rows)
    taken = _number(viewer, kind, file_format, purpose, {})
    file = _file(viewer, taken, kind, file_format, columns, held)
    if kind == "alumni":
        put_down(viewer, [(row[0], EVERYTHING) for row in held], DisclosureWay.EXPORT, purpose)
    _enter(viewer, kind, file, file_format, purpose, {}, taken)
    return file


def export_shared(viewer: Viewer, narrow: RosterFilter, file_format: str, purpose: str) -> ExportFile:
    """The people this viewer may see and the filter leaves, each with what is shared, at the moment of handing out.

    Raises Refused when the viewer's account was closed meanwhile.
    """
    people = _gathered(viewer, narrow)
    # From here on nothing changes under us on SQLite; on PostgreSQL each statement sees what was withdrawn.
    viewer = _today(viewer)
    covered = groups_covered(viewer)
    narrow = agreed(narrow, covered)
    taken = _number(viewer, "alumni", file_format, purpose, narrow.to_args())
    people = still_shown(viewer, people)
    rows = [shared_row(person, covered) for person in people]
    file = _file(viewer, taken, "alumni", file_format, shared_columns(covered), rows)
    put_down(viewer, [(person.id, person.groups) for person in people], DisclosureWay.EXPORT, purpose)
    _enter(viewer, "alumni", file, file_format, purpose, narrow.to_args(), taken)
    return file


def _gathered(viewer: Viewer, narrow: RosterFilter) -> list[PartnerAlumnus]:
    """The people in batches, each read in a transaction of its own that keeps nobody from withdrawing meanwhile."""
    found: list[PartnerAlumnus] = []
    after: str | None = None
    db.session.rollback()
    begin_reading()
    try:
        while True:
            left = agreed(narrow, groups_covered(viewer))
            page = shared_page(viewer, left, after=after, size=BATCH, parts=ALL_GROUPS)
            found += page.rows
            db.session.rollback()
            if page.next_key is None:
                return found
            after = page.next_key
    finally:
        db.session.rollback()
        begin_writing()


def _today(viewer: Viewer) -> Viewer:
    """The viewer as the database knows them now. Raises Refused for an account that was closed or moved."""
    if viewer.user_id is None:
        return viewer
    user = find_active_user(viewer.user_id)
    now = viewer_of(user) if user is not None else None
    if now is None or (now.role, now.organisation_id) != (viewer.role, viewer.organisation_id):
        raise Refused(_("Your account changed meanwhile, so no file was made. Sign in again."))
    return viewer


def _number(viewer: Viewer, kind: str, file_format: str, purpose: str, narrow: dict[str, str]) -> PartnerExport | None:
    """The numbered record of a partner's file; None for others, whose files carry no mark."""
    if viewer.role is not Role.PARTNER or viewer.organisation_id is None or viewer.user_id is None:
        return None
    taken = PartnerExport(
        organisation_id=viewer.organisation_id,
        user_id=viewer.user_id,
        kind=kind,
        file_format=file_format,
        purpose=purpose[:300],
        narrow=narrow,
        groups=mask_of(groups_covered(viewer)),
        at=utc_now(),
    )
    db.session.add(taken)
    db.session.flush()
    return taken


def _file(
    viewer: Viewer, taken: PartnerExport | None, kind: str, file_format: str, columns: Any, rows: list[Any]
) -> ExportFile:
    if taken is None:
        return ExportFile(table_file(file_format, columns, rows), len(rows), kind)
    code, at = get_organisation(taken.organisation_id).code, taken.at.strftime("%Y%m%dT%H%MZ")
    facts = (
        (_("Export number"), str(taken.id)),
        (_("Taken by"), f"{viewer.name}, {code}"),
        (_("At"), taken.at.strftime("%Y-%m-%d %H:%M UTC")),
        (_("For"), taken.purpose),
        (_("Rows"), str(len(rows))),
        (_("Keep it"), _("Only as long as you need it for this; people may stop sharing at any time.")),
    )
    mark = Mark(_("BSM Alumni: for this purpose and this organisation alone"), facts)
    taken.count = len(rows)
    db.session.flush()
    parts = (kind, code, _slug(viewer.name), at, f"export-{taken.id}", _slug(taken.purpose))
    return ExportFile(table_file(file_format, columns, rows, mark), len(rows), "_".join(filter(None, parts)))


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(text))[:30].strip("-")


def _enter(
    viewer: Viewer,
    kind: str,
    file: ExportFile,
    file_format: str,
    purpose: str,
    narrow: dict[str, str],
    taken: PartnerExport | None,
) -> None:
    after = {
        "kind": kind,
        "count": file.count,
        "purpose": purpose,
        "format": file_format,
        "filter": narrow,
        "organisation": viewer.organisation_id,
    }
    if taken is not None:
        after["number"] = taken.id
    record_many([Change("export.made", "users", viewer.user_id or 0, {}, after)])
