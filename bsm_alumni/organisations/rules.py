"""How organisations are named, and what agreements with them may say; pure."""

import re
from collections.abc import Iterable
from datetime import date

from bsm_alumni.organisations.enums import FieldGroup

_CODE = re.compile(r"[A-Z][A-Z0-9-]{1,19}")

ALL_GROUPS = frozenset(FieldGroup)


def clean_code(text: str) -> str:
    """The code as it is kept: without blanks around it, in capitals."""
    return text.strip().upper()


def is_code(code: str) -> bool:
    """True for two to twenty capitals, figures and hyphens that begin with a letter."""
    return _CODE.fullmatch(code) is not None


def mask_of(groups: Iterable[FieldGroup]) -> int:
    """A set of field groups as the database keeps it: the sum of their bits."""
    return sum(group.bit for group in set(groups))


def groups_of(mask: int) -> frozenset[FieldGroup]:
    """The field groups that a stored number stands for."""
    return frozenset(group for group in FieldGroup if mask & group.bit)


def in_order(groups: Iterable[FieldGroup]) -> list[FieldGroup]:
    """The groups in the order in which pages name them."""
    chosen = set(groups)
    return [group for group in FieldGroup if group in chosen]


def is_in_force(starts_on: date, ends_on: date | None, ended: bool, today: date) -> bool:
    """True while an agreement holds: both of its days included, and not once it was ended early."""
    return not ended and starts_on <= today and (ends_on is None or today <= ends_on)


def overlaps(starts_on: date, ends_on: date | None, other_start: date, other_end: date | None) -> bool:
    """True when two spans, both ends included and open where there is no end, share a day."""
    return (ends_on is None or other_start <= ends_on) and (other_end is None or starts_on <= other_end)
