"""What every installation starts with: the programme office, its partners, the themes and the first series."""

import sqlalchemy as sa

from bsm_alumni.events.models import EventSeries
from bsm_alumni.extensions import db
from bsm_alumni.organisations.enums import OrganisationKind
from bsm_alumni.organisations.models import Organisation
from bsm_alumni.reference.models import Theme
from bsm_alumni.reference.service import add_missing_themes

ORGANISATIONS = (
    ("UNOCT", "United Nations Office of Counter-Terrorism", OrganisationKind.OFFICE),
    ("UNITAR", "United Nations Institute for Training and Research", OrganisationKind.PARTNER),
    ("UNODC", "United Nations Office on Drugs and Crime", OrganisationKind.PARTNER),
    ("IOM", "International Organization for Migration", OrganisationKind.PARTNER),
    ("INTERPOL", "International Criminal Police Organization", OrganisationKind.PARTNER),
)
SERIES = "Operational Reflections"


def ensure_lists() -> None:
    """Add what is missing of the first lists, when they are still empty; staff's own changes stay."""
    if db.session.scalar(sa.select(Organisation.id).limit(1)) is None:
        db.session.add_all(Organisation(code=code, name=name, kind=kind) for code, name, kind in ORGANISATIONS)
    if db.session.scalar(sa.select(Theme.id).limit(1)) is None:
        add_missing_themes()
    if db.session.scalar(sa.select(EventSeries.id).limit(1)) is None:
        db.session.add(EventSeries(title=SERIES))
    db.session.flush()
