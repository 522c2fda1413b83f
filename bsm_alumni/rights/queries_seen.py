"""Who saw or received what about a person, as the person reads it: organisations and roles, no names of users.

The names of users stay out on purpose (docs/guides/alumnus.md): the person learns which organisation received what,
in which role and for what; the trail holds which user, and staff answer who asks.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.accounts.enums import Role
from bsm_alumni.consent import disclosures
from bsm_alumni.consent.enums_disclosures import DisclosureWay
from bsm_alumni.consent.models_disclosures import Disclosure
from bsm_alumni.extensions import db
from bsm_alumni.organisations.models import Agreement, Organisation
from bsm_alumni.rights.words import WAYS, group_words
from bsm_alumni.web.pagination import Page, page_of

# Stands for the programme office in filters, which no organisation's number is.
OFFICE = 0
MOST_ROWS = 20_000
CSV_COLUMNS = ("day", "organisation", "role", "way", "fields", "purpose", "times", "first_at", "last_at")


@dataclass(frozen=True, slots=True)
class Seen:
    """One line: who, what of the person, how, for what, how often on that day."""

    day: date
    organisation: str
    role: str
    way: str
    fields: tuple[str, ...]
    purpose: str
    times: int
    first_at: datetime
    last_at: datetime


def _select(alumnus_id: int, organisation: int | None, way: DisclosureWay | None) -> sa.Select[*tuple[Any, ...]]:
    select: Any = (
        sa.select(
            Disclosure.day,
            Disclosure.id,
            Disclosure.organisation_id,
            Disclosure.user_id,
            Disclosure.way,
            Disclosure.groups,
            Disclosure.purpose,
            Disclosure.times,
            Disclosure.first_at,
            Disclosure.last_at,
            Organisation.name.label("organisation"),
            Disclosure.role,
        )
        .outerjoin(Organisation, Organisation.id == Disclosure.organisation_id)
        .where(Disclosure.alumnus_id == alumnus_id)
    )
    if organisation is not None:
        of = Disclosure.organisation_id
        select = select.where(of.is_(None) if organisation == OFFICE else of == organisation)
    if way is not None:
        select = select.where(Disclosure.way == way)
    return select  # type: ignore[no-any-return]


def seen_page(
    alumnus_id: int,
    organisation: int | None = None,
    way: DisclosureWay | None = None,
    after: str | None = None,
    before: str | None = None,
) -> Page[Seen]:
    """A page of what others saw, the latest day first. Two queries."""
    page = page_of(
        _select(alumnus_id, organisation, way),
        [Disclosure.day, Disclosure.id],
        after=after,
        before=before,
        descending=True,
        scalars=False,
    )
    return Page(list(_told(page.rows)), page.next_key, page.previous_key)


def seen_rows(alumnus_id: int, organisation: int | None = None, way: DisclosureWay | None = None) -> list[Seen]:
    """All of it, as far as a file goes. Two queries."""
    select = _select(alumnus_id, organisation, way).order_by(Disclosure.day.desc(), Disclosure.id.desc())
    return list(_told(db.session.execute(select.limit(MOST_ROWS)).all()))


def csv_rows(seen: Iterable[Seen]) -> Iterator[tuple[Any, ...]]:
    """Lines in the order of CSV_COLUMNS."""
    for one in seen:
        yield (
            one.day,
            one.organisation,
            one.role,
            one.way,
            one.fields,
            one.purpose,
            one.times,
            one.first_at,
            one.last_at,
        )


def recipients_of(alumnus_id: int) -> list[tuple[int, str]]:
    """(number, name) of everyone who ever saw something, for the filter; the office is OFFICE."""
    rows = db.session.execute(
        sa.select(Disclosure.organisation_id, Organisation.name)
        .outerjoin(Organisation, Organisation.id == Disclosure.organisation_id)
        .where(Disclosure.alumnus_id == alumnus_id)
        .distinct()
    )
    return sorted(
        ((number or OFFICE, name or office_words()) for number, name in rows), key=lambda pair: (pair[0] != 0, pair[1])
    )


def office_words() -> str:
    """What the programme's own people are called."""
    return _("The programme office")


def _told(rows: Sequence[Any]) -> Iterator[Seen]:
    purposes = _purposes({row.organisation_id for row in rows if row.organisation_id and not row.purpose})
    for row in rows:
        agreed = next((words for first, last, words in purposes[row.organisation_id] if first <= row.day <= last), "")
        yield Seen(
            day=row.day,
            organisation=row.organisation or (office_words() if row.role != Role.ALUMNUS else _("An alumnus")),
            role=_role_words(row),
            way=str(WAYS[row.way]),
            fields=tuple(group_words(row.groups)),
            purpose=row.purpose or (_("By the agreement: %(purpose)s", purpose=agreed) if agreed else ""),
            times=row.times,
            first_at=row.first_at,
            last_at=row.last_at,
        )


def _purposes(organisation_ids: set[int]) -> defaultdict[int | None, list[tuple[date, date, str]]]:
    """What each organisation's agreements say they are for, with their days."""
    found: defaultdict[int | None, list[tuple[date, date, str]]] = defaultdict(list)
    if organisation_ids:
        agreements = sa.select(Agreement).where(Agreement.organisation_id.in_(organisation_ids))
        for one in db.session.scalars(agreements.order_by(Agreement.starts_on.desc(), Agreement.id.desc())):
            found[one.organisation_id].append((one.starts_on, one.ends_on or date.max, one.purpose))
    return found


def _role_words(row: Any) -> str:
    match row.role:
        case disclosures.FOCAL_POINT:
            return _("Focal point")
        case Role.PARTNER:
            return _("User")
        case Role.ALUMNUS:
            return _("Presenter of the same session")
        case Role.ADMIN:
            return _("Administrator")
        case Role.OFFICER | Role.VIEWER:
            return _("Programme staff")
        case _nobody:
            return _("Somebody without an account")
