"""Columns: how long they take to load and how large they are. Ranking: NumPy alone, then with words and names."""

from benchmarks.measure import Figure, measure
from benchmarks.world import World
from bsm_alumni.access.viewer import SYSTEM
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.matching.queries import get_slot_of, need_of, weights_of
from bsm_alumni.matching.queries_columns import load_columns, reload_seats
from bsm_alumni.matching.ranking import rank
from bsm_alumni.matching.resident import current_columns
from bsm_alumni.matching.service import rank_slot


def measure_columns(world: World) -> list[Figure]:
    """Loading all columns anew, as after a change of a profile; the seats alone, as after an invitation."""
    with world.app.app_context():
        figures = [measure("columns loaded", world.size, load_columns, runs=3, warm=1)]
        columns = load_columns()
        figures.append(measure("columns after an answer", world.size, lambda: reload_seats(columns, (0, 1)), runs=15))
        megabytes = columns.nbytes() / 1e6
        db.session.remove()
    print(f"The columns of {world.size:,} alumni are {megabytes:.1f} MB.", flush=True)
    return figures


def measure_ranking(world: World) -> list[Figure]:
    """Masks, funnel, reasons and top 20; then the same with the need, names and sentences around it."""
    with world.app.app_context(), world.app.test_request_context():
        slot, now = get_slot_of(world.event_id, world.slot_id), utc_now()
        columns, need, weights = current_columns(), need_of(slot, now), weights_of(slot.event.series_id)
        figures = [
            measure("rank, NumPy alone", world.size, lambda: rank(columns, need, weights), runs=200, warm=10),
            measure("rank with words and names", world.size, lambda: rank_slot(SYSTEM, slot, now), runs=30),
        ]
        db.session.remove()
    return figures
