"""Gives a record that was there before an import its earlier values back, field by field."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from bsm_alumni.alumni.enums import Gender
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.service import derive_names, refresh_terms
from bsm_alumni.audit.service import plain, record
from bsm_alumni.cohorts.enums import EnrolmentResult
from bsm_alumni.cohorts.models import Cohort, Enrolment
from bsm_alumni.consent.enums import SharingAnswer, SharingSource
from bsm_alumni.consent.models import SharingStatement, StatedWith
from bsm_alumni.consent.queries import find_statement
from bsm_alumni.consent.service import set_sharing
from bsm_alumni.extensions import db
from bsm_alumni.imports.models import ImportedValue
from bsm_alumni.reference.models import Theme

_COLUMNS = {"country": "country_code"}
_COHORT = {"venue": "venue", "start": "starts_on", "end": "ends_on", "participants": "participants"}


def restore_person(alumnus_id: int, changes: Sequence[ImportedValue]) -> tuple[str, list[str]]:
    """Give a person's values back; returns the name and the fields that somebody changed since, which stay."""
    alumnus = db.session.get(Alumnus, alumnus_id)
    if alumnus is None:
        return "", []
    left = [change.field for change in changes if not _restore(alumnus, change)]
    db.session.flush()
    refresh_terms(alumnus)
    back = {change.field: change.before for change in changes if change.field not in left}
    if back:
        record("alumnus.import_undone", alumnus, after=back)
    return alumnus.display_name, left


def _restore(alumnus: Alumnus, change: ImportedValue) -> bool:
    restore = _SPECIAL.get(change.field)
    if restore is not None:
        return restore(alumnus, change.before, change.after)
    column = _COLUMNS.get(change.field, change.field)
    if plain(getattr(alumnus, column)) != change.after:
        return False
    before = change.before
    setattr(alumnus, column, Gender(before) if change.field == "gender" and before else before)
    return True


def _name(alumnus: Alumnus, before: Any, after: Any) -> bool:
    if [alumnus.family_name, alumnus.given_names] != after[:2]:
        return False
    alumnus.family_name, alumnus.given_names, alumnus.display_name = before
    derive_names(alumnus)
    return True


def _emails(alumnus: Alumnus, before: Any, after: Any) -> bool:
    added = [email for email in alumnus.emails if email.address in after and email.address not in before]
    for email in added:
        alumnus.emails.remove(email)
    return bool(added)


def _languages(alumnus: Alumnus, before: Any, after: Any) -> bool:
    touched = False
    for spoken in list(alumnus.languages):
        code = spoken.language_code
        if after.get(code) != spoken.level or before.get(code) == spoken.level:
            continue
        touched = True
        if code in before:
            spoken.level = before[code]
        else:
            alumnus.languages.remove(spoken)
    return touched


def _themes(alumnus: Alumnus, before: Any, after: Any) -> bool:
    added = [theme for theme in alumnus.themes if theme.code in after and theme.code not in before]
    for theme in added:
        alumnus.themes.remove(theme)
    assert all(isinstance(theme, Theme) for theme in added)
    return bool(added)


def _enrolments(alumnus: Alumnus, before: Any, after: Any) -> bool:
    touched = False
    for enrolment, code in db.session.execute(
        sa.select(Enrolment, Cohort.code)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.alumnus_id == alumnus.id)
    ).all():
        if after.get(code) != enrolment.result.value or before.get(code) == enrolment.result.value:
            continue
        touched = True
        if code in before:
            enrolment.result = EnrolmentResult(before[code])
        else:
            db.session.delete(enrolment)
    return touched


def _sharing(alumnus: Alumnus, before: Any, after: Any) -> bool:
    statement = find_statement(alumnus.id)
    if statement is None or statement.source is not SharingSource.IMPORT or statement.words != after["words"]:
        return False
    if before is None:
        db.session.execute(sa.delete(StatedWith).where(StatedWith.alumnus_id == alumnus.id))
        db.session.execute(sa.delete(SharingStatement).where(SharingStatement.alumnus_id == alumnus.id))
        return True
    answer = SharingAnswer(before["answer"])
    set_sharing(alumnus.id, answer, before["partners"], source=SharingSource.IMPORT, words=before["words"])
    return True


_SPECIAL: dict[str, Any] = {
    "name": _name,
    "emails": _emails,
    "languages": _languages,
    "themes": _themes,
    "enrolments": _enrolments,
    "sharing": _sharing,
}


def restore_cohort(cohort_id: int, changes: Sequence[ImportedValue]) -> tuple[str, list[str]]:
    """Give a cohort's values back; returns its code and the fields that somebody changed since, which stay."""
    cohort = db.session.get(Cohort, cohort_id)
    if cohort is None:
        return "", []
    left = []
    for change in changes:
        column = _COHORT.get(change.field, "")
        if not column or plain(getattr(cohort, column)) != change.after:
            left.append(change.field)
            continue
        before = change.before
        setattr(cohort, column, date.fromisoformat(before) if change.field in ("start", "end") and before else before)
    db.session.flush()
    back = {change.field: change.before for change in changes if change.field not in left}
    if back:
        record("cohort.import_undone", cohort, after=back)
    return cohort.code, left
