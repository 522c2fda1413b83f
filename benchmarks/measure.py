"""Running something several times and saying how long it took."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """Times in seconds, of the wall clock (median, 95th percentile) and of the processor; size of an answer."""

    name: str
    size: int
    median: float
    p95: float
    cpu: float
    kb: float | None = None

    def line(self) -> str:
        """The figure as a row of the table."""
        kb = "" if self.kb is None else f"{self.kb:.0f}"
        times = "".join(f"{value * 1000:>{width}.1f}" for value, width in ((self.median, 12), (self.p95, 10)))
        return f"{self.name:34}{self.size:>9,}{times}{self.cpu * 1000:>10.1f}{kb:>8}"


def measure(name: str, size: int, work: Callable[[], object], runs: int, warm: int = 2) -> Figure:
    """Do the work `warm` times unmeasured, then `runs` times."""
    for _ in range(warm):
        work()
    walls, cpus = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    walls.sort()
    at_95 = walls[min(len(walls) - 1, round(0.95 * (len(walls) - 1)))]
    return Figure(name, size, statistics.median(walls), at_95, statistics.median(cpus))
