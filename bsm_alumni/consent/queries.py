"""Reading who agreed to be seen by whom, and what of them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from bsm_alumni.consent.enums import FieldGroup
from bsm_alumni.consent.models import ConsentProposal, ConsentRecord, SharedWith, SharingStatement, StatedWith
from bsm_alumni.consent.rules import Said, standing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.queries_agreements import agreed_mask, find_agreement
from bsm_alumni.organisations.rules import groups_of, mask_of


def agreed_groups(organisation_id: int, today: date | None = None) -> frozenset[FieldGroup]:
    """The groups that the partner's agreement in force covers; none without one."""
    agreement = find_agreement(organisation_id, today or utc_now().date())
    return frozenset() if agreement is None else agreement.field_groups


def shown_mask(alumnus_id: Any, organisation_id: int) -> sa.ColumnElement[int]:
    """What this partner is shown at this moment of the person of the column ``alumnus_id``: agreement ∩ consent.

    A number of `FieldGroup` bits, worked out by the statement it stands in; 0 for nothing.
    """
    agreed = agreed_mask(organisation_id, utc_now().date())
    both = sa.select(SharedWith.groups.bitwise_and(agreed)).where(
        SharedWith.alumnus_id == alumnus_id, SharedWith.organisation_id == organisation_id
    )
    return sa.func.coalesce(both.scalar_subquery(), sa.literal(0), type_=sa.Integer)


def is_shown_to(alumnus_id: Any, organisation_id: int, group: FieldGroup) -> sa.ColumnElement[bool]:
    """A condition: this partner is shown ``group`` of the person of the column ``alumnus_id`` at this moment.

    The identity goes first: without it, nothing else is shown.
    """
    needed = mask_of({FieldGroup.IDENTITY, group})
    shared = sa.exists(
        sa.select(SharedWith.alumnus_id).where(
            SharedWith.alumnus_id == alumnus_id,
            SharedWith.organisation_id == organisation_id,
            SharedWith.groups.bitwise_and(needed) == needed,
        )
    )
    return sa.and_(shared, agreed_mask(organisation_id, utc_now().date()).bitwise_and(needed) == needed)


def partners_seeing(alumnus_id: int) -> Sequence[int]:
    """Ids of the partners this person shares something with, agreement or not."""
    return list(shared_by(alumnus_id))


def shared_by(alumnus_id: int) -> dict[int, frozenset[FieldGroup]]:
    """What the person shares, by partner, agreement or not; partners with nothing are left out."""
    rows = db.session.execute(
        sa.select(SharedWith.organisation_id, SharedWith.groups)
        .where(SharedWith.alumnus_id == alumnus_id)
        .order_by(SharedWith.organisation_id)
    )
    return {organisation_id: groups_of(mask) for organisation_id, mask in rows}


def stated_by(alumnus_id: int) -> Sequence[int]:
    """Ids of the partners that the person's unconfirmed statement names."""
    return db.session.scalars(
        sa.select(StatedWith.organisation_id)
        .where(StatedWith.alumnus_id == alumnus_id)
        .order_by(StatedWith.organisation_id)
    ).all()


def find_statement(alumnus_id: int) -> SharingStatement | None:
    """The person's present answer; None when they were never asked."""
    return db.session.get(SharingStatement, alumnus_id)


def count_answers() -> dict[str, int]:
    """How many people gave each answer."""
    rows = db.session.execute(sa.select(SharingStatement.answer, sa.func.count()).group_by(SharingStatement.answer))
    return {answer.value: count for answer, count in rows}


def records_of(alumnus_id: int, organisation_id: int | None = None, limit: int = 500) -> Sequence[ConsentRecord]:
    """The person's consents as they were said, the latest first."""
    select = sa.select(ConsentRecord).where(ConsentRecord.alumnus_id == alumnus_id)
    if organisation_id is not None:
        select = select.where(ConsentRecord.organisation_id == organisation_id)
    return db.session.scalars(select.order_by(ConsentRecord.id.desc()).limit(limit)).all()


def said(alumnus_id: int, organisation_id: int) -> list[Said]:
    """What the person said to one partner, the oldest first."""
    rows = db.session.execute(
        sa.select(ConsentRecord.field_group, ConsentRecord.given)
        .where(ConsentRecord.alumnus_id == alumnus_id, ConsentRecord.organisation_id == organisation_id)
        .order_by(ConsentRecord.id)
    )
    return [(group, given) for group, given in rows]


def rebuild_shared_with() -> dict[tuple[int, int], int]:
    """What `shared_with` is to hold by the records alone: (person, partner) → groups. Reads all of them."""
    heard: defaultdict[tuple[int, int], list[Said]] = defaultdict(list)
    rows = db.session.execute(
        sa.select(
            ConsentRecord.alumnus_id, ConsentRecord.organisation_id, ConsentRecord.field_group, ConsentRecord.given
        ).order_by(ConsentRecord.id)
    )
    for alumnus_id, organisation_id, group, given in rows:
        heard[alumnus_id, organisation_id].append((group, given))
    found = {key: mask_of(standing(words)) for key, words in heard.items()}
    return {key: mask for key, mask in found.items() if mask}


def pending_proposals(alumnus_id: int | None = None, limit: int = 200) -> Sequence[ConsentProposal]:
    """Consents that wait for a second person, the oldest first; of one person, or of all."""
    select = sa.select(ConsentProposal).where(ConsentProposal.decision.is_(None))
    if alumnus_id is not None:
        select = select.where(ConsentProposal.alumnus_id == alumnus_id)
    return db.session.scalars(select.order_by(ConsentProposal.id).limit(limit)).all()


def get_proposal(proposal_id: int) -> ConsentProposal:
    """The proposal; raises LookupError."""
    found = db.session.get(ConsentProposal, proposal_id)
    if found is None:
        raise LookupError(f"There is no proposal {proposal_id}.")
    return found
