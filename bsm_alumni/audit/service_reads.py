"""Putting down who read contact data and who took a file away: one entry a page, on GET too (ADR 4)."""

from collections.abc import Mapping
from typing import Any

from flask_login import current_user

from bsm_alumni.audit.service import note

# Free text that narrows a list may be the name of the person looked for.
WORDS = frozenset({"q", "who", "search"})


def plain_filter(args: Mapping[str, Any]) -> dict[str, Any]:
    """The filter as the trail keeps it: what narrows the list, but that words were searched for, not which."""
    return {name: "…" if name in WORDS and value else value for name, value in args.items() if value}


def note_list(
    verb: str, subject_kind: str, count: int, args: Mapping[str, Any], subject_id: int | str = "list"
) -> None:
    """A list with contact data was shown: how many rows, and by which filter; not each person."""
    note(verb, subject_kind, subject_id, {"count": count, "filter": plain_filter(args)})


def note_export(kind: str, format: str, count: int, args: Mapping[str, Any], purpose: str = "") -> None:
    """A file was handed out: what of, how many rows, by which filter, and for what where that was asked."""
    details = {"kind": kind, "format": format, "count": count, "filter": plain_filter(args)}
    note("export.made", "users", getattr(current_user, "id", 0), details | ({"purpose": purpose} if purpose else {}))
