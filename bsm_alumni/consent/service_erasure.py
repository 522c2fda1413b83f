"""The one way in which consents are deleted: with the person they are of."""

import sqlalchemy as sa

from bsm_alumni.consent.models import (
    ConsentErasure,
    ConsentProposal,
    ConsentRecord,
    SharedWith,
    SharingStatement,
    StatedWith,
)
from bsm_alumni.consent.models_asks import SharingAsk
from bsm_alumni.extensions import db

_OF_PERSON = (SharingAsk, ConsentRecord, ConsentProposal, SharedWith, StatedWith, SharingStatement)


def erase_consents(alumnus_id: int) -> int:
    """Delete all that was said about sharing one person; returns how many consents went.

    For erasing the person alone: the triggers let these rows go only while the erasure names them, and it does so
    within the caller's transaction.
    """
    db.session.add(ConsentErasure(alumnus_id=alumnus_id))
    db.session.flush()
    count = db.session.scalar(
        sa.select(sa.func.count()).select_from(ConsentRecord).where(ConsentRecord.alumnus_id == alumnus_id)
    )
    for model in _OF_PERSON:
        db.session.execute(sa.delete(model).where(model.alumnus_id == alumnus_id))
    db.session.execute(sa.delete(ConsentErasure).where(ConsentErasure.alumnus_id == alumnus_id))
    return count or 0
