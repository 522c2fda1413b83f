"""A partner's focal point looks after the users of the own organisation, and of no other."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import ColleagueInvitation, User
from bsm_alumni.accounts.queries import find_user
from bsm_alumni.accounts.queries_colleagues import MOST_OPEN
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.models import Mail
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
Post = Callable[..., TestResponse]
URL = "/partner/users"


class World:
    """Two organisations, each with a focal point and a colleague."""

    def __init__(self, make: Factory) -> None:
        self.iom, self.unodc = make.organisation("IOM").id, make.organisation("UNODC").id
        self.focal = make.user(
            Role.PARTNER, email="focal@example.org", organisation_id=self.iom, is_focal_point=True, name="Fay"
        )
        self.colleague = make.user(Role.PARTNER, email="colleague@example.org", organisation_id=self.iom)
        self.other = make.user(Role.PARTNER, email="other@example.org", organisation_id=self.unodc)
        self.other_focal = make.user(
            Role.PARTNER, email="otherfocal@example.org", organisation_id=self.unodc, is_focal_point=True
        )
        self.ids = {user.email.split("@")[0]: user.id for user in (self.focal, self.colleague, self.other)}
        self.ids["otherfocal"] = self.other_focal.id


@pytest.fixture
def world(make: Factory) -> World:
    return World(make)


def addresses(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><bdi>([^<]*)</bdi>', page)


def is_active(user_id: int) -> bool:
    db.session.rollback()
    return db.session.get_one(User, user_id, populate_existing=True).active


def test_the_list_holds_the_own_organisation_only(world: World, sign_in: SignIn, make: Factory) -> None:
    # Staff of the same organisation are no business of the focal point.
    make.user(Role.OFFICER, email="staff@example.org", organisation_id=world.iom)
    page = sign_in(world.focal).get(URL).text
    assert addresses(page) == ["colleague@example.org", "focal@example.org"]
    assert "other" not in page.replace("another", "")


@pytest.mark.parametrize("role", list(Role))
def test_nobody_else_opens_it(role: Role, make: Factory, sign_in: SignIn, post: Post) -> None:
    browser = sign_in(make.user(role))
    assert browser.get(URL).status_code == 403
    assert browser.get(f"{URL}/invite").status_code == 403
    form = {"email": "new@example.org", "name": "New"}
    assert post(browser, f"{URL}/invite", form).status_code == 403
    assert find_user("new@example.org") is None


def test_only_a_focal_point_finds_it_in_the_menu(world: World, sign_in: SignIn) -> None:
    colleague, focal = sign_in(world.colleague), sign_in(world.focal)
    assert ('href="/partner/users"' in colleague.get("/partner/alumni").text) is False
    assert ('href="/partner/users"' in focal.get("/partner/alumni").text) is True


def invited(page: str) -> list[str]:
    """The addresses under 'Invited'."""
    return addresses(page.split('id="invited"')[1]) if 'id="invited"' in page else []


def invite(browser: FlaskClient, post: Post, email: str, **more: str) -> TestResponse:
    return post(browser, f"{URL}/invite", {"email": email, "name": "New Colleague", **more})


def invitation_of(email: str) -> ColleagueInvitation:
    db.session.rollback()
    return db.session.scalars(sa.select(ColleagueInvitation).where(ColleagueInvitation.email == email)).one()


def test_a_colleague_is_invited_as_a_partner_of_the_own_organisation(world: World, sign_in: SignIn, post: Post) -> None:
    browser = sign_in(world.focal)
    # What is not asked is not taken.
    more = {"role": "admin", "organisation_id": str(world.unodc), "is_focal_point": "y", "alumnus_id": "1"}
    assert invite(browser, post, "New@Example.org", **more).status_code == 302
    user = find_user("new@example.org")
    assert user is not None
    assert (user.role, user.organisation_id, user.is_focal_point, user.alumnus_id, user.password) == (
        Role.PARTNER,
        world.iom,
        False,
        None,
        None,
    )
    mail = db.session.scalars(sa.select(Mail)).one()
    assert (mail.to_address, mail.params["invited_by"]) == ("new@example.org", "Fay")
    page = browser.get(URL).text
    assert (invited(page), "new@example.org" in addresses(page.split('id="invited"')[0])) == (
        ["new@example.org"],
        False,
    )
    row = invitation_of("new@example.org").id
    assert post(browser, f"{URL}/invitations/{row}/again").status_code == 302
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mail)) == 2
    # Whoever comes in moves to the list.
    user = find_user("new@example.org")
    assert user is not None
    user.password = "x"
    db.session.commit()
    page = browser.get(URL).text
    assert (invited(page), "new@example.org" in addresses(page)) == ([], True)
    assert post(browser, f"{URL}/invitations/{row}/again").status_code == 404


def test_an_invitation_is_taken_back_and_given_again(world: World, sign_in: SignIn, post: Post) -> None:
    browser = sign_in(world.focal)
    invite(browser, post, "new@example.org")
    row = invitation_of("new@example.org").id
    assert post(browser, f"{URL}/invitations/{row}/withdraw").status_code == 302
    user = find_user("new@example.org")
    assert user is not None
    assert user.active is False
    for show in ("", "?show=off"):
        assert "new@example.org" not in re.sub(r'<div class="alert.*?</div>', "", browser.get(URL + show).text)
    assert invite(browser, post, "new@example.org").status_code == 302
    assert (invitation_of("new@example.org").id, is_active(user.id)) == (row, True)


def test_nothing_tells_an_address_that_is_known_from_one_that_is_free(
    world: World, make: Factory, sign_in: SignIn, post: Post
) -> None:
    """Otherwise a focal point could try who is an alumnus, or works for another partner."""
    make.user(Role.ALUMNUS, email="secret1@example.org")
    make.user(Role.OFFICER, email="secret2@example.org", organisation_id=world.iom)
    make.user(Role.PARTNER, email="secret3@example.org", organisation_id=world.unodc, active=False)
    browser, seen = sign_in(world.focal), {}
    names = ("secret1", "secret2", "secret3", "unheard")
    for name in names:
        users = set(db.session.scalars(sa.select(User.id)))
        pages = [invite(browser, post, f"{name}@example.org"), browser.get(URL)]
        row = invitation_of(f"{name}@example.org").id
        pages += [post(browser, f"{URL}/invitations/{row}/again"), browser.get(URL)]
        # Nor does trying numbers: the user that was made is not there yet.
        made = set(db.session.scalars(sa.select(User.id))) - users
        assert len(made) == (1 if name == "unheard" else 0)
        number = next(iter(made), 999_999)
        pages += [post(browser, f"{URL}/{number}/{step}") for step in ("deactivate", "reactivate", "invite")]
        pages += [browser.get(f"{URL}?show=off"), post(browser, f"{URL}/invitations/{row}/withdraw"), browser.get(URL)]
        text = "\n".join(f"{page.status_code} {page.headers.get('Location')} {page.text}" for page in pages)
        text = re.sub(r'name="csrf_token" value="[^"]*"|content-length: \d+', "", text)
        seen[name] = (
            text.replace(name, "NAME").replace(f"/invitations/{row}/", "/invitations/N/").replace(f"/{number}/", "/U/")
        )
    assert len(set(seen.values())) == 1
    # Only the owner of the address learns of it.
    mails = db.session.execute(sa.select(Mail.to_address, Mail.kind).order_by(Mail.id)).all()
    taken, link = "account.address_taken", "user_invitation"
    assert [tuple(mail) for mail in mails] == [
        (f"{name}@example.org", link if name == "unheard" else taken) for name in names for _twice in range(2)
    ]


def test_an_own_user_is_not_invited_again(world: World, make: Factory, sign_in: SignIn, post: Post) -> None:
    answer = invite(sign_in(world.focal), post, "colleague@example.org")
    assert (answer.status_code, "is one of your users already" in answer.text) == (422, True)


def test_thirty_invitations_are_open_at_most(world: World, sign_in: SignIn, post: Post) -> None:
    browser = sign_in(world.focal)
    for number in range(MOST_OPEN):
        db.session.add(
            ColleagueInvitation(
                organisation_id=world.iom, email=f"p{number}@example.org", name="P", invited_until=utc_now()
            )
        )
    db.session.commit()
    assert invite(browser, post, "new@example.org").status_code == 422
    assert find_user("new@example.org") is None
    row = invitation_of("p7@example.org").id
    post(browser, f"{URL}/invitations/{row}/withdraw")
    assert invite(browser, post, "new@example.org").status_code == 302


def test_anothers_invitation_is_not_there(world: World, make: Factory, sign_in: SignIn, post: Post) -> None:
    invite(sign_in(world.other_focal), post, "new@example.org")
    row, browser = invitation_of("new@example.org").id, sign_in(world.focal)
    for step in ("again", "withdraw"):
        assert post(browser, f"{URL}/invitations/{row}/{step}").status_code == 404
    assert "new@example.org" not in browser.get(URL).text


def test_a_colleague_is_let_in_no_more_and_again(world: World, sign_in: SignIn, post: Post) -> None:
    browser, colleague, number = sign_in(world.focal), sign_in(world.colleague), world.ids["colleague"]
    assert colleague.get("/partner/alumni").status_code == 200
    post(browser, f"{URL}/{number}/deactivate")
    assert is_active(number) is False
    assert colleague.get("/partner/alumni").status_code == 302
    assert addresses(browser.get(f"{URL}?show=off").text) == ["colleague@example.org"]
    post(browser, f"{URL}/{number}/reactivate")
    assert is_active(number) is True
    entries = db.session.execute(
        sa.select(AuditEntry.verb, AuditEntry.actor).where(AuditEntry.subject_id == str(number)).order_by(AuditEntry.id)
    ).all()
    assert [tuple(entry) for entry in entries] == [("user.deactivated", "Fay"), ("user.reactivated", "Fay")]


@pytest.mark.parametrize("step", ["deactivate", "reactivate", "invite"])
@pytest.mark.parametrize("whom", ["other", "otherfocal", "admin", "alumnus", "nobody"])
def test_others_are_as_if_they_were_not_there(
    step: str, whom: str, world: World, make: Factory, sign_in: SignIn, post: Post
) -> None:
    ids = world.ids | {"nobody": 999_999}
    # An administrator who belongs to the same organisation is out of reach too.
    ids["admin"] = make.user(Role.ADMIN, organisation_id=world.iom).id
    ids["alumnus"] = make.user(Role.ALUMNUS).id
    answer = post(sign_in(world.focal), f"{URL}/{ids[whom]}/{step}")
    assert answer.status_code == 404  # type: ignore[attr-defined]
    assert whom == "nobody" or is_active(ids[whom]) is True
    assert db.session.scalars(sa.select(Mail)).all() == []


def test_the_last_focal_point_stays(world: World, make: Factory, sign_in: SignIn, post: Post) -> None:
    browser, own = sign_in(world.focal), world.ids["focal"]
    post(browser, f"{URL}/{own}/deactivate")
    assert is_active(own) is True
    second = make.user(Role.PARTNER, organisation_id=world.iom, is_focal_point=True)
    number, other = second.id, sign_in(second)
    post(browser, f"{URL}/{own}/deactivate")
    assert is_active(own) is True
    # With two of them one may let the other in no more, and then is the last.
    post(other, f"{URL}/{own}/deactivate")
    assert (is_active(own), is_active(number)) == (False, True)


def test_whoever_is_no_focal_point_any_more_is_out_at_once(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.focal)
    assert browser.get(URL).status_code == 200
    db.session.get_one(User, world.ids["focal"]).is_focal_point = False
    db.session.commit()
    assert browser.get(URL).status_code == 403


def test_queries_do_not_grow(world: World, make: Factory, sign_in: SignIn, count_queries: Callable[[], object]) -> None:
    counts = {}
    for number in range(1, 27):
        make.user(Role.PARTNER, organisation_id=world.iom)
        if number in (1, 3, 26):
            # A new session each time: one that is a minute old is noted as seen, which is a query more.
            client = sign_in(world.focal)
            with count_queries() as queries:  # type: ignore[attr-defined]
                client.get(URL)
            counts[number] = len(queries)
    assert counts[1] == counts[3] == counts[26]
