"""What the person says to an imported statement that they do not confirm."""

import sqlalchemy as sa

from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.consent.enums import SharingSource
from bsm_alumni.consent.models import SharingStatement, StatedWith
from bsm_alumni.consent.queries import stated_by
from bsm_alumni.consent.service import answer_now, lock_person
from bsm_alumni.extensions import db, utc_now


def refuse_statement(alumnus_id: int, actor: str | None = None) -> bool:
    """The person says that the imported statement is not so: it is forgotten, and what they gave since stays.

    False, with nothing changed, where there is none to refuse. ``actor`` names who answers without signing in.
    """
    lock_person(alumnus_id)
    statement = db.session.get(SharingStatement, alumnus_id, populate_existing=True)
    stated = list(stated_by(alumnus_id))
    if statement is None or (statement.confirmed_at is not None and not stated):
        return False
    db.session.execute(sa.delete(StatedWith).where(StatedWith.alumnus_id == alumnus_id))
    before = {"partners": stated, "answer": statement.answer, "source": statement.source}
    statement.source, statement.answer = SharingSource.ALUMNUS, answer_now(alumnus_id)
    statement.confirmed_at = statement.answered_at = utc_now()
    db.session.flush()
    after = {"partners": [], "answer": statement.answer, "source": statement.source}
    record_many([Change("sharing.refused", "alumni", alumnus_id, before, after)], actor)
    return True
