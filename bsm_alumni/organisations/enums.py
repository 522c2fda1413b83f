"""Kinds of organisation."""

import enum


class OrganisationKind(enum.StrEnum):
    """The programme office itself, or a partner that works with its alumni."""

    OFFICE = "office"
    PARTNER = "partner"
