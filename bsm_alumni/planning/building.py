"""From the database to a programme that can be planned, and back from its indices to events, slots and people."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.rules import OPEN
from bsm_alumni.events.models import Event, EventCountry, EventLanguage, Slot, event_themes
from bsm_alumni.extensions import db
from bsm_alumni.matching.enums import Reason
from bsm_alumni.matching.models import MatchingWeight
from bsm_alumni.matching.need import Need, quarter_of
from bsm_alumni.matching.planner.pairs import Paired, fit_of, make_programme
from bsm_alumni.matching.planner.places import Place
from bsm_alumni.matching.planner.programme import Bools, Ints, PlanWeights, Programme
from bsm_alumni.matching.queries import WHOLE_PROGRAMME
from bsm_alumni.matching.resident import current_columns
from bsm_alumni.matching.rules import Question, apply_rules
from bsm_alumni.matching.weights import complete_weights
from bsm_alumni.planning.queries import PLANNED
from bsm_alumni.planning.words import BUSY, COUNTRY, DEAR, ELIGIBLE


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a seat of a planned slot now."""

    assignment_id: int
    slot_id: int
    alumnus_id: int
    seat: int
    state: AssignmentState


@dataclass(frozen=True)
class PlannedProgramme:
    """A programme with what its indices stand for.

    `event_ids` by session; `slot_ids` by session and slot; `alumnus_ids` by person. `holders` are the people proposed,
    invited and accepted now, by (slot id, alumnus id). `paired` has the places with their needs, and the columns
    without the seats that the programme holds itself.
    """

    paired: Paired
    event_ids: tuple[int, ...]
    slot_ids: tuple[tuple[int, ...], ...]
    alumnus_ids: Ints
    holders: Mapping[tuple[int, int], Holder]

    @property
    def programme(self) -> Programme:
        return self.paired.programme

    @cached_property
    def place_of(self) -> dict[int, tuple[int, int]]:
        """Session and slot by slot id."""
        return {slot_id: (i, j) for i, row in enumerate(self.slot_ids) for j, slot_id in enumerate(row)}

    @cached_property
    def settled(self) -> tuple[Holder, ...]:
        """Accepted seats that the plan leaves out, since they break a rule beside another accepted one. They stay."""
        return tuple(
            self.holders[self.slot_ids[session][slot], alumnus_id]
            for session, slot, alumnus_id in sorted(self.paired.settled)
        )

    @property
    def asked(self) -> int:
        """Seats of all sessions, with those that are settled."""
        return self.programme.asked + len(self.paired.settled)

    def place(self, slot_id: int) -> Place:
        """The place of a slot; raises KeyError for a slot that is not planned."""
        session, slot = self.place_of[slot_id]
        return self.paired.sessions[session][slot]

    def find_person(self, alumnus_id: int) -> int | None:
        """The person's index; None for somebody who may take no slot at all."""
        at = int(np.searchsorted(self.alumnus_ids, alumnus_id))
        return at if at < len(self.alumnus_ids) and int(self.alumnus_ids[at]) == alumnus_id else None

    def find_pair(self, slot_id: int, alumnus_id: int) -> int | None:
        """The pair of a slot and an alumnus; None when they may not take it."""
        person = self.find_person(alumnus_id)
        if person is None or slot_id not in self.place_of:
            return None
        return self.programme.find_pair(*self.place_of[slot_id], person)

    def find_pairs(self, wanted: Iterable[tuple[int, int]]) -> Ints:
        """The pairs of (slot id, alumnus id), ascending; those that may not be are left out."""
        found = (self.find_pair(slot_id, alumnus_id) for slot_id, alumnus_id in wanted)
        return np.array(sorted(pair for pair in found if pair is not None), dtype=np.int64)

    def ids_of(self, pairs: Ints) -> list[tuple[int, int, int]]:
        """(event id, slot id, alumnus id) of each pair."""
        programme = self.programme
        session, slot = programme.pair_session[pairs].tolist(), programme.pair_slot[pairs].tolist()
        alumni = self.alumnus_ids[programme.pair_person[pairs]].tolist()
        return [
            (self.event_ids[i], self.slot_ids[i][j], alumnus_id)
            for i, j, alumnus_id in zip(session, slot, alumni, strict=True)
        ]

    def fit(self, slot_id: int, alumnus_id: int) -> float:
        """How well somebody in the registry fits the slot, 0..100, whether or not they may take it."""
        columns, position = self.paired.columns, self.paired.columns.find_position(alumnus_id)
        return 0.0 if position is None else fit_of(columns, self.place(slot_id), position)

    def number_seats(self, slot_id: int, alumnus_ids: Iterable[int]) -> dict[int, int]:
        """The seat of each of these people in the slot: those who hold one keep it, the others get the lowest free
        ones in order of id.
        """
        people = sorted(alumnus_ids)
        held = {i: self.holders[slot_id, i].seat for i in people if (slot_id, i) in self.holders}
        taken = set(held.values())
        free = (seat for seat in count(1) if seat not in taken)
        return held | {i: next(free) for i in people if i not in held}


def build_programme(
    first: date,
    last: date,
    now: datetime,
    *,
    series_id: int | None = None,
    event_ids: Collection[int] = (),
    weights: PlanWeights = PlanWeights(),
    only_slots: Collection[int] | None = None,
) -> PlannedProgramme:
    """The sessions to come from `first` to `last` (days in their own zones) that have slots, and who may take them.

    `series_id` and `event_ids` narrow them. `only_slots` looks for people in these slots alone, for a quick question;
    whoever holds a seat in another stays a pair. Eight queries however many sessions, beside those that bring the
    columns up to date.
    """
    events = _events(first, last, now, series_id, event_ids)
    ids = [event.id for event in events]
    slots = _grouped(
        db.session.execute(
            sa.select(
                Slot.event_id, Slot.id, Slot.seats, Slot.language_code, Slot.level_needed, Slot.theme_id, Slot.position
            )
            .where(Slot.event_id.in_(ids))
            .order_by(Slot.event_id, Slot.position, Slot.id)
        )
    )
    events = [event for event in events if event.id in slots]
    languages = _texts(EventLanguage.event_id, EventLanguage.language_code, ids)
    countries = _texts(EventCountry.event_id, EventCountry.country_code, ids)
    themes = _texts(event_themes.c.event_id, event_themes.c.theme_id, ids)
    holders = _holders(ids)
    reasons = _weights({event.series_id or WHOLE_PROGRAMME for event in events})
    by_slot: defaultdict[int, list[Holder]] = defaultdict(list)
    for holder in holders:
        by_slot[holder.slot_id].append(holder)

    def place(event: Any, slot: Any) -> Place:
        day = event.starts_at.astimezone(ZoneInfo(event.zone)).date()
        codes = [slot.language_code] if slot.language_code else languages[event.id]
        need = Need(
            event_id=event.id,
            slot_id=slot.id,
            start=event.starts_at,
            end=event.ends_at,
            day=day.toordinal(),
            quarter=quarter_of(day.year, day.month),
            today=now.astimezone(ZoneInfo(event.zone)).date().toordinal(),
            languages=tuple((code, slot.level_needed) for code in codes),
            themes=(slot.theme_id,) if slot.theme_id else tuple(themes[event.id]),
            countries=frozenset(countries[event.id]),
        )
        held = by_slot[slot.id]
        return Place(
            need,
            slot.seats,
            reasons[event.series_id or WHOLE_PROGRAMME],
            accepted=tuple(one.alumnus_id for one in held if one.state is AssignmentState.ACCEPTED),
            asked=tuple(one.alumnus_id for one in held if one.state is not AssignmentState.ACCEPTED),
            search=only_slots is None or slot.id in only_slots,
        )

    sessions = [[place(event, slot) for slot in slots[event.id]] for event in events]
    paired = make_programme(current_columns(), sessions, weights)
    return PlannedProgramme(
        paired=paired,
        event_ids=tuple(event.id for event in events),
        slot_ids=tuple(tuple(slot.id for slot in slots[event.id]) for event in events),
        alumnus_ids=paired.columns.ids[paired.people],
        holders={(one.slot_id, one.alumnus_id): one for one in holders},
    )


def _events(first: date, last: date, now: datetime, series_id: int | None, event_ids: Collection[int]) -> list[Any]:
    begins, ends = (datetime.combine(day, time(), UTC) for day in (first, last))
    select = sa.select(Event.id, Event.starts_at, Event.ends_at, Event.zone, Event.series_id).where(
        Event.starts_at > now,
        # No zone is a whole day away from UTC.
        Event.starts_at >= begins - timedelta(days=1),
        Event.starts_at < ends + timedelta(days=2),
        Event.status.in_(PLANNED),
    )
    if series_id is not None:
        select = select.where(Event.series_id == series_id)
    if event_ids:
        select = select.where(Event.id.in_(event_ids))
    rows = db.session.execute(select.order_by(Event.starts_at, Event.id))
    return [row for row in rows if first <= row.starts_at.astimezone(ZoneInfo(row.zone)).date() <= last]


def _grouped(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.event_id, []).append(row)
    return found


def _texts(event_column: Any, value: Any, event_ids: Sequence[int]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    select = sa.select(event_column, value).where(event_column.in_(event_ids)).order_by(event_column, value)
    for event_id, one in db.session.execute(select):
        found[event_id].append(one)
    return found


def _holders(event_ids: Sequence[int]) -> list[Holder]:
    columns = (Assignment.id, Assignment.slot_id, Assignment.alumnus_id, Assignment.seat, Assignment.state)
    select = sa.select(*columns).where(Assignment.event_id.in_(event_ids), Assignment.state.in_(OPEN))
    return [Holder(*row) for row in db.session.execute(select.order_by(Assignment.slot_id, Assignment.seat))]


def _weights(series: Collection[int]) -> dict[int, dict[Reason, int]]:
    """The weights of the reasons in force in each series: see `matching.queries.weights_of`."""
    saved: defaultdict[int, dict[str, int]] = defaultdict(dict)
    wanted = MatchingWeight.series_id.in_({WHOLE_PROGRAMME, *series})
    for row in db.session.execute(
        sa.select(MatchingWeight.series_id, MatchingWeight.reason, MatchingWeight.weight).where(wanted)
    ):
        saved[row.series_id][row.reason] = row.weight
    return {one: complete_weights({**saved[WHOLE_PROGRAMME], **saved[one]}) for one in series}


def unfilled_of(planned: PlannedProgramme, chosen: Ints) -> list[tuple[int, int]]:
    """(slot id, seats that stay free) of each slot with any by the pairs `chosen`, in the order of sessions."""
    programme = planned.programme
    taken = np.bincount(programme.pair_cell[chosen], minlength=programme.need.size)
    missing = programme.need.ravel() - taken
    return [
        (planned.slot_ids[cell // programme.slots][cell % programme.slots], int(missing[cell]))
        for cell in np.flatnonzero(missing > 0).tolist()
    ]


def why_unfilled(planned: PlannedProgramme, chosen: Ints, slot_id: int) -> dict[str, int]:
    """Why seats of the slot stay free when the pairs `chosen` are taken, as `words.short_words` reads it.

    By the code of each rule how many people it took out of those before it; then how many were left, without those who
    sit in the slot, and what became of them: each is counted under the first that holds. Nothing is 0.
    """
    programme, (session, slot) = planned.programme, planned.place_of[slot_id]
    place = planned.paired.sessions[session][slot]
    funnel = apply_rules(Question(planned.paired.columns, place.need))
    here = chosen[programme.pair_session[chosen] == session]
    inside = programme.pair_person[here[programme.pair_slot[here] == slot]]
    people = programme.pair_person[programme.pairs_of_cell(session * programme.slots + slot)]
    people = people[~np.isin(people, inside)]
    country = programme.person_country[people]
    there = np.setdiff1d(programme.person_country[programme.pair_person[here]], [-1])
    tests = (
        _busy(programme, chosen, session)[people],
        np.isin(country, there),
        np.ones(len(people), dtype=np.bool_),
    )
    counts = {rule.value: number for rule, number in funnel.removed.items()}
    counts[ELIGIBLE] = len(people)
    for code, mask in zip((BUSY, COUNTRY, DEAR), _firsts(tests), strict=True):
        counts[code] = int(np.count_nonzero(mask))
    return {code: number for code, number in counts.items() if number}


def _firsts(masks: Iterable[Bools]) -> Iterator[Bools]:
    told: Bools | None = None
    for mask in masks:
        yield mask if told is None else mask & ~told
        told = mask if told is None else told | mask


def _busy(programme: Programme, chosen: Ints, session: int) -> Bools:
    """Who, by the pairs chosen, has no seat left to take in the session's quarter or year, or one in it or too near."""
    taken_in, person = programme.pair_session[chosen], programme.pair_person[chosen]
    quarter = int(programme.quarter_index[session])
    in_quarter = np.bincount(person[programme.quarter_index[taken_in] == quarter], minlength=programme.people)
    in_year = np.bincount(person, minlength=programme.people)
    busy = (in_quarter >= programme.quarter_left[:, quarter]) | (in_year >= programme.person_year_cap)
    near = np.array([programme.conflict(session, other) for other in range(programme.sessions)], dtype=np.bool_)
    busy[person[near[taken_in]]] = True
    return busy
