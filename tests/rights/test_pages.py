"""The pages of an alumnus's rights, and staff's page of requests, through the real client."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bsm_alumni.access.viewer import viewer_of
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User, UserSession
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments import service as assignments
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.consent.disclosures import put_down
from bsm_alumni.consent.enums_disclosures import DisclosureWay as Way
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.service import deliver_due
from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.rights.enums import ErasureState, Item, RequestKind, RequestState
from bsm_alumni.rights.models import Erasure, RightsRequest
from bsm_alumni.rights.tables import HELD
from bsm_alumni.worker import MAIL_RENDERERS
from tests.browsing import post_form
from tests.factories import Factory
from tests.rights.canaries import Canary

SignIn = Callable[[User], FlaskClient]
FRESH = ("/me/erasure", "/me/data", "/me/data.html", "/me/data.json")
ALL = ("/me/rights", "/me/seen", "/me/seen.csv", "/me/requests", *FRESH)


def own_user(make: Factory, **fields: object) -> User:
    return make.user(Role.ALUMNUS, alumnus_id=make.alumnus(**fields).id)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def requests_of(alumnus_id: int) -> list[RightsRequest]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(RightsRequest).where(RightsRequest.alumnus_id == alumnus_id)))


@pytest.mark.parametrize("url", ALL)
def test_each_page_opens_for_the_person_and_nobody_else(url: str, make: Factory, sign_in: SignIn) -> None:
    assert sign_in(own_user(make)).get(url).status_code == 200
    for role in (Role.ADMIN, Role.PARTNER):
        assert sign_in(make.user(role)).get(url).status_code == 403


@pytest.mark.parametrize("url", FRESH)
def test_what_is_sensitive_asks_for_a_fresh_sign_in(url: str, make: Factory, sign_in: SignIn) -> None:
    client = sign_in(own_user(make))
    old = utc_now() - timedelta(minutes=16)
    db.session.execute(sa.update(UserSession).values(fresh_at=old))
    db.session.commit()
    answer = client.get(url)
    assert (answer.status_code, "confirm" in answer.headers["Location"]) == (302, True)


def test_seen_tells_organisation_role_fields_and_purpose_and_no_name(make: Factory, sign_in: SignIn) -> None:
    user = own_user(make)
    unodc = make.organisation("UNODC", name="United Nations Office on Drugs and Crime")
    partner = make.user(Role.PARTNER, organisation_id=unodc.id, name="Secret Person")
    officer = make.user(Role.OFFICER, name="Secret Officer")
    shown = [(user.alumnus_id, [FieldGroup.IDENTITY, FieldGroup.CONTACT])]
    put_down(viewer_of(partner), shown, Way.EXPORT, "Workshop in Dakar")
    put_down(viewer_of(officer), shown, Way.PAGE)
    other = own_user(make)
    put_down(viewer_of(partner), [(other.alumnus_id, [FieldGroup.IDENTITY])], Way.EXPORT, "Not about you")
    db.session.commit()
    client = sign_in(user)
    text = text_of(client.get("/me/seen").text)
    for words in (
        "United Nations Office on Drugs and Crime",
        "Took a list away as a file",
        "name and country; addresses and telephone",
        "For: Workshop in Dakar",
        "The programme office Programme staff",
    ):
        assert words in text
    assert "Secret" not in text
    assert "Not about you" not in text
    narrow = text_of(client.get(f"/me/seen?organisation={unodc.id}&way=export").text)
    assert "Workshop in Dakar" in narrow
    assert "Opened your page" not in narrow.split("Show", 1)[1]
    rows = list(csv.reader(io.StringIO(client.get("/me/seen.csv").data.decode("utf-8-sig"))))
    assert len(rows) == 3
    assert [row[1] for row in rows[1:]] == ["The programme office", "United Nations Office on Drugs and Crime"]


def test_seen_is_paged_by_key(make: Factory, sign_in: SignIn) -> None:
    user, partner = own_user(make), make.user(Role.PARTNER)
    for number in range(30):
        put_down(viewer_of(partner), [(user.alumnus_id, [FieldGroup.IDENTITY])], Way.EXPORT, f"Purpose {number:02d}")
    db.session.commit()
    client = sign_in(user)
    first = client.get("/me/seen").text
    found = re.search(r'rel="next" href="([^"]+)"', first)
    assert found
    second = client.get(found[1].replace("&amp;", "&")).text
    seen = [re.findall(r"Purpose \d\d", page) for page in (first, second)]
    assert [len(one) for one in seen] == [25, 5]
    assert len({*seen[0], *seen[1]}) == 30


def test_the_download_holds_every_table_and_every_word(make: Factory, sign_in: SignIn) -> None:
    canary = Canary(make, "canaryfirst")
    Canary(make, "canaryother")
    client = sign_in(db.session.get_one(User, canary.user_id))
    held = json.loads(client.get("/me/data.json").data)
    assert held["sections"].keys() == HELD.keys()
    empty = {name for name, rows in held["sections"].items() if not rows}
    assert empty <= {"consent_erasures", "erasures", "erased_addresses", "colleague_invitations"}
    both = json.dumps(held), client.get("/me/data.html").text
    for document in both:
        assert "canaryfirst@example.org" in document
        assert "canaryother" not in document
        # Nothing that opens anything.
        assert canary.user.fs_uniquifier not in document
        assert "token_hash" not in document
    page = both[1]
    assert "<script" not in page
    assert re.findall(r'(?:src|href)="(?!#|data:image/jpeg;base64,)', page) == []
    assert page.count("<h2") == len(held["sections"]) - len(empty)
    db.session.rollback()
    verbs = sa.select(AuditEntry.about_id).where(AuditEntry.verb == "data.downloaded")
    assert list(db.session.scalars(verbs)) == [canary.alumnus_id] * 2


def test_the_download_names_no_staff(make: Factory, sign_in: SignIn) -> None:
    canary = Canary(make, "canaryfirst")
    canary.staff.name = "Secret Officer"
    db.session.commit()
    post_form(sign_in(canary.staff), f"/staff/alumni/{canary.alumnus_id}/archive")
    document = sign_in(db.session.get_one(User, canary.user_id)).get("/me/data.json").text
    assert "alumnus.archived" in document
    assert "Secret Officer" not in document
    assert "Programme staff" in document


def test_a_request_about_a_cohorts_result_goes_its_way(make: Factory, sign_in: SignIn) -> None:
    user = own_user(make)
    person = db.session.get_one(Alumnus, user.alumnus_id)
    enrolment = make.enrolment(make.cohort("TOT-7"), person)
    client, number = sign_in(user), enrolment.id
    wrong = {"kind": "dispute", "item": "result:999", "words": "I completed it"}
    assert post_form(client, "/me/requests", wrong).status_code == 422
    assert post_form(client, "/me/requests", {"kind": "dispute", "item": "remarks", "words": " "}).status_code == 422
    sent = {"kind": "dispute", "item": f"result:{number}", "words": "I completed it"}
    assert post_form(client, "/me/requests", sent).status_code == 302
    (request,) = requests_of(user.alumnus_id)
    assert (request.kind, request.item, request.item_id) == (RequestKind.DISPUTE, Item.RESULT, number)
    assert (request.due_on - request.asked_at.date()).days == 30
    officer = sign_in(make.user())
    listed = text_of(officer.get("/staff/requests").text)
    assert "Dispute" in listed
    assert "The result of a cohort: TOT-7" in listed
    assert "30 days left" in listed
    page = text_of(officer.get(f"/staff/alumni/{user.alumnus_id}").text)
    assert "The person disputes this" in page
    url = f"/staff/requests/{request.id}/answer"
    assert post_form(officer, url, {"state": "done", "answer": ""}).status_code == 422
    assert post_form(sign_in(make.user(Role.VIEWER)), url, {"state": "done", "answer": "x"}).status_code == 403
    assert post_form(officer, url, {"state": "done", "answer": "Set to completed."}).status_code == 302
    assert "The person disputes this" not in text_of(officer.get(f"/staff/alumni/{user.alumnus_id}").text)
    assert deliver_due(MAIL_RENDERERS) == 1
    assert "Set to completed." in text_of(client.get("/me/requests").text)
    # A second answer, and taking it back, come too late.
    assert post_form(officer, url, {"state": "refused", "answer": "No"}).status_code == 422
    post_form(client, f"/me/requests/{request.id}/withdraw")
    assert [one.state for one in requests_of(user.alumnus_id)] == [RequestState.DONE]


def test_anothers_request_is_not_there(make: Factory, sign_in: SignIn) -> None:
    mine, theirs = own_user(make), own_user(make)
    post_form(sign_in(theirs), "/me/requests", {"kind": "correction", "item": "name", "words": "Written wrong"})
    (request,) = requests_of(theirs.alumnus_id)
    client = sign_in(mine)
    assert post_form(client, f"/me/requests/{request.id}/withdraw").status_code == 404
    assert "Written wrong" not in client.get("/me/requests").text
    assert post_form(sign_in(theirs), f"/me/requests/{request.id}/withdraw").status_code == 302
    assert [one.state for one in requests_of(theirs.alumnus_id)] == [RequestState.WITHDRAWN]


def test_restriction_counts_from_the_next_page_and_ends_again(make: Factory, sign_in: SignIn) -> None:
    organisation = make.organisation()
    person = make.alumnus("Restricted", shared_with=(organisation,))
    user = make.user(Role.ALUMNUS, alumnus_id=person.id)
    partner = sign_in(make.user(Role.PARTNER, organisation_id=organisation.id))
    event = make.event("Their talk", seats=1)
    event.partners.append(organisation)
    db.session.commit()
    client = sign_in(user)
    assert "Restricted" in partner.get("/partner/alumni").text
    assert post_form(client, "/me/restriction").status_code == 302
    assert "Restricted" not in partner.get("/partner/alumni").text
    with pytest.raises(Exception, match="restricted"):
        assignments.propose(event.slots[0].id, user.alumnus_id)
    db.session.rollback()
    assert "End the restriction" in client.get("/me/rights").text
    assert post_form(client, "/me/restriction/lift").status_code == 302
    assert "Restricted" in partner.get("/partner/alumni").text


def test_a_restriction_by_staff_is_not_lifted_by_the_person(make: Factory, sign_in: SignIn) -> None:
    user = own_user(make, restricted=True)
    client = sign_in(user)
    assert "End the restriction" not in client.get("/me/rights").text
    post_form(client, "/me/restriction/lift")
    db.session.rollback()
    assert db.session.get_one(Alumnus, user.alumnus_id).restricted is True


def test_erasure_needs_the_typed_words_and_shows_its_day(make: Factory, sign_in: SignIn) -> None:
    user = own_user(make)
    client = sign_in(user)
    for wrong in ("", "yes"):
        assert post_form(client, "/me/erasure", {"typed": wrong}).status_code == 422
    assert post_form(client, "/me/erasure").status_code == 422
    assert db.session.scalars(sa.select(Erasure.id)).all() == []
    assert post_form(client, "/me/erasure", {"typed": " Erase  me"}).status_code == 302
    erasure = db.session.scalars(sa.select(Erasure)).one()
    assert erasure.confirmed_at is not None
    assert "at the latest" in client.get("/me/rights").text
    assert post_form(client, "/me/erasure", {"typed": "erase me"}).status_code == 422
    officer, admin = sign_in(make.user()), sign_in(make.user(Role.ADMIN))
    url = f"/staff/requests/{erasure.request_id}"
    assert post_form(officer, f"{url}/erase").status_code == 403
    assert "Erase this person" not in officer.get(url).text
    assert "Erase this person" in admin.get(url).text
    assert post_form(admin, f"{url}/erase").status_code == 302
    db.session.rollback()
    assert db.session.scalars(sa.select(Erasure.state)).one() is ErasureState.APPROVED


def test_staff_take_a_request_down_and_cannot_approve_it_alone(make: Factory, sign_in: SignIn) -> None:
    person, admin = make.alumnus(), make.user(Role.ADMIN)
    number = person.id
    client = sign_in(admin)
    assert client.get(f"/staff/alumni/{number}/request").status_code == 200
    url = f"/staff/alumni/{number}/request"
    assert post_form(client, url, {"kind": "erasure", "words": ""}).status_code == 422
    assert post_form(client, url, {"kind": "erasure", "words": "Letter of 3 March"}).status_code == 302
    (request,) = requests_of(number)
    assert "Erase this person" not in client.get(f"/staff/requests/{request.id}").text
    post_form(client, f"/staff/requests/{request.id}/erase")
    db.session.rollback()
    assert db.session.scalars(sa.select(Erasure.state)).one() is ErasureState.ASKED


def test_queries_do_not_grow_with_rows(make: Factory, sign_in: SignIn, count_queries) -> None:
    counts = []
    for number in (1, 3):
        user = own_user(make)
        person = db.session.get_one(Alumnus, user.alumnus_id)
        for _ in range(number):
            put_down(viewer_of(make.user(Role.PARTNER)), [(person.id, [FieldGroup.IDENTITY])], Way.PAGE)
            enrolment = make.enrolment(make.cohort(), person)
            db.session.add(
                RightsRequest(
                    alumnus_id=person.id,
                    kind=RequestKind.DISPUTE,
                    item=Item.RESULT,
                    item_id=enrolment.id,
                    words="x",
                    due_on=utc_now().date(),
                )
            )
        db.session.commit()
        client, staff = sign_in(user), sign_in(make.user())
        for browser, url in ((client, "/me/seen"), (client, "/me/requests"), (staff, "/staff/requests")):
            with count_queries() as queries:
                assert browser.get(url).status_code == 200
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 14
