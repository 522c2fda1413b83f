"""How complete a profile is, and the one thing to add next; pure."""

import enum
from dataclasses import dataclass


class Part(enum.StrEnum):
    """Parts of a profile in the order in which they help most to be asked for the right session."""

    SHARING = "sharing"
    LANGUAGES = "languages"
    LEVELS = "levels"
    THEMES = "themes"
    COUNTRY = "country"
    ZONE = "zone"
    AGENCY = "agency"
    POSITION = "position"
    PHONE = "phone"
    CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class Completeness:
    """``percent`` of the parts that are there, from 0 to 100, and the first one that is not."""

    percent: int
    next_part: Part | None


def completeness(there: frozenset[Part]) -> Completeness:
    """What the parts that are there amount to."""
    missing = [part for part in Part if part not in there]
    return Completeness(round(100 * (len(Part) - len(missing)) / len(Part)), missing[0] if missing else None)
