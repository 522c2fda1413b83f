"""What follows from consents; pure."""

from collections.abc import Iterable

from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.organisations.rules import in_order

# What the question in the registers named: name, country, agency, position, languages, themes, cohorts.
STATED_GROUPS = frozenset({FieldGroup.IDENTITY, FieldGroup.PROFESSIONAL})

Said = tuple[FieldGroup, bool]


def whole(groups: Iterable[FieldGroup]) -> frozenset[FieldGroup]:
    """The groups that can be shared together: without the identity, none."""
    chosen = frozenset(groups)
    return chosen if FieldGroup.IDENTITY in chosen else frozenset()


def standing(said: Iterable[Said]) -> frozenset[FieldGroup]:
    """What is shared after these records of one person and partner, the oldest first: the last word counts."""
    last = dict(said)
    return whole(group for group, given in last.items() if given)


def steps(before: frozenset[FieldGroup], after: frozenset[FieldGroup]) -> list[Said]:
    """The records that lead from one set to the other, one for each group whose state changes."""
    return [(group, group in after) for group in in_order(before ^ after)]
