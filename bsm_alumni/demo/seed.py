"""A made-up programme of any size, the same for the same numbers and seed: for trying out and for measuring.

Rows are put in with bulk statements, a few thousand people a time, so that memory stays small at 100,000 people.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from bsm_alumni.alumni.models import (
    Alumnus,
    AlumnusEmail,
    AlumnusLanguage,
    AlumnusTerm,
    AvailabilityPeriod,
    alumnus_themes,
)
from bsm_alumni.alumni.rules import latin_form, search_terms, shown_sort, sort_name
from bsm_alumni.cohorts.models import Cohort, Course, Enrolment
from bsm_alumni.consent.models import ConsentRecord, SharedWith, SharingStatement, StatedWith
from bsm_alumni.demo import seed_names as names
from bsm_alumni.demo.seed_events import seed_events
from bsm_alumni.demo.sharing import MadeUpConsents, confirms, groups_given, made_up_agreements
from bsm_alumni.extensions import db
from bsm_alumni.maintenance.lists import ensure_lists
from bsm_alumni.organisations.queries import active_partners
from bsm_alumni.organisations.rules import mask_of
from bsm_alumni.reference.countries import COUNTRIES
from bsm_alumni.reference.models import Theme
from bsm_alumni.reference.zones import default_zone

BATCH = 2000
LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh", "pt", "sw")
LANGUAGE_WEIGHTS = (60, 30, 18, 22, 16, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Seeded:
    """How much was put in."""

    alumni: int
    cohorts: int
    events: int


@dataclass
class Rows:
    """Rows waiting to be put in, by table."""

    waiting: dict[Any, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, table: Any, **values: Any) -> None:
        """One more row."""
        self.waiting.setdefault(table, []).append(values)

    def flush(self) -> None:
        """Put them in, tables in the order in which they were first named."""
        for table, rows in self.waiting.items():
            if rows:
                db.session.execute(sa.insert(table), rows)
        for rows in self.waiting.values():
            rows.clear()


def seed(
    alumni: int,
    cohorts: int,
    events: int,
    *,
    seed_number: int = 1,
    today: date,
    progress: Callable[[int], None] = lambda done: None,
) -> Seeded:
    """Add made-up people, cohorts and events around `today`, half of the events before it.

    `progress` is told the number of people put in so far. The people's addresses are on example.org.
    """
    ensure_lists()
    db.session.flush()
    chance = random.Random(seed_number)  # noqa: S311 - made-up data, no secret
    themes = list(db.session.scalars(sa.select(Theme.id).where(Theme.archived_at.is_(None)).order_by(Theme.id)))
    made_up_agreements(today)
    sharing = _Sharing(sorted(partner.id for partner in active_partners()), MadeUpConsents())
    first = (db.session.scalar(sa.select(sa.func.max(Alumnus.id))) or 0) + 1
    cohort_ids = _add_cohorts(cohorts, first, chance, today)
    now = datetime.combine(today, time(), UTC)
    rows = Rows()
    for number in range(first, first + alumni):
        _add_person(rows, number, chance, now, themes, sharing, cohort_ids)
        if (number - first + 1) % BATCH == 0:
            rows.flush()
            progress(number - first + 1)
    rows.flush()
    progress(alumni)
    added = seed_events(events, range(first, first + alumni), chance, now, themes)
    for table in (Alumnus, Cohort, Course):
        _follow_ids(table)
    return Seeded(alumni, len(cohort_ids), added)


def _follow_ids(model: Any) -> None:
    """Rows came with their ids: let PostgreSQL's counters go on after them."""
    if db.engine.dialect.name == "postgresql":
        table = model.__tablename__
        highest = sa.select(sa.func.max(model.id)).scalar_subquery()
        db.session.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table, "id"), highest)))


def _add_cohorts(count: int, first: int, chance: random.Random, today: date) -> list[int]:
    course = Course(title=f"Training of Trainers on Border Security and Management, series {first}")
    db.session.add(course)
    db.session.flush()
    ids = []
    for number in range(count):
        starts_on = today - timedelta(days=chance.randint(60, 2500))
        cohort = Cohort(
            code=f"S{first}-ToT-{number + 1:03d}",
            course_id=course.id,
            venue=chance.choice(names.VENUES),
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=4),
        )
        db.session.add(cohort)
        db.session.flush()
        ids.append(cohort.id)
    return ids


def _add_person(
    rows: Rows,
    number: int,
    chance: random.Random,
    now: datetime,
    themes: list[int],
    sharing: "_Sharing",
    cohort_ids: list[int],
) -> None:
    if chance.random() < 0.06:
        given, family, gender = chance.choice(names.NATIVE)
    else:
        (given, gender), family = chance.choice(names.GIVEN), chance.choice(names.FAMILY)
    display = f"{given} {family}"
    country = chance.choice(list(COUNTRIES))
    agency = chance.choice(names.AGENCIES)
    latin = latin_form(display)
    roll = chance.random()
    rows.add(
        Alumnus,
        id=number,
        family_name=family,
        given_names=given,
        display_name=display,
        latin_name=latin,
        sort_name=sort_name(family, display),
        shown_sort=shown_sort(display),
        gender={"W": "woman", "M": "man"}.get(gender),
        country_code=country,
        agency=agency,
        position=chance.choice(names.POSITIONS),
        zone=default_zone(country),
        notice_days=chance.choice((7, 14, 14, 21, 30)),
        quarter_limit=chance.choice((1, 2, 2, 2, 3)),
        status="active" if roll < 0.88 else "left_service" if roll < 0.95 else "inactive",
        restricted=chance.random() < 0.01,
        created_at=now,
        updated_at=now,
    )
    addresses = []
    if chance.random() < 0.97:
        address = f"person{number}@example.org"
        rows.add(AlumnusEmail, alumnus_id=number, address=address, folded=address, position=0)
        addresses.append(address)
    for term, bit in search_terms((display, latin), (family, given), (agency,), addresses):
        rows.add(AlumnusTerm, term=term, alumnus_id=number, field_bit=bit)
    for code in sorted(set(chance.choices(LANGUAGES, LANGUAGE_WEIGHTS, k=chance.choice((1, 2, 2, 3))))):
        level = chance.choice((0, 2, 3, 4, 4, 5, 5, 6, 7))
        rows.add(AlumnusLanguage, alumnus_id=number, language_code=code, level=level)
    for theme in sorted(chance.sample(themes, min(len(themes), chance.randint(0, 4)))):
        rows.add(alumnus_themes, alumnus_id=number, theme_id=theme)
    if chance.random() < 0.3:
        starts_on = now.date() + timedelta(days=chance.randint(-60, 200))
        rows.add(
            AvailabilityPeriod,
            alumnus_id=number,
            kind=chance.choice(("blackout", "blackout", "window")),
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=chance.randint(5, 90)),
        )
    sharing.add(rows, number, chance, now)
    if cohort_ids:
        result = chance.choice(("completed", "completed", "completed", "not_completed", "pending"))
        rows.add(Enrolment, cohort_id=chance.choice(cohort_ids), alumnus_id=number, result=result, created_at=now)


@dataclass(frozen=True)
class _Sharing:
    """Made-up answers: most of those who said yes confirmed it, so that partners see them."""

    partners: list[int]
    consents: MadeUpConsents

    def add(self, rows: Rows, number: int, chance: random.Random, now: datetime) -> None:
        """What one person answered, and the consents that follow."""
        answer = chance.choice(("all", "all", "some", "no", "none_given"))
        named = self.partners if answer == "all" else [one for one in self.partners if chance.random() < 0.5]
        named = named if answer in ("all", "some") else []
        own = bool(named) and confirms(number)
        rows.add(
            SharingStatement,
            alumnus_id=number,
            answer=answer,
            source="alumnus" if own else "import",
            confirmed_at=now if own else None,
            answered_at=now,
        )
        for partner in named:
            if not own:
                rows.add(StatedWith, alumnus_id=number, organisation_id=partner)
                continue
            rows.add(SharedWith, alumnus_id=number, organisation_id=partner, groups=mask_of(groups_given(number)))
            for row in self.consents.rows(number, partner):
                rows.add(ConsentRecord, **row)
