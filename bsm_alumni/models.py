"""Every feature's models in one place, so that Alembic and `db.metadata` see them all; no code."""

from bsm_alumni.accounts import models as accounts
from bsm_alumni.alumni import models as alumni
from bsm_alumni.alumni import models_photo as alumni_photo
from bsm_alumni.approvals import models as approvals
from bsm_alumni.assignments import models as assignments
from bsm_alumni.audit import models as audit
from bsm_alumni.cohorts import models as cohorts
from bsm_alumni.consent import models as consent
from bsm_alumni.consent import models_asks as asks
from bsm_alumni.consent import models_disclosures as disclosures
from bsm_alumni.desk import models_exports as partner_exports
from bsm_alumni.events import models as events
from bsm_alumni.imports import models as imports
from bsm_alumni.jobs import models as jobs
from bsm_alumni.mail import models as mail
from bsm_alumni.matching import models as matching
from bsm_alumni.organisations import models as organisations
from bsm_alumni.planning import models as planning
from bsm_alumni.reference import models as reference
from bsm_alumni.rights import models as rights

__all__ = [
    "accounts", "alumni",
    "alumni_photo", "approvals", "asks", "assignments", "audit", "cohorts", "consent", "disclosures", "events",
    "imports", "jobs", "mail", "matching", "organisations", "partner_exports", "planning", "reference", "rights",
]  # fmt: skip
