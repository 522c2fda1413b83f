"""Planting a leak: a function's source with one place changed, put in for as long as it is looked for."""

import importlib
import inspect
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FunctionType
from typing import Any


@dataclass(frozen=True)
class Mutant:
    """``where`` is 'module:function' or 'module:Class.function' below bsm_alumni; ``old`` stands there once."""

    name: str
    where: str
    old: str
    new: str


def function_of(where: str) -> FunctionType:
    """The function itself, without what its decorators made of it."""
    module, _colon, path = where.partition(":")
    found: Any = importlib.import_module(f"bsm_alumni.{module}")
    for part in path.split("."):
        found = getattr(found, part)
    found = inspect.unwrap(found)
    assert isinstance(found, FunctionType)
    return found


def changed_code(mutant: Mutant) -> FunctionType:
    """The function as the mutant has it."""
    function = function_of(mutant.where)
    lines = textwrap.dedent(inspect.getsource(function))
    source = lines[lines.index("def ") :]
    assert source.count(mutant.old) == 1, f"{mutant.name}: {source.count(mutant.old)} places in {mutant.where}"
    scope: dict[str, Any] = {}
    code = compile(source.replace(mutant.old, mutant.new), f"<{mutant.name}>", "exec")
    exec(code, function.__globals__, scope)  # noqa: S102
    changed = scope[function.__name__]
    assert isinstance(changed, FunctionType)
    return changed


@contextmanager
def planted(mutant: Mutant) -> Iterator[None]:
    """Whoever calls the function, under whatever name, calls the mutant meanwhile."""
    function, changed = function_of(mutant.where), changed_code(mutant)
    kept = function.__code__
    function.__code__ = changed.__code__
    try:
        yield
    finally:
        function.__code__ = kept
