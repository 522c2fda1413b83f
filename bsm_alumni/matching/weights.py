"""The one table of weights.

What each reason means, in words, and how much it counts unless staff say otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from bsm_alumni.matching.enums import Reason

MOST = 100
"""The largest weight staff can give."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Default weight of a reason (0..100), its short name and its meaning."""

    default: int
    name: LazyString
    meaning: LazyString


WEIGHTS: dict[Reason, Weight] = {
    Reason.THEMES: Weight(
        25, _l("Themes"), _l("How many of the themes the slot asks for are among the person's own themes.")
    ),
    Reason.REGION: Weight(
        10,
        _l("Region"),
        _l("Comes from a country the session is about, or from the same sub-region."),
    ),
    Reason.EXPERIENCE: Weight(
        15, _l("Experience"), _l("Sessions delivered so far; those on the slot's themes count twice.")
    ),
    Reason.REST: Weight(
        10,
        _l("Rest since last time"),
        _l("How long before or after this session their nearest session is; half a year or more is best."),
    ),
    Reason.LOAD: Weight(
        10,
        _l("Fair share"),
        _l("Few seats within a year of the session, so that the same people are not always asked."),
    ),
    Reason.HOUR: Weight(
        10,
        _l("Local hour"),
        _l("The session falls between 09:00 and 17:00 on the person's own clock; at night it counts nothing."),
    ),
    Reason.RELIABILITY: Weight(
        10,
        _l("Reliability"),
        _l("Invitations answered of those sent, less sessions missed. A person not yet asked starts well."),
    ),
    Reason.PLACES: Weight(
        5, _l("Mix of countries"), _l("Brings a sub-region or a country that is not yet on the panel.")
    ),
    Reason.GENDER: Weight(5, _l("Mix of women and men"), _l("Brings the panel nearer to a balance of women and men.")),
}


def default_weights() -> dict[Reason, int]:
    """Each reason's default weight."""
    return {reason: weight.default for reason, weight in WEIGHTS.items()}


def complete_weights(saved: Mapping[str, int]) -> dict[Reason, int]:
    """Saved weights over the defaults.

    A code that is no reason is left out, a value is held within 0..100.
    """
    return {
        reason: min(MOST, max(0, int(saved.get(reason.value, weight.default)))) for reason, weight in WEIGHTS.items()
    }
