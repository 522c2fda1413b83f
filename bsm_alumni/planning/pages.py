"""A plan's figures as an officer reads them: how good it is, what it costs and why, what a move would change."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import format_date, format_decimal, format_percent, ngettext
from flask_babel import gettext as _

from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.events.models import Slot
from bsm_alumni.events.words import ROLES, level_label
from bsm_alumni.planning.enums import CostPart, PlanState
from bsm_alumni.planning.models import Plan
from bsm_alumni.planning.shapes import MovePrice, PartChange
from bsm_alumni.planning.words import MARKS, PARTS, SEATS, STATES
from bsm_alumni.reference.languages import language_name
from bsm_alumni.web.locale import page_locale

WIDTH, HEIGHT = 320.0, 80.0
"""The drawing of the gap, in its own units."""
EXACT = 5e-5
"""A gap below this is nothing that anybody could see."""


@dataclass(frozen=True, slots=True)
class CostLine:
    """One part of what a plan costs: its name, what stands behind it, and points; smaller is better."""

    name: str
    words: str
    points: float


@dataclass(frozen=True, slots=True)
class Lines:
    """The gap as two lines of an SVG: the best plan so far falls, the bound rises."""

    plan: str
    bound: str


def points_text(points: float) -> str:
    """A number of points as a reader of the page's language writes it, to the whole point."""
    return format_decimal(round(points) + 0, "#,##0")


def filled_words(plan: Plan) -> str:
    """'This plan fills 142 of 150 seats.'"""
    return ngettext(
        "This plan fills %(filled)s of %(num)s seat.",
        "This plan fills %(filled)s of %(num)s seats.",
        plan.asked,
        filled=format_decimal(plan.filled),
    )


def gap_words(plan: Plan) -> str:
    """'No plan can be more than 0.4 % better.' Rounded up, so that it is never said too well."""
    gap = plan.gap
    if gap is None:
        return _("It is not known yet how much better a plan could be.")
    if plan.optimal or gap < EXACT:
        return _("No plan is better.")
    return _("No plan can be more than %(share)s better.", share=format_percent(math.ceil(gap * 1000) / 1000, "0.#%"))


def so_far_words(plan: Plan) -> str:
    """How far a plan that is being made is; empty before there is a first one."""
    if plan.objective is None:
        return ""
    best = _("The best plan so far is worth %(points)s points.", points=points_text(-plan.objective))
    if plan.bound is None:
        return best
    most = _("No plan can be worth more than %(points)s points.", points=points_text(-plan.bound))
    return f"{best} {most}"


def gap_lines(plan: Plan) -> Lines | None:
    """Both lines of the gap; None before there are two moments with a bound."""
    rows = [row for row in plan.history if row[1] is not None and row[2] is not None]
    if len(rows) < 2:
        return None
    times = [float(row[0]) for row in rows]
    # Early bounds lie far away; what matters is how the lines meet.
    low, high = min(float(row[2]) for row in rows[len(rows) // 3 :]), max(float(row[1]) for row in rows)
    span, wide = max(high - low, 1e-9), max(times[-1] - times[0], 1e-9)

    def line(column: int) -> str:
        return " ".join(
            f"{(time - times[0]) / wide * WIDTH:.1f},"
            f"{HEIGHT - 3 - min(1.0, max(0.0, (float(row[column]) - low) / span)) * (HEIGHT - 6):.1f}"
            for time, row in zip(times, rows, strict=True)
        )

    return Lines(line(1), line(2))


def cost_lines(plan: Plan) -> list[CostLine]:
    """What the plan costs, part by part, with the count that stands behind each."""
    return [
        CostLine(str(PARTS[part]), _part_words(plan, part), plan.parts.get(part.value, 0.0))
        for part in CostPart
        if part.value in plan.parts
    ]


def _part_words(plan: Plan, part: CostPart) -> str:
    points = plan.parts.get(part.value, 0.0)
    if part is CostPart.FIT:
        if not plan.filled:
            return _("Nobody has a seat.")
        return _("%(points)s of 100 on average", points=points_text(-points / plan.filled))
    each = plan.weights.get(part.value, 0.0)
    if not each:
        return _("Does not count in this plan.")
    if part is CostPart.LOAD:
        return _("Dearer with each further seat of one person; %(each)s points a step", each=format_decimal(each))
    if not points:
        return _("None in this plan.")
    count = abs(points) / each
    figures = {"count": format_decimal(round(count, 1)), "each": format_decimal(each)}
    number = round(count)
    if part is CostPart.UNFILLED:
        return ngettext(
            "%(count)s free seat, %(each)s points", "%(count)s free seats, %(each)s points each", number, **figures
        )
    if part is CostPart.GENDER:
        return ngettext(
            "%(count)s session without a woman or without a man, %(each)s points",
            "%(count)s sessions without a woman or without a man, %(each)s points each",
            number,
            **figures,
        )
    if part is CostPart.WOMEN:
        return _("Women are %(count)s seats short of half, %(each)s points each", **figures)
    if part is CostPart.REGION:
        return ngettext(
            "%(count)s person beside another of the same sub-region, %(each)s points",
            "%(count)s people beside another of the same sub-region, %(each)s points each",
            number,
            **figures,
        )
    return ngettext(
        "%(count)s seat stays as it was proposed, %(each)s points",
        "%(count)s seats stay as they were proposed, %(each)s points each",
        number,
        **figures,
    )


def price_words(points: float) -> str:
    """'8 points worse', 'no worse', '3 points better'."""
    size = abs(points)
    if size < 0.05:
        return _("no worse")
    if size < 0.5:
        return _("less than a point worse") if points > 0 else _("less than a point better")
    number = round(size)
    if points > 0:
        return ngettext("%(num)s point worse", "%(num)s points worse", number)
    return ngettext("%(num)s point better", "%(num)s points better", number)


def changed_parts(parts: Iterable[PartChange]) -> list[tuple[str, str]]:
    """(part, price) of those parts that change."""
    return [(part.name, price_words(part.points)) for part in parts if abs(part.points) >= 0.05]


def price_look(price: MovePrice) -> str:
    """How a price looks: the names of `states.badge`."""
    if price.broken or price.points >= 0.5:
        return "declined" if price.broken else "waiting"
    return "accepted"


PLAN_LOOKS = {
    PlanState.WAITING: "waiting",
    PlanState.RUNNING: "waiting",
    PlanState.READY: "accepted",
    PlanState.STOPPED: "proposed",
    PlanState.FAILED: "declined",
    PlanState.APPLIED: "accepted",
    PlanState.SUPERSEDED: "proposed",
}


def day_text(day: date) -> str:
    """'8 July 2026' in the page's language."""
    return format_date(day, "d MMMM y" if page_locale() == "en" else "long", rebase=False)


def period_words(plan: Plan) -> str:
    """'1 June to 30 November 2026'."""
    return _("%(first)s to %(last)s", first=day_text(plan.first_day), last=day_text(plan.last_day))


def slot_words(slot: Slot) -> str:
    """'Co-presenter, French from B2, Biometrics': what the slot asks for."""
    parts = [str(ROLES[slot.role])]
    if slot.language_code:
        name = language_name(slot.language_code, page_locale())
        parts.append(
            _("%(language)s from %(level)s", language=name, level=level_label(slot.level_needed))
            if slot.level_needed
            else name
        )
    if slot.theme:
        parts.append(slot.theme.name)
    return _(", ").join(parts)


def about_plan(plan: Plan) -> dict[str, Any]:
    """What the pages of one plan have in common."""
    viewer = current_viewer()
    return {
        "plan": plan,
        "pages": PAGE_WORDS,
        "may_write": viewer.may_write,
        "may_change": viewer.may_write and plan.state in (PlanState.READY, PlanState.STOPPED),
        "may_mark": viewer.may_write and plan.state not in (PlanState.WAITING, PlanState.RUNNING, PlanState.SUPERSEDED),
        "alumnus_url": lambda alumnus_id: url_for("alumni_staff.alumnus", alumnus_id=alumnus_id),
    }


PAGE_WORDS: dict[str, Any] = {
    "states": STATES,
    "looks": PLAN_LOOKS,
    "seats": SEATS,
    "marks": MARKS,
    "filled": filled_words,
    "gap": gap_words,
    "so_far": so_far_words,
    "period": period_words,
    "points": points_text,
    "share": lambda share: format_percent(share, "0%"),
    "price": price_words,
    "price_look": price_look,
    "changed": changed_parts,
    "slot": slot_words,
}
"""What templates of plans call."""
