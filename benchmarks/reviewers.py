"""Reviewer-style instances: the largest sum and the best for the worst off, proven, in medians of five runs.

`python -m benchmarks.reviewers --instances FOLDER` measures the `.npz` files in the folder too; the two that the goals
speak of are preflib3 (146 people, 176 events) and aamas2016 (161 people, 442 events).
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bsm_alumni.matching.planner.files import read_instance
from bsm_alumni.matching.planner.plan import PlanStatus
from bsm_alumni.matching.planner.reviewers import ReviewerPlan, Reviewers
from bsm_alumni.matching.planner.reviewers_fair import solve_fair
from bsm_alumni.matching.planner.reviewers_sum import solve_sum

RUNS = 5
WANTED = ("preflib3", "aamas2016")
HEAD = (
    f"{'reviewer-style instance':30}{'people':>8}{'events':>8} {'aim':5}{'build ms':>10}{'solve ms':>10}{'CPU ms':>9}"
    f"{'sum':>12}{'worst off':>11}{'gap':>9}  status"
)


@dataclass(frozen=True)
class Row:
    """Medians over the runs in seconds, and what the plan is worth."""

    name: str
    instance: Reviewers
    aim: str
    build: float
    solve: float
    cpu: float
    plan: ReviewerPlan

    def line(self) -> str:
        """The row of the table."""
        times = f"{self.build * 1000:>10.1f}{self.solve * 1000:>10.1f}{self.cpu * 1000:>9.1f}"
        worth = f"{self.plan.objective:>12.3f}{self.plan.least_score:>11.4f}{self.plan.gap:>9.1%}"
        size = f"{self.instance.people:>8}{self.instance.events:>8}"
        return f"{self.name:30}{size} {self.aim:5}{times}{worth}  {self.plan.status.value}"


def random_instance(people: int, events: int, most: int, seed: int = 0) -> Reviewers:
    """Three people an event, scores of any value, one pair in twenty barred."""
    random = np.random.default_rng(seed)
    scores, allowed = random.random((people, events)), random.random((people, events)) < 0.95
    loads = np.full(people, most)
    return Reviewers(np.where(allowed, scores, 0.0), allowed, np.full(events, 3), loads, loads * 0)


def instances(folder: Path | None) -> Iterator[tuple[str, Reviewers]]:
    """Those of the folder, then the random ones: with loads to spare, and with almost none."""
    for path in sorted(folder.glob("*.npz")) if folder else ():
        instance = read_instance(path)
        if isinstance(instance, Reviewers):
            yield path.stem, instance
    yield "random, 6 each at most", random_instance(500, 600, 6)
    yield "random, 4 each at most", random_instance(500, 600, 4)


def measure_reviewers(folder: Path | None) -> Iterator[Row]:
    """Each instance with both aims. Says so when a plan is not proven."""
    for name, instance in instances(folder):
        for aim, solve in (("sum", solve_sum), ("fair", solve_fair)):
            row = measure(name, instance, aim, solve)
            if row.plan.status is not PlanStatus.OPTIMAL:
                print(f"{name}, {aim}: not proven ({row.plan.status.value}).")
            yield row


def measure(name: str, instance: Reviewers, aim: str, solve: Callable[[Reviewers], ReviewerPlan]) -> Row:
    """One unmeasured run, then five; each on an instance that remembers nothing."""
    solve(instance)
    plans, cpus = [], []
    for _ in range(RUNS):
        fresh = Reviewers(instance.scores, instance.allowed, instance.need, instance.max_load, instance.min_load)
        began = time.process_time()
        plans.append(solve(fresh))
        cpus.append(time.process_time() - began)
    build, solving = (statistics.median(getattr(plan.seconds, part) for plan in plans) for part in ("build", "solve"))
    return Row(name, instance, aim, build, solving, statistics.median(cpus), plans[0])


def print_reviewers(folder: Path | None) -> None:
    """Measure and print the table."""
    if folder is None or not any((folder / f"{name}.npz").exists() for name in WANTED):
        where = "no folder is given" if folder is None else f"{folder} has neither"
        print(f"\n{' and '.join(WANTED)} are left out: {where} (--instances FOLDER).")
    print(f"\n{HEAD}")
    for row in measure_reviewers(folder):
        print(row.line(), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reviewers", description="Reviewer-style instances.")
    parser.add_argument("--instances", type=Path, help="folder of .npz files")
    print_reviewers(parser.parse_args().instances)
