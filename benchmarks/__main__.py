"""`make bench`: times of ranking, of pages and of planning, as tables.

Everything runs in one process over a made-up SQLite database in a folder of its own. Each figure is the median of
several runs after a warm-up; 'CPU' is the processor's time alone, which a busy machine does not stretch.
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.measure import Figure
from benchmarks.pages import measure_pages
from benchmarks.planner import print_planner
from benchmarks.ranking import measure_columns, measure_ranking
from benchmarks.reviewers import print_reviewers
from benchmarks.world import World, open_world

HEAD = f"{'':34}{'alumni':>9}{'median ms':>12}{'p95 ms':>10}{'CPU ms':>10}{'KB':>8}"


def main() -> None:
    """Measure each size and print the table, then how pages grow with the size."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Times of ranking and of pages.")
    parser.add_argument("--sizes", default="1000,100000", help="numbers of alumni, with commas between")
    parser.add_argument("--runs", type=int, default=15, help="runs of each page")
    parser.add_argument("--keep", type=Path, help="folder to keep the made-up databases in, to use them again")
    parser.add_argument("--instances", type=Path, help="folder of reviewer-style instances (.npz) to be solved too")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="bsm-bench-") as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for size in sizes:
            world = open_world(folder, size)
            figures += measure_world(world, options.runs)
    print(HEAD)
    for figure in figures:
        print(figure.line())
    if len(sizes) > 1:
        print_ratios(figures, sizes[0], sizes[-1])
    print_reviewers(options.instances)
    print_planner()


def measure_world(world: World, runs: int) -> list[Figure]:
    """All figures of one size."""
    print(f"Measuring with {world.size:,} alumni …", flush=True)
    return [*measure_columns(world), *measure_ranking(world), *measure_pages(world, runs)]


def print_ratios(figures: list[Figure], small: int, large: int) -> None:
    """How many times longer each takes with many people than with few."""
    print(f"\nProcessor's time at {large:,} against {small:,}:")
    by_name = {(figure.name, figure.size): figure for figure in figures}
    for figure in figures:
        if figure.size == small:
            other = by_name[figure.name, large]
            print(f"{figure.name:34}{other.cpu / max(figure.cpu, 1e-6):9.1f} ×")


main()
