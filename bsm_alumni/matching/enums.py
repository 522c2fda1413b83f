"""Codes of the hard rules and of the weighed reasons.

They are part of the JSON contract: never rename one.
"""

from enum import IntEnum, StrEnum


class Rule(StrEnum):
    """A hard rule, in the order in which the rules are applied (the funnel's order)."""

    STATUS = "status"
    RESTRICTED = "restricted"
    ADDRESS = "address"
    LANGUAGE = "language"
    LEVEL = "level"
    WINDOW = "window"
    BLACKOUT = "blackout"
    NOTICE = "notice"
    OVERLAP = "overlap"
    LOAD = "load"
    ASKED = "asked"
    SEATED = "seated"
    REST_DAYS = "rest_days"


class Reason(StrEnum):
    """A weighed reason, in the order in which reasons are added up and shown."""

    THEMES = "themes"
    REGION = "region"
    EXPERIENCE = "experience"
    REST = "rest"
    LOAD = "load"
    HOUR = "hour"
    RELIABILITY = "reliability"
    PLACES = "places"
    GENDER = "gender"


class GenderCode(IntEnum):
    """How a gender is kept in the columns; OTHER and UNKNOWN are never guessed to be one of the two."""

    UNKNOWN = 0
    WOMAN = 1
    MAN = 2
    OTHER = 3


class Part(IntEnum):
    """The two parts of the columns: profiles are many and change seldom, seats are few and change often."""

    PEOPLE = 1
    SEATS = 2
