"""Two servers over one database, and a change made in one between two requests to the other.

Each server is an application of its own with its own connections and its own columns. The shortlist of the second
must be what a server shows that has just been started.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni import create_app
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.enums import AlumnusStatus, PeriodKind
from bsm_alumni.alumni.models import Alumnus, AlumnusLanguage, AvailabilityPeriod
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.events.models import Event
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.matching import resident
from bsm_alumni.reference.models import Theme
from tests.browsing import Client
from tests.factories import Factory
from tests.matching.dom import page_of


class World:
    """Two people who may be asked for a slot about a theme; the first holds a seat at another event a month later."""

    def __init__(self, make: Factory) -> None:
        self.theme = make.theme("Biometrics").id
        event = make.event("Border Community Dynamics", seats=2)
        event.themes.append(db.session.get_one(Theme, self.theme))
        self.event, self.slot = event.id, event.slots[0].id
        elsewhere = make.event("Elsewhere", seats=1, starts_at=event.starts_at + timedelta(days=40))
        self.elsewhere, self.seat_elsewhere = elsewhere.id, elsewhere.slots[0].id
        self.person = make.alumnus("Traoré", "Awa").id
        self.other = make.alumnus("Ndiaye", "Moussa").id
        self.held = hold(self.person, self.elsewhere, self.seat_elsewhere)
        db.session.commit()
        self.address = f"/staff/events/{self.event}/slots/{self.slot}/shortlist?q={self.person}"


def hold(alumnus_id: int, event_id: int, slot_id: int) -> int:
    seat = Assignment(
        slot_id=slot_id,
        event_id=event_id,
        alumnus_id=alumnus_id,
        seat=1,
        state=AssignmentState.INVITED,
        invited_at=utc_now(),
    )
    db.session.add(seat)
    db.session.flush()
    return seat.id


def person_of(world: World) -> Alumnus:
    return db.session.get_one(Alumnus, world.person)


def profile(world: World) -> None:
    person_of(world).zone = "Pacific/Auckland"


def status(world: World) -> None:
    person_of(world).status = AlumnusStatus.INACTIVE


def restricted(world: World) -> None:
    person_of(world).restricted = True


def restricted_by_statement(world: World) -> None:
    db.session.execute(sa.update(Alumnus).where(Alumnus.id == world.person).values(restricted=True))


def address(world: World) -> None:
    person = person_of(world)
    person.emails.clear()


def level_lowered(world: World) -> None:
    row = db.session.scalars(sa.select(AlumnusLanguage).where(AlumnusLanguage.alumnus_id == world.person)).one()
    row.level = 2


def language_dropped(world: World) -> None:
    person = person_of(world)
    person.languages.clear()


def theme_of_person(world: World) -> None:
    person = person_of(world)
    person.themes.append(db.session.get_one(Theme, world.theme))


def period(world: World) -> None:
    day = db.session.get_one(Event, world.event).starts_at.date()
    person = person_of(world)
    person.periods.append(AvailabilityPeriod(kind=PeriodKind.BLACKOUT, starts_on=day, ends_on=day))


def window(world: World) -> None:
    day = date(2020, 1, 1)
    person = person_of(world)
    person.periods.append(AvailabilityPeriod(kind=PeriodKind.WINDOW, starts_on=day, ends_on=day))


def person_added(world: World) -> None:
    Factory().alumnus("Keita", "Fatou", email="keita@example.org")


def assignment_made(world: World) -> None:
    hold(world.person, world.event, world.slot)


def assignment_withdrawn(world: World) -> None:
    seat = db.session.get_one(Assignment, world.held)
    seat.state = AssignmentState.WITHDRAWN


def event_moved(world: World) -> None:
    here, there = (db.session.get_one(Event, event_id) for event_id in (world.event, world.elsewhere))
    there.starts_at, there.ends_at = here.starts_at, here.ends_at


CHANGES = [
    profile,
    status,
    restricted,
    restricted_by_statement,
    address,
    level_lowered,
    language_dropped,
    theme_of_person,
    period,
    window,
    person_added,
    assignment_made,
    assignment_withdrawn,
    event_moved,
]
each_change = pytest.mark.parametrize("change", CHANGES, ids=[change.__name__ for change in CHANGES])


@pytest.fixture
def second(app: Flask) -> Iterator[Flask]:
    """Another server: an application made anew over the same database."""
    with another(app) as server:
        yield server


@contextmanager
def another(app: Flask) -> Iterator[Flask]:
    server = create_app(app.extensions["bsm_settings"], TESTING=True)
    server.test_client_class = Client
    yield server
    with server.app_context():
        db.engine.dispose()


def browser_on(server: Flask, signed_in: FlaskClient) -> FlaskClient:
    """The same person's browser, sent to another server."""
    with signed_in.session_transaction() as session:
        token = session["_user_id"]
    browser = server.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = token
    return browser


def told(browser: FlaskClient, world: World) -> list[str]:
    """What the shortlist says: who, why, what each rule removed, and why not the person in question."""
    page = page_of(browser, world.address)
    return [one.get_text() for one in page.select(".shortlist li, .funnel td, .funnel th, .named p, .named li")]


def change_on(server: Flask, change: Callable[[World], None], world: World) -> None:
    db.session.rollback()
    with server.app_context():
        change(world)
        db.session.commit()
        db.session.remove()


@pytest.fixture
def world(make: Factory) -> World:
    return World(make)


@pytest.fixture
def officer(make: Factory, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(make.user())


@each_change
def test_a_server_never_answers_from_before_a_change_on_another(
    app: Flask, second: Flask, world: World, officer: FlaskClient, change: Callable[[World], None]
) -> None:
    browsers = (officer, browser_on(second, officer))
    before = [told(browser, world) for browser in browsers]
    assert before[0] == before[1] != []
    change_on(app, change, world)
    after = [told(browser, world) for browser in reversed(browsers)]
    with another(app) as fresh:
        truth = told(browser_on(fresh, officer), world)
    assert after == [truth, truth]
    assert truth != before[0]
    assert second.extensions["bsm_columns"] is not app.extensions["bsm_columns"]


@each_change
def test_without_the_counter_the_other_server_would_not_know(
    app: Flask, second: Flask, world: World, officer: FlaskClient, change: Callable[[World], None]
) -> None:
    """The twin: the same change, made while nothing raises the counter, and the test above would fail."""
    browser = browser_on(second, officer)
    told(browser, world)
    columns = second.extensions["bsm_columns"].columns
    sa.event.remove(db.session, "before_commit", resident._raise_before_commit)
    try:
        change_on(app, change, world)
    finally:
        sa.event.listen(db.session, "before_commit", resident._raise_before_commit)
    stale = told(browser, world)
    assert second.extensions["bsm_columns"].columns is columns
    with another(app) as fresh:
        assert told(browser_on(fresh, officer), world) != stale


def test_without_a_change_no_server_loads_anything(second: Flask, world: World, officer: FlaskClient) -> None:
    browser = browser_on(second, officer)
    first = told(browser, world)
    columns = second.extensions["bsm_columns"].columns
    assert told(browser, world) == first
    assert second.extensions["bsm_columns"].columns is columns
