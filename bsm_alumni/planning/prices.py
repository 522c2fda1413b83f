"""What a change of a plan costs, in points and parts, and the hard rules it would break, in words."""

from datetime import date

import numpy as np
from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _

from bsm_alumni.matching.planner.moves import price_of
from bsm_alumni.matching.planner.programme import Ints
from bsm_alumni.planning.enums import CostPart
from bsm_alumni.planning.instance import Board
from bsm_alumni.planning.queries_balance import part_changes
from bsm_alumni.planning.shapes import MovePrice
from bsm_alumni.reference.countries import country_name

NO_PAIRS: Ints = np.empty(0, dtype=np.int64)


def price_move(board: Board, leave: Ints, take: Ints) -> MovePrice:
    """What giving up the pairs `leave` and taking `take` does to the plan."""
    move = price_of(board.programme, board.chosen, leave, take)
    before, after = ({part.value: getattr(cost, part) for part in CostPart} for cost in (move.before, move.after))
    changed = tuple(part for part in part_changes(before, after) if abs(part.points) > 1e-9)
    rest = np.setdiff1d(board.chosen, leave)
    broken = tuple(words for pair in take.tolist() for words in broken_words(board, rest, pair)) if move.broken else ()
    return MovePrice(move.price, broken or tuple(move.broken), changed)


def broken_words(board: Board, rest: Ints, pair: int) -> list[str]:
    """The hard rules that a pair would break beside the pairs `rest`."""
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
