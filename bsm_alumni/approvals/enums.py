"""What may become of a request that needs a second person."""

import enum


class Decision(enum.StrEnum):
    """How a request ended. Only the one who asked withdraws; only somebody else grants or refuses."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
