"""Brings a person who is known already up to date. What somebody changed since the last import is kept, and said."""

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from bsm_alumni.access.viewer import SYSTEM
from bsm_alumni.alumni.models import Alumnus, AlumnusEmail, AlumnusLanguage
from bsm_alumni.alumni.queries import visible
from bsm_alumni.alumni.service import refresh_terms
from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.cohorts.enums import EnrolmentResult
from bsm_alumni.cohorts.models import Cohort, Enrolment
from bsm_alumni.consent.enums import SharingAnswer, SharingSource
from bsm_alumni.consent.models import SharingStatement
from bsm_alumni.consent.queries import stated_by
from bsm_alumni.consent.service import set_sharing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.imports.apply_people import KIND, Ids, answer_of, name_fields
from bsm_alumni.imports.duplicates import PeopleIndex, name_key
from bsm_alumni.imports.merging import Person
from bsm_alumni.imports.problems import WARNING, Problem, problem
from bsm_alumni.imports.provenance import Provenance, last_imported
from bsm_alumni.reference.models import Theme

_COLUMNS = {"country": "country_code"}
_SCALARS = ("title", "gender", "country", "agency", "position", "phone", "zone", "remarks")


@dataclass(slots=True)
class Update:
    """One person being brought up to date."""

    alumnus: Alumnus
    person: Person
    previous: dict[str, Any]
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    kept: list[Problem] = field(default_factory=list)

    def set(self, name: str, before: Any, after: Any) -> None:
        self.before[name], self.after[name] = before, after


def update_people(
    pairs: list[tuple[int, Person]], ids: Ids, index: PeopleIndex, provenance: Provenance, batch_id: int
) -> dict[int, Update]:
    """Update known people; returns alumnus id → what changed (nothing in `after` where all was known)."""
    wanted = [alumnus_id for alumnus_id, _ in pairs]
    found = {
        one.id: one
        for one in db.session.scalars(
            visible(SYSTEM)
            .where(Alumnus.id.in_(wanted))
            .options(selectinload(Alumnus.emails), selectinload(Alumnus.languages), selectinload(Alumnus.themes))
        )
    }
    imported: dict[int, dict[str, Any]] = {}
    for (alumnus_id, name), value in last_imported(KIND, wanted).items():
        imported.setdefault(alumnus_id, {})[name] = value
    statements = {
        one.alumnus_id: one
        for one in db.session.scalars(sa.select(SharingStatement).where(SharingStatement.alumnus_id.in_(wanted)))
    }
    enrolled: dict[int, dict[str, Enrolment]] = {}
    for enrolment, code in db.session.execute(
        sa.select(Enrolment, Cohort.code)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.alumnus_id.in_(wanted))
    ):
        enrolled.setdefault(enrolment.alumnus_id, {})[code] = enrolment
    updates: dict[int, Update] = {}
    for alumnus_id, person in pairs:
        if alumnus_id not in found:
            continue
        update = Update(found[alumnus_id], person, imported.get(alumnus_id, {}))
        _scalars(update)
        _name(update)
        _emails(update, index)
        _languages(update)
        _themes(update, ids)
        _enrolments(update, enrolled.get(alumnus_id, {}), ids)
        _sharing(update, statements.get(alumnus_id), ids)
        updates[alumnus_id] = update
    _write(updates, provenance, batch_id)
    return updates


def _scalars(update: Update) -> None:
    draft, alumnus = update.person.draft, update.alumnus
    for name in _SCALARS:
        column = _COLUMNS.get(name, name)
        value, current = getattr(draft, name), getattr(alumnus, column)
        if name == "zone" and not draft.zone_said and current:
            continue
        _three_way(update, name, column, current, value)


def _three_way(update: Update, name: str, column: str, current: Any, value: Any) -> None:
    """Take the file's value where the registry has none, or has what an earlier file said; else keep and say so."""
    if not value or value == current:
        return
    earlier = update.previous.get(name)
    if not current or (earlier is not None and earlier == _plain(current)):
        setattr(update.alumnus, column, value)
        update.set(name, current, value)
    elif earlier != _plain(value):
        update.kept.append(problem("kept_registry_value", WARNING, str(_plain(value)), name, other=_plain(current)))


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)


def _name(update: Update) -> None:
    alumnus, name = update.alumnus, update.person.draft.name
    current = [alumnus.family_name, alumnus.given_names, alumnus.display_name]
    value = [name.family, name.given, name.display]
    if value[:2] == current[:2] or name_key(*value[:2]) == name_key(*current[:2]):
        return
    earlier = update.previous.get("name")
    if earlier == current:
        for column, text in name_fields(update.person.draft).items():
            setattr(alumnus, column, text)
        update.set("name", current, value)
    elif earlier != value:
        other = alumnus.display_name
        update.kept.append(problem("kept_registry_value", WARNING, name.display, "family_name", other=other))


def _emails(update: Update, index: PeopleIndex) -> None:
    alumnus, earlier = update.alumnus, update.previous.get("emails") or []
    before = [email.address for email in alumnus.emails]
    taken_away = {address.casefold() for address in earlier} - {address.casefold() for address in before}
    for address in update.person.draft.emails:
        if index.owner(address) is None or index.owner(address).alumnus_id == alumnus.id:  # type: ignore[union-attr]
            if address.casefold() in {email.folded for email in alumnus.emails} | taken_away:
                continue
            place = max((email.position for email in alumnus.emails), default=-1) + 1
            alumnus.emails.append(AlumnusEmail(address=address, folded=address.casefold(), position=place))
    after = [email.address for email in alumnus.emails]
    if after != before:
        update.set("emails", before, after)


def _languages(update: Update) -> None:
    alumnus, earlier = update.alumnus, update.previous.get("languages") or {}
    spoken = {one.language_code: one for one in alumnus.languages}
    before = {code: one.level for code, one in spoken.items()}
    for code, level in update.person.draft.languages.items():
        if code not in spoken:
            if code not in earlier:  # taken away by somebody since
                alumnus.languages.append(AlumnusLanguage(language_code=code, level=int(level)))
        elif level and int(level) != before[code] and (not before[code] or earlier.get(code) == before[code]):
            spoken[code].level = int(level)
    after = {one.language_code: one.level for one in alumnus.languages}
    if after != before:
        update.set("languages", before, after)


def _themes(update: Update, ids: Ids) -> None:
    alumnus, earlier = update.alumnus, set(update.previous.get("themes") or [])
    before = sorted(theme.code for theme in alumnus.themes)
    for code in update.person.draft.themes:
        if code not in before and code not in earlier and code in ids.themes:
            theme = db.session.get(Theme, ids.themes[code])
            if theme is not None:
                alumnus.themes.append(theme)
    after = sorted(theme.code for theme in alumnus.themes)
    if after != before:
        update.set("themes", before, after)


def _enrolments(update: Update, enrolled: dict[str, Enrolment], ids: Ids) -> None:
    earlier = update.previous.get("enrolments") or {}
    before = {code: one.result.value for code, one in enrolled.items()}
    after = dict(before)
    for code, result in update.person.enrolments.items():
        current = enrolled.get(code)
        if current is None:
            if code in ids.cohorts and code not in earlier:
                db.session.add(
                    Enrolment(cohort_id=ids.cohorts[code], alumnus_id=update.alumnus.id, result=result, note="")
                )
                after[code] = result.value
        elif current.result is EnrolmentResult.PENDING and result.value not in (current.result, earlier.get(code)):
            current.result = result
            after[code] = result.value
    if after != before:
        update.set("enrolments", before, after)


def _sharing(update: Update, statement: SharingStatement | None, ids: Ids) -> None:
    sharing = update.person.draft.sharing
    if sharing.answer is SharingAnswer.NONE_GIVEN:
        return
    current = None
    if statement is not None:
        current = answer_of(statement.answer, statement.words, stated_by(update.alumnus.id))
    if statement is not None and statement.answer is not SharingAnswer.NONE_GIVEN:
        earlier = update.previous.get("sharing") or {}
        if statement.words == sharing.words or earlier.get("words") == sharing.words:
            return
        if statement.source is not SharingSource.IMPORT:
            other = statement.words or statement.answer.value
            update.kept.append(problem("kept_registry_value", WARNING, sharing.words, "sharing", other=other))
            return
    allowed = ids.allowed(sharing)
    set_sharing(update.alumnus.id, sharing.answer, allowed, source=SharingSource.IMPORT, words=sharing.words)
    update.set("sharing", current, answer_of(sharing.answer, sharing.words, allowed))


def _write(updates: dict[int, Update], provenance: Provenance, batch_id: int) -> None:
    changes = []
    now = utc_now()
    for alumnus_id, update in updates.items():
        if not update.after:
            continue
        update.alumnus.updated_at = now
        for name, after in update.after.items():
            ref = update.person.sources.get(name, update.person.first)
            provenance.add(ref, KIND, alumnus_id, name, update.before[name], after)
        after = {"import": batch_id, **update.after}
        changes.append(Change("alumnus.updated_by_import", KIND, alumnus_id, update.before, after))
    db.session.flush()
    for update in updates.values():
        if {"name", "agency", "emails"} & update.after.keys():
            refresh_terms(update.alumnus)
    record_many(changes)
