"""Changing organisations."""

from typing import Any

from flask_babel import gettext as _

from bsm_alumni.audit.rules import changed
from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.enums import OrganisationKind
from bsm_alumni.organisations.models import Organisation
from bsm_alumni.organisations.queries import find_organisation_by_code
from bsm_alumni.organisations.rules import clean_code, is_code
from bsm_alumni.web.errors import FieldErrors, Refused


def create_organisation(code: str, name: str, kind: OrganisationKind = OrganisationKind.PARTNER) -> Organisation:
    """Add an organisation. Nobody's profile is opened to it by that. Raises FieldErrors for a code that cannot be."""
    code = clean_code(code)
    _check_code(code, None)
    organisation = Organisation(code=code, name=name.strip(), kind=kind)
    db.session.add(organisation)
    db.session.flush()
    record("organisation.added", organisation, after=_fields(organisation))
    return organisation


def edit_organisation(organisation: Organisation, code: str, name: str) -> None:
    """Change code and name. Raises FieldErrors as ``create_organisation`` does."""
    code = clean_code(code)
    _check_code(code, organisation.id)
    before = _fields(organisation)
    organisation.code, organisation.name = code, name.strip()
    db.session.flush()
    old, new = changed(before, _fields(organisation))
    if new:
        record("organisation.edited", organisation, before=old, after=new)


def archive_organisation(organisation: Organisation) -> None:
    """Put a partner away: it can no longer be chosen. Raises Refused for the programme office itself."""
    if organisation.kind is OrganisationKind.OFFICE:
        raise Refused(_("The programme office itself cannot be archived."))
    if organisation.archived_at is None:
        organisation.archived_at = utc_now()
        db.session.flush()
        record("organisation.archived", organisation)


def restore_organisation(organisation: Organisation) -> None:
    """Take an organisation out of the archive."""
    if organisation.archived_at is not None:
        organisation.archived_at = None
        db.session.flush()
        record("organisation.restored", organisation)


def _check_code(code: str, organisation_id: int | None) -> None:
    if not is_code(code):
        raise FieldErrors({"code": _("Write two to twenty letters, figures and hyphens, such as UNODC.")})
    found = find_organisation_by_code(code)
    if found is not None and found.id != organisation_id:
        raise FieldErrors({"code": _("Another organisation has this code. Choose another one.")})


def _fields(organisation: Organisation) -> dict[str, Any]:
    return {"code": organisation.code, "name": organisation.name, "kind": organisation.kind}
