"""People as rows of a file: a column for each field that the agreement covers, empty where it is not shared; pure."""

from collections.abc import Callable, Sequence
from typing import Any

from bsm_alumni.alumni.enums import PeriodKind
from bsm_alumni.desk.projections import Availability, PartnerAlumnus, Session
from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.organisations.rules import in_order
from bsm_alumni.reference.countries import country_name
from bsm_alumni.reference.languages import language_name
from bsm_alumni.reference.levels import Level

COLUMNS: dict[FieldGroup, tuple[str, ...]] = {
    FieldGroup.IDENTITY: ("id", "name", "latin_name", "country", "country_code"),
    FieldGroup.PROFESSIONAL: ("agency", "position", "languages", "themes", "cohorts"),
    FieldGroup.CONTACT: ("emails", "phone"),
    FieldGroup.AVAILABILITY: ("zone", "notice_days", "quarter_limit", "free", "not_free"),
    FieldGroup.ASSIGNMENTS: ("sessions",),
}


def shared_columns(covered: frozenset[FieldGroup]) -> tuple[str, ...]:
    """The columns of a file for a partner whose agreement covers these groups."""
    return tuple(name for group in in_order(covered) for name in COLUMNS[group])


def shared_row(person: PartnerAlumnus, covered: frozenset[FieldGroup]) -> tuple[Any, ...]:
    """The person's row under ``shared_columns``; None in every cell of a part that is not shared."""
    cells: list[Any] = []
    for group in in_order(covered):
        values = _VALUES[group](person) if group in person.groups else None
        cells += values if values is not None else [None] * len(COLUMNS[group])
    return tuple(cells)


def _identity(person: PartnerAlumnus) -> Sequence[Any]:
    code = person.country_code
    return person.id, person.display_name, person.latin_name, country_name(code) if code else "", code or ""


def _professional(person: PartnerAlumnus) -> Sequence[Any] | None:
    work = person.professional
    if work is None:
        return None
    spoken = [_spoken(code, level) for code, level in work.languages]
    return work.agency, work.position, spoken, list(work.themes), list(work.cohorts)


def _contact(person: PartnerAlumnus) -> Sequence[Any] | None:
    return None if person.contact is None else (list(person.contact.emails), person.contact.phone)


def _availability(person: PartnerAlumnus) -> Sequence[Any] | None:
    free = person.availability
    if free is None:
        return None
    days = _days(free, PeriodKind.WINDOW), _days(free, PeriodKind.BLACKOUT)
    return free.zone or "", free.notice_days, free.quarter_limit, *days


def _assignments(person: PartnerAlumnus) -> Sequence[Any] | None:
    return None if person.sessions is None else ([_session(one) for one in person.sessions],)


_VALUES: dict[FieldGroup, Callable[[PartnerAlumnus], Sequence[Any] | None]] = {
    FieldGroup.IDENTITY: _identity,
    FieldGroup.PROFESSIONAL: _professional,
    FieldGroup.CONTACT: _contact,
    FieldGroup.AVAILABILITY: _availability,
    FieldGroup.ASSIGNMENTS: _assignments,
}


def _spoken(code: str, level: int) -> str:
    words = "" if level == Level.UNKNOWN else Level(level).name.replace("NATIVE", "native")
    return f"{language_name(code)} {words}".strip()


def _days(free: Availability, kind: PeriodKind) -> list[str]:
    return [f"{one.starts_on.isoformat()}/{one.ends_on.isoformat()}" for one in free.periods if one.kind is kind]


def _session(one: Session) -> str:
    return f"{one.starts_at.strftime('%Y-%m-%d')} {one.title} ({one.role}, {one.state})"
