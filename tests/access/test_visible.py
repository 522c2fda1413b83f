"""`visible(viewer)` against a plain model, over worlds that Hypothesis makes up."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bsm_alumni.access.viewer import ANONYMOUS, Viewer
from bsm_alumni.accounts.enums import Role
from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries import find_visible, shown_groups, shows, visible
from bsm_alumni.alumni.rules_roster import RosterFilter
from bsm_alumni.consent.models import SharedWith, StatedWith
from bsm_alumni.desk.queries_partner import count_shared, find_shared, shared_page
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.enums import FieldGroup, OrganisationKind
from bsm_alumni.organisations.models import Agreement, Organisation
from bsm_alumni.organisations.rules import groups_of

PARTNERS = 3
GONE = 2  # the last partner has left the programme


@dataclass(frozen=True)
class Person:
    status: AlumnusStatus
    restricted: bool
    shared: dict[int, int]
    stated: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Deal:
    """An agreement of a partner: groups as a mask, days counted from today, ended early or not."""

    partner: int
    groups: int
    starts: int
    ends: int | None
    ended: bool


people = st.lists(
    st.builds(
        Person,
        status=st.sampled_from(AlumnusStatus),
        restricted=st.booleans(),
        # Without the identity no row can stand.
        shared=st.dictionaries(st.integers(0, PARTNERS - 1), st.integers(0, 15).map(lambda half: 2 * half + 1)),
        stated=st.frozensets(st.integers(0, PARTNERS - 1)),
    ),
    max_size=8,
)
deals = st.lists(
    st.builds(
        Deal,
        partner=st.integers(0, PARTNERS - 1),
        groups=st.one_of(st.integers(0, 31), st.just(31)),
        starts=st.sampled_from([-30, -1, 0, 1, 30]),
        ends=st.sampled_from([None, -1, 0, 1, 60]),
        ended=st.sampled_from([False, False, False, True]),
    ).filter(lambda deal: deal.ends is None or deal.starts <= deal.ends),
    max_size=4,
    unique_by=lambda deal: deal.partner,
)


def fill(world: list[Person], agreements: list[Deal]) -> tuple[list[int], list[int]]:
    """Put a world into the open transaction: ids of partners and of people, in order."""
    partners = [
        Organisation(
            code=f"P{n}",
            name=f"P{n}",
            kind=OrganisationKind.PARTNER,
            archived_at=utc_now() if n == GONE else None,
        )
        for n in range(PARTNERS)
    ]
    rows = [
        Alumnus(display_name=f"Person {n}", sort_name=f"person {n}", status=p.status, restricted=p.restricted)
        for n, p in enumerate(world)
    ]
    db.session.add_all([*partners, *rows])
    db.session.flush()
    for row, person in zip(rows, world, strict=True):
        db.session.add_all(
            SharedWith(alumnus_id=row.id, organisation_id=partners[n].id, groups=mask)
            for n, mask in sorted(person.shared.items())
        )
        db.session.add_all(StatedWith(alumnus_id=row.id, organisation_id=partners[n].id) for n in sorted(person.stated))
    today = utc_now().date()
    for deal in agreements:
        db.session.add(
            Agreement(
                organisation_id=partners[deal.partner].id,
                groups=deal.groups,
                purpose="Made up",
                starts_on=today + timedelta(days=deal.starts),
                ends_on=None if deal.ends is None else today + timedelta(days=deal.ends),
                ended_at=utc_now() if deal.ended else None,
            )
        )
    db.session.flush()
    return [partner.id for partner in partners], [row.id for row in rows]


EVERYTHING = frozenset(FieldGroup)


def covered(agreements: list[Deal], partner: int) -> frozenset[FieldGroup]:
    """What the partner's agreement covers today, by plain reading."""
    for deal in agreements:
        begun = deal.starts <= 0
        over = deal.ended or (deal.ends is not None and deal.ends < 0)
        if deal.partner == partner and partner != GONE and begun and not over:
            return frozenset(group for group in FieldGroup if deal.groups & group.bit)
    return frozenset()


def model(
    world: list[Person], agreements: list[Deal], role: Role | None, partner: int | None, own: int | None
) -> dict[int, frozenset[FieldGroup]]:
    """Which people, by place in the world, this viewer is meant to see, and which parts of each."""
    there = {n for n, person in enumerate(world) if person.status is not AlumnusStatus.ERASED}
    if role in (Role.ADMIN, Role.OFFICER, Role.VIEWER):
        return dict.fromkeys(there, EVERYTHING)
    if role is Role.PARTNER and partner is not None:
        found = {}
        for n, person in enumerate(world):
            mask = person.shared.get(partner, 0)
            consent = frozenset(group for group in FieldGroup if mask & group.bit)
            parts = covered(agreements, partner) & consent
            if person.status is AlumnusStatus.ACTIVE and not person.restricted and FieldGroup.IDENTITY in parts:
                found[n] = parts
        return found
    if role is Role.ALUMNUS and own in there:
        return {own: EVERYTHING}
    return {}


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    world=people,
    agreements=deals,
    role=st.sampled_from([None, *Role]),
    partner=st.none() | st.integers(0, PARTNERS - 1),
    own=st.none() | st.integers(0, 7),
)
def test_everyone_sees_what_the_model_says(
    app: Flask,
    world: list[Person],
    agreements: list[Deal],
    role: Role | None,
    partner: int | None,
    own: int | None,
) -> None:
    try:
        partner_ids, ids = fill(world, agreements)
        viewer = Viewer(
            user_id=1,
            role=role,
            organisation_id=None if partner is None else partner_ids[partner],
            alumnus_id=None if own is None else (ids[own] if own < len(ids) else 10**6),
        )
        parts = {ids[n]: groups for n, groups in model(world, agreements, role, partner, own).items()}
        expected = set(parts)
        assert set(db.session.scalars(visible(viewer).with_only_columns(Alumnus.id))) == expected
        assert {one for one in ids if find_visible(viewer, one) is not None} == expected
        assert {one for one in ids if find_shared(viewer, one) is not None} == expected
        masks = db.session.execute(visible(viewer).with_only_columns(Alumnus.id, shown_groups(viewer)))
        assert {one: groups_of(mask) for one, mask in masks} == parts
        for group in FieldGroup:
            shown = db.session.scalars(visible(viewer).with_only_columns(Alumnus.id).where(shows(viewer, group)))
            assert set(shown) == {one for one, groups in parts.items() if group in groups}
        # The roster leaves out people who are put away, also for staff.
        listed = {one for n, one in enumerate(ids) if one in expected and world[n].status is not AlumnusStatus.ARCHIVED}
        assert {row.id for row in shared_page(viewer, RosterFilter(), size=50).rows} == listed
        assert count_shared(viewer, RosterFilter()) == len(listed)
    finally:
        db.session.rollback()


def test_the_model_tells_a_door_that_is_left_open(app: Flask) -> None:
    """The twin: without the consent condition the sets differ."""
    world = [Person(AlumnusStatus.ACTIVE, False, {}), Person(AlumnusStatus.ACTIVE, False, {0: 1})]
    agreements = [Deal(0, 31, 0, None, False)]
    _partners, ids = fill(world, agreements)
    careless = sa.select(Alumnus.id).where(Alumnus.status == AlumnusStatus.ACTIVE, Alumnus.restricted.is_(False))
    assert set(db.session.scalars(careless)) != {ids[n] for n in model(world, agreements, Role.PARTNER, 0, None)}
    db.session.rollback()


@pytest.mark.parametrize("viewer", [ANONYMOUS, Viewer(role=Role.PARTNER), Viewer(role=Role.ALUMNUS)])
def test_a_viewer_without_a_place_sees_nobody(app: Flask, viewer: Viewer) -> None:
    fill([Person(AlumnusStatus.ACTIVE, False, {0: 31, 1: 31})], [Deal(0, 31, 0, None, False)])
    assert db.session.scalars(visible(viewer)).all() == []
    db.session.rollback()
