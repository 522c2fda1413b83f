"""What states, seats, parts of the cost and broken rules of a plan are called. All through gettext."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from bsm_alumni.matching.enums import Rule
from bsm_alumni.matching.words import rule_name
from bsm_alumni.planning.enums import CostPart, MarkKind, PlanState, SeatKind

STATES: dict[PlanState, Any] = {
    PlanState.WAITING: _l("Waits for its turn"),
    PlanState.RUNNING: _l("Being made"),
    PlanState.READY: _l("Ready"),
    PlanState.STOPPED: _l("Stopped"),
    PlanState.FAILED: _l("Could not be made"),
    PlanState.APPLIED: _l("Applied"),
    PlanState.SUPERSEDED: _l("Replaced by a later plan"),
}

SEATS: dict[SeatKind, Any] = {
    SeatKind.ACCEPTED: _l("Said yes before"),
    SeatKind.KEPT: _l("Kept"),
    SeatKind.NEW: _l("New"),
}

MARKS: dict[MarkKind, Any] = {
    MarkKind.LOCK: _l("Locked: stays here"),
    MarkKind.FORBID: _l("Excluded: not here"),
}

PARTS: dict[CostPart, Any] = {
    CostPart.FIT: _l("Fit"),
    CostPart.LOAD: _l("Fair load"),
    CostPart.UNFILLED: _l("Free seats"),
    CostPart.GENDER: _l("Women and men together"),
    CostPart.WOMEN: _l("Half of the seats to women"),
    CostPart.REGION: _l("Mix of sub-regions"),
    CostPart.KEEP: _l("Keep what was proposed"),
}

BREAKS_RULES = "rules"
"""The code in `Plan.error` of a plan whose locked and accepted seats do not go together."""

ELIGIBLE, BUSY, COUNTRY, DEAR = "eligible", "elsewhere", "country", "dear"
"""What `PlanShort.why` counts beside rules: who may take the slot; of these who has enough or is too near in the plan,
whose country is on the panel, and whom the plan leaves out because they would cost more than a free seat."""


def failure_words(error: str) -> str:
    """Why a plan could not be made, and what to do about it."""
    if error == BREAKS_RULES:
        return _("What was locked and what was accepted do not go together. Take locks back and try again.")
    return _("Something went wrong while the plan was made. Nothing was changed. Make the plan anew.")


def short_words(why: Mapping[str, int]) -> tuple[str, ...]:
    """Why a seat stays free: first what became of those who may take it, then the rules that exclude most."""
    if not why:
        return ()
    eligible = why.get(ELIGIBLE, 0)
    found = [_eligible_words(eligible)]
    if number := why.get(BUSY, 0):
        found.append(
            ngettext(
                "%(num)d of them has as many sessions in this plan as they take on, or another one too near.",
                "%(num)d of them have as many sessions in this plan as they take on, or another one too near.",
                number,
            )
        )
    if number := why.get(COUNTRY, 0):
        found.append(
            ngettext(
                "%(num)d of them is from a country that is on the panel already.",
                "%(num)d of them are from a country that is on the panel already.",
                number,
            )
        )
    if number := why.get(DEAR, 0):
        found.append(
            ngettext(
                "%(num)d of them would cost the plan more than a free seat.",
                "%(num)d of them would cost the plan more than a free seat.",
                number,
            )
        )
    rules = sorted(((rule, why[rule.value]) for rule in Rule if why.get(rule.value)), key=lambda one: -one[1])
    return tuple(found + [_("%(rule)s: %(count)d", rule=rule_name(rule), count=count) for rule, count in rules])


def _eligible_words(number: int) -> str:
    if not number:
        return _("Nobody may take this slot.")
    return ngettext("%(num)d person may take this slot.", "%(num)d people may take this slot.", number)
