"""What one partner is shown of a person at this moment, and why not more; pure."""

import enum

from bsm_alumni.organisations.enums import FieldGroup

Groups = frozenset[FieldGroup]


class WhyNot(enum.StrEnum):
    """What keeps a partner from seeing somebody, the first that applies."""

    NOT_ACTIVE = "not_active"
    RESTRICTED = "restricted"
    UNCONFIRMED = "unconfirmed"
    NO_CONSENT = "no_consent"
    NO_AGREEMENT = "no_agreement"
    NOT_COVERED = "not_covered"


def shown(agreed: Groups, given: Groups) -> Groups:
    """Agreement ∩ consent; nothing without the identity."""
    both = agreed & given
    return both if FieldGroup.IDENTITY in both else frozenset()


def why_not(
    *, is_active: bool, is_restricted: bool, stated: bool, given: Groups, agreed: Groups | None
) -> WhyNot | None:
    """Why the partner sees nothing; None when it sees something. ``agreed`` is None without an agreement in force."""
    if not is_active:
        return WhyNot.NOT_ACTIVE
    if is_restricted:
        return WhyNot.RESTRICTED
    if not given:
        return WhyNot.UNCONFIRMED if stated else WhyNot.NO_CONSENT
    if agreed is None:
        return WhyNot.NO_AGREEMENT
    return None if shown(agreed, given) else WhyNot.NOT_COVERED
