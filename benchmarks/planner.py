"""How long planning takes, how near to the proven bound it comes, what a decline costs; medians of five runs.

Programmes are made in memory (`benchmarks.programmes`), each run with a seed of its own. 'Solve' is the time without
making the pairs. Run alone: `python -m benchmarks.planner`.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.programmes import contended_programme, random_programme
from bsm_alumni.matching.planner.moves import refill
from bsm_alumni.matching.planner.plan import Limits, Plan
from bsm_alumni.matching.planner.programme import Programme, violations
from bsm_alumni.matching.planner.solve import plan_programme

RUNS = 5
NAMES = ("pairs", "build s", "solve s", "CPU s", "gap %", "filled", "MB")
WIDTHS = (12, 9, 9, 8, 9, 8, 7)
FORMS = (",.0f", ".2f", ".2f", ".2f", ".4f", ".0f", ".0f")


@dataclass(frozen=True)
class Case:
    """A size, the time it may take and the gap that is asked for."""

    sessions: int
    people: int
    seconds: float
    gap: float


CASES = (
    Case(50, 1_000, 10, 0.0),
    Case(500, 5_000, 30, 0.001),
    Case(500, 20_000, 30, 0.001),
    Case(500, 100_000, 60, 0.001),
    Case(500, 1_000, 15, 0.003),
    Case(500, 1_000, 60, 0.0),
    Case(2_000, 5_000, 60, 0.005),
)


def measure(case: Case, seed: int) -> tuple[float, ...]:
    """One run: pairs, seconds of building, of solving, of processor, gap, seats filled, megabytes at most."""
    began = time.perf_counter()
    make = contended_programme if case.people == 1_000 and case.sessions == 500 else random_programme
    programme = make(case.sessions, case.people, seed=seed)
    built, cpu = time.perf_counter() - began, time.process_time()
    plan = plan_programme(programme, Limits(seconds=case.seconds, gap=case.gap))
    cpu = time.process_time() - cpu
    if broken := violations(programme, plan.chosen):
        raise SystemExit(f"A plan breaks rules: {broken[:3]}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return programme.pairs, built, plan.seconds, cpu, plan.gap * 100, len(plan.chosen), memory


def measure_decline(sessions: int, people: int, seed: int) -> tuple[float, float, int, float]:
    """Milliseconds to the refill, seconds of a re-plan, how many others it moves, its gap in per cent."""
    programme = random_programme(sessions, people, seed=seed)
    plan = plan_programme(programme, Limits(seconds=60, gap=0.001))
    gone = int(plan.chosen[len(plan.chosen) // 2])
    left = plan.chosen[plan.chosen != gone]
    barred = np.zeros(programme.pairs, dtype=np.bool_)
    barred[gone] = True
    began = time.perf_counter()
    best = refill(programme, left, int(programme.pair_cell[gone]), barred)
    refilled = (time.perf_counter() - began) * 1_000
    again, start = after_decline(programme, plan, gone, best[0].pair)
    planned = plan_programme(again, Limits(seconds=60, gap=0.0), start=start)
    kept = set(np.flatnonzero(~barred)[planned.chosen].tolist())
    return refilled, planned.seconds, len(set(left.tolist()) - kept), planned.gap * 100


def after_decline(programme: Programme, plan: Plan, gone: int, instead: int) -> tuple[Programme, np.ndarray]:
    """The programme without the pair that is gone, the others worth keeping, and the refilled plan to begin with."""
    mask = np.ones(programme.pairs, dtype=np.bool_)
    mask[gone] = False
    kept = np.zeros(programme.pairs, dtype=np.bool_)
    kept[plan.chosen] = True
    chosen = np.append(plan.chosen[plan.chosen != gone], instead)
    start = np.searchsorted(np.flatnonzero(mask), np.sort(chosen))
    return replace(programme, kept=kept).with_pairs(mask), start


def print_planner(runs: int = RUNS) -> None:
    """The table of sizes and the table of declines. Each run is a process of its own, so that memory is its own."""
    names = (name.rjust(width) for name, width in zip(NAMES, WIDTHS, strict=True))
    print("\nsessions × alumni".ljust(23) + "".join(names))
    for number, case in enumerate(CASES):
        rows = [_run("size", number, seed) for seed in range(1, runs + 1)]
        medians = [statistics.median(column) for column in zip(*rows, strict=True)]
        name = f"{case.sessions} × {case.people:,}"
        texts = (format(value, form) for value, form in zip(medians, FORMS, strict=True))
        figures = "".join(text.rjust(width) for text, width in zip(texts, WIDTHS, strict=True))
        print(f"{name:22}{figures}", flush=True)
    rows = [_run("decline", 0, seed) for seed in range(1, runs + 1)]
    refilled, seconds, moved, gap = (statistics.median(column) for column in zip(*rows, strict=True))
    most = max(row[2] for row in rows)
    print(f"A decline in 500 × 5,000: refill {refilled:.1f} ms, re-plan {seconds:.2f} s (gap {gap:.4f} %),")
    print(f"{moved:.0f} others moved, {most:.0f} at most")


def _run(kind: str, number: int, seed: int) -> list[float]:
    command = [sys.executable, "-m", "benchmarks.planner", "--one", kind, str(number), str(seed)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return [float(value) for value in answer.stdout.split()]


def main() -> None:
    """Print the tables, or do the one run that a parent process asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.planner", description="Times and gaps of planning.")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--one", nargs=3, metavar=("KIND", "NUMBER", "SEED"), help="one run, its figures on one line")
    options = parser.parse_args()
    if not options.one:
        print_planner(options.runs)
        return
    kind, number, seed = options.one[0], int(options.one[1]), int(options.one[2])
    print(*(measure(CASES[number], seed) if kind == "size" else measure_decline(500, 5_000, seed)))


if __name__ == "__main__":
    main()
