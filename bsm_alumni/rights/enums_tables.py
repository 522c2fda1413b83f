"""What becomes of rows about a person who is erased."""

import enum


class Fate(enum.StrEnum):
    """``blanked`` rows stay for what they count and lose every word; ``shredded`` ones lose them by the trail's own
    rule; ``kept`` ones hold a number and no word."""

    DELETED = "deleted"
    BLANKED = "blanked"
    SHREDDED = "shredded"
    KEPT = "kept"
