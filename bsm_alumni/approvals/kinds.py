"""What needs a second person. The rooms that have such a thing describe it; the table is put together at the top."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app

from bsm_alumni.accounts.enums import Role


@dataclass(frozen=True, slots=True)
class Kind:
    """Who may ask for a thing, who may decide, and what happens when it is granted.

    ``run`` gets the parameters of the request and does the thing at once, in the decision's own transaction; it may
    raise Refused or FieldErrors. Without it the one who asked does the thing afterwards, once, within a day.
    """

    title: Any
    asked_by: frozenset[Role]
    decided_by: frozenset[Role]
    run: Callable[[dict[str, Any]], object] | None = None
    # Where the one who asked goes once it is granted; called with ``approval_id``.
    endpoint: str | None = None


def all_kinds() -> dict[str, Kind]:
    """Every kind, by the name that requests carry."""
    found: dict[str, Kind] = current_app.extensions["bsm_approval_kinds"]
    return found


def kinds_decided_by(role: Role | None) -> list[str]:
    """The kinds that somebody of this role may decide, in order of name."""
    return sorted(name for name, kind in all_kinds().items() if role in kind.decided_by)
