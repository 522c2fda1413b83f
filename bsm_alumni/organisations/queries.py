"""Finding organisations."""

from collections.abc import Sequence

import sqlalchemy as sa

from bsm_alumni.extensions import db
from bsm_alumni.organisations.enums import OrganisationKind
from bsm_alumni.organisations.models import Organisation


def active_partners() -> Sequence[Organisation]:
    """Every partner that is not archived, by code."""
    return db.session.scalars(
        sa.select(Organisation)
        .where(Organisation.kind == OrganisationKind.PARTNER, Organisation.archived_at.is_(None))
        .order_by(Organisation.code)
    ).all()


def all_organisations(limit: int = 200) -> Sequence[Organisation]:
    """Every organisation, archived ones last."""
    archived = Organisation.archived_at.is_not(None)
    return db.session.scalars(sa.select(Organisation).order_by(archived, Organisation.code).limit(limit)).all()


def find_organisation_by_code(code: str) -> Organisation | None:
    """The organisation with this code, in whatever case it is written."""
    return db.session.scalar(sa.select(Organisation).where(Organisation.code == code.strip().upper()))


def get_organisation_by_code(code: str) -> Organisation:
    """The organisation with this code; raises LookupError."""
    found = find_organisation_by_code(code)
    if found is None:
        raise LookupError(f"There is no organisation {code!r}.")
    return found


def get_organisation(organisation_id: int) -> Organisation:
    """The organisation; raises LookupError."""
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        raise LookupError(f"There is no organisation {organisation_id}.")
    return found
