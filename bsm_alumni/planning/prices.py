"""What a change of a plan costs, in points and parts, and the hard rules it would break, in words."""

from datetime import date

import numpy as np
from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _

from bsm_alumni.matching.planner.programme import Ints, cost_of
from bsm_alumni.planning.enums import CostPart
from bsm_alumni.planning.instance import Board
from bsm_alumni.planning.queries_balance import part_changes
from bsm_alumni.planning.shapes import MovePrice
from bsm_alumni.reference.countries import country_name

NOTHING = 1e-9
"""Points that are rounding alone."""
NO_PAIRS: Ints = np.empty(0, dtype=np.int64)


def price_move(board: Board, leave: Ints, take: Ints) -> MovePrice:
    """What giving up the pairs `leave` and taking `take` does to the plan."""
    programme = board.programme
    rest = np.setdiff1d(board.chosen, leave)
    before, after = (cost_of(programme, chosen) for chosen in (board.chosen, np.union1d(rest, take)))
    parts = part_changes(*({part.value: getattr(cost, part) for part in CostPart} for cost in (before, after)))
    broken = [words for pair in take.tolist() for words in broken_words(board, rest, pair)]
    if programme.fixed[leave].any():
        broken.append(_("Somebody who said yes would lose the seat."))
    changed = tuple(part for part in parts if abs(part.points) > NOTHING)
    return MovePrice(after.total - before.total, tuple(broken), changed)


def broken_words(board: Board, rest: Ints, pair: int) -> list[str]:
    """The hard rules that a pair would break beside the pairs `rest`: all of `programme.violations`, in words."""
    programme = board.programme
    session, person = int(programme.pair_session[pair]), int(programme.pair_person[pair])
    sessions, people = programme.pair_session[rest], programme.pair_person[rest]
    own, here = sessions[people == person], people[sessions == session]
    found = []
    if (
        int((programme.pair_cell[rest] == programme.pair_cell[pair]).sum())
        >= programme.need.ravel()[programme.pair_cell[pair]]
    ):
        found.append(_("Every seat of the slot is taken."))
    if person in here:
        found.append(_("They have another seat of this session."))
    country = int(programme.person_country[person])
    if country >= 0 and country in programme.person_country[here[here != person]]:
        code = board.planned.paired.columns.countries[country]
        name = country_name(code, _locale())
        found.append(_("Somebody else from %(country)s is in this session.", country=name))
    near = [other for other in own.tolist() if other != session and programme.conflict(session, other)]
    found += [
        _(
            "They have a session on %(date)s. Days needed between two sessions: %(days)d.",
            date=_day(float(programme.session_time[other])),
            days=int(programme.rest_days),
        )
        for other in near
    ]
    quarter = int(programme.quarter_index[session])
    if np.count_nonzero(programme.quarter_index[own] == quarter) >= programme.quarter_left[person, quarter]:
        found.append(_("They have as many sessions in this quarter as they take on."))
    if len(own) >= programme.person_year_cap[person]:
        found.append(_("They have as many sessions in this plan as one person takes at most."))
    return found


def _locale() -> str:
    return str(get_locale() or "en")


def _day(ordinal: float) -> str:
    locale = _locale()
    return format_date(date.fromordinal(int(ordinal)), "d MMMM y" if locale == "en" else "long", locale=locale)
