"""A partner's focal point looks after the users of the own organisation, and of no other."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.queries import find_user
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db
from bsm_alumni.mail.models import Mail
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
Post = Callable[..., object]
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
    assert post(browser, f"{URL}/invite", form).status_code == 403  # type: ignore[attr-defined]
    assert find_user("new@example.org") is None


def test_only_a_focal_point_finds_it_in_the_menu(world: World, sign_in: SignIn) -> None:
    colleague, focal = sign_in(world.colleague), sign_in(world.focal)
    assert ('href="/partner/users"' in colleague.get("/partner/alumni").text) is False
    assert ('href="/partner/users"' in focal.get("/partner/alumni").text) is True


def test_a_colleague_is_invited_as_a_partner_of_the_own_organisation(world: World, sign_in: SignIn, post: Post) -> None:
    browser = sign_in(world.focal)
    form = {
        "email": "New@Example.org",
        "name": "New Colleague",
        # What is not asked is not taken.
        "role": "admin",
        "organisation_id": str(world.unodc),
        "is_focal_point": "y",
        "alumnus_id": "1",
    }
    assert post(browser, f"{URL}/invite", form).status_code == 302  # type: ignore[attr-defined]
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
    number = user.id
    assert post(browser, f"{URL}/{number}/invite").status_code == 302  # type: ignore[attr-defined]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mail)) == 2


def test_a_known_address_is_refused(world: World, sign_in: SignIn, post: Post) -> None:
    answer = post(sign_in(world.focal), f"{URL}/invite", {"email": "colleague@example.org", "name": "Again"})
    assert answer.status_code == 422  # type: ignore[attr-defined]


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
