"""Columns loaded from a real database give what the oracle gives from the same people."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from bsm_alumni.alumni.enums import AlumnusStatus, Gender, PeriodKind
from bsm_alumni.alumni.models import Alumnus, AlumnusEmail, AlumnusLanguage, AvailabilityPeriod
from bsm_alumni.assignments.enums import AssignmentState as State
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.events.models import Event, EventCountry, Slot
from bsm_alumni.extensions import db
from bsm_alumni.matching.enums import GenderCode
from bsm_alumni.matching.queries import get_slot_of, need_of
from bsm_alumni.matching.queries_columns import HOLDING, load_columns
from bsm_alumni.matching.ranking import look, rank
from bsm_alumni.matching.weights import default_weights
from bsm_alumni.reference.models import Theme
from tests.matching import oracle
from tests.matching.worlds import COUNTRIES, LANGUAGES, START, THEMES, ZONES, Person, Seat

GENDERS = {
    None: GenderCode.UNKNOWN,
    Gender.WOMAN: GenderCode.WOMAN,
    Gender.MAN: GenderCode.MAN,
    Gender.OTHER: GenderCode.OTHER,
}
NOW = datetime(2026, 6, 20, 9, 0, tzinfo=UTC)
EVENT_THEMES = {1: {11, 12}, 2: {11}, 3: set(), 4: {13}, 5: {12, 13}}


def add_events() -> dict[int, Event]:
    """Five events on UTC clocks, two slots each (10·event and 10·event + 1); the second of event 3 is on theme 11."""
    themes = {i: Theme(id=i, code=f"t{i}", name=f"Theme {i}") for i in THEMES}
    db.session.add_all(themes.values())
    offsets = {
        1: timedelta(),
        2: timedelta(hours=1),
        3: timedelta(days=-200),
        4: timedelta(days=3),
        5: timedelta(days=-20),
    }
    events = {}
    for i, offset in offsets.items():
        events[i] = Event(
            id=i,
            title=f"Event {i}",
            starts_at=START + offset,
            ends_at=START + offset + timedelta(hours=1),
            zone="UTC",
            themes=[themes[theme] for theme in sorted(EVENT_THEMES[i])],
        )
        for j in (0, 1):
            theme_id = 11 if (i, j) == (3, 1) else None
            db.session.add(Slot(id=10 * i + j, event=events[i], language_code="fr", seats=50, theme_id=theme_id))
    events[1].countries.append(EventCountry(country_code="ML"))
    db.session.add_all(events.values())
    db.session.flush()
    return events


def add_person(number: int, chance: random.Random, events: dict[int, Event]) -> Person:
    """A row with its relations, and the same person as a plain record."""
    day = (START + timedelta(days=chance.randint(-3, 3))).date()
    kind = chance.choice([None, None, PeriodKind.WINDOW, PeriodKind.BLACKOUT])
    gender = chance.choice(list(GENDERS))
    status = chance.choice([AlumnusStatus.ACTIVE] * 4 + [AlumnusStatus.LEFT_SERVICE])
    languages = {code: chance.randint(0, 7) for code in LANGUAGES if chance.random() < 0.8}
    themes = [theme for theme in THEMES if chance.random() < 0.5]
    fields = {
        "restricted": chance.random() < 0.1,
        "country": chance.choice([None, *COUNTRIES]),
        "zone": chance.choice([None, *ZONES]),
        "notice_days": chance.randint(10, 20),
        "quarter_limit": chance.randint(1, 3),
    }
    alumnus = Alumnus(
        id=number,
        display_name=f"Person {number}",
        gender=gender,
        status=status,
        restricted=fields["restricted"],
        country_code=fields["country"],
        zone=fields["zone"],
        notice_days=fields["notice_days"],
        quarter_limit=fields["quarter_limit"],
        languages=[AlumnusLanguage(language_code=code, level=level) for code, level in languages.items()],
        themes=[db.session.get_one(Theme, theme) for theme in themes],
        periods=[AvailabilityPeriod(kind=kind, starts_on=day, ends_on=day)] if kind else [],
    )
    reachable = chance.random() < 0.9
    if reachable:
        address = f"p{number}@example.org"
        alumnus.emails.append(AlumnusEmail(address=address, folded=address))
    db.session.add(alumnus)
    db.session.flush()
    states = {i: chance.choice(list(State)) for i in events if chance.random() < 0.25}
    slots = {i: 10 * i + chance.randint(0, 1) for i in states}
    for i, state in states.items():
        invited = NOW if state is not State.PROPOSED else None
        answered = NOW if state in (State.ACCEPTED, State.DECLINED, State.DELIVERED, State.NO_SHOW) else None
        db.session.add(
            Assignment(
                slot_id=slots[i],
                event_id=i,
                alumnus_id=number,
                seat=number,
                state=state,
                invited_at=invited,
                answered_at=answered,
            )
        )
    delivered = [i for i, state in states.items() if state is State.DELIVERED]
    theme_delivered: Counter[int] = Counter()
    for i in delivered:
        theme_delivered.update(EVENT_THEMES[i] | ({11} if slots[i] == 31 else set()))
    asked = [state for state in states.values() if state is not State.PROPOSED]
    return Person(
        id=number,
        active=status is AlumnusStatus.ACTIVE,
        reachable=reachable,
        gender=GENDERS[gender],
        languages=languages,
        themes=frozenset(themes),
        windows=((day, day),) if kind is PeriodKind.WINDOW else (),
        blackouts=((day, day),) if kind is PeriodKind.BLACKOUT else (),
        seats=tuple(Seat(i, slots[i], events[i].starts_at, held=state in HOLDING) for i, state in states.items()),
        delivered=len(delivered),
        theme_delivered=dict(theme_delivered),
        asked=len(asked),
        answered=sum(s in (State.ACCEPTED, State.DECLINED, State.DELIVERED, State.NO_SHOW) for s in asked),
        no_shows=asked.count(State.NO_SHOW),
        **fields,
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_the_database_and_the_oracle_rank_alike(app: Flask, seed: int) -> None:
    chance = random.Random(seed)
    events = add_events()
    people = [add_person(number, chance, events) for number in range(1, 121)]
    db.session.commit()
    columns, need = load_columns(), need_of(get_slot_of(1, 10), NOW)
    assert need.languages == (("fr", 4),)
    assert (need.themes, need.countries) == ((11, 12), frozenset({"ML"}))
    assert (need.day - need.today, need.quarter) == (18, 2026 * 4 + 2)
    ranking = rank(columns, need, default_weights(), 200)
    assert [(c.alumnus_id, c.score) for c in ranking.candidates] == oracle.ranked(people, need, default_weights(), 200)
    assert ranking.removed == oracle.removed(people, need)
    assert ranking.eligible >= 5
    looked = look(columns, need, default_weights(), range(len(people)))
    assert [list(item.rules) for item in looked] == [oracle.excluded_by(person, need) for person in people]


def test_an_empty_database_has_empty_columns(app: Flask) -> None:
    columns = load_columns()
    assert (len(columns), columns.languages, columns.zones) == (0, (), ())


def test_a_cancelled_events_seat_is_not_held(app: Flask) -> None:
    events = add_events()
    db.session.add(Alumnus(id=1, display_name="Ada"))
    db.session.flush()
    db.session.add(Assignment(slot_id=20, event_id=2, alumnus_id=1, seat=1, state=State.ACCEPTED))
    db.session.flush()
    assert load_columns().seats.held.tolist() == [True]
    events[2].status = "cancelled"
    db.session.flush()
    assert load_columns().seats.held.tolist() == [False]
