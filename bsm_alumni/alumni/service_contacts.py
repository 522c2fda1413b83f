"""Taking contact data away as a file: of a few people at once, of many only after a second person agreed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.accounts.enums import STAFF_ROLES, WRITING_ROLES
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries_export import contact_rows
from bsm_alumni.alumni.queries_roster import narrowed
from bsm_alumni.alumni.rules_roster import RosterFilter
from bsm_alumni.approvals.kinds import Kind
from bsm_alumni.approvals.models import Approval
from bsm_alumni.approvals.queries import get_approval
from bsm_alumni.approvals.service import ask, use
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.consent.disclosures import EVERYTHING, put_down
from bsm_alumni.consent.enums_disclosures import DisclosureWay
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.errors import NotThere

KIND = "export_contacts"
EXPORT_CONTACTS = Kind(
    title=_l("Addresses and telephones of many alumni as a file"),
    asked_by=STAFF_ROLES,
    decided_by=WRITING_ROLES,
    endpoint="contacts_staff.download",
)

# So many people's contact data one person takes in a day without asking anybody; files in small pieces add up.
ALONE = 10
A_DAY = timedelta(days=1)
GIVEN = "contacts.exported"


@dataclass(frozen=True, slots=True)
class ContactFile:
    """The rows of a finished file, in the order of ``queries_export.COLUMNS``."""

    file_format: str
    rows: list[tuple[Any, ...]]


def people_of(viewer: Viewer, narrow: RosterFilter) -> list[int]:
    """The ids of those whom the filter leaves, in order."""
    return list(db.session.scalars(narrowed(viewer, narrow).with_only_columns(Alumnus.id).order_by(Alumnus.id)))


def export_contacts(viewer: Viewer, narrow: RosterFilter, file_format: str, purpose: str) -> ContactFile | Approval:
    """The file when it holds few people; otherwise the request for a second person that was made instead.

    The request names each person: whoever comes to fit the filter later is not covered by what was granted.
    """
    # One person's exports follow one another, so that the day's count is right.
    db.session.get(User, viewer.user_id, with_for_update={"of": User})
    people = people_of(viewer, narrow)
    if len(people) + _taken_today(viewer) <= ALONE:
        return _give(viewer, people, file_format, purpose, None)
    words = ngettext(
        "Addresses and telephones of %(num)d person as a file (%(format)s). Purpose: %(purpose)s",
        "Addresses and telephones of %(num)d people as a file (%(format)s). Purpose: %(purpose)s",
        len(people),
        format=file_format.upper(),
        purpose=purpose,
    )
    params = {"people": people, "format": file_format, "purpose": purpose, "filter": narrow.to_args()}
    return ask(KIND, params, words, viewer=viewer)


def download_contacts(viewer: Viewer, approval_id: int) -> ContactFile:
    """The file that was granted, once. Who can no longer be seen is left out.

    Raises NotThere for another's request, Refused when it was used, was not granted, or its day is over.
    """
    approval = get_approval(viewer, approval_id)
    if approval.kind != KIND:
        raise NotThere(f"There is no request {approval_id}.")
    params = dict(approval.params)
    use(approval_id, KIND, params, viewer=viewer)
    return _give(viewer, params["people"], params["format"], params["purpose"], approval_id)


def _give(viewer: Viewer, people: list[int], file_format: str, purpose: str, approval_id: int | None) -> ContactFile:
    rows = list(contact_rows(viewer, people))
    made = {
        "kind": "alumni",
        "contacts": True,
        "count": len(rows),
        "purpose": purpose,
        "format": file_format,
        "approval": approval_id,
    }
    # One entry for each person too: they are shown who received their address.
    given = [Change(GIVEN, "alumni", row[0], {}, {"purpose": purpose, "by": viewer.user_id}) for row in rows]
    record_many([Change("export.made", "users", viewer.user_id or 0, {}, made), *given])
    put_down(viewer, [(row[0], EVERYTHING) for row in rows], DisclosureWay.EXPORT, purpose)
    return ContactFile(file_format, rows)


def _taken_today(viewer: Viewer) -> int:
    """Of how many people the viewer took contact data in the last day without a second person."""
    made = db.session.scalars(
        sa.select(AuditEntry.after).where(
            AuditEntry.verb == "export.made",
            AuditEntry.actor_id == viewer.user_id,
            AuditEntry.at > utc_now() - A_DAY,
        )
    )
    return sum(after.get("count", 0) for after in made if after.get("contacts") and after.get("approval") is None)
