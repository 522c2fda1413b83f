"""The outbox: a mail is a row in the transaction that makes it true, and leaves after the commit."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.jobs.service import wake_worker_after_commit
from bsm_alumni.mail.enums import MailState
from bsm_alumni.mail.message import Message
from bsm_alumni.mail.models import Mail
from bsm_alumni.mail.transport import DeliveryFailed, RefusedForGood, ServerAway, deliver, to_email

# Returns None when there is nothing to say any more, for instance to someone whose session was cancelled.
Renderer = Callable[[Mail], Message | None]

# How long one try may take before another worker may try too.
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8


def post(
    kind: str,
    to_address: str,
    params: dict[str, Any],
    *,
    alumnus_id: int | None = None,
    subject_kind: str = "",
    subject_id: int | None = None,
    dedupe_key: str | None = None,
    not_before: datetime | None = None,
    held: bool = False,
) -> Mail | None:
    """Put a mail into the outbox; None when one with the same ``dedupe_key`` is there already."""
    if dedupe_key and db.session.scalar(sa.select(Mail.id).where(Mail.dedupe_key == dedupe_key)):
        return None
    mail = Mail(
        kind=kind,
        params=params,
        dedupe_key=dedupe_key,
        alumnus_id=alumnus_id,
        to_address=to_address,
        subject_kind=subject_kind,
        subject_id=subject_id,
        state=MailState.HELD if held else MailState.QUEUED,
        not_before=not_before or utc_now(),
    )
    db.session.add(mail)
    db.session.flush()
    wake_worker_after_commit()
    return mail


def take_back(subject_kind: str, subject_id: int) -> int:
    """Cancel every mail about a subject that no worker has tried to send yet; returns how many."""
    waiting = db.session.scalars(
        sa.select(Mail).where(
            Mail.subject_kind == subject_kind,
            Mail.subject_id == subject_id,
            Mail.state.in_([MailState.HELD, MailState.QUEUED]),
            Mail.attempts == 0,
        )
    ).all()
    for mail in waiting:
        mail.state = MailState.CANCELLED
    db.session.flush()
    return len(waiting)


def was_tried(subject_kind: str, subject_id: int) -> bool:
    """True when a mail about the subject left, or may have left: someone may know of it."""
    found = sa.select(Mail.id).where(
        Mail.subject_kind == subject_kind, Mail.subject_id == subject_id, Mail.attempts > 0
    )
    return db.session.scalar(found.limit(1)) is not None


def _claim_next() -> int | None:
    with writing():
        mail = db.session.scalars(
            sa.select(Mail)
            .where(Mail.state == MailState.QUEUED, Mail.not_before <= utc_now())
            .order_by(Mail.not_before, Mail.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if mail is not None:
            # The row is put off before it is sent, so that a worker that dies now costs a delay and no mail.
            mail.attempts += 1
            mail.not_before = utc_now() + LEASE
        db.session.commit()
        return mail.id if mail is not None else None


def _note_failure(mail: Mail, error: str, for_good: bool = False) -> None:
    mail.last_error = error[:500]
    if for_good or mail.attempts >= MOST_ATTEMPTS:
        mail.state = MailState.FAILED
    else:
        mail.not_before = utc_now() + timedelta(minutes=2**mail.attempts)


def _deliver_one(mail_id: int, renderers: Mapping[str, Renderer]) -> bool:
    """Send one claimed mail and note what came of it; True when it left. Raises ServerAway once that is noted."""
    settings = current_app.extensions["bsm_settings"]
    with writing():
        mail = db.session.get(Mail, mail_id)
        if mail is None or mail.state is not MailState.QUEUED:
            return False
        message = renderers[mail.kind](mail)
        address = mail.to_address
        db.session.commit()
    failure: DeliveryFailed | None = None
    if message is not None:
        try:
            deliver(to_email(message, address, settings, mail_id), settings, mail_id)
        except DeliveryFailed as error:
            failure = error
    with writing():
        mail = db.session.get_one(Mail, mail_id)
        if message is None:
            mail.state = MailState.CANCELLED
        elif failure is not None:
            _note_failure(mail, str(failure), isinstance(failure, RefusedForGood))
        else:
            mail.state, mail.sent_at = MailState.SENT, utc_now()
            mail.sent_subject, mail.sent_text = message.subject, message.kept_text()
            mail.last_error = ""
        db.session.commit()
    if isinstance(failure, ServerAway):
        raise failure
    return message is not None and failure is None


def deliver_due(renderers: Mapping[str, Renderer]) -> int:
    """Send what is due; returns how many mails left. A mail that fails is tried again later, ever more slowly.

    When the server is away the other mails wait for the next sweep, and their tries are not used up.
    """
    sent = 0
    while (mail_id := _claim_next()) is not None:
        try:
            sent += _deliver_one(mail_id, renderers)
        except ServerAway as away:
            current_app.logger.warning("The mail server is away: %s", away)
            break
        except Exception as error:
            db.session.rollback()
            current_app.logger.exception("Mail %s could not be made", mail_id)
            with writing():
                _note_failure(db.session.get_one(Mail, mail_id), f"{type(error).__name__}: {error}")
                db.session.commit()
    return sent
