"""A plan in front of the planner: the programme it is about, with staff's marks, and its seats as pairs."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from bsm_alumni.matching.planner.pairs import GENDERS
from bsm_alumni.matching.planner.programme import MOST, NOT_KNOWN, Bools, Ints, Programme
from bsm_alumni.planning.building import PlannedProgramme, build_programme
from bsm_alumni.planning.enums import MarkKind
from bsm_alumni.planning.models import Plan, PlanMark, PlanSeat
from bsm_alumni.planning.queries import marks_of, seats_of_plan
from bsm_alumni.planning.weights import as_plan_weights


def build_for(plan: Plan, now: datetime, only_slots: Collection[int] | None = None) -> PlannedProgramme:
    """The programme that the plan is for, as it is now."""
    return build_programme(
        plan.first_day,
        plan.last_day,
        now,
        series_id=plan.series_id,
        event_ids=plan.event_ids,
        weights=as_plan_weights(plan.weights),
        only_slots=only_slots,
    )


@dataclass(frozen=True)
class Task:
    """What the planner is given: the programme under the marks, and the number that each of its pairs has in
    ``planned``."""

    planned: PlannedProgramme
    programme: Programme
    numbers: Ints


def task_of(plan: Plan, planned: PlannedProgramme) -> Task:
    """The programme with locks fixed, what is forbidden left out, and the seats of the plan before kept where it can.

    A lock on somebody who can no longer take the slot has no pair, and so no effect; who accepted is never left out.
    """
    programme, marks = planned.programme, marks_of(plan)
    fixed, kept = programme.fixed.copy(), programme.kept.copy()
    fixed[_locked(planned, marks)] = True
    if plan.base_plan_id is not None:
        kept[planned.find_pairs((seat.slot_id, seat.alumnus_id) for seat in seats_of_plan(plan.base_plan_id))] = True
    left = programme.fixed | ~_forbidden(planned, marks)
    smaller = replace(programme, fixed=fixed, kept=kept & ~fixed).with_pairs(left)
    return Task(planned, smaller, np.flatnonzero(left))


def _locked(planned: PlannedProgramme, marks: Iterable[PlanMark]) -> Ints:
    wanted = [(mark.slot_id, mark.alumnus_id) for mark in marks if mark.kind is MarkKind.LOCK and mark.slot_id]
    return planned.find_pairs(wanted)


def _forbidden(planned: PlannedProgramme, marks: Iterable[PlanMark]) -> Bools:
    mask = np.zeros(planned.programme.pairs, dtype=np.bool_)
    slots_of = dict(zip(planned.event_ids, planned.slot_ids, strict=True))
    for mark in marks:
        if mark.kind is MarkKind.FORBID:
            slots = [mark.slot_id] if mark.slot_id else slots_of.get(mark.event_id, ())
            mask[planned.find_pairs((slot_id, mark.alumnus_id) for slot_id in slots)] = True
    return mask


@dataclass(frozen=True)
class Board:
    """A plan that is to be changed by hand at some slots: a programme with everyone who may take these, and all seats
    of the plan that touch them. ``chosen`` are the plan's pairs, ascending; ``alumnus_ids`` is by person."""

    planned: PlannedProgramme
    programme: Programme
    chosen: Ints
    alumnus_ids: Ints
    pair_of: dict[tuple[int, int], int]
    forbidden: Bools

    def find_pair(self, slot_id: int, alumnus_id: int) -> int | None:
        """The pair of a slot and an alumnus; None when they may not take it."""
        known = self.pair_of.get((slot_id, alumnus_id))
        return known if known is not None else self.planned.find_pair(slot_id, alumnus_id)

    def cell(self, slot_id: int) -> int:
        """The planner's number of a slot; raises KeyError when it is not planned any more."""
        session, slot = self.planned.place_of[slot_id]
        return session * self.programme.slots + slot


def board_for(plan: Plan, now: datetime, slot_ids: Collection[int]) -> Board:
    """The plan as pairs, with everyone who may take these slots: quick, since nobody is looked for elsewhere.

    A seat of somebody who could not take it any more stays a pair, so that its price is known.
    """
    planned = build_for(plan, now, only_slots=slot_ids)
    seats, programme = seats_of_plan(plan.id), planned.programme
    if plan.base_plan_id is not None:
        kept = programme.kept.copy()
        base = ((seat.slot_id, seat.alumnus_id) for seat in seats_of_plan(plan.base_plan_id))
        kept[planned.find_pairs(base)] = True
        programme = replace(programme, kept=kept & ~programme.fixed)
    settled = {(one.slot_id, one.alumnus_id) for one in planned.settled}
    places = {(seat.slot_id, seat.alumnus_id): seat for seat in seats if seat.slot_id in planned.place_of}
    known = {key: pair for key in places if (pair := planned.find_pair(*key)) is not None}
    missing = [seat for key, seat in places.items() if key not in known and key not in settled]
    programme, alumnus_ids = _with_seats(planned, programme, missing)
    added = {(seat.slot_id, seat.alumnus_id): planned.programme.pairs + i for i, seat in enumerate(missing)}
    forbidden = np.zeros(programme.pairs, dtype=np.bool_)
    forbidden[: planned.programme.pairs] = _forbidden(planned, marks_of(plan))
    chosen = np.array(sorted({*known.values(), *added.values()}), dtype=np.int64)
    return Board(planned, programme, chosen, alumnus_ids, added, forbidden)


def board_now(plan: Plan, now: datetime, slot_ids: Collection[int]) -> Board:
    """As `board_for`, with those who hold the seats of the plan's sessions now: for a plan that was applied."""
    planned = build_for(plan, now, only_slots=slot_ids)
    programme = planned.programme
    return Board(
        planned=planned,
        programme=programme,
        chosen=np.flatnonzero(programme.fixed | programme.kept),
        alumnus_ids=planned.alumnus_ids,
        pair_of={},
        forbidden=_forbidden(planned, marks_of(plan)),
    )


def _with_seats(planned: PlannedProgramme, programme: Programme, seats: Sequence[PlanSeat]) -> tuple[Programme, Ints]:
    """The programme with these seats as further pairs, and who its people are; people it does not know are added."""
    columns = planned.paired.columns
    new = sorted({s.alumnus_id for s in seats if planned.find_person(s.alumnus_id) is None})
    ids = np.concatenate((planned.alumnus_ids, np.array(new, dtype=planned.alumnus_ids.dtype)))
    number = {alumnus_id: len(planned.alumnus_ids) + i for i, alumnus_id in enumerate(new)}
    rows = [columns.find_position(alumnus_id) for alumnus_id in new]
    country = np.array([-1 if row is None else int(columns.country[row]) for row in rows], dtype=np.int32)
    woman = [NOT_KNOWN if row is None else GENDERS.get(int(columns.gender[row]), NOT_KNOWN) for row in rows]  # type: ignore[call-overload]
    person = [number.get(s.alumnus_id, planned.find_person(s.alumnus_id)) for s in seats]
    cells = [planned.place_of[s.slot_id] for s in seats]
    most = np.full(len(new), MOST)
    used = programme.quarter_used
    if used is not None:
        used = np.concatenate((used, np.zeros((len(new), used.shape[1]), dtype=used.dtype)))
    flags = np.zeros(len(seats), dtype=np.bool_)

    def with_more(old: np.ndarray, more: Sequence[object] | np.ndarray) -> np.ndarray:
        return np.concatenate((old, np.array(more, dtype=old.dtype)))

    extended = replace(
        programme,
        pair_session=with_more(programme.pair_session, [session for session, _slot in cells]),
        pair_slot=with_more(programme.pair_slot, [slot for _session, slot in cells]),
        pair_person=with_more(programme.pair_person, person),
        pair_fit=with_more(programme.pair_fit, [seat.score for seat in seats]),
        person_country=with_more(programme.person_country, country),
        person_region=with_more(programme.person_region, columns.country_subregion[country]),
        person_woman=with_more(programme.person_woman, woman),
        person_year_cap=with_more(programme.person_year_cap, most),
        person_quarter_cap=with_more(programme.person_quarter_cap, most),
        person_past=with_more(programme.person_past, np.zeros(len(new))),
        quarter_used=used,
        fixed=with_more(programme.fixed, flags),
        kept=with_more(programme.kept, flags),
    )
    return extended, ids
