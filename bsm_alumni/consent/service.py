"""Putting answers about sharing down. What is visible follows at once: `visible(viewer)` reads these rows."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.consent.enums import SharingAnswer, SharingSource
from bsm_alumni.consent.models import SharedWith, SharingStatement
from bsm_alumni.consent.queries import partners_seeing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.queries import active_partners


def set_sharing(
    alumnus_id: int,
    answer: SharingAnswer,
    partner_ids: Collection[int] = (),
    *,
    source: SharingSource,
    words: str = "",
) -> None:
    """Replace a person's answer. ``partner_ids`` count for the answer 'some' alone.

    'All' means the partners there are now: one that joins later is not let in by an old answer.
    """
    known = {partner.id for partner in active_partners()}
    chosen = (
        known if answer is SharingAnswer.ALL else known & set(partner_ids) if answer is SharingAnswer.SOME else set()
    )
    # Two answers at once are put down one after the other.
    statement = db.session.get(SharingStatement, alumnus_id, with_for_update=True)
    before: dict[str, Any] = {"partners": list(partners_seeing(alumnus_id))}
    now = utc_now()
    if statement is not None:
        before |= {"answer": statement.answer.value, "source": statement.source.value}
    else:
        statement = SharingStatement(alumnus_id=alumnus_id, answer=answer, source=source)
        db.session.add(statement)
    statement.answer, statement.source, statement.words, statement.answered_at = answer, source, words[:300], now
    statement.confirmed_at = now if source is SharingSource.ALUMNUS else None
    db.session.flush()
    db.session.execute(sa.delete(SharedWith).where(SharedWith.alumnus_id == alumnus_id))
    if chosen:
        rows = [{"alumnus_id": alumnus_id, "organisation_id": partner_id} for partner_id in sorted(chosen)]
        db.session.execute(sa.insert(SharedWith), rows)
    after = {"partners": sorted(chosen), "answer": answer, "source": source}
    record_many([Change("sharing.answered", "alumni", alumnus_id, before, after)])
