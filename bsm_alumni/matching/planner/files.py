"""Instances as files: the two `.npz` forms that `bsm-alumni solve` reads. docs/file-formats.md has their meaning.

A file with `scores` is a reviewer-style instance, one with `pair_session` a programme. A programme that is written and
read again is the same to the last bit.
"""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np

from bsm_alumni.matching.planner.fields import WIDEST, Fields
from bsm_alumni.matching.planner.npz import Array, UnreadableInstance, read_arrays
from bsm_alumni.matching.planner.programme import (
    MAN,
    NOT_KNOWN,
    WOMAN,
    Bools,
    Ints,
    PlanWeights,
    Programme,
)
from bsm_alumni.matching.planner.reviewers import Reviewers

__all__ = ["UnreadableInstance", "read_instance", "write_programme"]

PAIRS = ("pair_session", "pair_slot", "pair_person", "pair_fit")
PEOPLE = ("person_country", "person_region", "person_woman", "person_year_cap", "person_quarter_cap", "person_past")
PLAIN = (*PAIRS, "need", "session_time", "session_quarter", *PEOPLE)
WEIGHTS, DEFAULTS = fields(PlanWeights), PlanWeights()
DEFAULT_REST = 7.0
MOST_PLACES = 99_999
"""The largest number of a country or sub-region, and the most seats of a slot."""


def write_programme(path: Path, programme: Programme) -> None:
    """Write the programme; `fixed`, `kept` and `quarter_used` only where there are any."""
    arrays: dict[str, Array] = {name: np.asarray(getattr(programme, name)) for name in PLAIN}
    arrays["rest_days"] = np.float64(programme.rest_days)  # type: ignore[assignment]
    for weight in WEIGHTS:
        arrays[f"w_{weight.name}"] = np.float64(getattr(programme.weights, weight.name))  # type: ignore[assignment]
    for name in ("fixed", "kept"):
        mask = getattr(programme, name)
        if mask.any():
            arrays[name] = np.column_stack([getattr(programme, pair)[mask] for pair in PAIRS[:3]])
    if programme.quarter_used is not None:
        arrays["quarter_used"] = programme.quarter_used
    with path.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]


def read_instance(path: Path) -> Programme | Reviewers:
    """The instance in the file. Raises UnreadableInstance with all that is wrong, OSError where there is no file."""
    found = Fields(read_arrays(path))
    forms = [name for name in ("scores", "pair_session") if name in found.arrays]
    if len(forms) != 1:
        words = "both" if forms else "neither"
        raise UnreadableInstance(
            (f"A reviewer-style instance has `scores`, a programme has `pair_session`; the file has {words}.",)
        )
    instance = _read_reviewers(found) if forms == ["scores"] else _read_programme(found)
    if found.problems:
        raise UnreadableInstance(tuple(found.problems))
    return instance


def _read_reviewers(found: Fields) -> Reviewers:
    scores, allowed = found.floats("scores", 2), found.bools("allowed", 2)
    need, most = found.ints("need", 1), found.ints("max_load", 1)
    least = found.ints("min_load", 1) if "min_load" in found.arrays else np.zeros(scores.shape[0], dtype=np.int64)
    people, events = scores.shape
    found.agree("scores", {"allowed": ("people × events", scores.shape), "need": ("one an event", (events,))})
    loads = [name for name in ("max_load", "min_load") if name in found.arrays]
    found.agree("scores", dict.fromkeys(loads, ("one a person", (people,))))
    if not found.problems:
        if not np.isfinite(scores[allowed]).all():
            found.complain("scores", "has numbers that are missing or endless where `allowed` says yes")
        if (least > most).any():
            found.complain("min_load", "is over `max_load` for somebody")
    return Reviewers(np.where(allowed, scores, 0.0) if not found.problems else scores, allowed, need, most, least)


def _read_programme(found: Fields) -> Programme:
    session, slot, person = (found.ints(name, 1) for name in PAIRS[:3])
    fit, need = found.finite_floats("pair_fit", 1), found.ints("need", 2, most=MOST_PLACES)
    time, quarter = found.finite_floats("session_time", 1), found.ints("session_quarter", 1, least=-WIDEST)
    country, region = (found.ints(name, 1, least=-1, most=MOST_PLACES) for name in PEOPLE[:2])
    woman = found.ints("person_woman", 1, least=min(NOT_KNOWN, MAN, WOMAN), most=max(NOT_KNOWN, MAN, WOMAN))
    year_cap, quarter_cap, past = (found.ints(name, 1) for name in PEOPLE[3:])
    used = found.ints("quarter_used", 2) if "quarter_used" in found.arrays else None
    weights = {weight.name: found.scalar(f"w_{weight.name}", getattr(DEFAULTS, weight.name)) for weight in WEIGHTS}
    programme = Programme(
        session, slot, person, fit, need, time, quarter, country, region, woman, year_cap, quarter_cap, past,
        found.scalar("rest_days", DEFAULT_REST), PlanWeights(**weights), used,
    )  # fmt: skip
    found.agree("pair_session", dict.fromkeys(PAIRS[1:], ("one a pair", (programme.pairs,))))
    found.agree("need", dict.fromkeys(("session_time", "session_quarter"), ("one a session", (programme.sessions,))))
    found.agree("person_country", dict.fromkeys(PEOPLE[1:], ("one a person", (programme.people,))))
    if used is not None and "session_quarter" not in found.wrong:
        wanted = (programme.people, len(programme.quarters))
        found.agree("person_country", {"quarter_used": ("people × quarters", wanted)})
    _check_pairs(found, programme)
    masks = {name: _read_triples(found, name, programme) for name in ("fixed", "kept") if name in found.arrays}
    return programme if found.problems else replace(programme, **masks)  # type: ignore[arg-type]


def _check_pairs(found: Fields, programme: Programme) -> None:
    """Each pair is of a session, a slot and a person that there are, and is listed once."""
    if not found.wrong.intersection(("need", "person_country", *PAIRS)):
        sizes = (programme.sessions, programme.slots, programme.people)
        for name, size in zip(PAIRS[:3], sizes, strict=True):
            if (getattr(programme, name) >= size).any():
                found.complain(
                    name, f"names number {int(getattr(programme, name).max())}, but there are {size}, from 0"
                )
        if not found.wrong.intersection(PAIRS) and len(np.unique(_keys(programme))) < programme.pairs:
            found.complain("pair_session", "lists one person twice for one slot")


def _keys(programme: Programme) -> Ints:
    """One number for each pair."""
    return programme.pair_cell.astype(np.int64) * programme.people + programme.pair_person


def _read_triples(found: Fields, name: str, programme: Programme) -> Bools:
    """Which pairs the list of (session, slot, person) names.

    What was proposed and cannot be any more is simply not kept; but what is fixed has to be a pair.
    """
    triples = found.ints(name, 2)
    nothing = np.zeros(programme.pairs, dtype=np.bool_)
    if name not in found.wrong and triples.shape[1] != 3:
        found.complain(name, "should have three columns: session, slot and person")
    if found.wrong.intersection((name, "need", "person_country", *PAIRS)):
        return nothing
    there = (triples < (programme.sessions, programme.slots, programme.people)).all(axis=1)
    if not there.all():
        found.complain(name, "names a session, slot or person that is not there")
        return nothing
    wanted = (triples[:, 0] * programme.slots + triples[:, 1]).astype(np.int64) * programme.people + triples[:, 2]
    keys = _keys(programme)
    if name == "fixed" and not np.isin(wanted, keys).all():
        found.complain(name, "has somebody who may not take the slot")
    return np.isin(keys, wanted)
