"""Answers to 'may we share your profile with partners?'."""

import enum


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
