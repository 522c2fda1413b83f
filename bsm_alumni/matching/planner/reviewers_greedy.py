"""What can be said of a reviewer-style instance without solving it. Pure NumPy."""

import numpy as np

from bsm_alumni.matching.planner.programme import Floats, Ints
from bsm_alumni.matching.planner.reviewers import Reviewers
from bsm_alumni.matching.planner.reviewers_relaxed import in_order


def fill_by_greed(instance: Reviewers) -> tuple[Ints, Ints]:
    """Person and event of seats taken event by event, those with the fewest candidates to spare first."""
    left = instance.max_load.astype(np.int64)
    people, events = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for event in np.argsort(instance.allowed.sum(axis=0) - instance.need, kind="stable"):
        free = np.flatnonzero(instance.allowed[:, event] & (left > 0))
        best = free[np.argsort(-instance.scores[free, event], kind="stable")][: instance.need[event]]
        left[best] -= 1
        people.append(best)
        events.append(np.full(len(best), event))
    return in_order(np.concatenate(people), np.concatenate(events))


def top_scores(instance: Reviewers) -> Floats:
    """[places × events]: the largest scores of each event in descending order, −∞ where there are no more people."""
    places = min(int(instance.need.max(initial=0)), instance.people)
    scores = np.where(instance.allowed, instance.scores, -np.inf)
    top = np.partition(scores, instance.people - places, axis=0)[instance.people - places :]
    return -np.sort(-top, axis=0)


def best_sums(instance: Reviewers) -> Floats:
    """The largest sum each event could have, were it alone; −∞ where it has too few candidates."""
    top = top_scores(instance)
    places = np.arange(len(top))[:, None] < instance.need
    sums = np.where(places, top, 0.0).sum(axis=0)
    return np.where(instance.need > len(top), -np.inf, sums)
