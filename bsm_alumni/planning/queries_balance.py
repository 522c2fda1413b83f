"""How a plan spreads its seats, and how two plans differ."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from bsm_alumni.access.viewer import SYSTEM, Viewer
from bsm_alumni.alumni.enums import Gender
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries import visible
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.rules import LOST
from bsm_alumni.events.models import Event, EventLanguage, Slot
from bsm_alumni.extensions import db
from bsm_alumni.planning.enums import CostPart, SeatKind
from bsm_alumni.planning.models import Plan, PlanSeat
from bsm_alumni.planning.queries import people_of
from bsm_alumni.planning.shapes import Balance, Comparison, PartChange, SeatChange, Share
from bsm_alumni.planning.words import PARTS
from bsm_alumni.reference.countries import COUNTRIES, region_name
from bsm_alumni.reference.languages import language_name

MOST_CHANGES = 200
"""Seats that only one of two plans has, as many as are listed at most."""


def balance(plan: Plan) -> Balance:
    """Load, women and men, sub-regions and languages, before (what was accepted) and after (the plan). Two queries.

    A slot without a language of its own counts under the event's first.
    """
    # The numbers are of everybody in the plan: nobody is named.
    rows = db.session.execute(
        visible(SYSTEM)
        .with_only_columns(
            Alumnus.id, Alumnus.gender, Alumnus.country_code, Slot.language_code, PlanSeat.event_id, PlanSeat.kind
        )
        .join(PlanSeat, PlanSeat.alumnus_id == Alumnus.id)
        .join(Slot, Slot.id == PlanSeat.slot_id)
        .where(PlanSeat.plan_id == plan.id)
    ).all()
    languages = dict(
        db.session.execute(
            sa.select(EventLanguage.event_id, sa.func.min(EventLanguage.language_code))
            .where(EventLanguage.event_id.in_(sa.select(PlanSeat.event_id).where(PlanSeat.plan_id == plan.id)))
            .group_by(EventLanguage.event_id)
        ).all()
    )
    before = [row for row in rows if row.kind is SeatKind.ACCEPTED]
    locale, not_known = str(get_locale() or "en"), _("Not known")
    genders = {Gender.WOMAN: _("Women"), Gender.MAN: _("Men"), Gender.OTHER: _("Other")}

    def subregion(row: Any) -> str | None:
        country = COUNTRIES.get(row.country_code or "")
        return country.subregion if country else None

    return Balance(
        load=_load(before, rows),
        gender=_shares(before, rows, lambda row: row.gender, lambda gender: genders.get(gender, not_known)),
        regions=_shares(before, rows, subregion, lambda code: region_name(code, locale) if code else not_known),
        languages=_shares(
            before,
            rows,
            lambda row: row.language_code or languages.get(row.event_id),
            lambda code: language_name(code, locale) if code else not_known,
        ),
        women_before=_women(before),
        women_after=_women(rows),
        seats_before=len(before),
        seats_after=len(rows),
    )


def _shares(
    before: Iterable[Any], after: Iterable[Any], key: Callable[[Any], Any], name: Callable[[Any], str]
) -> tuple[Share, ...]:
    """Seats by name, the most first."""
    old, new = Counter(map(key, before)), Counter(map(key, after))
    found = [Share(name(one), old[one], new[one]) for one in old | new]
    return tuple(sorted(found, key=lambda share: (-share.after, share.name)))


def _load(before: Iterable[Any], after: Iterable[Any]) -> tuple[Share, ...]:
    old, new = (Counter(min(3, n) for n in Counter(row.id for row in rows).values()) for rows in (before, after))
    names = {n: ngettext("%(num)d seat", "%(num)d seats", n) for n in (1, 2)} | {3: _("3 seats or more")}
    return tuple(Share(name, old[n], new[n]) for n, name in names.items())


def _women(rows: Iterable[Any]) -> float | None:
    genders = Counter(row.gender for row in rows if row.gender in (Gender.WOMAN, Gender.MAN))
    return genders[Gender.WOMAN] / genders.total() if genders else None


def part_changes(before: Mapping[str, float], after: Mapping[str, float]) -> tuple[PartChange, ...]:
    """Every part of the cost, before and after."""
    return tuple(
        PartChange(part, str(PARTS[part]), before.get(part.value, 0.0), after.get(part.value, 0.0)) for part in CostPart
    )


def compare(plan: Plan, other: Plan, viewer: Viewer) -> Comparison:
    """Seats that only one of the plans has, and what each costs part by part. Six queries at most."""
    here, there = (_only(one, another) for one, another in ((plan, other), (other, plan)))
    people = people_of(viewer, [seat.alumnus_id for seat in (*here, *there)])

    def changes(seats: Iterable[PlanSeat]) -> tuple[SeatChange, ...]:
        return tuple(SeatChange(seat.event, seat.slot, people.get(seat.alumnus_id)) for seat in seats)

    return Comparison(
        plan=plan,
        other=other,
        only_here=changes(here),
        only_there=changes(there),
        shared=_shared(plan, other),
        differ=_count_only(plan, other),
        parts=tuple(part for part in part_changes(plan.parts, other.parts) if part.part is not CostPart.KEEP),
    )


def count_moved(plan: Plan, base: Plan) -> int:
    """How many seats of the plan it was made from are given to others, without those that were lost anyway."""
    lost = sa.select(Assignment.id).where(_same(Assignment, PlanSeat), Assignment.state.in_(LOST)).exists()
    return _count_only(base, plan, ~lost)


def _count_only(plan: Plan, other: Plan, *also: sa.ColumnElement[bool]) -> int:
    found = sa.select(sa.func.count()).select_from(PlanSeat).where(*_only_in(plan, other), *also)
    return db.session.scalar(found) or 0


def _same(one: Any, other: Any) -> sa.ColumnElement[bool]:
    return sa.and_(one.slot_id == other.slot_id, one.alumnus_id == other.alumnus_id)


def _only_in(plan: Plan, other: Plan) -> tuple[sa.ColumnElement[bool], ...]:
    twin = sa.orm.aliased(PlanSeat)
    has = sa.select(twin.id).where(twin.plan_id == other.id, _same(twin, PlanSeat)).exists()
    return PlanSeat.plan_id == plan.id, ~has


def _only(plan: Plan, other: Plan) -> list[PlanSeat]:
    return list(
        db.session.scalars(
            sa.select(PlanSeat)
            .join(PlanSeat.event)
            .options(joinedload(PlanSeat.event), joinedload(PlanSeat.slot))
            .where(*_only_in(plan, other))
            .order_by(Event.starts_at, Event.id, PlanSeat.slot_id, PlanSeat.id)
            .limit(MOST_CHANGES)
        )
    )


def _shared(plan: Plan, other: Plan) -> int:
    twin = sa.orm.aliased(PlanSeat)
    both = sa.select(sa.func.count()).select_from(PlanSeat).join(twin, _same(twin, PlanSeat))
    return db.session.scalar(both.where(PlanSeat.plan_id == plan.id, twin.plan_id == other.id)) or 0
