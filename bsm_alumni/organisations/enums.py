"""Kinds of organisation, and the parts of a profile that an agreement with one may cover."""

import enum


class OrganisationKind(enum.StrEnum):
    """The programme office itself, or a partner that works with its alumni."""

    OFFICE = "office"
    PARTNER = "partner"


class FieldGroup(enum.StrEnum):
    """A part of a profile that is agreed with a partner, and given or withdrawn by the alumnus, as one.

    ``identity``: the name in both forms and the country, also as a presenter of the partner's own sessions;
    ``professional``: agency, position, languages, themes, cohorts; ``contact``: addresses and telephone;
    ``availability``: zone, notice, limit of a quarter, periods without their notes; ``assignments``: the sessions
    the person said yes to or gave. Without ``identity`` nothing else is shown.
    """

    IDENTITY = "identity"
    PROFESSIONAL = "professional"
    CONTACT = "contact"
    AVAILABILITY = "availability"
    ASSIGNMENTS = "assignments"

    @property
    def bit(self) -> int:
        """Its place in the sets that the database keeps as one number."""
        return _BITS[self]


# Frozen: stored numbers and the database's policies are made of these.
_BITS = {
    FieldGroup.IDENTITY: 1,
    FieldGroup.PROFESSIONAL: 2,
    FieldGroup.CONTACT: 4,
    FieldGroup.AVAILABILITY: 8,
    FieldGroup.ASSIGNMENTS: 16,
}
