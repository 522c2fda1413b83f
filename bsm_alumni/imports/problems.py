"""What a careful reader notes beside a value: a code and its details, put into words by `words.py`."""

import dataclasses
from dataclasses import dataclass
from typing import Generic, TypeVar

from bsm_alumni.imports.enums import Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """One remark about one value. `field` is the meaning of its column ('' for the whole row)."""

    code: str
    severity: Severity
    value: str = ""
    field: str = ""
    details: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """A value as understood, with what should be said about it."""

    value: T
    problems: tuple[Problem, ...] = ()


def problem(code: str, severity: Severity, value: str, name: str, **details: object) -> Problem:
    """Make a Problem; every detail is kept as text, so that it can be stored and put into words later."""
    return Problem(code, severity, value, name, {key: str(detail) for key, detail in details.items()})
