"""A partner's people in numbers. Each figure counts only people of whom the viewer is shown what it is about."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.alumni.enums import PeriodKind
from bsm_alumni.alumni.models import Alumnus, AlumnusLanguage, AvailabilityPeriod, alumnus_themes
from bsm_alumni.alumni.queries import shows, visible
from bsm_alumni.extensions import db
from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.reference.countries import COUNTRIES
from bsm_alumni.reference.models import Theme

MONTHS = 6


@dataclass(frozen=True, slots=True)
class Figures:
    """``people`` of whom anything is shown; ``experts`` and ``planned`` those of whom work and availability are.

    ``subregions`` by their English M49 names ('' where no country is given), ``languages`` by code, ``themes`` by
    name; ``months`` as (first day, people who can be asked from its 8th to its 21st).
    """

    people: int
    experts: int
    planned: int
    subregions: tuple[tuple[str, int], ...]
    languages: tuple[tuple[str, int], ...]
    themes: tuple[tuple[str, int], ...]
    months: tuple[tuple[date, int], ...]


def figures(viewer: Viewer, today: date) -> Figures:
    """All figures. A bounded number of queries, whoever is in them."""
    countries = db.session.execute(
        visible(viewer).with_only_columns(Alumnus.country_code, sa.func.count()).group_by(Alumnus.country_code)
    ).all()
    subregions: Counter[str] = Counter()
    for code, count in countries:
        subregions[COUNTRIES[code].subregion if code in COUNTRIES else ""] += count
    experts = visible(viewer).where(shows(viewer, FieldGroup.PROFESSIONAL)).with_only_columns(Alumnus.id)
    planned = visible(viewer).where(shows(viewer, FieldGroup.AVAILABILITY)).with_only_columns(Alumnus.id)
    spoken, known = AlumnusLanguage, alumnus_themes.c
    languages = (
        sa.select(spoken.language_code, sa.func.count())
        .where(spoken.alumnus_id.in_(experts))
        .group_by(spoken.language_code)
    )
    themes = (
        sa.select(Theme.name, sa.func.count())
        .join(alumnus_themes, known.theme_id == Theme.id)
        .where(known.alumnus_id.in_(experts))
        .group_by(Theme.id, Theme.name)
    )
    return Figures(
        people=sum(count for _code, count in countries),
        experts=_count(experts),
        planned=_count(planned),
        subregions=_falling(subregions.items()),
        languages=_falling(_pairs(languages)),
        themes=_falling(_pairs(themes)),
        months=_months(planned, _count(planned), months_from(today)),
    )


def months_from(today: date) -> list[date]:
    """The first days of this month and the ones that follow."""
    found = [today.replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] + timedelta(days=32)).replace(day=1))
    return found


def _months(planned: Any, total: int, firsts: list[date]) -> tuple[tuple[date, int], ...]:
    """How many of the people can be asked from the 8th to the 21st of each month, from one query over their days."""
    period = AvailabilityPeriod
    given: defaultdict[int, list[tuple[PeriodKind, date, date]]] = defaultdict(list)
    for alumnus_id, kind, starts_on, ends_on in db.session.execute(
        sa.select(period.alumnus_id, period.kind, period.starts_on, period.ends_on).where(
            period.alumnus_id.in_(planned)
        )
    ):
        given[alumnus_id].append((kind, starts_on, ends_on))
    return tuple(
        (first, total - sum(not _is_free(days, first.replace(day=8), first.replace(day=21)) for days in given.values()))
        for first in firsts
    )


def _is_free(days: list[tuple[PeriodKind, date, date]], first: date, last: date) -> bool:
    """No blackout touches the days, and a window holds them all where the person gave any window."""
    windows = [(starts, ends) for kind, starts, ends in days if kind is PeriodKind.WINDOW]
    blocked = any(kind is PeriodKind.BLACKOUT and starts <= last and ends >= first for kind, starts, ends in days)
    return not blocked and (not windows or any(starts <= first and ends >= last for starts, ends in windows))


def _count(people: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(people.subquery())) or 0


def _pairs(select: Any) -> list[tuple[str, int]]:
    return [(name, count) for name, count in db.session.execute(select)]


def _falling(pairs: Any) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
