"""The arrays of an instance taken out by name, each checked as it is taken; every problem is kept, in plain words."""

from dataclasses import dataclass, field

import numpy as np

from bsm_alumni.matching.planner.npz import Array
from bsm_alumni.matching.planner.programme import Bools, Floats, Ints

WIDEST = 2**31
"""Whole numbers from here on are not meant."""
FORMS = {1: "a list", 2: "a table"}


@dataclass
class Fields:
    """What is left of the arrays, and what was wrong with those taken so far.

    A field that is wrong comes back as an array of zeros of the right form, so that the others can be checked too.
    """

    arrays: dict[str, Array]
    problems: list[str] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)

    def complain(self, name: str, words: str) -> None:
        """Keep a problem of the field."""
        self.problems.append(f"`{name}` {words}.")
        self.wrong.add(name)

    def ints(self, name: str, dimensions: int, least: int = 0, most: int = WIDEST - 1) -> Ints:
        """Whole numbers from `least` to `most`; int32 and int64 stay as they are."""
        array = self._take(name, dimensions, "iu", "whole numbers")
        if name not in self.wrong and array.size and not (least <= array.min() and array.max() <= most):  # type: ignore[operator]
            limits = f"under {least}" if array.min() < least else f"over {most}"  # type: ignore[operator]
            self.complain(name, f"has numbers {limits}")
            return np.zeros(array.shape, dtype=np.int64)
        return array if array.dtype in (np.int32, np.int64) else array.astype(np.int64)  # type: ignore[return-value]

    def floats(self, name: str, dimensions: int) -> Floats:
        """Numbers; what is not finite is left to the caller."""
        return self._take(name, dimensions, "iuf", "numbers").astype(np.float64)

    def finite_floats(self, name: str, dimensions: int) -> Floats:
        """Finite numbers."""
        array = self.floats(name, dimensions)
        if not np.isfinite(array).all():
            self.complain(name, "has numbers that are missing or endless")
            return np.zeros(array.shape)
        return array

    def bools(self, name: str, dimensions: int) -> Bools:
        """Yes and no; 0 and 1 will do."""
        array = self._take(name, dimensions, "biu", "yes and no")
        if not np.isin(array, (0, 1)).all():
            self.complain(name, "should hold yes and no")
        return array.astype(np.bool_)

    def scalar(self, name: str, default: float) -> float:
        """One number of 0 or more; the default where the field is missing."""
        array = self.arrays.get(name)
        if array is None:
            return default
        if array.size != 1 or array.dtype.kind not in "iuf" or not 0 <= float(array.reshape(-1)[0]) < np.inf:
            self.complain(name, "should be one number, 0 or more")
            return default
        return float(array.reshape(-1)[0])

    def agree(self, leader: str, sizes: dict[str, tuple[str, tuple[int, ...]]]) -> None:
        """Complain of each field that is not as large (in words, and shape) as the leading field says it should be."""
        for name, (words, wanted) in sizes.items():
            found = self.arrays[name].shape if name in self.arrays else ()
            if not self.wrong.intersection((leader, name)) and found != wanted:
                self.complain(name, f"should have {_times(wanted)} entries ({words}), it has {_times(found)}")

    def _take(self, name: str, dimensions: int, kinds: str, words: str) -> Array:
        array = self.arrays.get(name)
        if array is None:
            self.complain(name, "is missing")
        elif array.ndim != dimensions:
            self.complain(name, f"should be {FORMS[dimensions]} of {words}")
        elif array.size and array.dtype.kind not in kinds:
            self.complain(name, f"should hold {words}")
        else:
            return array
        return np.zeros((0,) * dimensions, dtype=np.int64)


def _times(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))
