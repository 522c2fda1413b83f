"""Keeping the end of the chain outside the database, so that a cut tail is found: hourly in a file, daily by mail."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from bsm_alumni.audit.chain import Change
from bsm_alumni.audit.journal import append_head, find_last_head, read_heads
from bsm_alumni.audit.models import AuditHead
from bsm_alumni.audit.queries import find_last_check
from bsm_alumni.audit.rules import CHECKED
from bsm_alumni.audit.rules_verify import RESTORED, Break, Head
from bsm_alumni.audit.service import record_many
from bsm_alumni.audit.service_verify import find_trail_break
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.service import post
from bsm_alumni.web.errors import Refused

HEAD_MAIL = "audit_head"
EVERY = timedelta(hours=1)

# Accounts stand above this room, so their table is named and not imported.
users = sa.table("users", *[sa.column(name) for name in ("id", "email", "name", "locale", "zone", "role", "active")])


def find_head() -> Head | None:
    """The end of the chain now; None for an empty trail."""
    row = db.session.execute(sa.select(AuditHead.entry_id, AuditHead.mac).where(AuditHead.entry_id > 0)).one_or_none()
    return Head(row.entry_id, row.mac, utc_now()) if row else None


def journal_head() -> int:
    """A duty of the worker: keep the end of the chain in the file, at most once an hour, and only when it grew.

    Returns 0 always: nobody waits for it.
    """
    last, head = find_last_head(), find_head()
    db.session.rollback()
    if head is None or head.at is None:
        return 0
    if last is None or last.at is None or (last.mac != head.mac and head.at - last.at >= EVERY):
        append_head(head)
    return 0


def mail_heads() -> int:
    """A duty of the worker: the end of the chain to every active administrator, once a day; returns how many."""
    if find_head() is None:
        db.session.rollback()
        return 0
    count, day = 0, utc_now().date()
    with writing():
        admins = sa.select(users.c.id, users.c.email).where(users.c.role == "admin", users.c.active)
        for user_id, email in db.session.execute(admins.order_by(users.c.id)).all():
            key = f"audit-head:{day}:{user_id}"
            count += post(HEAD_MAIL, email, {"user": user_id}, dedupe_key=key) is not None
        db.session.commit()
    return count


def check_daily() -> int:
    """A duty of the worker: check the whole trail once a day and put down what was found.

    Returns 0 always: nobody waits for it.
    """
    head, last = find_head(), find_last_check()
    if head is None or (last is not None and last.at.date() == utc_now().date()):
        db.session.rollback()
        return 0
    try:
        found = check_trail()
    except Refused as spoilt:
        found = Break(head.entry_id, spoilt.words)
    db.session.rollback()
    after: dict[str, Any] = {"whole": found is None, "entries": head.entry_id}
    after |= {"entry": found.entry_id, "words": found.words} if found else {}
    if found:
        current_app.logger.error("The audit trail is broken: %s", found.words)
    with writing():
        record_many([Change(CHECKED, "audit_entries", head.entry_id, {}, after)])
        db.session.commit()
    return 0


def note_restored() -> None:
    """After a backup was put back: tell the trail which kept heads are newer than it, so that they are no break."""
    last = find_last_head()
    record_many([Change(RESTORED, "audit_head", 1, {}, {"head": last.entry_id if last else 0})])


def check_trail(more: Iterable[Head] = ()) -> Break | None:
    """The first break of the trail, judged by itself, by the heads in the file and by ``more``."""
    return find_trail_break([*read_heads(), *more])
