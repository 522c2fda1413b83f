"""The arithmetic of the chain; pure."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

START = "0" * 64


def entry_mac(
    key: bytes,
    previous: str,
    *,
    entry_id: int,
    at: datetime,
    actor_id: int | None,
    actor: str,
    verb: str,
    subject_kind: str,
    subject_id: str,
    before: dict[str, Any],
    after: dict[str, Any],
) -> str:
    """HMAC-SHA256, in hexadecimal, over every field of an entry and the code of the one before it."""
    document = json.dumps(
        [
            previous,
            entry_id,
            at.astimezone(UTC).isoformat(timespec="microseconds"),
            actor_id,
            actor,
            verb,
            subject_kind,
            subject_id,
            before,
            after,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hmac.new(key, document.encode(), hashlib.sha256).hexdigest()


def changed(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that differ between two states of a record, as they were and as they are."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}
