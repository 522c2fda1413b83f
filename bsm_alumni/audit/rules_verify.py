"""Is the trail whole? Pure: entries in, the first thing that is wrong out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bsm_alumni.audit.rules import HEAD_CHANGED, SHREDDED, START, details_digest, entry_mac, head_seal

RESTORED = "database.restored"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands in the table; whoever reached the table may have put anything there."""

    id: int
    at: datetime
    actor_id: int | None
    actor: str
    verb: str
    subject_kind: str
    subject_id: str
    about_id: int | None
    before: Any
    after: Any
    salt: str
    digest: str
    mac: str
    shredded: bool


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain as it was at ``at``; None where that is not known."""

    entry_id: int
    mac: str
    at: datetime | None = None


def parse_code(text: str) -> Head:
    """A head as a mail gives it, ENTRY:CODE; raises ValueError with words for anything else."""
    number, _colon, mac = text.strip().partition(":")
    if not number.isdecimal() or not re.fullmatch("[0-9a-f]{64}", mac):
        raise ValueError(
            f"{text!r} is no head of a trail. Write it as in the mail: number, colon, 64 letters and digits."
        )
    return Head(int(number), mac)


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry at which the trail is not what was written, and what is wrong with it."""

    entry_id: int
    words: str


@dataclass(slots=True)
class _Reading:
    key: bytes
    witnesses: dict[int, list[Head]]
    mac: str = START
    count: int = 0
    # Entries whose details are gone: what their rest hashes to, and what a later entry says it must.
    gone: dict[int, str] = field(default_factory=dict)
    allowed: dict[int, str] = field(default_factory=dict)
    lost: list[tuple[int, int, datetime]] = field(default_factory=list)
    wrong_witness: list[Head] = field(default_factory=list)

    def read(self, entry: Entry) -> str | None:
        """Take the next entry; words when something is wrong with it."""
        self.count += 1
        if entry.id != self.count:
            return f"Entry {self.count} is missing; in its place stands {entry.id}."
        mac = entry_mac(
            self.key,
            self.mac,
            entry_id=entry.id,
            at=entry.at,
            actor_id=entry.actor_id,
            verb=entry.verb,
            subject_kind=entry.subject_kind,
            subject_id=entry.subject_id,
            about_id=entry.about_id,
            digest=entry.digest,
        )
        if mac != entry.mac:
            return f"Entry {entry.id} was changed, or does not follow from the one before it."
        self.mac = mac
        digest = details_digest(entry.salt, entry.actor, entry.before, entry.after)
        for head in self.witnesses.get(entry.id, []):
            if head.mac != entry.mac:
                self.wrong_witness.append(head)
        if entry.shredded:
            self.gone[entry.id] = digest
        elif digest != entry.digest:
            return f"The details of entry {entry.id} were changed."
        elif entry.verb == HEAD_CHANGED:
            return f"Before entry {entry.id} the mark of the trail's end was changed: entries may be missing."
        else:
            self._listen(entry)
        return None

    def _listen(self, entry: Entry) -> None:
        """Note what an entry, now proved, says about other entries."""
        if entry.verb == SHREDDED:
            for number, digest in entry.after["entries"].items():
                if int(number) < entry.id:
                    self.allowed[int(number)] = digest
        elif entry.verb == RESTORED and entry.after.get("head"):
            self.lost.append((entry.id, int(entry.after["head"]), entry.at))

    def first_unlawfully_gone(self) -> Break | None:
        """An entry whose details are gone without a later entry that says so, or are back although one does."""
        for number in sorted(self.gone.keys() | self.allowed.keys()):
            if number not in self.allowed:
                return Break(number, f"The details of entry {number} are gone, and no later entry says why.")
            if number not in self.gone:
                return Break(number, f"The details of entry {number} were shredded, and are there again.")
            if self.gone[number] != self.allowed[number]:
                return Break(number, f"What was left of entry {number} when it was shredded was changed.")
        return None

    def is_excused(self, head: Head) -> bool:
        """True for a head that was lost when a backup was put back, which an entry tells of."""
        return any(
            first <= head.entry_id <= last and head.at is not None and head.at <= at for first, last, at in self.lost
        )


def find_break(
    key: bytes, entries: Iterable[Entry], head: tuple[int, str, str] | None, witnesses: Iterable[Head]
) -> Break | None:
    """The first break of a trail, read in order of its numbers; None when it is whole.

    ``head`` is the stored end of the chain: entry, code, seal. ``witnesses`` are heads that were kept elsewhere.
    """
    kept: dict[int, list[Head]] = {}
    for witness in witnesses:
        kept.setdefault(witness.entry_id, []).append(witness)
    reading = _Reading(key, kept)
    for entry in entries:
        words = reading.read(entry)
        if words is not None:
            return Break(reading.count, words)
    found = reading.first_unlawfully_gone() or _check_head(reading, key, head)
    return found or _check_witnesses(reading, kept)


def _check_head(reading: _Reading, key: bytes, head: tuple[int, str, str] | None) -> Break | None:
    if head is None:
        return Break(reading.count, "The end of the trail is not marked.") if reading.count else None
    entry_id, mac, seal = head
    if entry_id != reading.count:
        return Break(
            min(entry_id, reading.count) + 1, f"The trail ends at entry {reading.count}, but its mark says {entry_id}."
        )
    if mac != reading.mac or seal != head_seal(key, entry_id, mac):
        return Break(entry_id, f"The mark of the trail's end at entry {entry_id} was changed.")
    return None


def _check_witnesses(reading: _Reading, kept: dict[int, list[Head]]) -> Break | None:
    missing = [head for number, heads in kept.items() if number > reading.count for head in heads]
    for head in sorted(missing + reading.wrong_witness, key=lambda head: head.entry_id):
        if reading.is_excused(head):
            continue
        when = f" of {head.at:%Y-%m-%d %H:%M} UTC" if head.at else ""
        if head.entry_id > reading.count:
            words = f"The trail ends at entry {reading.count}, but a head{when} was kept of entry {head.entry_id}."
            return Break(reading.count + 1, words)
        return Break(head.entry_id, f"Entry {head.entry_id} is not the one whose head{when} was kept.")
    return None
