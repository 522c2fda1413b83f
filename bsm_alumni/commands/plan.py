"""`plan`: who takes which seat over a period, with a proof of how good that is; as proposals when asked to."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bsm_alumni.commands.base import print_json, with_app

if TYPE_CHECKING:
    from bsm_alumni.matching.planner.plan import Plan
    from bsm_alumni.planning.building import PlannedProgramme

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("plan")
@click.option("--from", "first", required=True, type=DAY, metavar="DATE", help="First day, as 2027-01-31.")
@click.option("--to", "last", required=True, type=DAY, metavar="DATE", help="Last day.")
@click.option("--series", type=int, help="Number of a series: its sessions alone.")
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(0.0, 3600.0), help="Time to plan in.")
@click.option("--apply", "apply_it", is_flag=True, help="Propose the people, all or nobody; no mail is sent.")
@click.option("--export", "instance", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="Write what was to be planned for `solve`.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@with_app
def plan(
    first: datetime,
    last: datetime,
    series: int | None,
    seconds: float,
    apply_it: bool,
    instance: Path | None,
    as_json: bool,
) -> None:
    """Plan who takes the seats of all sessions to come from one day to another."""
    from bsm_alumni.database import begin_reading, begin_writing
    from bsm_alumni.events.queries import find_series
    from bsm_alumni.extensions import db, utc_now
    from bsm_alumni.matching.planner.plan import Limits, PlanStatus
    from bsm_alumni.matching.planner.solve import plan_programme
    from bsm_alumni.matching.queries import names_for
    from bsm_alumni.planning.applying import apply_plan
    from bsm_alumni.planning.building import build_programme
    from bsm_alumni.planning.queries import plan_weights_of
    from bsm_alumni.planning.weights import as_plan_weights
    from bsm_alumni.web.errors import Refused

    if last < first:
        raise click.BadParameter("The last day is before the first.", param_hint="--to")
    if series is not None and find_series(series) is None:
        raise LookupError(f"There is no series {series}.")
    # Planning takes a while and only reads: nobody waits for it.
    db.session.rollback()
    begin_reading()
    weights = as_plan_weights(plan_weights_of(series))
    planned = build_programme(first.date(), last.date(), utc_now(), series_id=series, weights=weights)
    if instance is not None:
        _write(instance, planned)
    db.session.rollback()
    answer = plan_programme(planned.programme, Limits(seconds=seconds))
    if answer.status is PlanStatus.INFEASIBLE:
        raise Refused("What was accepted breaks the rules already; no plan can keep them.")
    document = document_of(planned, answer)
    if apply_it:
        db.session.rollback()
        begin_writing()
        done = apply_plan(planned, answer.chosen)
        document["applied"] = {"proposed": len(done.proposed), "kept": done.kept, "given_up": done.given_up}
    if as_json:
        print_json(document)
    else:
        titles = names_for((), planned.event_ids).events
        _print(document, {event_id: titles[event_id] for event_id in planned.event_ids})


def _write(path: Path, planned: "PlannedProgramme") -> None:
    from bsm_alumni.matching.planner.files import write_programme

    try:
        write_programme(path, planned.programme)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from error


def document_of(planned: "PlannedProgramme", answer: "Plan") -> dict[str, Any]:
    """The plan as other programs read it."""
    from bsm_alumni.access.viewer import SYSTEM
    from bsm_alumni.matching.queries import people_named
    from bsm_alumni.planning.building import unfilled_of, why_unfilled
    from bsm_alumni.planning.words import short_words

    rows = seat_rows(planned, answer)
    people = people_named(SYSTEM, {row["alumnus"] for row in rows})
    for row in rows:
        row["name"] = people[row["alumnus"]].display_name if row["alumnus"] in people else ""
    return {
        "status": answer.status.value,
        "objective": round(answer.objective, 6),
        # Before anything is proved there is no bound, and JSON has no word for the endless.
        "bound": round(answer.bound, 6) if isfinite(answer.bound) else None,
        "gap": round(answer.gap, 8) if isfinite(answer.bound) else None,
        "seconds": round(answer.seconds, 3),
        "seats": {"asked": planned.asked, "filled": len(rows)},
        "assignments": rows,
        "unfilled": [
            {
                "event": planned.event_ids[planned.place_of[slot_id][0]],
                "slot": slot_id,
                "missing": missing,
                "why": "; ".join(words.rstrip(".") for words in short_words(counts)) + ".",
                "counts": counts,
            }
            for slot_id, missing in unfilled_of(planned, answer.chosen)
            for counts in [why_unfilled(planned, answer.chosen, slot_id)]
        ],
    }


def seat_rows(planned: "PlannedProgramme", answer: "Plan") -> list[dict[str, Any]]:
    """Every seat taken, by session, slot and seat: those who hold one keep it, the others get the lowest free ones."""
    fits = planned.programme.pair_fit[answer.chosen].tolist()
    people: defaultdict[tuple[int, int], dict[int, float]] = defaultdict(dict)
    for (event_id, slot_id, alumnus_id), fit in zip(planned.ids_of(answer.chosen), fits, strict=True):
        people[event_id, slot_id][alumnus_id] = round(fit, 2)
    for holder in planned.settled:
        event_id = planned.event_ids[planned.place_of[holder.slot_id][0]]
        people[event_id, holder.slot_id][holder.alumnus_id] = round(planned.fit(holder.slot_id, holder.alumnus_id), 2)
    order = {event_id: i for i, event_id in enumerate(planned.event_ids)}
    rows = []
    for event_id, slot_id in sorted(people, key=lambda key: (order[key[0]], planned.place_of[key[1]][1])):
        score = people[event_id, slot_id]
        seats = planned.number_seats(slot_id, score)
        rows += [
            {"event": event_id, "slot": slot_id, "seat": seat, "alumnus": alumnus_id, "score": score[alumnus_id]}
            for alumnus_id, seat in sorted(seats.items(), key=lambda item: item[1])
        ]
    return rows


def _print(document: dict[str, Any], titles: Mapping[int, str]) -> None:
    seats = document["seats"]
    click.echo(f"{seats['filled']} of {seats['asked']} seats are filled.")
    proof = "nothing is proved yet"
    if document["bound"] is not None:
        proof = f"no plan costs less than {document['bound']:.1f} (gap {document['gap']:.3%})"
    click.echo(f"It costs {document['objective']:.1f} points; {proof}; {document['seconds']:.1f} s.")
    lines: defaultdict[int, list[str]] = defaultdict(list)
    for row in document["assignments"]:
        lines[row["event"]].append(f"  slot {row['slot']}, seat {row['seat']}: {row['name']}, fit {row['score']:.0f}")
    for row in document["unfilled"]:
        lines[row["event"]].append(f"  slot {row['slot']}: {row['missing']} free. {row['why']}")
    for event_id, title in titles.items():
        click.echo("\n".join([f"{event_id}  {title}", *lines[event_id]]))
    if "applied" in document:
        done = document["applied"]
        click.echo(
            f"{done['proposed']} proposed, {done['kept']} kept, {done['given_up']} taken back. "
            "Nobody was invited: look at the proposals, then invite."
        )
