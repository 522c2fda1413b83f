"""Rows that are one person become one draft: the first row's values, its gaps filled from the later ones; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bsm_alumni.cohorts.enums import EnrolmentResult
from bsm_alumni.consent.enums import SharingAnswer
from bsm_alumni.imports.drafts import PersonDraft
from bsm_alumni.imports.problems import WARNING, Problem, problem
from bsm_alumni.imports.sharing import Sharing, narrower
from bsm_alumni.reference.folding import fold


@dataclass(slots=True)
class RowRef:
    """Where a row stands."""

    id: int
    sheet: str
    row: int


@dataclass(slots=True)
class Person:
    """All that the rows of one person say, and from which row each field came."""

    draft: PersonDraft
    first: RowRef
    sources: dict[str, RowRef] = field(default_factory=dict)
    enrolments: dict[str, EnrolmentResult] = field(default_factory=dict)


PLAIN = ("title", "gender", "country", "agency", "position", "phone", "remarks")


def gather(rows: Sequence[tuple[RowRef, PersonDraft]], partners: tuple[str, ...]) -> Person:
    """One person of one row or more, in the order of the rows."""
    first, draft = rows[0]
    person = Person(replace(draft, languages=dict(draft.languages)), first)
    for name in (*PLAIN, "name", "emails", "languages", "themes", "zone", "sharing"):
        person.sources[name] = first
    _enrol(person, draft)
    for ref, other in rows[1:]:
        _add(person, ref, other, partners)
    return person


def _add(person: Person, ref: RowRef, other: PersonDraft, partners: tuple[str, ...]) -> None:
    draft = person.draft
    for name in PLAIN:
        if not getattr(draft, name) and getattr(other, name):
            setattr(draft, name, getattr(other, name))
            person.sources[name] = ref
    if other.zone and (not draft.zone or (other.zone_said and not draft.zone_said)):
        draft.zone, draft.zone_said = other.zone, other.zone_said
        person.sources["zone"] = ref
    known = {address.casefold() for address in draft.emails}
    more = tuple(address for address in other.emails if address.casefold() not in known)
    if more:
        person.sources["emails"] = person.sources["emails"] if draft.emails else ref
        draft.emails += more
    for code, level in other.languages.items():
        draft.languages[code] = max(level, draft.languages.get(code, level))
    draft.themes += tuple(code for code in other.themes if code not in draft.themes)
    allowed = narrower(draft.sharing, other.sharing, partners)
    if allowed is other.sharing and allowed is not draft.sharing:
        person.sources["sharing"] = ref
    draft.sharing = allowed
    _enrol(person, other)


def _enrol(person: Person, draft: PersonDraft) -> None:
    if draft.cohort is None:
        return
    if person.enrolments.get(draft.cohort, EnrolmentResult.PENDING) is EnrolmentResult.PENDING:
        person.enrolments[draft.cohort] = draft.result


@dataclass(frozen=True, slots=True)
class FirstRow:
    """What is remembered of a person's first row to tell later ones from: little, so that long files fit in memory."""

    id: int
    country: str | None
    agency: str
    position: str
    sharing: Sharing


def differences(first: FirstRow, other: PersonDraft, row: int) -> Iterator[Problem]:
    """What a later row of the same person says differently from the first, in `row`."""
    for name in ("country", "agency", "position"):
        mine, theirs = getattr(other, name), getattr(first, name)
        if mine and theirs and fold(mine) != fold(theirs):
            yield problem("differs_from_row", WARNING, mine, name, row=row, other=theirs)
    yield from sharing_difference(first.sharing, other.sharing, row)


def sharing_difference(first: Sharing, other: Sharing, row: int) -> Iterator[Problem]:
    """A warning where two rows of one person answer differently."""
    if SharingAnswer.NONE_GIVEN in (first.answer, other.answer):
        return
    same_partners = (set(first.partners), set(first.excluded)) == (set(other.partners), set(other.excluded))
    if first.answer is not other.answer or not same_partners:
        yield problem("sharing_differs", WARNING, other.words, "sharing", row=row, other=first.words)
