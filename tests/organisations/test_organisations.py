"""Organisations: kept by administrators, read by all staff."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db
from bsm_alumni.organisations import service
from bsm_alumni.organisations.enums import OrganisationKind
from bsm_alumni.organisations.models import Organisation
from bsm_alumni.organisations.rules import clean_code, is_code
from bsm_alumni.web.errors import FieldErrors, Refused
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
URL = "/staff/settings/organisations"


def codes(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><bdi>([^<]*)</bdi>', page)


@given(st.text(max_size=25))
def test_a_code_is_letters_figures_and_hyphens(text: str) -> None:
    code = clean_code(text)
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
    assert is_code(code) is (2 <= len(code) <= 20 and set(code) <= allowed and code[0].isalpha())


def test_codes_belong_to_one_organisation(make: Factory) -> None:
    first = service.create_organisation(" iom ", "International Organization for Migration")
    assert (first.code, first.kind) == ("IOM", OrganisationKind.PARTNER)
    for code in ("IOM", "iom", "I", "two words"):
        with pytest.raises(FieldErrors) as refused:
            service.create_organisation(code, "Another")
        assert list(refused.value.errors) == ["code"]
    service.edit_organisation(first, "iom", "IOM, the UN Migration Agency")
    service.edit_organisation(first, "IOM", "IOM, the UN Migration Agency")
    service.archive_organisation(first)
    service.restore_organisation(first)
    assert db.session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.id)).all() == [
        "organisation.added",
        "organisation.edited",
        "organisation.archived",
        "organisation.restored",
    ]


def test_the_office_stays(make: Factory) -> None:
    office = make.organisation("UNOCT", kind=OrganisationKind.OFFICE)
    with pytest.raises(Refused):
        service.archive_organisation(office)
    assert office.archived_at is None


def test_the_list_counts_users_and_people(make: Factory, sign_in: SignIn) -> None:
    iom = make.organisation("IOM")
    make.user(Role.PARTNER, organisation_id=iom.id)
    make.user(Role.PARTNER, organisation_id=iom.id, active=False)
    make.alumnus(shared_with=(iom,))
    make.alumnus(shared_with=(iom,))
    page = sign_in(make.user(Role.VIEWER)).get(URL).text
    assert codes(page) == ["IOM"]
    assert re.findall(r'data-label="(Users|Shared by)">([^<]*)<', page) == [("Users", "1"), ("Shared by", "2")]
    assert f"{URL}/new" not in page
    assert "/archive" not in page


def test_an_administrator_adds_edits_and_archives(make: Factory, sign_in: SignIn, post: Callable[..., object]) -> None:
    admin = sign_in(make.user(Role.ADMIN))
    data = {"code": "interpol", "name": "INTERPOL", "kind": "partner"}
    assert post(admin, f"{URL}/new", data).status_code == 302  # type: ignore[attr-defined]
    assert post(admin, f"{URL}/new", data).status_code == 422  # type: ignore[attr-defined]
    kept = db.session.scalars(sa.select(Organisation)).one()
    number = kept.id
    db.session.rollback()
    post(admin, f"{URL}/{number}/edit", {"code": "INTERPOL", "name": "International Criminal Police Organization"})
    post(admin, f"{URL}/{number}/archive")
    assert codes(admin.get(URL).text) == []
    assert codes(admin.get(f"{URL}?archived=1").text) == ["INTERPOL"]
    post(admin, f"{URL}/{number}/restore")
    assert codes(admin.get(URL).text) == ["INTERPOL"]
    db.session.expire_all()
    assert kept.name == "International Criminal Police Organization"


def test_officers_do_not_change_organisations(make: Factory, sign_in: SignIn, post: Callable[..., object]) -> None:
    iom = make.organisation("IOM")
    officer = sign_in(make.user(Role.OFFICER))
    assert post(officer, f"{URL}/{iom.id}/archive").status_code == 403  # type: ignore[attr-defined]
    assert officer.get(f"{URL}/new").status_code == 403


def test_queries_do_not_grow(make: Factory, sign_in: SignIn, count_queries: Callable[[], object]) -> None:
    client, counts = sign_in(make.user(Role.ADMIN)), {}
    for number in range(1, 27):
        make.organisation(f"ORG-{number}", name="An organisation with a rather long name " * 2)
        if number in (1, 3, 26):
            db.session.rollback()
            with count_queries() as queries:  # type: ignore[attr-defined]
                page = client.get(URL)
            counts[number] = len(queries)
    assert counts[1] == counts[3] == counts[26]
    assert len(page.data) < 60_000
