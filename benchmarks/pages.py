"""Pages through the real application: sign-in, guard, queries, template, compression's input."""

from dataclasses import replace
from functools import partial

from benchmarks.measure import Figure, measure
from benchmarks.world import World


def addresses(world: World) -> dict[str, str]:
    """The pages that are measured, by name."""
    event = f"/staff/events/{world.event_id}"
    return {
        "home": "/staff/home",
        "roster": "/staff/alumni",
        "roster, narrowed": "/staff/alumni?language=fr&level=4&q=dia",
        "search": "/staff/search?q=diallo",
        "alumnus": f"/staff/alumni/{world.alumnus_id}",
        "event": event,
        "shortlist of the event": f"{event}/slots/{world.slot_id}/shortlist",
        "shortlist with 'why not'": f"{event}/slots/{world.slot_id}/shortlist?q=diallo",
    }


def measure_pages(world: World, runs: int) -> list[Figure]:
    """Each page in turn."""
    figures = []
    for name, address in addresses(world).items():
        answer = world.client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code}.")
        figure = measure(f"page: {name}", world.size, partial(world.client.get, address), runs=runs)
        figures.append(replace(figure, kb=len(answer.data) / 1024))
    return figures
