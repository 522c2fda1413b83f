"""Every exclusion rule has a person it excludes and a twin it does not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bsm_alumni.matching.enums import Rule
from bsm_alumni.matching.need import Need
from bsm_alumni.matching.ranking import look, rank
from bsm_alumni.matching.rules import RULES
from bsm_alumni.matching.weights import default_weights
from tests.matching.worlds import NEED, START, Person, Seat, columns_of, with_need

JULY_8 = date(2026, 7, 8)
JULY_9 = date(2026, 7, 9)
LATE = with_need(start=START.replace(hour=21), end=START.replace(hour=21, minute=45))
"""22:00 on 8 July in London and 00:00 to 00:45 on 9 July in Nairobi."""
ok = Person(id=1)


def seat(days: int = 0, hours: int = 0, **more: object) -> tuple[Seat, ...]:
    base = Seat(event=2, slot=20, start=START + timedelta(days=days, hours=hours))
    return (replace(base, **more),)  # type: ignore[arg-type]


CASES: list[tuple[str, Rule, Person, Person, Need]] = [
    ("not active", Rule.STATUS, replace(ok, active=False), ok, NEED),
    ("restricted", Rule.RESTRICTED, replace(ok, restricted=True), ok, NEED),
    ("no address", Rule.ADDRESS, replace(ok, reachable=False), ok, NEED),
    ("other language", Rule.LANGUAGE, replace(ok, languages={"en": 7}), ok, NEED),
    ("B1 for B2", Rule.LEVEL, replace(ok, languages={"fr": 3}), replace(ok, languages={"fr": 4}), NEED),
    ("level not given", Rule.LEVEL, replace(ok, languages={"fr": 0}), replace(ok, languages={"fr": 7}), NEED),
    (
        "the better of two languages counts",
        Rule.LEVEL,
        replace(ok, languages={"fr": 2, "en": 2}),
        replace(ok, languages={"fr": 2, "en": 6}),
        with_need(languages=(("fr", 4), ("en", 5))),
    ),
    (
        "window ends the day before",
        Rule.WINDOW,
        replace(ok, windows=((date(2026, 7, 1), date(2026, 7, 7)),)),
        replace(ok, windows=((date(2026, 7, 1), JULY_8),)),
        NEED,
    ),
    (
        "window on their own date",
        Rule.WINDOW,
        replace(ok, zone="Africa/Nairobi", windows=((JULY_8, JULY_8),)),
        replace(ok, zone="Africa/Nairobi", windows=((JULY_9, JULY_9),)),
        LATE,
    ),
    (
        "away that day",
        Rule.BLACKOUT,
        replace(ok, blackouts=((JULY_8, JULY_8),)),
        replace(ok, blackouts=((JULY_9, JULY_9),)),
        NEED,
    ),
    (
        "away on the second day",
        Rule.BLACKOUT,
        replace(ok, blackouts=((JULY_9, JULY_9),)),
        replace(ok, blackouts=((date(2026, 7, 10), date(2026, 7, 11)),)),
        with_need(end=START + timedelta(days=1)),
    ),
    (
        "ending at midnight does not touch the next day",
        Rule.BLACKOUT,
        replace(ok, zone="Africa/Nairobi", blackouts=((JULY_8, JULY_8),)),
        replace(ok, zone="Africa/Nairobi", blackouts=((JULY_9, JULY_9),)),
        with_need(end=datetime(2026, 7, 8, 21, 0, tzinfo=UTC)),
    ),
    ("notice", Rule.NOTICE, replace(ok, notice_days=38), replace(ok, notice_days=37), NEED),
    (
        "at the same time",
        Rule.OVERLAP,
        replace(ok, seats=seat(hours=1)),
        replace(ok, seats=seat(hours=2)),
        with_need(rest_days=0),
    ),
    (
        "a lost seat does not overlap",
        Rule.OVERLAP,
        replace(ok, seats=seat()),
        replace(ok, seats=seat(held=False)),
        with_need(rest_days=0),
    ),
    (
        "enough this quarter",
        Rule.LOAD,
        replace(ok, quarter_limit=1, seats=seat(days=40)),
        replace(ok, quarter_limit=1, seats=seat(days=-40)),
        NEED,
    ),
    ("takes on nothing", Rule.LOAD, replace(ok, quarter_limit=0), replace(ok, quarter_limit=1), NEED),
    (
        "declined this slot",
        Rule.ASKED,
        replace(ok, seats=seat(event=1, slot=10, held=False)),
        replace(ok, seats=seat(event=1, slot=11, held=False)),
        NEED,
    ),
    (
        "another seat in the event",
        Rule.SEATED,
        replace(ok, seats=seat(event=1, slot=11)),
        replace(ok, seats=seat(event=1, slot=11, held=False)),
        NEED,
    ),
    (
        "rest before",
        Rule.REST_DAYS,
        replace(ok, seats=seat(days=-6)),
        replace(ok, seats=seat(days=-7)),
        with_need(quarter=0),
    ),
    ("rest after", Rule.REST_DAYS, replace(ok, seats=seat(days=6)), replace(ok, seats=seat(days=7)), NEED),
]


@pytest.mark.parametrize(("rule", "out", "twin", "need"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_the_rule_excludes_one_and_not_the_twin(rule: Rule, out: Person, twin: Person, need: Need) -> None:
    columns = columns_of([out, replace(twin, id=2)])
    found = [set(item.rules) for item in look(columns, need, default_weights(), (0, 1))]
    assert found == [{rule}, set()]
    ranking = rank(columns, need, default_weights())
    assert [c.alumnus_id for c in ranking.candidates] == [2]
    assert {r: n for r, n in ranking.removed.items() if n} == {rule: 1}


def test_every_rule_is_tried() -> None:
    assert {case[1] for case in CASES} == set(Rule)
    assert tuple(RULES) == tuple(Rule)


def test_without_a_language_needed_nobody_is_asked_for_one() -> None:
    columns = columns_of([replace(ok, languages={})])
    assert look(columns, with_need(languages=()), default_weights(), [0])[0].rules == ()


def test_a_session_that_is_over_asks_for_no_notice() -> None:
    columns = columns_of([replace(ok, notice_days=1)])
    today = look(columns, with_need(today=JULY_8.toordinal()), default_weights(), [0])[0]
    over = look(columns, with_need(today=JULY_9.toordinal()), default_weights(), [0])[0]
    assert (list(today.rules), list(over.rules)) == ([Rule.NOTICE], [])
