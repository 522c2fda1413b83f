"""How well people fit a slot, 0..100: what one pair is worth to a plan. Pure NumPy."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from bsm_alumni.matching.columns import Columns, Floats, Ints
from bsm_alumni.matching.enums import Reason
from bsm_alumni.matching.need import Need
from bsm_alumni.matching.reasons import REASONS, applying
from bsm_alumni.matching.rules import Question

FIT_REASONS = (Reason.THEMES, Reason.REGION, Reason.EXPERIENCE, Reason.HOUR, Reason.RELIABILITY)
"""Reasons that say how a person fits a slot whoever else is planned.

Load, rest, the mix of countries and of women and men depend on the rest of the plan: it prices them itself.
"""
OF_PERSON = (Reason.THEMES, Reason.EXPERIENCE, Reason.RELIABILITY)
KEPT = 64
"""Arrays over everyone that are kept at a time."""

Key = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Fits:
    """Fits of everyone. What only the slot's themes and the weights decide is worked out once for all sessions."""

    columns: Columns
    _by_themes: dict[Key, Floats] = field(default_factory=dict)

    def of(self, need: Need, weights: Mapping[Reason, int], hours: Floats, who: Ints) -> Floats:
        """100 × the weighed mean of the reasons that apply, for the people at the positions `who`.

        `hours` is the value of the hour by zone. Without any weight everyone fits alike: 0.
        """
        reasons = [reason for reason in applying(need) if reason in FIT_REASONS]
        total = sum(weights[reason] for reason in reasons)
        if not total:
            return np.zeros(len(who), dtype=np.float64)
        fit = self._person(need, weights)[who]
        if Reason.REGION in reasons:
            fit += REASONS[Reason.REGION](Question(self.columns, need), who) * float(weights[Reason.REGION])
        fit += (hours * float(weights[Reason.HOUR]))[self.columns.zone[who]]
        return fit * (100.0 / total)

    def _person(self, need: Need, weights: Mapping[Reason, int]) -> Floats:
        key = need.themes, tuple(weights[reason] for reason in OF_PERSON)
        if key not in self._by_themes:
            if len(self._by_themes) == KEPT:
                self._by_themes.clear()
            question, everyone = Question(self.columns, need), np.arange(len(self.columns))
            applies = applying(need)
            values = [REASONS[r](question, everyone) * float(weights[r]) for r in OF_PERSON if r in applies]
            self._by_themes[key] = np.sum(values, axis=0)
        return self._by_themes[key]
