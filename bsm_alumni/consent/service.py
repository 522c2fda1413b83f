"""Giving and taking back consent. What is shown follows at once: `visible(viewer)` reads the row written here."""

from collections.abc import Callable, Collection
from collections.abc import Set as AbstractSet
from typing import Any

import sqlalchemy as sa

from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.consent.enums import ConsentSource, FieldGroup, SharingAnswer, SharingSource
from bsm_alumni.consent.models import ConsentRecord, SharedWith, SharingStatement, StatedWith
from bsm_alumni.consent.queries import said, shared_by, stated_by
from bsm_alumni.consent.rules import STATED_GROUPS, standing, steps, whole
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.queries import active_partners
from bsm_alumni.organisations.rules import in_order, mask_of

_people = sa.table("alumni", sa.column("id", sa.Integer))

Groups = frozenset[FieldGroup]


def give_or_withdraw(
    alumnus_id: int,
    organisation_id: int,
    groups: AbstractSet[FieldGroup],
    *,
    source: ConsentSource,
    words: str,
    locale: str,
    evidence: str = "",
    recorded_by_id: int | None = None,
    confirmed_by_id: int | None = None,
) -> Groups:
    """Make ``groups`` what the person shares with this partner from now on; returns what is shared then.

    One record is kept for each group whose state changes, with ``words``, the exact text shown, in ``locale``.
    Without the identity nothing is shared, so leaving it out withdraws all. Raises LookupError for no such person.
    """
    return _change(
        alumnus_id,
        organisation_id,
        lambda _now: frozenset(groups),
        ConsentRecord(
            source=source,
            words=words,
            locale=locale,
            evidence=evidence,
            recorded_by_id=recorded_by_id,
            confirmed_by_id=confirmed_by_id,
        ),
    )


def add_groups(alumnus_id: int, organisation_id: int, groups: AbstractSet[FieldGroup], saying: ConsentRecord) -> Groups:
    """As ``give_or_withdraw``, on top of what is shared already. ``saying`` is the pattern of the records."""
    return _change(alumnus_id, organisation_id, lambda now: now | groups, saying)


def take_groups(
    alumnus_id: int, organisation_id: int, groups: AbstractSet[FieldGroup], saying: ConsentRecord
) -> Groups:
    """As ``give_or_withdraw``, for all that is shared but these groups. ``saying`` is the pattern of the records."""
    return _change(alumnus_id, organisation_id, lambda now: now - groups, saying)


def lock_person(alumnus_id: int) -> None:
    """Have all changes of one person's sharing happen one after the other. Raises LookupError for nobody."""
    found = db.session.scalar(
        sa.select(_people.c.id).where(_people.c.id == alumnus_id).with_for_update(key_share=True, of=_people)
    )
    if found is None:
        raise LookupError(f"There is no alumnus {alumnus_id}.")


def _change(alumnus_id: int, organisation_id: int, wanted: Callable[[Groups], Groups], saying: ConsentRecord) -> Groups:
    lock_person(alumnus_id)
    before = standing(said(alumnus_id, organisation_id))
    after = whole(wanted(before))
    now = utc_now()
    pattern: dict[str, Any] = {
        "alumnus_id": alumnus_id,
        "organisation_id": organisation_id,
        "at": now,
        "source": saying.source,
        "words": saying.words,
        "locale": saying.locale,
        "evidence": saying.evidence or "",
        "recorded_by_id": saying.recorded_by_id,
        "confirmed_by_id": saying.confirmed_by_id,
    }
    rows = [{**pattern, "field_group": group, "given": given} for group, given in steps(before, after)]
    if rows:
        db.session.execute(sa.insert(ConsentRecord), rows)
        _write_row(alumnus_id, organisation_id, after)
        verb = "consent.given" if after - before else "consent.withdrawn"
        record_many(
            [
                Change(
                    verb,
                    "alumni",
                    alumnus_id,
                    {"organisation": organisation_id, "groups": in_order(before)},
                    {"organisation": organisation_id, "groups": in_order(after), "source": saying.source},
                )
            ]
        )
    if saying.source is not ConsentSource.STAFF:
        db.session.execute(
            sa.delete(StatedWith).where(
                StatedWith.alumnus_id == alumnus_id, StatedWith.organisation_id == organisation_id
            )
        )
    if rows or saying.source is ConsentSource.ALUMNUS:
        _note_answer(alumnus_id, own=saying.source is ConsentSource.ALUMNUS)
    return after


def _write_row(alumnus_id: int, organisation_id: int, groups: Groups) -> None:
    row = db.session.get(SharedWith, (alumnus_id, organisation_id), populate_existing=True)
    if row is not None and groups:
        row.groups = mask_of(groups)
    elif row is not None:
        db.session.delete(row)
    elif groups:
        db.session.add(SharedWith(alumnus_id=alumnus_id, organisation_id=organisation_id, groups=mask_of(groups)))
    db.session.flush()


def answer_now(alumnus_id: int) -> SharingAnswer:
    """What the person's consents come to: all partners, some of them or none."""
    shared, partners = set(shared_by(alumnus_id)), {partner.id for partner in active_partners()}
    everyone = bool(partners) and partners <= shared
    return SharingAnswer.ALL if everyone else SharingAnswer.SOME if shared else SharingAnswer.NO


def _note_answer(alumnus_id: int, *, own: bool) -> None:
    """Let the statement say what is shared now; the person's own word stands before any file's."""
    now, answer = utc_now(), answer_now(alumnus_id)
    statement = db.session.get(SharingStatement, alumnus_id, populate_existing=True)
    if statement is None:
        statement = SharingStatement(alumnus_id=alumnus_id, source=SharingSource.STAFF, answer=answer)
        db.session.add(statement)
    if own:
        statement.source, statement.confirmed_at = SharingSource.ALUMNUS, now
    if statement.source is not SharingSource.IMPORT:
        statement.answer = answer
    statement.answered_at = now
    db.session.flush()


def confirm_statement(
    alumnus_id: int,
    *,
    words: str,
    locale: str,
    groups: AbstractSet[FieldGroup] = STATED_GROUPS,
    source: ConsentSource = ConsentSource.ALUMNUS,
) -> frozenset[int]:
    """The person confirms the imported statement: the partners it names are given ``groups``; returns their ids.

    What a partner was given already stays. Twice has one effect.
    """
    lock_person(alumnus_id)
    partners = {partner.id for partner in active_partners()} & set(stated_by(alumnus_id))
    for organisation_id in sorted(partners):
        add_groups(alumnus_id, organisation_id, groups, ConsentRecord(source=source, words=words, locale=locale))
    db.session.execute(sa.delete(StatedWith).where(StatedWith.alumnus_id == alumnus_id))
    statement = db.session.get(SharingStatement, alumnus_id)
    if statement is not None and statement.confirmed_at is None:
        before = {"answer": statement.answer, "source": statement.source}
        statement.confirmed_at = statement.answered_at = utc_now()
        statement.source = SharingSource.ALUMNUS
        db.session.flush()
        after = {"partners": sorted(partners), "source": source}
        record_many([Change("sharing.confirmed", "alumni", alumnus_id, before, after)])
    return frozenset(partners)


def set_sharing(
    alumnus_id: int,
    answer: SharingAnswer,
    partner_ids: Collection[int] = (),
    *,
    source: SharingSource,
    words: str = "",
) -> bool:
    """Put down what a file or a paper says a person answered; it opens nothing until the person confirms it.

    ``partner_ids`` count for the answer 'some' alone; 'all' means the partners there are now. Returns False, with
    nothing changed, where the person answered themselves: their word stands.
    """
    known = {partner.id for partner in active_partners()}
    chosen = (
        known if answer is SharingAnswer.ALL else known & set(partner_ids) if answer is SharingAnswer.SOME else set()
    )
    # Two answers at once are put down one after the other.
    lock_person(alumnus_id)
    statement = db.session.get(SharingStatement, alumnus_id, populate_existing=True)
    before: dict[str, Any] = {"partners": list(stated_by(alumnus_id))}
    if statement is not None:
        if statement.source is SharingSource.ALUMNUS:
            return False
        before |= {"answer": statement.answer.value, "source": statement.source.value}
    else:
        statement = SharingStatement(alumnus_id=alumnus_id, answer=answer, source=source)
        db.session.add(statement)
    statement.answer, statement.source, statement.words = answer, source, words[:300]
    statement.answered_at, statement.confirmed_at = utc_now(), None
    db.session.flush()
    db.session.execute(sa.delete(StatedWith).where(StatedWith.alumnus_id == alumnus_id))
    if chosen:
        rows = [{"alumnus_id": alumnus_id, "organisation_id": partner_id} for partner_id in sorted(chosen)]
        db.session.execute(sa.insert(StatedWith), rows)
    after = {"partners": sorted(chosen), "answer": answer, "source": source}
    record_many([Change("sharing.answered", "alumni", alumnus_id, before, after)])
    return True
