"""Columns kept in two servers: neither ever answers from before the last commit."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.alumni.enums import AlumnusStatus, PeriodKind
from bsm_alumni.alumni.models import Alumnus, AlumnusLanguage, AvailabilityPeriod, alumnus_themes
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.matching.columns import SEAT_COLUMNS
from bsm_alumni.matching.queries_columns import load_columns
from bsm_alumni.matching.resident import Resident, current_columns, read_version
from bsm_alumni.matching.service import save_weights
from bsm_alumni.matching.weights import default_weights
from tests.factories import Factory


def change_status(person: Alumnus, make: Factory) -> None:
    person.status = AlumnusStatus.INACTIVE


def change_by_statement(person: Alumnus, make: Factory) -> None:
    db.session.execute(sa.update(Alumnus).where(Alumnus.id == person.id).values(restricted=True))


def add_language(person: Alumnus, make: Factory) -> None:
    person.languages.append(AlumnusLanguage(language_code="fr", level=5))


def drop_language(person: Alumnus, make: Factory) -> None:
    person.languages.clear()


def add_theme(person: Alumnus, make: Factory) -> None:
    theme = make.theme("Biometrics")
    person.themes.append(theme)


def add_theme_by_statement(person: Alumnus, make: Factory) -> None:
    theme = make.theme("Biometrics")
    db.session.execute(sa.insert(alumnus_themes).values(alumnus_id=person.id, theme_id=theme.id))


def add_period(person: Alumnus, make: Factory) -> None:
    day = date(2026, 7, 8)
    person.periods.append(AvailabilityPeriod(kind=PeriodKind.BLACKOUT, starts_on=day, ends_on=day))


CHANGES = [
    change_status,
    change_by_statement,
    add_language,
    drop_language,
    add_theme,
    add_theme_by_statement,
    add_period,
]


@pytest.mark.parametrize("change", CHANGES, ids=[change.__name__ for change in CHANGES])
def test_two_servers_see_what_was_committed(app: Flask, make: Factory, change: Callable) -> None:
    person = make.alumnus()
    servers = (Resident(), Resident())

    def seen() -> list[int]:
        found = []
        for server in servers:
            app.extensions["bsm_columns"] = server
            found.append(id(current_columns()))
        db.session.rollback()
        return found

    before = seen()
    assert seen() == before
    change(db.session.get_one(Alumnus, person.id), make)
    db.session.commit()
    after = seen()
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, False]
    assert servers[0].columns is not None
    assert servers[1].columns is not None
    assert servers[0].columns.version == servers[1].columns.version


def test_what_ranking_does_not_read_leaves_the_columns_alone(app: Flask, make: Factory) -> None:
    person = make.alumnus()
    before = read_version()
    make.organisation("IOM")
    record("alumnus.viewed", person)
    save_weights(0, default_weights())
    db.session.commit()
    assert read_version() == before


def test_a_change_taken_back_changes_nothing(app: Flask, make: Factory) -> None:
    person = make.alumnus()
    columns = current_columns()
    person.restricted = True
    db.session.flush()
    assert current_columns().restricted.tolist() == [True]
    db.session.rollback()
    assert current_columns() is columns
    assert columns.restricted.tolist() == [False]


def test_the_counter_only_rises(app: Flask, make: Factory) -> None:
    people, seats = [], []
    for _ in range(3):
        make.alumnus()
        people.append(read_version()[0])
        make.event()
        seats.append(read_version()[1])
    for versions in (people, seats):
        assert versions == sorted(set(versions))
        assert len(versions) == 3


def test_a_savepoint_does_not_lose_the_change(app: Flask, make: Factory) -> None:
    person = make.alumnus()
    before = read_version()
    with db.session.begin_nested():
        person.restricted = True
    db.session.commit()
    assert read_version() > before


def test_a_savepoint_taken_back_does_not_lose_what_came_before_it(app: Flask, make: Factory) -> None:
    person = make.alumnus()
    before = read_version()
    person.restricted = True
    db.session.flush()
    inner = db.session.begin_nested()
    inner.rollback()
    db.session.commit()
    assert db.session.get_one(Alumnus, person.id).restricted is True
    assert read_version() > before


def test_an_invitation_loads_the_seats_alone(app: Flask, make: Factory) -> None:
    person, event = make.alumnus(), make.event(seats=1)
    before = current_columns()
    db.session.rollback()
    seat = {"slot_id": event.slots[0].id, "event_id": event.id, "alumnus_id": person.id, "seat": 1}
    db.session.add(Assignment(state=AssignmentState.INVITED, invited_at=utc_now(), **seat))
    db.session.commit()
    after = current_columns()
    assert after.ids is before.ids
    assert (before.seats.slot.tolist(), after.seats.slot.tolist()) == ([], [seat["slot_id"]])
    assert (before.asked.tolist(), after.asked.tolist()) == ([0], [1])


def test_seats_kept_apart_are_the_seats_loaded_with_everyone(app: Flask, make: Factory) -> None:
    people = [make.alumnus() for _ in range(3)]
    event = make.event(seats=3)
    current_columns()
    db.session.rollback()
    for seat, person in enumerate(people, 1):
        place = {"slot_id": event.slots[0].id, "event_id": event.id, "alumnus_id": person.id, "seat": seat}
        db.session.add(Assignment(state=AssignmentState.DELIVERED, **place))
    theme = make.theme()
    event.themes.append(theme)
    db.session.commit()
    kept, fresh = current_columns(), load_columns()
    for name in ("delivered", "theme_delivered", "asked", "answered", "no_shows"):
        assert getattr(kept, name).tolist() == getattr(fresh, name).tolist()
    for name in SEAT_COLUMNS:
        assert getattr(kept.seats, name).tolist() == getattr(fresh.seats, name).tolist()
