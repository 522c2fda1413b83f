"""NumPy archives from strangers: only plain arrays, and nothing is allocated before its size is known to be there.

An `.npz` is a zip file of arrays, each with a header that says its shape. A small file can claim an array of any size,
and a zip entry can unpack to any size, so the headers are read first.
"""

import math
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

MOST_BYTES = 4 * 2**30
"""What all arrays of a file may take unpacked."""

Array = NDArray[np.generic]
_HEADERS: dict[tuple[int, int], Callable[..., tuple[tuple[int, ...], bool, np.dtype]]] = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


class UnreadableInstance(ValueError):
    """A file that is not an instance. `problems` says everything that is wrong, in plain words."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def read_arrays(path: Path) -> dict[str, Array]:
    """The arrays of the file by name. Raises UnreadableInstance, or OSError where the file cannot be opened."""
    try:
        with zipfile.ZipFile(path) as archive:
            problems = tuple(_problems(archive))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnreadableInstance((f"{path.name} is not a NumPy archive (.npz).",)) from error
    if problems:
        raise UnreadableInstance(problems)
    try:
        with np.load(path, allow_pickle=False) as loaded:
            return {name: loaded[name] for name in loaded.files}
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError) as error:
        raise UnreadableInstance((f"{path.name} is damaged.",)) from error


def _problems(archive: zipfile.ZipFile) -> list[str]:
    """What speaks against loading the archive."""
    entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        return [f"The arrays take more than {MOST_BYTES // 2**30} GB unpacked."]
    found = []
    if len({entry.filename for entry in entries}) < len(entries):
        found.append("Two arrays have one name.")
    for entry in entries:
        name = entry.filename.removesuffix(".npy")
        if name == entry.filename:
            found.append(f"“{name}” is not a NumPy array.")
            continue
        with archive.open(entry) as stream:
            words = _problem_of(cast(BinaryIO, stream), entry.file_size)
        if words:
            found.append(f"`{name}` {words}.")
    return found


def _problem_of(stream: BinaryIO, size: int) -> str | None:
    """What is wrong with one array of `size` bytes with its header."""
    try:
        header = _HEADERS.get(np.lib.format.read_magic(stream))
        if header is None:
            return "is in a form of NumPy arrays that is not read here"
        shape, _by_column, kind = header(stream)
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error):
        return "is not a NumPy array"
    if kind.hasobject or kind.kind not in "biuf":
        return "holds something else than numbers"
    if min(shape, default=0) < 0 or math.prod(shape) * kind.itemsize != size - stream.tell():
        return f"claims to be {' × '.join(map(str, shape)) or 'one number'}, which is not what the file holds"
    return None
