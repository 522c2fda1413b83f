"""What entering or changing an agreement does to what its partner sees, as counts, before it is saved.

People and what they share are tables of higher rooms, so they are named and not imported. The condition is that of
`visible(viewer)` for a partner; a test holds the two against each other.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from bsm_alumni.extensions import db
from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.organisations.models import Agreement
from bsm_alumni.organisations.queries_agreements import agreements_of
from bsm_alumni.organisations.rules import is_in_force

_shared = sa.table(
    "shared_with",
    sa.column("alumnus_id", sa.Integer),
    sa.column("organisation_id", sa.Integer),
    sa.column("groups", sa.Integer),
)
_people = sa.table(
    "alumni", sa.column("id", sa.Integer), sa.column("status", sa.String), sa.column("restricted", sa.Boolean)
)

Groups = frozenset[FieldGroup]


@dataclass(frozen=True, slots=True)
class Effect:
    """For one day: how many people each part is shown of, by what is saved now and by what would be saved."""

    on: date
    before: dict[FieldGroup, int]
    after: dict[FieldGroup, int]

    @property
    def become_visible(self) -> int:
        """People that the partner would see and does not see now."""
        return max(self.after[FieldGroup.IDENTITY] - self.before[FieldGroup.IDENTITY], 0)

    @property
    def are_lost(self) -> int:
        """People that the partner sees and would not see any more."""
        return max(self.before[FieldGroup.IDENTITY] - self.after[FieldGroup.IDENTITY], 0)


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when an agreement covers what."""

    groups: Groups
    starts_on: date
    ends_on: date | None


def effect_of_new(organisation_id: int, new: Span, today: date) -> Effect:
    """What entering ``new`` does on its first day, or today when that is past. Two queries."""
    on = max(new.starts_on, today)
    before = _covered(agreements_of(organisation_id), on)
    after = new.groups if before is None and is_in_force(new.starts_on, new.ends_on, False, on) else before
    return _effect(organisation_id, on, before, after)


def effect_of_end(agreement: Agreement, ends_on: date | None, today: date) -> Effect:
    """What another last day does: today when that day is past, else on the day after the earlier of the two.

    Two queries.
    """
    ends = [day for day in (agreement.ends_on, ends_on) if day is not None]
    on = max(today, min(ends) + timedelta(days=1)) if ends else today
    others = [one for one in agreements_of(agreement.organisation_id) if one.id != agreement.id]
    rest = _covered(others, on)
    held = is_in_force(agreement.starts_on, agreement.ends_on, agreement.ended_at is not None, on)
    holds = is_in_force(agreement.starts_on, ends_on, agreement.ended_at is not None, on)
    own = agreement.field_groups
    return _effect(agreement.organisation_id, on, own if held else rest, own if holds else rest)


def effect_of_ending(agreement: Agreement, today: date) -> Effect:
    """What ending it now does. Two queries."""
    others = [one for one in agreements_of(agreement.organisation_id) if one.id != agreement.id]
    rest = _covered(others, today)
    held = is_in_force(agreement.starts_on, agreement.ends_on, agreement.ended_at is not None, today)
    return _effect(agreement.organisation_id, today, agreement.field_groups if held else rest, rest)


def _covered(agreements: object, on: date) -> Groups | None:
    """The groups of the one that holds on that day; None where there is none."""
    found = [
        one.field_groups
        for one in agreements  # type: ignore[attr-defined]
        if is_in_force(one.starts_on, one.ends_on, one.ended_at is not None, on)
    ]
    return found[0] if found else None


def _effect(organisation_id: int, on: date, before: Groups | None, after: Groups | None) -> Effect:
    counts = _given(organisation_id)

    def seen(agreed: Groups | None) -> dict[FieldGroup, int]:
        return {group: counts[group] if agreed and group in agreed else 0 for group in FieldGroup}

    return Effect(on, seen(before), seen(after))


def _given(organisation_id: int) -> dict[FieldGroup, int]:
    """How many people who may be shown give each part to this partner today."""
    columns = [
        sa.func.coalesce(sa.func.sum(sa.case((_shared.c.groups.bitwise_and(group.bit) != 0, 1), else_=0)), 0)
        for group in FieldGroup
    ]
    row = db.session.execute(
        sa.select(*columns)
        .select_from(_shared.join(_people, _people.c.id == _shared.c.alumnus_id))
        .where(
            _shared.c.organisation_id == organisation_id,
            _people.c.status == "active",
            _people.c.restricted.is_(False),
        )
    ).one()
    return dict(zip(FieldGroup, (int(count) for count in row), strict=True))
