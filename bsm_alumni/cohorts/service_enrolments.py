"""Who took part in a cohort, and with what result."""

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.audit.service import record
from bsm_alumni.cohorts.enums import EnrolmentResult
from bsm_alumni.cohorts.models import Cohort, Enrolment
from bsm_alumni.extensions import db
from bsm_alumni.web.errors import Refused


def enrol(cohort: Cohort, alumnus: Alumnus, result: EnrolmentResult = EnrolmentResult.PENDING) -> Enrolment:
    """Put a person into a cohort. Raises Refused when they are in it already."""
    twice = sa.select(Enrolment.id).where(Enrolment.cohort_id == cohort.id, Enrolment.alumnus_id == alumnus.id)
    if db.session.scalar(twice) is not None:
        raise Refused(_("%(name)s is in this cohort already.", name=alumnus.display_name))
    enrolment = Enrolment(cohort_id=cohort.id, alumnus_id=alumnus.id, result=result)
    db.session.add(enrolment)
    db.session.flush()
    record("enrolment.added", enrolment, after={"cohort": cohort.code, "alumnus": alumnus.id, "result": result})
    return enrolment


def set_result(enrolment: Enrolment, result: EnrolmentResult) -> None:
    """Say what came of an enrolment."""
    before = enrolment.result
    if before is not result:
        enrolment.result = result
        db.session.flush()
        record("enrolment.result_set", enrolment, before={"result": before}, after={"result": result})


def remove(enrolment: Enrolment) -> None:
    """Take a person out of a cohort; the trail keeps that they were in it."""
    record(
        "enrolment.removed",
        enrolment,
        before={"cohort": enrolment.cohort_id, "alumnus": enrolment.alumnus_id, "result": enrolment.result},
    )
    db.session.delete(enrolment)
    db.session.flush()
