"""The lists that rows are read against, loaded from the registry; the programme's own are put in where it is new."""

from collections.abc import Callable

import sqlalchemy as sa

from bsm_alumni.audit.service import record
from bsm_alumni.cohorts.models import Cohort, Course
from bsm_alumni.consent.erased import address_hash, erased_hashes
from bsm_alumni.extensions import db
from bsm_alumni.imports.context import CohortIndex, Context, KnownCohort
from bsm_alumni.organisations.enums import OrganisationKind
from bsm_alumni.organisations.models import Organisation
from bsm_alumni.organisations.queries import active_partners, all_organisations
from bsm_alumni.reference.folding import fold
from bsm_alumni.reference.models import Theme
from bsm_alumni.reference.themes import THEMES

# The programme's partners, as its announcements name them.
PARTNERS = (
    ("UNITAR", "United Nations Institute for Training and Research"),
    ("UNODC", "United Nations Office on Drugs and Crime"),
    ("IOM", "International Organization for Migration"),
    ("INTERPOL", "International Criminal Police Organization"),
)


def ensure_lists() -> None:
    """Put the programme's themes and partners into a registry that has none, so that rows can name them."""
    if db.session.scalar(sa.select(Theme.id).limit(1)) is None:
        for code, name in THEMES:
            theme = Theme(code=code, name=name)
            db.session.add(theme)
            db.session.flush()
            record("theme.added", theme, after={"code": code, "name": name})
    if not active_partners():
        known = {organisation.code for organisation in all_organisations()}
        for code, name in PARTNERS:
            if code not in known:
                partner = Organisation(code=code, name=name, kind=OrganisationKind.PARTNER)
                db.session.add(partner)
                db.session.flush()
                record("organisation.added", partner, after={"code": code, "name": name})


def load_context() -> Context:
    """The lists as they are now. Cohorts of the file itself are added while it is read."""
    themes: dict[str, str] = {}
    for code, name in db.session.execute(sa.select(Theme.code, Theme.name).where(Theme.archived_at.is_(None))):
        themes |= {fold(name): code, fold(code): code}
    organisations: dict[str, str] = {}
    for organisation in all_organisations():
        organisations |= {fold(organisation.name): organisation.code, fold(organisation.code): organisation.code}
    return Context(
        themes=themes,
        organisations=organisations,
        partners=tuple(partner.code for partner in active_partners()),
        cohorts=CohortIndex(_known_cohorts()),
        is_erased=_erased(),
    )


def _erased() -> Callable[[str], bool]:
    """Tells addresses of people who asked to be erased, without a query for each row."""
    hashes = erased_hashes()
    return (lambda address: address_hash(address) in hashes) if hashes else (lambda address: False)


def _known_cohorts() -> list[KnownCohort]:
    rows = db.session.execute(
        sa.select(Cohort.code, Course.title, Cohort.venue, Cohort.starts_on, Cohort.ends_on)
        .join(Course, Course.id == Cohort.course_id)
        .order_by(Cohort.id)
    )
    return [KnownCohort(code, title, venue, start, end) for code, title, venue, start, end in rows]
