"""When a person can be asked, and when not."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from bsm_alumni.alumni.enums import PeriodKind
from bsm_alumni.alumni.errors import NoSuchAlumnus
from bsm_alumni.alumni.models import Alumnus, AvailabilityPeriod
from bsm_alumni.alumni.service_profile import touch
from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db
from bsm_alumni.web.errors import FieldErrors


def add_period(
    alumnus: Alumnus, kind: PeriodKind, starts_on: date, ends_on: date, note: str = ""
) -> AvailabilityPeriod:
    """Add a window or a blackout; both days are in it. Raises FieldErrors when they are the wrong way round."""
    if ends_on < starts_on:
        raise FieldErrors({"ends_on": _("The last day is before the first. Change one of them.")})
    period = AvailabilityPeriod(kind=kind, starts_on=starts_on, ends_on=ends_on, note=note)
    alumnus.periods.append(period)
    touch(alumnus)
    db.session.flush()
    record("availability.added", alumnus, after=_fields(period))
    return period


def remove_period(alumnus: Alumnus, period_id: int) -> None:
    """Take a window or blackout away. Raises NoSuchAlumnus when this person has no such period."""
    period = next((period for period in alumnus.periods if period.id == period_id), None)
    if period is None:
        raise NoSuchAlumnus(period_id)
    before = _fields(period)
    alumnus.periods.remove(period)
    touch(alumnus)
    db.session.flush()
    record("availability.removed", alumnus, before=before)


def _fields(period: AvailabilityPeriod) -> dict[str, Any]:
    return {
        "kind": period.kind,
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
        "note": period.note,
    }
