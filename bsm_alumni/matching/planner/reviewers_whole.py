"""Whole-numbered plans under a floor, by HiGHS's branch and cut over a given set of pairs."""

import time
from dataclasses import dataclass

import highspy
import numpy as np

from bsm_alumni.matching.planner.programme import Bools, Floats, Ints
from bsm_alumni.matching.planner.reviewers import Reviewers
from bsm_alumni.matching.planner.reviewers_master import INFINITE, Over
from bsm_alumni.matching.planner.solver import open_highs


@dataclass(frozen=True, slots=True)
class Whole:
    """The best plan found over the pairs given, None when there is none, and what none of them exceeds.

    `ended` says that the search ended by itself: then `bound` is the value of the plan, or there is no plan.
    """

    person: Ints
    event: Ints
    found: bool
    bound: float
    ended: bool


def best_sum(instance: Reviewers, pairs: Bools, floor: float, seed: int, ends_at: float) -> Whole:
    """The largest sum of scaled scores in which each event has `floor` at least. Raises Over before a search begins."""
    return _search(instance, pairs, (floor, floor), seed, ends_at)


def best_floor(instance: Reviewers, pairs: Bools, floors: tuple[float, float], seed: int, ends_at: float) -> Whole:
    """The plan with the highest floor from the first to the second of `floors`."""
    return _search(instance, pairs, floors, seed, ends_at)


def _search(instance: Reviewers, pairs: Bools, floors: tuple[float, float], seed: int, ends_at: float) -> Whole:
    """The floor is a column of its own, and what is aimed for where it may move."""
    person, event = np.nonzero(pairs)
    scores = instance.scaled[person, event]
    count, events, people = len(person), instance.events, instance.people
    asks = np.flatnonzero(instance.need > 0)
    moves = floors[0] < floors[1]
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_, lp.sense_ = count + 1, 2 * events + people, highspy.ObjSense.kMaximize
    lp.col_cost_ = np.append(np.zeros(count) if moves else scores, float(moves))
    lp.col_lower_ = np.append(np.zeros(count), floors[0])
    lp.col_upper_ = np.append(np.ones(count), floors[1])
    # An event that asks for nobody has no floor.
    no_floor = np.where(instance.need > 0, 0.0, -INFINITE)
    lp.row_lower_ = np.concatenate((instance.need, instance.min_load, no_floor)).astype(np.float64)
    lp.row_upper_ = np.concatenate((instance.need, instance.max_load, np.full(events, INFINITE))).astype(np.float64)
    matrix = lp.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kColwise
    matrix.num_col_, matrix.num_row_ = lp.num_col_, lp.num_row_
    matrix.start_ = np.append(3 * np.arange(count + 1), 3 * count + len(asks))
    rows = np.column_stack((event, events + person, events + people + event)).ravel()
    matrix.index_ = np.concatenate((rows, events + people + asks))
    values = np.column_stack((np.ones(count), np.ones(count), scores)).ravel()
    matrix.value_ = np.concatenate((values, -np.ones(len(asks))))
    lp.integrality_ = [highspy.HighsVarType.kInteger] * count + [highspy.HighsVarType.kContinuous]
    left = ends_at - time.perf_counter()
    if left <= 0:
        raise Over
    highs = open_highs(seed)
    for name, value in (("mip_rel_gap", 0.0), ("mip_abs_gap", 1e-9), ("time_limit", left)):
        highs.setOptionValue(name, value)
    highs.passModel(lp)
    highs.run()
    return _answer(highs, person, event)


def _answer(highs: highspy.Highs, person: Ints, event: Ints) -> Whole:
    status, info = highs.getModelStatus(), highs.getInfo()
    ended = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
    if not ended and status != highspy.HighsModelStatus.kTimeLimit:
        raise RuntimeError(f"HiGHS ends with {highs.modelStatusToString(status)}.")
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values: Floats = np.array(highs.getSolution().col_value[:-1] if found else np.zeros(len(person)))
    bound = -np.inf if ended and not found else float(info.mip_dual_bound)
    return Whole(person[values > 0.5], event[values > 0.5], found, bound, ended)
