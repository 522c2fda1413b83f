"""The life of invitations, written a second time and plainly: from DESIGN's words, without database and shared code.

Every step answers True where it is done and False where it must be refused, and changes nothing then.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

HOLDING = {"proposed", "invited", "accepted", "delivered", "no_show"}
OPEN = {"proposed", "invited", "accepted"}
LENGTH = timedelta(minutes=90)


@dataclass
class PlainEvent:
    starts: datetime
    seats: tuple[int, ...]
    cancelled: bool = False

    def meets(self, other: "PlainEvent") -> bool:
        return self.starts < other.starts + LENGTH and other.starts < self.starts + LENGTH


@dataclass
class PlainRecord:
    event: int
    slot: int
    person: int
    seat: int
    state: str = "proposed"
    answer_by: datetime | None = None
    was_invited: bool = False


@dataclass
class PlainDesk:
    """Slots are (event, number in the event); a record is found by its slot and person."""

    now: datetime
    events: list[PlainEvent]
    restricted: list[bool]
    records: dict[tuple[int, int, int], PlainRecord] = field(default_factory=dict)
    moves: int = 0

    def _open(self, event: PlainEvent) -> bool:
        return not event.cancelled and event.starts > self.now

    def _busy(self, person: int, event: int, but: PlainRecord | None = None) -> bool:
        """Seated in the same event, or in another one at the same time that goes on."""
        for record in self.records.values():
            if record is but or record.person != person or record.state not in HOLDING:
                continue
            other = self.events[record.event]
            if record.event == event or (not other.cancelled and other.meets(self.events[event])):
                return True
        return False

    def _deadline(self, event: PlainEvent) -> datetime:
        return self.now + min(timedelta(days=10), (event.starts - self.now) / 2)

    def _to(self, record: PlainRecord, state: str) -> bool:
        record.state = state
        self.moves += 1
        return True

    def propose(self, event: int, slot: int, person: int) -> bool:
        taken = {r.seat for r in self.records.values() if (r.event, r.slot) == (event, slot) and r.state in HOLDING}
        free = [seat for seat in range(1, self.events[event].seats[slot] + 1) if seat not in taken]
        if not self._open(self.events[event]) or self.restricted[person]:
            return False
        before = self.records.get((event, slot, person))
        if before is not None and (before.state != "cancelled" or before.was_invited):
            return False
        if self._busy(person, event) or not free:
            return False
        self.records[event, slot, person] = PlainRecord(event, slot, person, free[0])
        self.moves += 1
        return True

    def invite(self, record: PlainRecord) -> bool:
        event = self.events[record.event]
        if record.state != "proposed" or not self._open(event) or self.restricted[record.person]:
            return False
        if self._busy(record.person, record.event, record):
            return False
        record.answer_by, record.was_invited = self._deadline(event), True
        return self._to(record, "invited")

    def renew(self, record: PlainRecord) -> bool:
        event = self.events[record.event]
        if record.state != "invited" or not self._open(event) or self.restricted[record.person]:
            return False
        if self._busy(record.person, record.event, record):
            return False
        record.answer_by = self._deadline(event)
        return True

    def remind(self, record: PlainRecord) -> bool:
        return record.state == "invited" and record.answer_by is not None and record.answer_by > self.now

    def accept(self, record: PlainRecord) -> bool:
        event = self.events[record.event]
        if record.state != "invited" or not self._open(event) or self.restricted[record.person]:
            return False
        if record.answer_by is None or record.answer_by <= self.now:
            return False
        for other in self.records.values():
            elsewhere = other.person == record.person and other.event != record.event
            if elsewhere and other.state == "accepted" and self.events[other.event].meets(event):
                return False
        return self._to(record, "accepted")

    def decline(self, record: PlainRecord) -> bool:
        if record.state != "invited" or not self._open(self.events[record.event]):
            return False
        return self._to(record, "declined")

    def withdraw(self, record: PlainRecord) -> bool:
        event = self.events[record.event]
        if record.state != "accepted" or event.cancelled or event.starts - timedelta(days=1) <= self.now:
            return False
        return self._to(record, "withdrawn")

    def cancel(self, record: PlainRecord) -> bool:
        return record.state in OPEN and self._to(record, "cancelled")

    def mark(self, record: PlainRecord, state: str) -> bool:
        if record.state != "accepted" or self.events[record.event].starts > self.now:
            return False
        return self._to(record, state)

    def expire(self) -> None:
        for record in self.records.values():
            if record.state == "invited" and record.answer_by is not None and record.answer_by <= self.now:
                self._to(record, "expired")

    def move_event(self, number: int, starts: datetime) -> bool:
        event = self.events[number]
        if event.cancelled:
            return False
        if event.starts == starts:
            return True
        event.starts = starts
        for record in self.records.values():
            if record.event == number and record.state in {"invited", "accepted"}:
                record.answer_by = self._deadline(event)
                self._to(record, "invited")
        return True

    def cancel_event(self, number: int) -> bool:
        if self.events[number].cancelled:
            return False
        self.events[number].cancelled = True
        for record in self.records.values():
            if record.event == number and record.state in OPEN:
                self._to(record, "cancelled")
        return True
