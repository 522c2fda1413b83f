"""`rank`: the best people for a slot, and why a named one is not among them."""

from typing import Any

import click

from bsm_alumni.commands.base import print_json, with_app


@click.command("rank")
@click.argument("event", type=int)
@click.option(
    "--slot", type=int, help="Number of the slot, or its place in the event; else the first with a free seat."
)
@click.option("--top", default=10, show_default=True, type=click.IntRange(1, 1000), help="How many people.")
@click.option("--why", metavar="NAME_OR_ID", help="Say which rules exclude the people named so.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@with_app
def rank(event: int, slot: int | None, top: int, why: str | None, as_json: bool) -> None:
    """Rank alumni for a slot of the event with the number EVENT."""
    from bsm_alumni.access.viewer import SYSTEM
    from bsm_alumni.events.queries import get_event
    from bsm_alumni.extensions import utc_now
    from bsm_alumni.matching.queries import find_next_slot, find_slot, ids_named
    from bsm_alumni.matching.service import look_at, rank_slot

    get_event(event)
    chosen = find_slot(event, slot) if slot is not None else find_next_slot(event)
    if chosen is None:
        raise LookupError(f"Event {event} has no slot{f' {slot}' if slot else ''}.")
    now = utc_now()
    shortlist = rank_slot(SYSTEM, chosen, now, top)
    named = look_at(SYSTEM, chosen, ids_named(SYSTEM, why.strip(), 10), now) if why else []
    if why and not named:
        raise LookupError(f"Nobody in the registry is called “{why}”.")
    document: dict[str, Any] = {
        "event": event,
        "slot": chosen.id,
        "total": shortlist.total,
        "eligible": shortlist.eligible,
        "funnel": [{"rule": step.rule.value, "words": step.name, "removed": step.removed} for step in shortlist.funnel],
        "candidates": [_candidate(row) for row in shortlist.rows],
        "excluded": [
            {
                "alumnus": row.alumnus.id,
                "name": row.alumnus.display_name,
                "rule": row.exclusions[0].rule.value,
                "words": row.exclusions[0].words,
                "also": [item.rule.value for item in row.exclusions[1:]],
            }
            for row in named
            if row.exclusions
        ],
        "named": [_candidate(row) for row in named if not row.exclusions],
    }
    if as_json:
        print_json(document)
    else:
        _print(document)


def _candidate(row: Any) -> dict[str, Any]:
    return {
        "alumnus": row.alumnus.id,
        "name": row.alumnus.display_name,
        "rank": row.rank,
        "score": round(row.score * 100, 2),
        "words": row.sentence,
        "reasons": [
            {"reason": bar.reason.value, "value": round(bar.value, 4), "weight": bar.weight, "words": bar.words}
            for bar in row.bars
        ],
    }


def _print(document: dict[str, Any]) -> None:
    click.echo(f"{document['eligible']} of {document['total']} people can be asked.")
    for step in document["funnel"]:
        click.echo(f"  − {step['removed']:>6}  {step['words']}")
    for row in (*document["candidates"], *document["named"]):
        click.echo(f"{row['rank']:>4}  {row['score']:5.1f}  {row['name']}: {row['words']}")
    for row in document["excluded"]:
        click.echo(f"   –         {row['name']}: {row['words']}")
