"""The one place that appends to the trail. Callers use `audit.service`."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, cast

import sqlalchemy as sa
from flask import current_app

from bsm_alumni.audit.models import AuditEntry, AuditHead
from bsm_alumni.audit.rules import HEAD_CHANGED, START, about_of, details_digest, entry_mac, head_seal
from bsm_alumni.extensions import db, utc_now

ENTRIES = cast(sa.Table, AuditEntry.__table__)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to put down: what was done, to what, and its fields before and after.

    ``about_id`` is the alumnus whom it tells of, where that is not the subject itself: on that person's request
    it is shown to them, and shredded at the end.
    """

    verb: str
    subject_kind: str
    subject_id: int | str
    before: dict[str, Any]
    after: dict[str, Any]
    about_id: int | None = None


def chain_key() -> bytes:
    """The secret behind the codes of the chain."""
    return b"audit:" + str(current_app.config["SECRET_KEY"]).encode()


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


def _locked_head(key: bytes) -> tuple[AuditHead, bool]:
    """The end of the chain, locked, and whether it is the one that was left there."""
    head = db.session.execute(
        sa.select(AuditHead).where(AuditHead.id == 1).with_for_update().execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if head is not None:
        return head, head.seal == head_seal(key, head.entry_id, head.mac)
    return AuditHead(id=1, entry_id=0, mac=START), True


def lock_chain() -> None:
    """Let no other transaction write to the trail, nor count what belongs to it, until this one ends."""
    db.session.execute(sa.select(AuditHead.id).where(AuditHead.id == 1).with_for_update())


def append(changes: Sequence[Change], actor_id: int | None, actor: str) -> int:
    """Append an entry for each change under one lock of the chain's head; returns how many.

    A head that somebody else moved is not silently taken over: an entry tells of it, which the check finds.
    """
    if not changes:
        return 0
    key, at = chain_key(), utc_now()
    head, is_ours = _locked_head(key)
    if not is_ours:
        changes = [Change(HEAD_CHANGED, "audit_head", head.entry_id, {}, {"entry": head.entry_id}), *changes]
    previous, entry_id, rows = head.mac, head.entry_id, []
    for change in changes:
        entry_id += 1
        salt, before, after = secrets.token_hex(16), plain(change.before), plain(change.after)
        subject_id = str(change.subject_id)
        covered: dict[str, Any] = {
            "at": at,
            "actor_id": actor_id,
            "verb": change.verb,
            "subject_kind": change.subject_kind,
            "subject_id": subject_id,
            "about_id": about_of(change.subject_kind, subject_id, change.about_id),
            "digest": details_digest(salt, actor, before, after),
        }
        previous = entry_mac(key, previous, entry_id=entry_id, **covered)
        details = {"actor": actor, "before": before, "after": after, "salt": salt, "shredded": False}
        rows.append({"id": entry_id, "mac": previous, **covered, **details})
    db.session.execute(sa.insert(ENTRIES), rows)
    head.entry_id, head.mac, head.seal = entry_id, previous, head_seal(key, entry_id, previous)
    db.session.add(head)
    db.session.flush()
    return len(rows)
