"""Who may take which slot, for all slots of a programme: the masks of `matching.rules`, worked out once and shared.

`rules.apply_rules` answers the same for one slot; it is the oracle of this fast path.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from bsm_alumni.matching.columns import NOT_LISTED, Bools, Columns, Ints, Seats
from bsm_alumni.matching.need import Need


@dataclass(frozen=True)
class Screen:
    """Everyone, with only those seats that count against a new one: see `pairs.outside_of`."""

    columns: Columns
    _speakers: dict[tuple[tuple[str, int], ...], Bools] = field(default_factory=dict)
    _loaded: dict[int, Bools] = field(default_factory=dict)

    @cached_property
    def standing(self) -> Bools:
        """Active, not restricted, with an address: what no slot changes."""
        columns = self.columns
        return columns.active & ~columns.restricted & columns.reachable

    @cached_property
    def longest_notice(self) -> int:
        """Days of notice after which everybody can be asked."""
        return int(self.columns.notice_days.max(initial=0))

    @cached_property
    def by_day(self) -> Seats:
        """Held seats in the order of their days."""
        return _ordered(self.columns.seats.holding, "day")

    @cached_property
    def by_start(self) -> Seats:
        """Held seats in the order of their starts."""
        return _ordered(self.columns.seats.holding, "start")

    @cached_property
    def longest(self) -> int:
        """Seconds that the longest session with a held seat takes."""
        held = self.columns.seats.holding
        return int((held.end - held.start).max(initial=0))

    @cached_property
    def by_slot(self) -> Seats:
        """All seats, held or lost, in the order of their slots."""
        return _ordered(self.columns.seats, "slot")

    @cached_property
    def by_event(self) -> Seats:
        """Held seats in the order of their events."""
        return _ordered(self.columns.seats.holding, "event")

    @cached_property
    def _no_window(self) -> Bools:
        return ~self.columns.has_window

    def speakers(self, languages: tuple[tuple[str, int], ...]) -> Bools:
        """Who reaches the level in one of the languages, of those in good standing."""
        if languages not in self._speakers:
            columns, speaks = self.columns, np.zeros(len(self.columns), dtype=np.bool_)
            for code, level in languages:
                if code in columns.languages:
                    speaks |= columns.levels[columns.languages.index(code)] >= max(level + 1, NOT_LISTED + 1)
            self._speakers[languages] = self.standing & speaks if languages else self.standing
        return self._speakers[languages]

    def has_room(self, quarter: int) -> Bools:
        """Who takes on more seats in the quarter than they hold."""
        if quarter not in self._loaded:
            held = self.columns.seats.holding
            load = np.bincount(held.person[held.quarter == quarter], minlength=len(self.columns))
            self._loaded[quarter] = load < self.columns.quarter_limit
        return self._loaded[quarter]

    def at_hand(self, first: int, last: int) -> Bools:
        """Who is inside the days they gave, and not away, from day to day."""
        windows, blackouts = self.columns.windows, self.columns.blackouts
        there = np.ones(len(self.columns), dtype=np.bool_)
        for day in range(first, last + 1):
            today = self._no_window.copy()
            today[windows.person[(windows.first <= day) & (windows.last >= day)]] = True
            there &= today
        there[blackouts.person[(blackouts.first <= last) & (blackouts.last >= first)]] = False
        return there

    def free(self, need: Need, first: Ints, last: Ints) -> Bools:
        """Who has the time: availability, quarter, other seats. `first` and `last` are the local days by zone."""
        free = self.has_room(need.quarter).copy()
        runs = sorted(set(zip(first.tolist(), last.tolist(), strict=True)))
        if len(runs) == 1:
            free &= self.at_hand(*runs[0])
        else:
            which = np.array([runs.index(run) for run in zip(first.tolist(), last.tolist(), strict=True)], np.int8)
            mine = which[self.columns.zone]
            for i, run in enumerate(runs):
                free &= self.at_hand(*run) | (mine != i)
        low, high = np.searchsorted(self.by_day.day, (need.day - need.rest_days + 1, need.day + need.rest_days))
        free[self.by_day.person[low:high]] = False
        start, end = int(need.start.timestamp()), int(need.end.timestamp())
        low, high = np.searchsorted(self.by_start.start, (start - self.longest, end))
        free[self.by_start.person[low:high][self.by_start.end[low:high] > start]] = False
        low, high = np.searchsorted(self.by_event.event, (need.event_id, need.event_id + 1))
        free[self.by_event.person[low:high]] = False
        return free

    def in_time(self, need: Need, who: Ints) -> Bools:
        """Who, of the people at the positions `who`, has the notice they need."""
        left = need.day - need.today
        if left < 0 or left >= self.longest_notice:
            return np.ones(len(who), dtype=np.bool_)
        return self.columns.notice_days[who] <= left

    def was_asked(self, slot_id: int) -> Ints:
        """Who was asked for the slot before, ascending."""
        low, high = np.searchsorted(self.by_slot.slot, (slot_id, slot_id + 1))
        return np.unique(self.by_slot.person[low:high])


def _ordered(seats: Seats, name: str) -> Seats:
    return seats.where(np.argsort(getattr(seats, name), kind="stable"))  # type: ignore[arg-type]
