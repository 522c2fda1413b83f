"""Writing the trail, in the same transaction as the change it tells of, and checking it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from flask import current_app, has_request_context
from flask_login import current_user

from bsm_alumni.audit.models import AuditEntry, AuditHead
from bsm_alumni.audit.rules import START, entry_mac
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.edge import write_anyway

PROGRAM = "BSM Alumni"


@dataclass(frozen=True, slots=True)
class Change:
    """One change to put down: what was done, to what, and its fields before and after."""

    verb: str
    subject_kind: str
    subject_id: int | str
    before: dict[str, Any]
    after: dict[str, Any]


def plain(value: Any) -> Any:
    """A value as JSON holds it: dates in ISO form, enums by value, sets sorted."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value


def _key() -> bytes:
    return b"audit:" + str(current_app.config["SECRET_KEY"]).encode()


def current_actor() -> tuple[int | None, str]:
    """Who acts now: the signed-in user, or the program itself outside a request."""
    if has_request_context() and getattr(current_user, "is_authenticated", False):
        user: Any = current_user
        return user.id, user.name or user.email
    return None, PROGRAM


def record_many(changes: Iterable[Change], actor: str | None = None) -> int:
    """Append entries for many changes under one lock of the chain's head; returns how many.

    ``actor`` names one who acts without signing in, such as an alumnus behind an invitation link.
    """
    return _append(list(changes), *((None, actor) if actor else current_actor()))


def _append(changes: list[Change], actor_id: int | None, actor_name: str) -> int:
    if not changes:
        return 0
    head = db.session.execute(
        sa.select(AuditHead).where(AuditHead.id == 1).with_for_update().execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if head is None:
        head = AuditHead(id=1, entry_id=0, mac=START)
        db.session.add(head)
    key, at = _key(), utc_now()
    previous, entry_id, rows = head.mac, head.entry_id, []
    for change in changes:
        entry_id += 1
        fields: dict[str, Any] = {
            "at": at,
            "actor_id": actor_id,
            "actor": actor_name,
            "verb": change.verb,
            "subject_kind": change.subject_kind,
            "subject_id": str(change.subject_id),
            "before": plain(change.before),
            "after": plain(change.after),
        }
        previous = entry_mac(key, previous, entry_id=entry_id, **fields)
        rows.append({"id": entry_id, "mac": previous, **fields})
    db.session.execute(sa.insert(AuditEntry), rows)
    head.entry_id, head.mac = entry_id, previous
    db.session.flush()
    return len(rows)


def record(
    verb: str,
    subject: Any,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    actor: str | None = None,
) -> None:
    """Append one entry about ``subject``, a model instance that has its id (flush first)."""
    kind = subject.__tablename__
    record_many([Change(verb, kind, subject.id, before or {}, after or {})], actor)


def note(verb: str, subject_kind: str, subject_id: int | str, after: dict[str, Any] | None = None) -> None:
    """Append one entry about something read, handed out or refused, whatever becomes of the request.

    It is written before the answer leaves, also on GET. Outside a request it belongs to the caller's transaction.
    """
    change = Change(verb, subject_kind, subject_id, {}, after or {})
    if not has_request_context():
        record_many([change])
        return
    actor_id, actor_name = current_actor()
    write_anyway(lambda: _note([change], actor_id, actor_name))


def _note(changes: list[Change], actor_id: int | None, actor_name: str) -> None:
    _append(changes, actor_id, actor_name)


def find_first_break() -> int | None:
    """The id of the first entry that does not follow from the one before it; None when all is well.

    Reads the whole trail in order. A missing tail shows as the head's entry number.
    """
    key, previous, expected = _key(), START, 0
    for entry in db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=500)):
        expected += 1
        mac = entry_mac(
            key,
            previous,
            entry_id=entry.id,
            at=entry.at,
            actor_id=entry.actor_id,
            actor=entry.actor,
            verb=entry.verb,
            subject_kind=entry.subject_kind,
            subject_id=entry.subject_id,
            before=entry.before,
            after=entry.after,
        )
        if entry.id != expected or mac != entry.mac:
            return expected
        previous = mac
    head = db.session.get(AuditHead, 1)
    if head is None:
        return None if expected == 0 else expected
    return None if (head.entry_id, head.mac) == (expected, previous) else head.entry_id
