"""The weighed reasons: how well each person who may be asked fits, 0..1 per reason. Pure NumPy.

A reason that the slot gives no ground for (no theme asked, nobody on the panel yet) does not apply: it is
left out of the sum for everyone, so that it neither helps nor hurts.
"""

from collections.abc import Callable, Sequence

import numpy as np

from bsm_alumni.matching.clock import hour_table
from bsm_alumni.matching.columns import Columns, Floats, Ints
from bsm_alumni.matching.enums import GenderCode, Reason
from bsm_alumni.matching.need import Need
from bsm_alumni.matching.rules import Question

NOT_KNOWN = 0.5
"""Value where the person has not told us what the reason asks about."""
FULL_REST = 180
"""Days after which a person counts as fully rested."""
LOAD_DAYS = 365
"""Days on each side of the session in which held seats count for the fair share."""
HALF_EXPERIENCE = 4
"""Points of experience that give half the value: two sessions on the theme, or four on others."""
PRIOR_KEPT, PRIOR_ASKED = 4, 5
"""A newcomer stands as a person who kept four of five."""
SAME_SUBREGION, OTHER_REGION = 0.7, 0.0
NEW_COUNTRY = 0.5


Who = Ints | slice
"""Positions of people, or a slice: the whole of a column is read more quickly than chosen places of it."""


def _by(table: Floats, codes: Ints) -> Floats:
    # Whole words as an index spare NumPy a conversion in small pieces, which took four times longer.
    return table.take(codes.astype(np.intp))


def themes(question: Question, who: Who) -> Floats:
    """Share of the slot's themes that are the person's own."""
    columns, wanted = question.columns, question.need.themes
    return columns.once((Reason.THEMES, wanted), lambda: _shares(columns, wanted))[who]


def _shares(columns: Columns, wanted: Sequence[int]) -> Floats:
    masks = [0] * len(columns.theme_bits)
    for row in columns.theme_rows(wanted):
        masks[row // 64] |= 1 << row % 64
    shared = np.zeros(len(columns), dtype=np.uint8)
    for word, mask in zip(columns.theme_bits, masks, strict=True):
        if mask:
            shared += np.bitwise_count(word & np.uint64(mask))
    return shared / len(wanted)


def region(question: Question, who: Who) -> Floats:
    """1 for a country the session is about, 0.7 for its sub-region, 0 elsewhere, 0.5 where not known."""
    columns, need = question.columns, question.need
    about = [i for i, code in enumerate(columns.countries) if code in need.countries]
    near = np.array([*(name in need.subregions for name in columns.subregions), False])
    near[columns.country_subregion[about]] = True
    table = np.where(near[columns.country_subregion], SAME_SUBREGION, OTHER_REGION)
    table[about], table[-1] = 1.0, NOT_KNOWN
    return _by(table, columns.country[who])


def experience(question: Question, who: Who) -> Floats:
    """points / (points + 4), where a session delivered is a point and one on a theme asked for is two."""
    columns, wanted = question.columns, question.need.themes
    return columns.once((Reason.EXPERIENCE, wanted), lambda: _experience(columns, wanted))[who]


def _experience(columns: Columns, wanted: Sequence[int]) -> Floats:
    points = columns.delivered.astype(np.float64)
    rows = columns.theme_rows(wanted)
    if rows:
        on_theme = columns.theme_delivered[rows[0]]
        for row in rows[1:]:
            on_theme = np.maximum(on_theme, columns.theme_delivered[row])
        points += on_theme
    return points / (points + HALF_EXPERIENCE)


def rest(question: Question, who: Who) -> Floats:
    """Days to the nearest other session, as a share of half a year."""
    people, days = question.held_within(FULL_REST - 1)
    rested = np.ones(len(question.columns), dtype=np.float64)
    np.minimum.at(rested, people, days / FULL_REST)
    return rested[who]


def load(question: Question, who: Who) -> Floats:
    """1 / (1 + seats held within a year of the session)."""
    columns, by_day, day = question.columns, question.columns.seats.holding.by_day, question.need.day
    near = by_day.person[by_day.within(day - LOAD_DAYS, day + LOAD_DAYS)]
    seats = np.bincount(near, minlength=len(columns))[who].astype(np.float64)
    return 1.0 / (1.0 + seats)


def hour(question: Question, who: Who) -> Floats:
    """How good the hour is on the person's own clock; see `clock.comfort`."""
    columns, need = question.columns, question.need
    return _by(np.array(hour_table(columns.zones, need.start, need.end)), columns.zone[who])


def reliability(question: Question, who: Who) -> Floats:
    """(answered − missed + 4) / (asked + 5): four of five until the person has been asked."""
    return question.columns.once(Reason.RELIABILITY, lambda: _reliability(question.columns))[who]


def _reliability(columns: Columns) -> Floats:
    kept = np.maximum(columns.answered.astype(np.int64) - columns.no_shows, 0)
    values: Floats = (kept + PRIOR_KEPT) / (columns.asked.astype(np.int64) + PRIOR_ASKED)
    return values


def places(question: Question, who: Who) -> Floats:
    """1 for a new sub-region, 0.5 for a new country or one not known, 0 for a country already there."""
    columns, panel = question.columns, question.need.panel
    countries = {member.country for member in panel}
    subregions = {member.subregion for member in panel}
    there = [i for i, code in enumerate(columns.countries) if code in countries]
    known = np.array([*(name in subregions for name in columns.subregions), False])
    table = np.where(known[columns.country_subregion], NEW_COUNTRY, 1.0)
    table[there], table[-1] = 0.0, NOT_KNOWN
    return _by(table, columns.country[who])


def gender_table(need: Need) -> tuple[float, ...]:
    """Value by `GenderCode`.

    One minus the share of that gender among those on the panel whose gender is known.
    """
    known = [member.gender for member in need.panel if member.gender in (GenderCode.WOMAN, GenderCode.MAN)]
    women = known.count(GenderCode.WOMAN) / len(known)
    return (NOT_KNOWN, 1.0 - women, women, NOT_KNOWN)


def gender(question: Question, who: Who) -> Floats:
    """What the person adds to the balance of women and men; see `gender_table`."""
    return _by(np.array(gender_table(question.need)), question.columns.gender[who])


REASONS: dict[Reason, Callable[[Question, Who], Floats]] = {
    Reason.THEMES: themes,
    Reason.REGION: region,
    Reason.EXPERIENCE: experience,
    Reason.REST: rest,
    Reason.LOAD: load,
    Reason.HOUR: hour,
    Reason.RELIABILITY: reliability,
    Reason.PLACES: places,
    Reason.GENDER: gender,
}


def applying(need: Need) -> tuple[Reason, ...]:
    """The reasons the slot gives ground for, in order."""
    genders = any(member.gender in (GenderCode.WOMAN, GenderCode.MAN) for member in need.panel)
    ground = {
        Reason.THEMES: bool(need.themes),
        Reason.REGION: bool(need.countries or need.subregions),
        Reason.PLACES: any(member.country for member in need.panel),
        Reason.GENDER: genders,
    }
    return tuple(reason for reason in REASONS if ground.get(reason, True))
