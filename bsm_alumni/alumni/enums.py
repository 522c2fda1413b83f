"""States and kinds used in profiles."""

import enum


class AlumnusStatus(enum.StrEnum):
    """``active`` people may be asked; ``left_service`` and ``inactive`` may not; ``archived`` are put away.

    ``erased`` is what is left of somebody who was erased: a number, so that sessions keep their count.
    """

    ACTIVE = "active"
    INACTIVE = "inactive"
    LEFT_SERVICE = "left_service"
    ARCHIVED = "archived"
    ERASED = "erased"


class Gender(enum.StrEnum):
    """As the person or their register states it; empty when it is not known."""

    WOMAN = "woman"
    MAN = "man"
    OTHER = "other"


class PeriodKind(enum.StrEnum):
    """``window``: can be asked within it; ``blackout``: cannot. Without any window, every day is open."""

    WINDOW = "window"
    BLACKOUT = "blackout"
