"""The arithmetic of the chain; pure.

An entry has two layers. Its *details*, who acted and what was before and after, are words about people: they hash
with a salt of their own to the entry's ``digest``. The *chain* covers everything else and the digest, so that a
person's words can be shredded later, salt and all, while every code in the chain stays as it was.
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

START = "0" * 64
SHREDDED = "audit.shredded"
HEAD_CHANGED = "audit.head_changed"
CHECKED = "audit.checked"
# Verbs that tell of what was read: they change nothing, so a record's own history leaves them out.
READS = frozenset(
    {
        "alumni.read",
        "audit.read",
        "data.downloaded",
        "import.read",
        "mail.listed",
        "mail.read",
        "user.listed",
        "user.read",
    }
)


# Made once: an import puts thousands of entries down at a time.
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _canonical(value: Any) -> bytes:
    return _ENCODER.encode(value).encode(errors="surrogatepass")


def details_digest(salt: str, actor: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    """SHA-256, in hexadecimal, over an entry's salt and its details as canonical JSON.

    Without the salt nobody can find out by trying which words a shredded entry held.
    """
    return hashlib.sha256(salt.encode() + b"\n" + _canonical([actor, before, after])).hexdigest()


def entry_mac(
    key: bytes,
    previous: str,
    *,
    entry_id: int,
    at: datetime,
    actor_id: int | None,
    verb: str,
    subject_kind: str,
    subject_id: str,
    about_id: int | None,
    digest: str,
) -> str:
    """HMAC-SHA256, in hexadecimal, over an entry without its details and the code of the one before it."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    document = [previous, entry_id, moment, actor_id, verb, subject_kind, subject_id, about_id, digest]
    return hmac.new(key, _canonical(document), hashlib.sha256).hexdigest()


def head_seal(key: bytes, entry_id: int, mac: str) -> str:
    """The code over the head of the chain: without the key nobody can declare an earlier entry to be the last."""
    return hmac.new(key, _canonical(["head", entry_id, mac]), hashlib.sha256).hexdigest()


def about_of(subject_kind: str, subject_id: str, about_id: int | None) -> int | None:
    """The alumnus whom an entry tells of: the one named, or the one who is its subject."""
    if about_id is None and subject_kind == "alumni" and subject_id.isdecimal():
        return int(subject_id)
    return about_id


def changed(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that differ between two states of a record, as they were and as they are."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}
