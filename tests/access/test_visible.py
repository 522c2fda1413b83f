"""`visible(viewer)` against a plain model, over worlds that Hypothesis makes up."""

from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bsm_alumni.access.viewer import ANONYMOUS, Viewer
from bsm_alumni.accounts.enums import Role
from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries import find_visible, visible
from bsm_alumni.alumni.rules_roster import RosterFilter
from bsm_alumni.consent.models import SharedWith
from bsm_alumni.desk.queries_partner import count_shared, find_shared, shared_page
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.enums import OrganisationKind
from bsm_alumni.organisations.models import Organisation

PARTNERS = 3
GONE = 2  # the last partner has left the programme


@dataclass(frozen=True)
class Person:
    status: AlumnusStatus
    restricted: bool
    shared: frozenset[int]


people = st.lists(
    st.builds(
        Person,
        status=st.sampled_from(AlumnusStatus),
        restricted=st.booleans(),
        shared=st.frozensets(st.integers(0, PARTNERS - 1)),
    ),
    max_size=8,
)


def fill(world: list[Person]) -> tuple[list[int], list[int]]:
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
        db.session.add_all(SharedWith(alumnus_id=row.id, organisation_id=partners[n].id) for n in sorted(person.shared))
    db.session.flush()
    return [partner.id for partner in partners], [row.id for row in rows]


def model(world: list[Person], role: Role | None, partner: int | None, own: int | None) -> set[int]:
    """Which people, by place in the world, this viewer is meant to see."""
    if role in (Role.ADMIN, Role.OFFICER, Role.VIEWER):
        return set(range(len(world)))
    if role is Role.PARTNER and partner is not None and partner != GONE:
        return {
            n
            for n, person in enumerate(world)
            if person.status is AlumnusStatus.ACTIVE and not person.restricted and partner in person.shared
        }
    if role is Role.ALUMNUS and own is not None and own < len(world):
        return {own}
    return set()


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    world=people,
    role=st.sampled_from([None, *Role]),
    partner=st.none() | st.integers(0, PARTNERS - 1),
    own=st.none() | st.integers(0, 7),
)
def test_everyone_sees_what_the_model_says(
    app: Flask, world: list[Person], role: Role | None, partner: int | None, own: int | None
) -> None:
    try:
        partner_ids, ids = fill(world)
        viewer = Viewer(
            user_id=1,
            role=role,
            organisation_id=None if partner is None else partner_ids[partner],
            alumnus_id=None if own is None else (ids[own] if own < len(ids) else 10**6),
        )
        expected = {ids[n] for n in model(world, role, partner, own)}
        assert set(db.session.scalars(visible(viewer).with_only_columns(Alumnus.id))) == expected
        assert {one for one in ids if find_visible(viewer, one) is not None} == expected
        assert {one for one in ids if find_shared(viewer, one) is not None} == expected
        # The roster leaves out people who are put away, also for staff.
        listed = {one for n, one in enumerate(ids) if one in expected and world[n].status is not AlumnusStatus.ARCHIVED}
        assert {row.id for row in shared_page(viewer, RosterFilter(), size=50).rows} == listed
        assert count_shared(viewer, RosterFilter()) == len(listed)
    finally:
        db.session.rollback()


def test_the_model_tells_a_door_that_is_left_open(app: Flask) -> None:
    """The twin: without the consent condition the sets differ."""
    world = [Person(AlumnusStatus.ACTIVE, False, frozenset()), Person(AlumnusStatus.ACTIVE, False, frozenset({0}))]
    _partners, ids = fill(world)
    careless = sa.select(Alumnus.id).where(Alumnus.status == AlumnusStatus.ACTIVE, Alumnus.restricted.is_(False))
    assert set(db.session.scalars(careless)) != {ids[n] for n in model(world, Role.PARTNER, 0, None)}
    db.session.rollback()


@pytest.mark.parametrize("viewer", [ANONYMOUS, Viewer(role=Role.PARTNER), Viewer(role=Role.ALUMNUS)])
def test_a_viewer_without_a_place_sees_nobody(app: Flask, viewer: Viewer) -> None:
    fill([Person(AlumnusStatus.ACTIVE, False, frozenset({0, 1}))])
    assert db.session.scalars(visible(viewer)).all() == []
    db.session.rollback()
