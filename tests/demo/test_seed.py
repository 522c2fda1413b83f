"""Made-up programmes: the same for the same numbers, sound in the database's eyes, of any size."""

from datetime import date

import sqlalchemy as sa
from flask import Flask

from bsm_alumni.alumni.models import Alumnus, AlumnusEmail, AlumnusTerm
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.cohorts.models import Cohort, Enrolment
from bsm_alumni.demo.seed import seed
from bsm_alumni.events.models import Event
from bsm_alumni.extensions import db
from bsm_alumni.matching.resident import read_version
from tests.factories import Factory

TODAY = date(2026, 6, 1)
FIELDS = (Alumnus.display_name, Alumnus.country_code, Alumnus.zone, Alumnus.gender, Alumnus.status)


def people() -> list[tuple]:
    return [tuple(row) for row in db.session.execute(sa.select(*FIELDS).order_by(Alumnus.id))]


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_the_numbers_asked_for_are_put_in(app: Flask) -> None:
    told: list[int] = []
    added = seed(50, 3, 8, today=TODAY, progress=told.append)
    db.session.commit()
    assert (added.alumni, added.cohorts, added.events) == (50, 3, 8)
    assert (count(Alumnus), count(Cohort), count(Event), count(Enrolment)) == (50, 3, 8, 50)
    assert told[-1] == 50
    assert count(Assignment) >= 12
    assert min(read_version()) > 0


def test_the_same_seed_makes_the_same_people(app: Flask) -> None:
    seed(40, 2, 4, seed_number=7, today=TODAY)
    first = people()
    db.session.rollback()
    seed(40, 2, 4, seed_number=7, today=TODAY)
    assert people() == first
    db.session.rollback()
    seed(40, 2, 4, seed_number=8, today=TODAY)
    assert people() != first


def test_made_up_people_are_marked_by_their_addresses_and_can_be_found(app: Flask) -> None:
    seed(40, 1, 0, today=TODAY)
    addresses = db.session.scalars(sa.select(AlumnusEmail.address)).all()
    assert {address.rpartition("@")[2] for address in addresses} == {"example.org"}
    found = db.session.scalar(sa.select(sa.func.count(sa.distinct(AlumnusTerm.alumnus_id))))
    assert found == 40


def test_more_can_be_added_and_rows_of_ones_own_after_them(app: Flask, make: Factory) -> None:
    make.alumnus()
    seed(10, 1, 2, today=TODAY)
    db.session.commit()
    seed(10, 1, 2, today=TODAY)
    db.session.commit()
    make.alumnus()
    make.cohort()
    assert count(Alumnus) == 22
