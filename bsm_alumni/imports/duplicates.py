"""Who is the same person: across case, accents, scripts, spacing and addresses.

The same address is the same person, unless the names have nothing in common. The same folded name, country and
agency is the same person, unless both telephone and address differ. Names that are only near are kept apart and
pointed out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from sys import intern

from rapidfuzz import fuzz

from bsm_alumni.imports.drafts import PersonDraft
from bsm_alumni.imports.names import is_latin
from bsm_alumni.reference.folding import fold

NEAR = 93  # of 100: one letter in a name of usual length
UNLIKE = 45  # of 100: names that have nothing in common
_MOST_COMPARED = 60  # people of one country whose names begin alike


@dataclass(slots=True)
class Known:
    """A person met before: in an earlier row of this file, or in the registry (`row` 0)."""

    name: str
    folded: str
    country: str
    agency: str
    phone: str
    has_email: bool
    sheet: str = ""
    row: int = 0
    alumnus_id: int | None = None

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


@lru_cache(maxsize=65536)
def name_key(family: str, given: str) -> str:
    """A name without case, accents, script, spacing or order."""
    return " ".join(sorted(fold(f"{family} {given}").split()))


def phone_key(phone: str) -> str:
    """The last nine digits of a number, which stay the same however its country code is written."""
    digits = "".join(char for char in phone if char.isdigit())
    return digits[-9:] if len(digits) >= 6 else ""


class PeopleIndex:
    """Everybody met so far, by address and by name."""

    def __init__(self) -> None:
        self._by_email: dict[str, Known] = {}
        self._by_name: dict[tuple[str, str], list[Known]] = {}
        self._alike: dict[tuple[str, str], list[Known]] = {}

    def add(self, known: Known, emails: Iterable[str]) -> None:
        """Remember a person under their addresses and name."""
        self.add_emails(known, emails)
        same = self._by_name.setdefault((known.folded, known.country), [])
        same.append(known)
        if len(same) == 1:
            self._alike.setdefault((known.country, known.folded[:3]), []).append(known)

    def add_emails(self, known: Known, emails: Iterable[str]) -> None:
        """Remember further addresses of a person."""
        for address in emails:
            self._by_email.setdefault(address.casefold(), known)

    def owner(self, address: str) -> Known | None:
        """Who has this address."""
        return self._by_email.get(address.casefold())

    def meet(self, draft: PersonDraft) -> Meeting:
        """Compare a person with everybody met so far."""
        folded = name_key(draft.name.family, draft.name.given)
        taken: list[tuple[str, Known]] = []
        for address in draft.emails:
            owner = self.owner(address)
            if owner is None:
                continue
            if _could_be(owner.name, draft.name.display, owner.folded, folded):
                return Meeting(owner, "address")
            taken.append((address, owner))
        namesakes = self._by_name.get((folded, draft.country or ""), [])
        agency, phone = fold(draft.agency), phone_key(draft.phone)
        for known in namesakes:
            if known.agency == agency and _nothing_against(known, phone, bool(draft.emails)):
                return Meeting(known, "name", taken=tuple(taken))
        near = namesakes[0] if namesakes else self._near(folded, draft.country or "")
        return Meeting(near=near, taken=tuple(taken))

    def _near(self, folded: str, country: str) -> Known | None:
        if len(folded) < 7:  # in short names one letter makes another person
            return None
        for known in self._alike.get((country, folded[:3]), [])[-_MOST_COMPARED:]:
            if known.folded != folded and fuzz.ratio(known.folded, folded, score_cutoff=NEAR):
                return known
        return None


def known_of(draft: PersonDraft, sheet: str, row: int, alumnus_id: int | None = None) -> Known:
    """A draft as the index remembers it."""
    return Known(
        name=draft.name.display,
        folded=name_key(draft.name.family, draft.name.given),
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


def _could_be(name: str, other: str, folded: str, other_folded: str) -> bool:
    if not (is_latin(name) and is_latin(other)):
        return True  # written in two scripts, letters cannot be compared
    if set(folded.split()) & set(other_folded.split()):
        return True
    return fuzz.ratio(folded, other_folded) >= UNLIKE
