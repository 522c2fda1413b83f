"""Writes people: new ones in bulk, known ones field by field with care for what was changed since."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from bsm_alumni.alumni.models import (
    Alumnus,
    AlumnusEmail,
    AlumnusLanguage,
    AlumnusTerm,
    alumnus_themes,
)
from bsm_alumni.alumni.rules import search_terms, shown_sort, sort_name
from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.cohorts.models import Cohort, Enrolment
from bsm_alumni.consent.enums import SharingAnswer, SharingSource
from bsm_alumni.consent.models import SharingStatement, StatedWith
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.imports.bulk import table_of
from bsm_alumni.imports.context import Context
from bsm_alumni.imports.drafts import PersonDraft
from bsm_alumni.imports.duplicates import PeopleIndex, known_of, name_key
from bsm_alumni.imports.merging import Person
from bsm_alumni.imports.provenance import CREATED, Provenance
from bsm_alumni.imports.sharing import Sharing
from bsm_alumni.organisations.queries import active_partners
from bsm_alumni.reference.models import Theme

KIND = "alumni"


class Ids:
    """Numbers of the records that drafts name by code."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.themes = dict(db.session.execute(sa.select(Theme.code, Theme.id)).all())
        self.partners = {partner.code: partner.id for partner in active_partners()}
        self.cohorts = dict(db.session.execute(sa.select(Cohort.code, Cohort.id)).all())

    def allowed(self, sharing: Sharing) -> list[int]:
        """The partners an answer names."""
        if sharing.answer is SharingAnswer.ALL:
            return sorted(self.partners.values())
        if sharing.answer is not SharingAnswer.SOME:
            return []
        codes = [code for code in self.partners if code not in sharing.excluded] if sharing.excluded else []
        return sorted(self.partners[code] for code in {*codes, *sharing.partners} if code in self.partners)


def answer_of(answer: SharingAnswer, words: str, partner_ids: Iterable[int]) -> dict[str, Any]:
    """A sharing answer as it is noted, so that it can be put back."""
    return {"answer": answer.value, "words": words, "partners": sorted(partner_ids)}


def plain_fields(draft: PersonDraft) -> dict[str, Any]:
    """The columns of a person that are single values."""
    return {
        "title": draft.title,
        "gender": draft.gender,
        "country_code": draft.country,
        "agency": draft.agency,
        "position": draft.position,
        "phone": draft.phone,
        "zone": draft.zone,
        "remarks": draft.remarks,
    }


def name_fields(draft: PersonDraft) -> dict[str, str]:
    """The columns of a person that make up the name."""
    name = draft.name
    return {
        "family_name": name.family,
        "given_names": name.given,
        "display_name": name.display[:240],
        "latin_name": name.latin,
        "sort_name": sort_name(name.family, name.display),
        "shown_sort": shown_sort(name.display[:240]),
    }


def add_people(
    people: Sequence[Person], ids: Ids, index: PeopleIndex, provenance: Provenance, batch_id: int
) -> list[int]:
    """Insert people with all their parts, note where each value came from, and put them into the trail."""
    if not people:
        return []
    now = utc_now()
    rows = [{**plain_fields(p.draft), **name_fields(p.draft), "created_at": now, "updated_at": now} for p in people]
    made = list(db.session.scalars(sa.insert(Alumnus).returning(Alumnus.id, sort_by_parameter_order=True), rows).all())
    parts = _Parts()
    changes = []
    for alumnus_id, person in zip(made, people, strict=True):
        draft = person.draft
        known = known_of(draft, "", 0, alumnus_id)
        free = [address for address in draft.emails if index.owner(address) is None]
        index.add(known, free, name_key(draft.name.family, draft.name.given))
        parts.add(alumnus_id, draft, free, ids, now)
        for code, result in person.enrolments.items():
            if code in ids.cohorts:
                parts.enrol(alumnus_id, ids.cohorts[code], result, now)
        changes.append(Change("alumnus.imported", KIND, alumnus_id, {}, trail(person, free, batch_id)))
        note_new(provenance, alumnus_id, person, free, ids)
    parts.write()
    record_many(changes)
    return made


def trail(person: Person, emails: Sequence[str], batch_id: int) -> dict[str, Any]:
    """A person as the trail keeps them."""
    draft = person.draft
    return {
        "import": batch_id,
        "display_name": draft.name.display,
        **plain_fields(draft),
        "emails": list(emails),
        "languages": {code: int(level) for code, level in draft.languages.items()},
        "themes": sorted(draft.themes),
        "sharing": draft.sharing.answer,
    }


def note_new(provenance: Provenance, alumnus_id: int, person: Person, emails: Sequence[str], ids: Ids) -> None:
    """Note every value of a new person."""
    draft = person.draft
    provenance.add(person.first, KIND, alumnus_id, CREATED, None, draft.name.display)
    values: dict[str, Any] = {
        "name": [draft.name.family, draft.name.given, draft.name.display],
        **{name: getattr(draft, name) for name in ("title", "gender", "country", "agency", "position", "phone")},
        "zone": draft.zone if draft.zone_said else None,
        "remarks": draft.remarks,
        "emails": list(emails),
        "languages": {code: int(level) for code, level in draft.languages.items()},
        "themes": list(draft.themes),
        "sharing": answer_of(draft.sharing.answer, draft.sharing.words, ids.allowed(draft.sharing)),
        "enrolments": {code: result.value for code, result in person.enrolments.items()},
    }
    for name, value in values.items():
        if value:
            provenance.add(person.sources.get(name, person.first), KIND, alumnus_id, name, None, value)


class _Parts:
    """Rows of the tables around a person, inserted together."""

    def __init__(self) -> None:
        self.rows: dict[Any, list[dict[str, Any]]] = {
            table: []
            for table in (
                AlumnusEmail,
                AlumnusLanguage,
                alumnus_themes,
                AlumnusTerm,
                SharingStatement,
                StatedWith,
                Enrolment,
            )
        }

    def add(self, alumnus_id: int, draft: PersonDraft, emails: Sequence[str], ids: Ids, now: Any) -> None:
        who = {"alumnus_id": alumnus_id}
        self.rows[AlumnusEmail] += [
            {**who, "address": address, "folded": address.casefold(), "position": place}
            for place, address in enumerate(emails)
        ]
        self.rows[AlumnusLanguage] += [
            {**who, "language_code": code, "level": int(level)} for code, level in draft.languages.items()
        ]
        self.rows[alumnus_themes] += [
            {**who, "theme_id": ids.themes[code]} for code in draft.themes if code in ids.themes
        ]
        name = draft.name
        terms = search_terms((name.display, name.latin), (name.family, name.given), (draft.agency,), emails)
        self.rows[AlumnusTerm] += [{**who, "term": term, "field_bit": bit} for term, bit in terms]
        self.rows[SharingStatement].append(
            {
                **who,
                "answer": draft.sharing.answer,
                "words": draft.sharing.words,
                "source": SharingSource.IMPORT,
                "answered_at": now,
            }
        )
        # What a file says opens nothing: the person is asked to confirm it.
        self.rows[StatedWith] += [{**who, "organisation_id": one} for one in ids.allowed(draft.sharing)]

    def enrol(self, alumnus_id: int, cohort_id: int, result: Any, now: Any) -> None:
        row = {"alumnus_id": alumnus_id, "cohort_id": cohort_id, "result": result, "note": "", "created_at": now}
        self.rows[Enrolment].append(row)

    def write(self) -> None:
        for table, rows in self.rows.items():
            if rows:
                db.session.execute(sa.insert(table_of(table)), rows)
