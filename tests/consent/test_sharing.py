"""Answers about sharing: who is let in, what the trail keeps, and that it counts with the next request."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.consent.enums import SharingAnswer, SharingSource
from bsm_alumni.consent.queries import partners_seeing, stated_by
from bsm_alumni.consent.service import set_sharing
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from tests.browsing import post_form
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
COUNTED = '<th scope="row">'


def seeing(alumnus_id: int) -> list[int]:
    db.session.rollback()
    return list(partners_seeing(alumnus_id))


def stated(alumnus_id: int) -> list[int]:
    db.session.rollback()
    return list(stated_by(alumnus_id))


def put(alumnus_id: int, answer: SharingAnswer, partners: tuple[int, ...] = (), **fields: str) -> bool:
    with writing():
        taken = set_sharing(alumnus_id, answer, partners, source=SharingSource.IMPORT, **fields)
        db.session.commit()
    return taken


def test_all_names_the_partners_there_are_and_none_that_come_later(make: Factory) -> None:
    one, two = make.organisation(), make.organisation()
    archived = make.organisation(archived_at=utc_now())
    person = make.alumnus()
    put(person.id, SharingAnswer.ALL)
    later = make.organisation()
    assert stated(person.id) == [one.id, two.id]
    assert {archived.id, later.id} & set(stated(person.id)) == set()
    # It opens nothing: it is not the person who said it here.
    assert seeing(person.id) == []


@pytest.mark.parametrize("answer", [SharingAnswer.NO, SharingAnswer.NONE_GIVEN])
def test_no_and_silence_name_nobody_and_leave_what_the_person_gave(answer: SharingAnswer, make: Factory) -> None:
    partner = make.organisation()
    person, other = make.alumnus(), make.alumnus(shared_with=(partner,))
    assert put(person.id, answer, (partner.id,)) is True
    assert (seeing(person.id), stated(person.id)) == ([], [])
    # The person's own word stands before any file's.
    assert put(other.id, answer, (partner.id,)) is False
    assert put(other.id, SharingAnswer.ALL) is False
    assert (seeing(other.id), stated(other.id)) == ([partner.id], [])


def test_each_answer_is_in_the_trail(make: Factory) -> None:
    partner = make.organisation()
    person = make.alumnus()
    put(person.id, SharingAnswer.SOME, (partner.id, 999_999), words="only with them")
    put(person.id, SharingAnswer.NO)
    entries = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.verb, entry.before["partners"], entry.after["partners"]) for entry in entries] == [
        ("sharing.answered", [], [partner.id]),
        ("sharing.answered", [partner.id], []),
    ]


def test_a_withdrawn_answer_counts_with_the_next_request(make: Factory, sign_in: SignIn) -> None:
    partner = make.organisation()
    person = make.alumnus(shared_with=(partner,))
    mine = sign_in(make.user(Role.ALUMNUS, alumnus_id=person.id))
    theirs = sign_in(make.user(Role.PARTNER, organisation_id=partner.id))
    assert theirs.get("/partner/alumni").text.count(COUNTED) == 1
    assert theirs.get(f"/partner/alumni/{person.id}").status_code == 200
    assert post_form(mine, f"/me/sharing/{partner.id}/withdraw").status_code == 302
    assert theirs.get("/partner/alumni").text.count(COUNTED) == 0
    assert theirs.get(f"/partner/alumni/{person.id}").status_code == 404
    file = post_form(
        theirs,
        "/partner/alumni/export",
        {"purpose": "Choosing presenters", "file_format": "json"},
        page="/partner/alumni/export",
    )
    assert file.json == []
    make.consent(person, partner)
    assert theirs.get("/partner/alumni").text.count(COUNTED) == 1


def test_a_partner_that_left_sees_nobody(make: Factory, sign_in: SignIn) -> None:
    partner = make.organisation()
    make.alumnus(shared_with=(partner,))
    client = sign_in(make.user(Role.PARTNER, organisation_id=partner.id))
    assert client.get("/partner/alumni").text.count(COUNTED) == 1
    partner.archived_at = utc_now()
    db.session.commit()
    assert client.get("/partner/alumni").text.count(COUNTED) == 0
