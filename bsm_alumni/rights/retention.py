"""The classes of data that are kept for a time: which rows are past it, and what is done with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bsm_alumni.access.viewer import SYSTEM
from bsm_alumni.accounts.models import OneTimeToken, SignInFailure, UserSession
from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries import visible
from bsm_alumni.assignments.models import Assignment, AssignmentMove
from bsm_alumni.audit.models import AuditDenial
from bsm_alumni.consent.models_disclosures import Disclosure
from bsm_alumni.events.enums import EventStatus
from bsm_alumni.events.models import Event, Slot
from bsm_alumni.extensions import db
from bsm_alumni.imports.enums import ImportState
from bsm_alumni.imports.models import ImportBatch, ImportProblem, ImportRow
from bsm_alumni.mail.enums import MailState
from bsm_alumni.mail.models import Mail
from bsm_alumni.rights.enums import Kept
from bsm_alumni.rights.models import RetentionAsk
from bsm_alumni.rights.service_stay import ask_to_stay


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one table: their key, since when they are as they are, which of them are past an instant, and what is
    done with some of them by key."""

    key: Any
    since: Any
    past: Callable[[datetime], Sequence[sa.ColumnElement[bool]]]
    act: Callable[[Sequence[Any]], None]


def _deleted(model: Any, key: Any) -> Callable[[Sequence[Any]], None]:
    return lambda keys: _run(sa.delete(model).where(key.in_(keys)))


def _blanked(model: Any, **values: Any) -> Callable[[Sequence[Any]], None]:
    return lambda keys: _run(sa.update(model).where(model.id.in_(keys)).values(values))


def _run(statement: Any) -> None:
    db.session.execute(statement, execution_options={"synchronize_session": False})


def _without_words(keys: Sequence[Any]) -> None:
    """That a mail left, to whom and about which record stays; what it said goes."""
    for mail in db.session.scalars(sa.select(Mail).where(Mail.id.in_(keys))):
        mail.sent_subject, mail.sent_text, mail.last_error = "", "", ""
        mail.params = {name: value for name, value in mail.params.items() if isinstance(value, int)}
    db.session.flush()


def _without_rows(keys: Sequence[Any]) -> None:
    for model in (ImportProblem, ImportRow):
        _run(sa.delete(model).where(model.batch_id.in_(keys)))
    _run(sa.update(ImportBatch).where(ImportBatch.id.in_(keys)).values(content=None))


def _asked(keys: Sequence[Any]) -> None:
    ask_to_stay(db.session.scalars(visible(SYSTEM).where(Alumnus.id.in_(keys)).order_by(Alumnus.id)).all())


_FINISHED = (ImportState.APPLIED, ImportState.UNDONE, ImportState.FAILED)
_IMPORTED = sa.func.coalesce(ImportBatch.undone_at, ImportBatch.applied_at, ImportBatch.created_at)
_SESSION_END = sa.func.coalesce(UserSession.ended_at, UserSession.seen_at)


def _never_confirmed(before: datetime) -> Sequence[sa.ColumnElement[bool]]:
    answered = sa.select(Assignment.id).where(
        Assignment.alumnus_id == Alumnus.id, Assignment.answered_at.is_not(None), Assignment.answered_at >= before
    )
    asked = sa.select(RetentionAsk.alumnus_id).where(RetentionAsk.alumnus_id == Alumnus.id)
    return (
        Alumnus.profile_confirmed_at.is_(None),
        Alumnus.status != AlumnusStatus.ERASED,
        Alumnus.created_at < before,
        ~answered.exists(),
        ~asked.exists(),
    )


def _of_archived(event_id: Any) -> Callable[[datetime], sa.ColumnElement[bool]]:
    def archived(before: datetime) -> sa.ColumnElement[bool]:
        found = sa.select(Event.id).where(Event.status == EventStatus.ARCHIVED, Event.updated_at < before)
        condition: sa.ColumnElement[bool] = event_id.in_(found)
        return condition

    return archived


def _when_archived(event_id: Any) -> Any:
    return sa.select(Event.updated_at).where(Event.id == event_id).scalar_subquery()


_MOVES = sa.select(Assignment.event_id).where(Assignment.id == AssignmentMove.assignment_id).scalar_subquery()

PARTS: dict[Kept, tuple[Part, ...]] = {
    Kept.SIGN_IN_FAILURES: (
        Part(
            SignInFailure.key,
            SignInFailure.last_at,
            lambda before: [SignInFailure.last_at < before],
            _deleted(SignInFailure, SignInFailure.key),
        ),
    ),
    Kept.SESSIONS: (
        Part(
            UserSession.id,
            _SESSION_END,
            lambda before: [before > _SESSION_END],
            _deleted(UserSession, UserSession.id),
        ),
        Part(
            OneTimeToken.id,
            OneTimeToken.expires_at,
            lambda before: [OneTimeToken.expires_at < before],
            _deleted(OneTimeToken, OneTimeToken.id),
        ),
    ),
    Kept.MAIL_TEXTS: (
        Part(
            Mail.id,
            Mail.sent_at,
            lambda before: [Mail.state == MailState.SENT, Mail.sent_at < before, Mail.sent_text != ""],
            _without_words,
        ),
    ),
    Kept.IMPORT_ROWS: (
        Part(
            ImportBatch.id,
            _IMPORTED,
            lambda before: [
                ImportBatch.state.in_(_FINISHED),
                before > _IMPORTED,
                sa.or_(
                    ImportBatch.content.is_not(None),
                    sa.exists(sa.select(ImportRow.id).where(ImportRow.batch_id == ImportBatch.id)),
                ),
            ],
            _without_rows,
        ),
    ),
    Kept.DISCLOSURES: (
        Part(
            Disclosure.id,
            Disclosure.last_at,
            lambda before: [Disclosure.day < before.date()],
            _deleted(Disclosure, Disclosure.id),
        ),
    ),
    Kept.DENIALS: (
        Part(
            AuditDenial.key,
            AuditDenial.minute,
            lambda before: [AuditDenial.minute < before],
            _deleted(AuditDenial, AuditDenial.key),
        ),
    ),
    Kept.PROFILES: (Part(Alumnus.id, Alumnus.created_at, _never_confirmed, _asked),),
    Kept.EVENT_NOTES: (
        Part(
            Slot.id,
            _when_archived(Slot.event_id),
            lambda before: [Slot.note != "", _of_archived(Slot.event_id)(before)],
            _blanked(Slot, note=""),
        ),
        Part(
            Assignment.id,
            _when_archived(Assignment.event_id),
            lambda before: [Assignment.reason_text != "", _of_archived(Assignment.event_id)(before)],
            _blanked(Assignment, reason_text=""),
        ),
        Part(
            AssignmentMove.id,
            _when_archived(_MOVES),
            lambda before: [AssignmentMove.reason != "", _of_archived(_MOVES)(before)],
            _blanked(AssignmentMove, reason=""),
        ),
    ),
}
