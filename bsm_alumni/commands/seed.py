"""`seed`: a made-up programme of any size."""

from contextlib import nullcontext

import click

from bsm_alumni.commands.base import print_json, with_app


@click.command("seed")
@click.option("--alumni", type=click.IntRange(0, 1_000_000), required=True, help="People to make up.")
@click.option("--cohorts", type=click.IntRange(0, 10_000), default=8, show_default=True)
@click.option("--events", type=click.IntRange(0, 100_000), default=20, show_default=True)
@click.option("--seed", "seed_number", type=int, default=1, show_default=True, help="The same seed, the same people.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@with_app
def seed(alumni: int, cohorts: int, events: int, seed_number: int, as_json: bool) -> None:
    """Add made-up people, cohorts and events to the database, for trying out and for measuring."""
    from rich.progress import Progress

    from bsm_alumni.demo.seed import seed as add
    from bsm_alumni.extensions import utc_now

    with nullcontext() if as_json else Progress(transient=True) as bar:
        task = bar.add_task("People", total=alumni) if bar else None

        def tell(done: int) -> None:
            if bar and task is not None:
                bar.update(task, completed=done)

        added = add(alumni, cohorts, events, seed_number=seed_number, today=utc_now().date(), progress=tell)
    if as_json:
        print_json({"alumni": added.alumni, "cohorts": added.cohorts, "events": added.events})
    else:
        click.echo(f"Added {added.alumni} people, {added.cohorts} cohorts and {added.events} events, all made up.")
