"""What is shared, who said so, and answers to 'may we share your profile with partners?'."""

import enum

# Agreements and consents speak of the same groups; they stand in the lower room.
from bsm_alumni.organisations.enums import FieldGroup

__all__ = ["ConsentSource", "FieldGroup", "ProposalDecision", "SharingAnswer", "SharingSource"]


class SharingAnswer(enum.StrEnum):
    """What the alumnus said as a whole; ``none_given`` is an empty cell, and shares nothing."""

    ALL = "all"
    SOME = "some"
    NO = "no"
    NONE_GIVEN = "none_given"


class SharingSource(enum.StrEnum):
    """Who put the answer down. What came from a file waits for the alumnus to confirm it."""

    IMPORT = "import"
    STAFF = "staff"
    ALUMNUS = "alumnus"


class ConsentSource(enum.StrEnum):
    """Whose word a consent rests on: the person's own, one that staff hold evidence of, or the made-up demo's."""

    ALUMNUS = "alumnus"
    STAFF = "staff"
    DEMO = "demo"


class ProposalDecision(enum.StrEnum):
    """What became of a consent that staff put down. A withdrawal needs no second person: it counts at once."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    AT_ONCE = "at_once"
