"""Four officers, each in a process of their own, ask for the last seat at the same moment, round after round.

Run by `test_race`; on a command line: ``python -m tests.assignments.race``. The naive twin checks and then writes
without lock or index, as such code is usually written.
"""

from multiprocessing.synchronize import Barrier
from typing import Any

import sqlalchemy as sa

from config import Settings
from tests.processes import forking

OFFICERS = 4


def _ask(slot_id: int, alumnus_id: int) -> bool:
    from bsm_alumni.assignments.service import propose_and_invite
    from bsm_alumni.database import writing
    from bsm_alumni.extensions import db
    from bsm_alumni.web.errors import Refused

    with writing():
        try:
            propose_and_invite(slot_id, alumnus_id)
            db.session.commit()
        except Refused:
            db.session.rollback()
            return False
    return True


def _ask_naively(slot_id: int, alumnus_id: int) -> bool:
    from bsm_alumni.assignments.enums import AssignmentState
    from bsm_alumni.assignments.models import Assignment
    from bsm_alumni.events.models import Slot
    from bsm_alumni.extensions import db

    slot = db.session.get_one(Slot, slot_id)
    taken = db.session.scalar(sa.select(sa.func.count()).where(Assignment.slot_id == slot_id)) or 0
    event_id, free = slot.event_id, taken < slot.seats
    # Ends the reading transaction, as a page that shows the free seat does before the button is pressed.
    db.session.rollback()
    if not free:
        return False
    row = Assignment(slot_id=slot_id, event_id=event_id, alumnus_id=alumnus_id, seat=1, state=AssignmentState.PROPOSED)
    db.session.add(row)
    db.session.commit()
    return True


def officer(
    settings: Settings, number: int, asks: list[tuple[int, int]], barrier: Barrier, results: Any, naive: bool
) -> None:
    """Ask for (slot, person) after (slot, person), all officers at once; put down which rounds were won."""
    from bsm_alumni import create_app
    from bsm_alumni.extensions import db

    app = create_app(settings, TESTING=True)
    app.extensions["bsm_wake"] = lambda: None
    ask = _ask_naively if naive else _ask
    won: list[int] = []
    failed: list[str] = []
    with app.app_context():
        for turn, (slot_id, alumnus_id) in enumerate(asks):
            barrier.wait(60)
            try:
                if ask(slot_id, alumnus_id):
                    won.append(turn)
            except Exception as error:
                db.session.rollback()
                failed.append(f"{type(error).__name__}: {error}"[:300])
        db.session.remove()
        db.engine.dispose()
    results.put((number, won, failed))


def run(settings: Settings, asks: list[list[tuple[int, int]]], naive: bool = False) -> tuple[list[int], list[str]]:
    """All rounds, ``asks`` by officer; the rounds won, one entry for each yes, and what went wrong."""
    context = forking()
    barrier, results = context.Barrier(OFFICERS), context.Queue()
    processes = [
        context.Process(target=officer, args=(settings, number, asks[number], barrier, results, naive), daemon=True)
        for number in range(OFFICERS)
    ]
    for process in processes:
        process.start()
    told = [results.get(timeout=300) for _process in processes]
    for process in processes:
        process.join(30)
    return sorted(turn for _n, won, _f in told for turn in won), [words for _n, _w, failed in told for words in failed]
