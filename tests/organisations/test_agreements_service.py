"""Agreements: what can be entered, that two never hold at once, and that ending one counts at once."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.consent.queries import agreed_groups
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.enums import FieldGroup, OrganisationKind
from bsm_alumni.organisations.models import Agreement
from bsm_alumni.organisations.rules import groups_of, is_in_force, mask_of, overlaps
from bsm_alumni.organisations.service_agreements import add_agreement, edit_agreement, end_agreement
from bsm_alumni.web.errors import FieldErrors, Refused
from tests.factories import Factory

IDENTITY = frozenset({FieldGroup.IDENTITY})
DAY = date(2027, 3, 1)


def enter(organisation_id: int, **fields: object) -> Agreement:
    values = {"groups": IDENTITY, "purpose": "Joint workshops", "starts_on": DAY, **fields}
    return add_agreement(organisation_id, **values)


def wrong(organisation_id: int, **fields: object) -> list[str]:
    with pytest.raises(FieldErrors) as problem:
        enter(organisation_id, **fields)
    return list(problem.value.errors)


def test_what_is_entered_is_kept_and_in_the_trail(make: Factory) -> None:
    partner = make.organisation()
    agreement = enter(partner.id, groups=frozenset(FieldGroup), reference="UNX/7", ends_on=DAY)
    db.session.commit()
    assert (agreement.groups, agreement.field_groups, agreement.reference) == (31, frozenset(FieldGroup), "UNX/7")
    (entry,) = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "agreement.added"))
    assert (entry.after["groups"][0], entry.after["starts_on"]) == ("identity", "2027-03-01")


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"groups": frozenset()}, ["groups"]),
        ({"groups": frozenset({FieldGroup.CONTACT})}, ["groups"]),
        ({"purpose": "  "}, ["purpose"]),
        ({"ends_on": DAY - timedelta(days=1)}, ["ends_on"]),
        ({"groups": frozenset(), "purpose": ""}, ["groups", "purpose"]),
    ],
)
def test_what_cannot_be_is_said_all_at_once(fields: dict[str, object], names: list[str], make: Factory) -> None:
    assert wrong(make.organisation().id, **fields) == names


def test_the_office_and_nobody_have_none(make: Factory) -> None:
    with pytest.raises(Refused):
        enter(make.organisation(kind=OrganisationKind.OFFICE).id)
    with pytest.raises(LookupError):
        enter(999_999)


def test_two_never_hold_on_the_same_day(make: Factory) -> None:
    partner, other = make.organisation(), make.organisation()
    first = enter(partner.id, ends_on=DAY + timedelta(days=9))
    assert wrong(partner.id, starts_on=DAY + timedelta(days=9)) == ["starts_on"]
    assert wrong(partner.id, starts_on=DAY - timedelta(days=9)) == ["starts_on"]
    enter(other.id)
    second = enter(partner.id, starts_on=DAY + timedelta(days=10))
    with pytest.raises(FieldErrors) as problem:
        edit_agreement(first, purpose="The same", ends_on=DAY + timedelta(days=10))
    assert list(problem.value.errors) == ["ends_on"]
    end_agreement(second)
    edit_agreement(first, purpose="The same", ends_on=None)
    with pytest.raises(Refused):
        edit_agreement(second, purpose="Again", ends_on=None)


def test_ending_counts_at_once(make: Factory) -> None:
    partner, today = make.organisation(), utc_now().date()
    agreement = enter(partner.id, starts_on=today)
    assert agreed_groups(partner.id) == IDENTITY
    assert agreed_groups(partner.id, today - timedelta(days=1)) == frozenset()
    end_agreement(agreement)
    end_agreement(agreement)
    assert agreed_groups(partner.id) == frozenset()
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.verb == "agreement.ended")) == 1
    enter(partner.id, starts_on=today, groups=frozenset(FieldGroup))
    assert agreed_groups(partner.id) == frozenset(FieldGroup)


@pytest.mark.parametrize("fields", [{"groups": 32}, {"groups": -1}, {"ends_on": date(2019, 1, 1)}])
def test_the_database_refuses_what_cannot_be(fields: dict[str, object], make: Factory) -> None:
    partner = make.organisation()
    values = {"groups": 1, "purpose": "x", "starts_on": date(2020, 1, 1), **fields}
    db.session.add(Agreement(organisation_id=partner.id, **values))
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()
    db.session.rollback()


@given(st.frozensets(st.sampled_from(FieldGroup)))
def test_a_set_of_groups_comes_back_from_its_number(groups: frozenset[FieldGroup]) -> None:
    assert groups_of(mask_of(groups)) == groups


DAYS = st.integers(0, 12).map(lambda days: DAY + timedelta(days=days))


@given(DAYS, st.none() | DAYS, DAYS, st.none() | DAYS)
def test_spans_overlap_when_a_day_lies_in_both(a: date, b: date | None, c: date, d: date | None) -> None:
    far = DAY + timedelta(days=40)
    days = [DAY + timedelta(days=n) for n in range(41)]
    both = [day for day in days if is_in_force(a, b, False, day) and is_in_force(c, d, False, day) and day <= far]
    if (b is None or a <= b) and (d is None or c <= d):
        assert overlaps(a, b, c, d) is bool(both)
