"""Writing the trail, in the same transaction as the change it tells of."""

from collections.abc import Iterable
from typing import Any

from flask import has_request_context
from flask_login import current_user

from bsm_alumni.audit.chain import Change, append, plain
from bsm_alumni.audit.service_verify import find_first_break
from bsm_alumni.web.edge import write_anyway

__all__ = ["Change", "current_actor", "find_first_break", "note", "plain", "record", "record_many"]

PROGRAM = "BSM Alumni"


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
    return append(list(changes), *((None, actor) if actor else current_actor()))


def record(
    verb: str,
    subject: Any,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    actor: str | None = None,
    about_id: int | None = None,
) -> None:
    """Append one entry about ``subject``, a model instance that has its id (flush first).

    A subject that belongs to an alumnus (it has an ``alumnus_id``) tells of them without being told.
    """
    about_id = about_id if about_id is not None else getattr(subject, "alumnus_id", None)
    record_many([Change(verb, subject.__tablename__, subject.id, before or {}, after or {}, about_id)], actor)


def note(
    verb: str,
    subject_kind: str,
    subject_id: int | str,
    after: dict[str, Any] | None = None,
    about_id: int | None = None,
) -> None:
    """Append one entry about something read, handed out or refused, whatever becomes of the request.

    It is written before the answer leaves, also on GET. Outside a request it belongs to the caller's transaction.
    """
    change = Change(verb, subject_kind, subject_id, {}, after or {}, about_id)
    if not has_request_context():
        record_many([change])
        return
    actor_id, actor = current_actor()

    def write() -> None:
        append([change], actor_id, actor)

    write_anyway(write)
