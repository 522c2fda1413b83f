"""Putting a backup back brings erased people back: this erases them again, and sends no mail a second time."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.consent.erased import keep_out
from bsm_alumni.consent.models_disclosures import ErasedAddress
from bsm_alumni.extensions import db
from bsm_alumni.mail.enums import MailState
from bsm_alumni.mail.models import Mail
from bsm_alumni.rights import journal
from bsm_alumni.rights.enums import ErasureState
from bsm_alumni.rights.models import Erasure
from bsm_alumni.rights.queries import find_open_erasure
from bsm_alumni.rights.rules import due_on
from bsm_alumni.rights.service_erasure import Erased, erase

SOME = 500


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the database that is about to be replaced knows and a backup may not: who was erased, what was sent.

    ``was_read`` is False when that database does not answer, which may be why it is replaced.
    """

    entries: tuple[journal.Entry, ...]
    sent: dict[int, tuple[str, datetime | None]]
    was_read: bool


def remember() -> Remembered:
    """Read the journal, and the database as long as it is there."""
    written = journal.read()
    try:
        held, sent = _held(), _sent()
    except SQLAlchemyError:
        db.session.rollback()
        return Remembered(tuple(written), {}, False)
    db.session.rollback()
    return Remembered(tuple(journal.together(written, held)), sent, True)


def _held() -> list[journal.Entry]:
    done = sa.select(Erasure.alumnus_id, Erasure.done_at, Alumnus.created_at).join(
        Alumnus, Alumnus.id == Erasure.alumnus_id
    )
    rows = db.session.execute(done.where(Erasure.state == ErasureState.DONE)).all()
    hashes: dict[int, list[str]] = {}
    kept_out = sa.select(ErasedAddress.alumnus_id, ErasedAddress.hash).where(ErasedAddress.lifted_at.is_(None))
    for alumnus_id, one in db.session.execute(kept_out):
        hashes.setdefault(alumnus_id, []).append(one)
    return [
        journal.Entry(alumnus_id, at, journal.mark_of(alumnus_id, made), tuple(hashes.get(alumnus_id, ())))
        for alumnus_id, at, made in rows
        if at is not None
    ]


def _sent() -> dict[int, tuple[str, datetime | None]]:
    rows = db.session.execute(sa.select(Mail.id, Mail.kind, Mail.sent_at).where(Mail.state == MailState.SENT))
    return {mail_id: (kind, at) for mail_id, kind, at in rows}


def reapply(remembered: Remembered) -> list[Erased]:
    """Erase again, within the caller's transaction, everyone who was erased and is back; nobody is told twice.

    A line of the journal whose mark does not fit tells of another registry, and is passed over.
    """
    _mark_sent(remembered.sent)
    done = []
    for entry in remembered.entries:
        alumnus = db.session.get(Alumnus, entry.alumnus_id)
        if alumnus is None or journal.mark_of(alumnus.id, alumnus.created_at) != entry.mark:
            continue
        keep_out(entry.addresses, alumnus.id)
        if alumnus.status is AlumnusStatus.ERASED:
            continue
        erasure = find_open_erasure(alumnus.id) or Erasure(
            alumnus_id=alumnus.id, asked_at=entry.at, due_on=due_on(entry.at.date())
        )
        db.session.add(erasure)
        db.session.flush()
        done.append(erase(erasure, notify=False))
    return done


def _mark_sent(sent: dict[int, tuple[str, datetime | None]]) -> None:
    """Mails that wait in the backup and left since do not leave again."""
    waiting = sa.select(Mail).where(Mail.state.in_([MailState.QUEUED, MailState.HELD]))
    for mail in db.session.scalars(waiting):
        kind, at = sent.get(mail.id, ("", None))
        if kind == mail.kind:
            mail.state, mail.sent_at = MailState.SENT, at
    db.session.flush()
