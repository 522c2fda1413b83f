"""Profiles that nobody ever confirmed: the person is asked whether they want to stay, and erased when they do not."""

from collections.abc import Sequence

from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.service import post
from bsm_alumni.rights.models import RetentionAsk
from bsm_alumni.rights.rules import STAY_WITHIN

STAY = "retention_stay"


def ask_to_stay(people: Sequence[Alumnus]) -> int:
    """Ask each by mail, once; those without an address are only noted. Returns how many were noted."""
    today = utc_now().date()
    for alumnus in people:
        db.session.add(RetentionAsk(alumnus_id=alumnus.id, erase_on=today + STAY_WITHIN))
        if alumnus.emails:
            address = alumnus.emails[0].address
            post(STAY, address, {}, alumnus_id=alumnus.id, dedupe_key=f"stay:{alumnus.id}:{today.isoformat()}")
    db.session.flush()
    record_many([Change("alumnus.asked_to_stay", "alumni", one.id, {}, {"by": today + STAY_WITHIN}) for one in people])
    return len(people)
