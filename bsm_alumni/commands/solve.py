"""`solve`: a plan for an instance in a file. It needs no database and no settings."""

import json
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bsm_alumni.matching.planner.plan import Limits
    from bsm_alumni.matching.planner.programme import Programme
    from bsm_alumni.matching.planner.reviewers import Reviewers

SUM, FAIR = "sum", "fair"
MOST_REASONS = 20


@click.command("solve")
@click.argument("instance", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--output", "-o", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="File for the plan (JSON).",
)  # fmt: skip
@click.option(
    "--objective", default=SUM, show_default=True, type=click.Choice((SUM, FAIR)),
    help="The largest sum of scores, or first the best for the event that is worst off. Not for programmes.",
)  # fmt: skip
@click.option(
    "--seconds", default=60.0, show_default=True, type=click.FloatRange(0, min_open=True),
    help="Stop after as many, with the best plan so far.",
)  # fmt: skip
def solve(instance: Path, output: Path, objective: str, seconds: float) -> None:
    """Plan the instance in the file INSTANCE (.npz): who takes which seat, and how good any plan could be.

    INSTANCE is a reviewer-style instance (scores, need, loads) or a programme (eligible pairs, rules, weights). Where
    not everything that is asked can be met, the plan that comes nearest is written and the exit code is 1.
    """
    # NumPy and the solver load only for those who plan.
    from bsm_alumni.matching.planner.files import UnreadableInstance, read_instance
    from bsm_alumni.matching.planner.plan import Limits
    from bsm_alumni.matching.planner.programme import Programme

    if math.isnan(seconds):
        raise click.UsageError("--seconds is a number above 0.")
    began = time.perf_counter()
    try:
        read = read_instance(instance)
    except UnreadableInstance as error:
        raise click.ClickException(f"{instance.name} cannot be read.\n{_few(error.problems)}") from error
    except (OSError, MemoryError) as error:
        raise click.ClickException(f"{instance.name} cannot be read ({error}).") from error
    if isinstance(read, Programme) and objective == FAIR:
        raise click.UsageError("A programme is planned for the smallest cost; --objective fair is for scores.")
    work = _solve_programme if isinstance(read, Programme) else _solve_reviewers
    document, problems = work(read, Limits(seconds=seconds), objective, began)  # type: ignore[arg-type]
    try:
        output.write_text(json.dumps(document, allow_nan=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written ({error.strerror}).") from error
    click.echo(_summary(document))
    if document["status"] == "infeasible":
        raise click.ClickException(f"Not everything that is asked can be met.\n{_few(problems)}")


def _solve_reviewers(
    instance: "Reviewers", limits: "Limits", objective: str, began: float
) -> tuple[dict[str, Any], tuple[str, ...]]:
    from bsm_alumni.matching.planner.reviewers_fair import solve_fair
    from bsm_alumni.matching.planner.reviewers_sum import solve_sum

    read = time.perf_counter() - began
    plan = (solve_fair if objective == FAIR else solve_sum)(instance, limits)
    document = {
        "status": plan.status.value,
        "objective": plan.objective,
        "bound": _number(plan.bound),
        "gap": _number(plan.gap),
        "seconds": {
            "build": read + plan.seconds.build, "solve": plan.seconds.solve, "total": time.perf_counter() - began,
        },
        "filled": len(plan.event),
        "asked": instance.asked,
        "min_event_score": plan.least_score,
        "assignments": [
            [event, 0, person] for event, person in zip(plan.event.tolist(), plan.person.tolist(), strict=True)
        ],
    }  # fmt: skip
    return document, plan.problems


def _solve_programme(
    programme: "Programme", limits: "Limits", _objective: str, began: float
) -> tuple[dict[str, Any], tuple[str, ...]]:
    import numpy as np

    from bsm_alumni.matching.planner.programme import violations
    from bsm_alumni.matching.planner.solve import plan_programme

    read = time.perf_counter() - began
    plan = plan_programme(programme, limits)
    session, slot, person = (
        getattr(programme, name)[plan.chosen] for name in ("pair_session", "pair_slot", "pair_person")
    )
    scores = np.bincount(session, weights=programme.pair_fit[plan.chosen], minlength=programme.sessions)
    document = {
        "status": plan.status.value,
        "objective": plan.objective,
        "bound": _number(plan.bound),
        "gap": _number(plan.gap),
        "seconds": {"build": read, "solve": plan.seconds, "total": time.perf_counter() - began},
        "filled": len(plan.chosen),
        "asked": programme.asked,
        "min_event_score": float(scores[programme.seats_of > 0].min()) if programme.asked else 0.0,
        "assignments": sorted(map(list, zip(session.tolist(), slot.tolist(), person.tolist(), strict=True))),
    }
    return document, tuple(violations(programme, plan.chosen))


def _number(value: float) -> float | None:
    """JSON has no number without end: nothing is known then."""
    return value if math.isfinite(value) else None


def _few(reasons: tuple[str, ...]) -> str:
    more = [f"… and {len(reasons) - MOST_REASONS} more."] if len(reasons) > MOST_REASONS else []
    return "\n".join([*reasons[:MOST_REASONS], *more])


def _summary(document: dict[str, Any]) -> str:
    gap = "" if document["gap"] is None else f", gap {document['gap']:.4%}"
    seats = f"{document['filled']} of {document['asked']} seats"
    took = f"{document['seconds']['solve']:.3f} s of solving"
    return f"{document['status']}: {seats}, objective {document['objective']:.6g}{gap}, {took}."
