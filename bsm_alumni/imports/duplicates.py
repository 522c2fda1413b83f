"""Who is the same person: across case, accents, scripts, spacing and addresses.

The same address is the same person, unless the names have nothing in common. The same folded name, country and
agency is the same person, unless both telephone and address differ. Names that are only near are kept apart and
pointed out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from sys import intern
from typing import Any

from rapidfuzz import fuzz

from bsm_alumni.imports.drafts import PersonDraft
from bsm_alumni.imports.names import is_latin
from bsm_alumni.reference.folding import fold

NEAR = 93  # of 100: one letter in a name of usual length
UNLIKE = 45  # of 100: names that have nothing in common
_MOST_COMPARED = 60  # people of one country whose names begin alike


@dataclass(slots=True)
class Known:
    """A person met before: in an earlier row of this file, or in the registry (`row` 0).

    There is one for everybody, so it holds little. `first` is for the caller, who may keep something with the person.
    """

    name: str
    country: str
    agency: str
    phone: str
    has_email: bool
    sheet: str = ""
    row: int = 0
    alumnus_id: int | None = None
    first: Any = None

    @property
    def where(self) -> str:
        """In which row of the file, or of the registry by number."""
        return f"row {self.row}" if self.row else f"person {self.alumnus_id} in the registry"


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the index says of a person: the one they are, by `how`; whom they resemble; whose address they gave."""

    same: Known | None = None
    how: str = ""
    near: Known | None = None
    taken: tuple[tuple[str, Known], ...] = ()


@lru_cache(maxsize=2_048)
def name_key(family: str, given: str) -> str:
    """A name without case, accents, script, spacing or order."""
    return " ".join(sorted(fold(f"{family} {given}").split()))


def phone_key(phone: str) -> str:
    """The last nine digits of a number, which stay the same however its country code is written."""
    digits = "".join(char for char in phone if char.isdigit())
    return digits[-9:] if len(digits) >= 6 else ""


class PeopleIndex:
    """Everybody met so far, by address and by name. Most names are one person's, who then stands for the list."""

    def __init__(self) -> None:
        self._by_email: dict[str, Known] = {}
        self._by_name: dict[str, Known | list[Known]] = {}
        self._alike: dict[str, list[str]] = {}

    def add(self, known: Known, emails: Iterable[str], folded: str = "") -> None:
        """Remember a person under their addresses and name; `folded` is the name's key where it is at hand."""
        self.add_emails(known, emails)
        folded = folded or name_key(known.name, "")
        key = f"{known.country}|{folded}"
        same = self._by_name.get(key)
        if same is None:
            self._by_name[key] = known
            self._alike.setdefault(key[:6], []).append(key)
        elif isinstance(same, list):
            same.append(known)
        else:
            self._by_name[key] = [same, known]

    def add_emails(self, known: Known, emails: Iterable[str]) -> None:
        """Remember further addresses of a person."""
        for address in emails:
            self._by_email.setdefault(address.casefold(), known)

    def owner(self, address: str) -> Known | None:
        """Who has this address."""
        return self._by_email.get(address.casefold())

    def _namesakes(self, key: str) -> list[Known]:
        same = self._by_name.get(key)
        return same if isinstance(same, list) else [same] if same is not None else []

    def meet(self, draft: PersonDraft) -> Meeting:
        """Compare a person with everybody met so far."""
        folded = name_key(draft.name.family, draft.name.given)
        taken: list[tuple[str, Known]] = []
        for address in draft.emails:
            owner = self.owner(address)
            if owner is None:
                continue
            if _could_be(owner.name, draft.name.display, folded):
                return Meeting(owner, "address")
            taken.append((address, owner))
        key = f"{draft.country or ''}|{folded}"
        namesakes = self._namesakes(key)
        agency, phone = fold(draft.agency), phone_key(draft.phone)
        for known in namesakes:
            if known.agency == agency and _nothing_against(known, phone, bool(draft.emails)):
                return Meeting(known, "name", taken=tuple(taken))
        near = namesakes[0] if namesakes else next(self._near(key, len(folded)), None)
        return Meeting(near=near, taken=tuple(taken))

    def _near(self, key: str, length: int) -> Iterator[Known]:
        if length < 7:  # in short names one letter makes another person
            return
        for other in self._alike.get(key[:6], [])[-_MOST_COMPARED:]:
            place = key.index("|") + 1
            if other != key and fuzz.ratio(other[place:], key[place:], score_cutoff=NEAR):
                yield self._namesakes(other)[0]


def known_of(draft: PersonDraft, sheet: str, row: int, alumnus_id: int | None = None) -> Known:
    """A draft as the index remembers it."""
    return Known(
        name=draft.name.display,
        country=draft.country or "",
        agency=intern(fold(draft.agency)),
        phone=phone_key(draft.phone),
        has_email=bool(draft.emails),
        sheet=sheet,
        row=row,
        alumnus_id=alumnus_id,
    )


def _nothing_against(known: Known, phone: str, has_email: bool) -> bool:
    """Namesakes in one agency are one person unless both their addresses and their telephones differ."""
    return not (known.has_email and has_email) or not known.phone or not phone or known.phone == phone


def _could_be(name: str, other: str, other_folded: str) -> bool:
    if not (is_latin(name) and is_latin(other)):
        return True  # written in two scripts, letters cannot be compared
    folded = name_key(name, "")
    if set(folded.split()) & set(other_folded.split()):
        return True
    return fuzz.ratio(folded, other_folded) >= UNLIKE
