"""The one table of a plan's weights: what each means, in words, and how much it counts unless staff say otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from bsm_alumni.matching.planner.programme import PlanWeights


@dataclass(frozen=True, slots=True)
class Weight:
    """Its short name, its meaning, its default, and the ends and the step of its slider, in points of fit."""

    name: LazyString
    meaning: LazyString
    default: float
    least: float
    most: float
    step: float = 1.0


_DEFAULTS = PlanWeights()

PLAN_WEIGHTS: dict[str, Weight] = {
    "unfilled": Weight(
        _l("Free seats"),
        _l("What a seat that nobody takes costs. A person who fits perfectly is worth 100."),
        _DEFAULTS.unfilled,
        100,
        600,
        10,
    ),
    "load": Weight(
        _l("Fair load"),
        _l("How much dearer each further seat of one person is than the one before; 0 lets a few carry everything."),
        _DEFAULTS.load,
        0,
        20,
        0.5,
    ),
    "gender": Weight(
        _l("Women and men together"),
        _l("What a session without any woman, or without any man, costs."),
        _DEFAULTS.gender,
        0,
        60,
    ),
    "women": Weight(
        _l("Half of the seats to women"),
        _l("What each seat costs by which women fall short of half of a session's seats."),
        _DEFAULTS.women,
        0,
        40,
    ),
    "region": Weight(
        _l("Mix of sub-regions"),
        _l("What each further person from the same sub-region costs in one session."),
        _DEFAULTS.region,
        0,
        40,
    ),
    "keep": Weight(
        _l("Keep what was proposed"),
        _l("What it is worth not to change a seat that was proposed or promised before."),
        _DEFAULTS.keep,
        0,
        100,
    ),
}


def default_plan_weights() -> dict[str, float]:
    """Each weight's default."""
    return {name: weight.default for name, weight in PLAN_WEIGHTS.items()}


def complete_plan_weights(saved: Mapping[str, float]) -> dict[str, float]:
    """Saved weights over the defaults.

    A name that is no weight is left out, a value is held within the ends of its slider.
    """
    return {
        name: min(weight.most, max(weight.least, float(saved.get(name, weight.default))))
        for name, weight in PLAN_WEIGHTS.items()
    }


def as_plan_weights(weights: Mapping[str, float]) -> PlanWeights:
    """The weights as the planner takes them."""
    return PlanWeights(**complete_plan_weights(weights))
