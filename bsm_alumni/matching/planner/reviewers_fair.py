"""The best for the event that is worst off, then the largest sum of scores in which no event is worse off than that.

First the floor (the highest sum that every event can have), by linear programmes that rule floors out and whole plans
that reach one; then the sum under that floor. Both are proven over all pairs.
"""

from dataclasses import replace

import numpy as np

from bsm_alumni.matching.planner.plan import Limits, PlanStatus
from bsm_alumni.matching.planner.programme import Bools, Floats, Ints
from bsm_alumni.matching.planner.reviewers import ReviewerPlan, Reviewers
from bsm_alumni.matching.planner.reviewers_floor import SLACK, Floors
from bsm_alumni.matching.planner.reviewers_master import HELP, Over, ReviewersMaster
from bsm_alumni.matching.planner.reviewers_relaxed import Relaxed, in_order
from bsm_alumni.matching.planner.reviewers_sum import (
    is_proven,
    seconds_since,
    solve_first,
)
from bsm_alumni.matching.planner.reviewers_whole import Whole, best_floor, best_sum

HALVINGS = 12
SAME_FLOOR = 1e-6
"""Floors this near are one, as HiGHS rounds; where sums have few values they lie much further apart."""


def solve_fair(instance: Reviewers, limits: Limits = Limits()) -> ReviewerPlan:
    """The plan in which the event that is worst off has most, and of those the one with the largest sum of scores."""
    master, plan, began, built = solve_first(instance, limits)
    if plan.status not in (PlanStatus.INFEASIBLE, PlanStatus.STOPPED) and instance.asked:
        search = _Search(instance, master, plan, limits)
        try:
            search.run()
        except Over:
            search.stop()
        plan = search.plan
    return replace(plan, seconds=seconds_since(began, built))


class _Search:
    """The search for the floor, with the best plan so far. All numbers but the plan's are of scaled scores.

    `reached` is the floor of the plan, `highest` what no plan's floor exceeds.
    """

    def __init__(self, instance: Reviewers, master: ReviewersMaster, plan: ReviewerPlan, limits: Limits) -> None:
        self.instance, self.master, self.seed, self.plan = instance, master, limits.seed, plan
        self.floors = Floors(instance)
        self.reached, self.highest = plan.least_score / instance.scale, self.floors.highest

    def run(self) -> None:
        """Find the floor, and the best sum under it. Raises Over."""
        values = self.floors.possible(self.reached)
        if values is not None:
            self._step_down(values)
        else:
            self._close_in()

    def stop(self) -> None:
        """Time is over: the plan stays, with the floor that was not ruled out."""
        self.plan = replace(self.plan, status=PlanStatus.STOPPED, least_bound=self.highest * self.instance.scale)

    def _step_down(self, values: Floats) -> None:
        """Where sums can have few values, try them from the highest that the linear programme lets through."""
        low, high = -1, len(values)
        step = len(values) - 1
        relaxed: Relaxed | None = None
        while high - low > 1:
            found = self._relax_at(float(values[step]))
            if found is None:
                high = step
            else:
                low, relaxed = step, found
            step = (low + high) // 2
        for at in range(low, -1, -1):
            self.highest = float(values[at])
            relaxed = relaxed if at == low else self._relax_at(self.highest)
            if relaxed is not None and self._settle(relaxed, self.highest):
                return
        # No floor is above that of the largest sum of all.
        self.highest = self.reached

    def _close_in(self) -> None:
        """Where sums can have any value, halve what is open, then let whole plans settle the rest."""
        relaxed = self._relax_at(self.highest)
        if relaxed is not None and self._settle(relaxed, self.highest):
            return
        low, high = self.reached, self.highest
        for _ in range(HALVINGS if relaxed is None else 0):
            middle = (low + high) / 2
            if self._relax_at(middle) is None:
                high = middle
            else:
                low = middle
        self.highest = high
        usable = self.floors.usable(self.reached)
        for pairs in (self.master.is_in & usable, usable):
            whole = best_floor(self.instance, pairs, (self.reached, self.highest), self.seed, self.master.ends_at)
            if whole.found:
                self._offer(whole.person, whole.event, np.inf)
                usable = self.floors.usable(self.reached)
        self.highest = max(self.reached, min(self.highest, whole.bound))
        relaxed = self._relax_at(self.reached)
        if relaxed is not None:
            self._settle(relaxed, self.reached)

    def _relax_at(self, floor: float) -> Relaxed | None:
        """The largest sum under the floor, shares allowed; None when that rules the floor out."""
        master = self.master
        master.set_floor(floor, self.floors.usable(floor))
        master.aim(scores=True, help_price=HELP)
        relaxed = master.relax()
        if relaxed.is_met:
            return relaxed
        master.aim(scores=False, help_price=1.0)
        if not master.relax().is_met:
            return None
        master.aim(scores=True, help_price=0.0, may_miss=False)
        return master.relax()

    def _settle(self, relaxed: Relaxed, floor: float) -> bool:
        """The best whole plan under the floor; whether there is one."""
        if relaxed.is_whole:
            self._offer(*relaxed.taken(), relaxed.bound)
            return True
        usable = self.floors.usable(floor)
        few = self.master.is_in & usable
        whole = self._best_sum(few, floor)
        left = usable
        if whole.found:
            # A pair whose price takes the bound below the sum reached is in no better plan.
            reached = float(self.instance.scores[whole.person, whole.event].sum()) / self.instance.scale
            self._offer(whole.person, whole.event, relaxed.bound)
            left = usable & (relaxed.prices >= reached - relaxed.bound - SLACK)
        proven = whole if whole.ended and not (left & ~few).any() else self._best_sum(left, floor)
        if proven.found:
            self._offer(proven.person, proven.event, min(relaxed.bound, proven.bound))
        elif whole.found:
            self._offer(whole.person, whole.event, relaxed.bound)
        elif not proven.ended:
            raise Over
        return whole.found or proven.found

    def _best_sum(self, pairs: Bools, floor: float) -> Whole:
        return best_sum(self.instance, pairs, floor - SLACK, self.seed, self.master.ends_at)

    def _offer(self, person: Ints, event: Ints, bound: float) -> None:
        """Keep a plan with a higher floor, or with the same and a larger sum or a better proof."""
        person, event = in_order(person, event)
        least, scale = self.instance.least_score(person, event), self.instance.scale
        if least / scale < self.reached - SLACK:
            return
        self.reached = least / scale
        objective = float(self.instance.scores[person, event].sum())
        bound = max(objective, bound * scale)
        if is_proven(objective, bound):
            bound = objective
        proven = self.highest - self.reached <= SAME_FLOOR and bound == objective
        self.plan = replace(
            self.plan, status=PlanStatus.OPTIMAL if proven else PlanStatus.STOPPED, person=person, event=event,
            objective=objective, bound=bound, least_score=least, least_bound=max(least, self.highest * scale),
        )  # fmt: skip
