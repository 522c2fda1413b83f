"""Restriction: the person switches it on at once, and off again. Nobody decides it for them."""

from flask_babel import gettext as _

from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.rights.enums import Item, RequestKind, RequestState
from bsm_alumni.rights.models import RightsRequest
from bsm_alumni.rights.queries import find_own_restriction
from bsm_alumni.rights.rules import due_on
from bsm_alumni.web.errors import Refused


def restrict(alumnus: Alumnus) -> None:
    """From the next page on no partner sees the person, and nobody asks them. Seats they hold stay, at risk."""
    if alumnus.restricted:
        return
    now = utc_now()
    own = RightsRequest(
        alumnus_id=alumnus.id,
        kind=RequestKind.RESTRICTION,
        item=Item.OTHER,
        state=RequestState.DONE,
        due_on=due_on(now.date()),
        answered_at=now,
    )
    db.session.add(own)
    alumnus.restricted = True
    db.session.flush()
    record("alumnus.restricted", alumnus, {"restricted": False}, {"restricted": True})


def lift(alumnus: Alumnus) -> None:
    """End the person's own restriction. Raises Refused for one that staff put on."""
    if not alumnus.restricted:
        return
    own = find_own_restriction(alumnus.id)
    if own is None:
        raise Refused(_("The programme restricted your profile. Send it a request to have that ended."))
    own.state = RequestState.WITHDRAWN
    alumnus.restricted = False
    db.session.flush()
    record("alumnus.restriction_lifted", alumnus, {"restricted": True}, {"restricted": False})
