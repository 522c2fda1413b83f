"""Made-up programmes in memory, of the shape of the registry: no database, the same for the same seed.

`random_programme(500, 20_000)` is a year of 500 sessions with three seats each over 20,000 alumni;
`contended_programme()` has few people per seat.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.random import Generator

from bsm_alumni.matching.columns import Columns, Ints, Periods, Seats, pack_themes
from bsm_alumni.matching.need import Need, quarter_of
from bsm_alumni.matching.planner.pairs import Paired, make_programme
from bsm_alumni.matching.planner.places import Place
from bsm_alumni.matching.planner.programme import PlanWeights, Programme
from bsm_alumni.matching.weights import default_weights
from bsm_alumni.reference.countries import COUNTRIES
from bsm_alumni.reference.zones import default_zone

FIRST = date(2027, 1, 4)
"""The first day of the programme; it is asked for a month before."""
MOST_COUNTRIES, THEMES, YEAR = 130, 8, 365
LANGUAGES = ("ar", "en", "es", "fr", "pt", "ru")
SPEAKERS = (0.2, 0.55, 0.15, 0.3, 0.06, 0.12)
ASKED_IN = (0.08, 0.5, 0.1, 0.22, 0.02, 0.08)
"""Share of sessions in each language."""
LEVELS = (0, 2, 3, 4, 4, 5, 5, 6, 7)
EVENT_ZONES = ("America/New_York", "Europe/Vienna", "Africa/Nairobi", "Asia/Bangkok", "Europe/Paris")
TOWARDS_MEN = (2, 2, 2, 1, 1, 0)
"""Codes of gender, drawn alike: two in six alumni are women, one is not known."""
PAST_EVENTS = 400


def random_programme(
    sessions: int, people: int, seats: int = 3, seed: int = 1, weights: PlanWeights = PlanWeights()
) -> Programme:
    """A programme of one slot with `seats` seats in each session, spread over a year."""
    return random_paired(sessions, people, seats, seed, weights).programme


def contended_programme(sessions: int = 500, people: int = 1_000, seats: int = 3, seed: int = 1) -> Programme:
    """The same with few people per seat."""
    return random_programme(sessions, people, seats, seed)


def random_paired(
    sessions: int, people: int, seats: int = 3, seed: int = 1, weights: PlanWeights = PlanWeights()
) -> Paired:
    """The programme with the columns and the places that it was made from."""
    return make_programme(random_columns(people, seed), random_places(sessions, seats, seed), weights)


def random_columns(people: int, seed: int = 1) -> Columns:
    """Alumni of about 130 countries with their languages, themes, availability and past seats."""
    chance = np.random.default_rng((seed, people))
    codes = tuple(sorted(COUNTRIES)[:: max(1, len(COUNTRIES) // MOST_COUNTRIES)][:MOST_COUNTRIES])
    subregions = tuple(sorted({COUNTRIES[code].subregion for code in codes}))
    home = [default_zone(code) or "UTC" for code in codes]
    zones = tuple(sorted(set(home)))
    country = _countries(chance, people, len(codes))
    zone_of = np.array([*(zones.index(zone) for zone in home), -1], dtype=np.int16)
    seats = _past_seats(chance, people)
    done = np.bincount(seats.person, minlength=people)
    on_theme = (seats.event % THEMES)[None, :] == np.arange(THEMES)[:, None]
    asked = done + chance.poisson(0.3, people)
    return Columns(
        version=(1, 1),
        countries=codes,
        subregions=subregions,
        languages=LANGUAGES,
        themes=tuple(range(1, THEMES + 1)),
        zones=zones,
        country_subregion=np.array([*(subregions.index(COUNTRIES[code].subregion) for code in codes), -1]),
        ids=np.arange(1, people + 1, dtype=np.int64),
        country=country,
        gender=chance.choice(TOWARDS_MEN, people).astype(np.uint8),
        zone=zone_of[country],
        levels=_levels(chance, people),
        theme_bits=_themes(chance, people),
        notice_days=chance.choice((7, 14, 14, 21, 30), people).astype(np.int16),
        quarter_limit=chance.choice((1, 2, 2, 2, 3), people).astype(np.int16),
        active=chance.random(people) < 0.88,
        restricted=chance.random(people) < 0.01,
        reachable=chance.random(people) < 0.97,
        delivered=done.astype(np.uint16),
        theme_delivered=np.array([np.bincount(seats.person[row], minlength=people) for row in on_theme], np.uint8),
        asked=asked.astype(np.uint16),
        answered=chance.binomial(asked, 0.8).astype(np.uint16),
        no_shows=chance.binomial(done, 0.04).astype(np.uint16),
        windows=_periods(chance, people, 0.1, 120, 300),
        blackouts=_periods(chance, people, 0.2, 5, 90),
        seats=seats,
    )


def random_places(sessions: int, seats: int = 3, seed: int = 1) -> list[list[Place]]:
    """Sessions in order of time, one slot each: a language at B2, two themes, every other one about a country."""
    chance = np.random.default_rng((seed, sessions, seats))
    codes, weights = sorted(COUNTRIES), default_weights()
    today = FIRST.toordinal() - 30
    places = []
    for number, day in enumerate(np.sort(chance.integers(0, YEAR, sessions)).tolist()):
        on = FIRST + timedelta(days=day)
        zone = EVENT_ZONES[int(chance.integers(len(EVENT_ZONES)))]
        local = datetime(on.year, on.month, on.day, int(chance.integers(8, 17)), tzinfo=ZoneInfo(zone))
        start, language = local.astimezone(UTC), str(chance.choice(LANGUAGES, p=ASKED_IN))
        about = frozenset({codes[int(chance.integers(len(codes)))]} if chance.random() < 0.5 else ())
        need = Need(
            event_id=PAST_EVENTS + number + 1,
            slot_id=PAST_EVENTS + number + 1,
            start=start,
            end=start + timedelta(minutes=90),
            day=on.toordinal(),
            quarter=quarter_of(on.year, on.month),
            today=today,
            languages=((language, 4),),
            themes=tuple(sorted((chance.choice(THEMES, 2, replace=False) + 1).tolist())),
            countries=about,
        )
        places.append([Place(need, seats, weights)])
    return places


def _countries(chance: Generator, people: int, count: int) -> Ints:
    """Some countries send many more than others; one in fifty people has none that is known."""
    share = 1.0 / np.arange(3, count + 3)
    country = chance.permutation(count)[chance.choice(count, people, p=share / share.sum())]
    return np.where(chance.random(people) < 0.02, -1, country).astype(np.int16)


def _levels(chance: Generator, people: int) -> np.ndarray:
    speaks = chance.random((len(LANGUAGES), people)) < np.array(SPEAKERS)[:, None]
    return np.where(speaks, chance.choice(LEVELS, speaks.shape) + 1, 0).astype(np.uint8)


def _themes(chance: Generator, people: int) -> np.ndarray:
    row, person = np.nonzero(chance.random((THEMES, people)) < 0.25)
    return pack_themes(THEMES, people, row, person)


def _periods(chance: Generator, people: int, share: float, shortest: int, longest: int) -> Periods:
    person = np.flatnonzero(chance.random(people) < share).astype(np.int32)
    first = FIRST.toordinal() + chance.integers(-60, YEAR, len(person))
    last = first + chance.integers(shortest, longest + 1, len(person))
    return Periods(person, first.astype(np.int32), last.astype(np.int32))


def _past_seats(chance: Generator, people: int) -> Seats:
    """Three in ten have held one to four seats in the two years before."""
    day = FIRST.toordinal() - 31 - chance.integers(0, 2 * YEAR, PAST_EVENTS)
    person = np.repeat(np.arange(people), np.where(chance.random(people) < 0.3, chance.integers(1, 5, people), 0))
    pairs = np.unique(np.column_stack((person, chance.integers(0, PAST_EVENTS, len(person)))), axis=0)
    person, event = pairs[:, 0].astype(np.int32), pairs[:, 1]
    start = (day[event] - date(1970, 1, 1).toordinal()) * 86400 + 12 * 3600
    quarters = {d: quarter_of(date.fromordinal(d).year, date.fromordinal(d).month) for d in day.tolist()}
    return Seats(
        person=person,
        event=event + 1,
        slot=event + 1,
        start=start,
        end=start + 5400,
        day=day[event].astype(np.int32),
        quarter=np.array([quarters[d] for d in day[event].tolist()], dtype=np.int32),
        held=np.ones(len(person), dtype=np.bool_),
    )
