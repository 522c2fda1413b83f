"""From a plan to people on the pages: compare, apply, invite in one batch, refill, the offer of a new plan."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.assignments.enums import AssignmentState, Reason
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.service_answers import decline
from bsm_alumni.extensions import db
from bsm_alumni.mail.enums import MailState
from bsm_alumni.mail.models import Mail
from bsm_alumni.planning.enums import PlanState
from bsm_alumni.planning.models import Plan
from bsm_alumni.planning.queries import proposals_of, seats_of_plan
from bsm_alumni.planning.service import replan
from bsm_alumni.planning.service_apply import apply_plan, invite_batch
from tests.browsing import post_form
from tests.factories import Factory
from tests.matching.dom import page_of, parse
from tests.planning.worlds import Season, make_plan, make_season, work

SignIn = Callable[[User], FlaskClient]


@dataclass
class World:
    season: Season
    plan: Plan
    client: FlaskClient

    @property
    def url(self) -> str:
        return f"/staff/plan/{self.plan.id}"


@pytest.fixture
def world(make: Factory, sign_in: SignIn) -> World:
    season = make_season(make, people=9)
    return World(season, make_plan(season), sign_in(season.officer))


def states() -> list[AssignmentState]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Assignment.state).order_by(Assignment.id)))


def applied(world: World, *, invited: bool = True) -> World:
    """The plan applied, and everybody invited."""
    apply_plan(world.plan, None)
    if invited:
        invite_batch(world.plan, [row.id for row in proposals_of(world.plan, world.season.viewer)])
    db.session.commit()
    return world


def lose_one(world: World) -> Assignment:
    """The first who was invited declines."""
    first = db.session.scalars(sa.select(Assignment).order_by(Assignment.id)).first()
    assert first is not None
    decline(first.id, Reason.BUSY)
    db.session.commit()
    return first


def test_applying_lists_what_it_will_do_and_does_it_at_once(world: World) -> None:
    page = page_of(world.client, f"{world.url}/apply")
    assert page.select_one(".proof").get_text() == "8 seats will be proposed."
    named = [node.get_text() for node in page.select("tbody .person-name")]
    assert len(named) == 8
    assert states() == []
    button = page.select_one("main form button").get_text()
    assert button == "Propose 8 seats"
    answer = post_form(world.client, f"{world.url}/apply")
    assert answer.headers["Location"] == f"{world.url}/invite"
    assert states() == [AssignmentState.PROPOSED] * 8
    db.session.refresh(world.plan)
    assert (world.plan.state, world.plan.applied_by) == (PlanState.APPLIED, world.season.officer.id)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mail)) == 0
    again = post_form(world.client, f"{world.url}/apply")
    assert again.headers["Location"] == world.url
    assert len(states()) == 8


def test_what_changed_since_is_named_and_nothing_is_applied(world: World) -> None:
    seat = seats_of_plan(world.plan.id)[0]
    person = next(one for one in world.season.people if one.id == seat.alumnus_id)
    person.restricted = True
    db.session.commit()
    answer = post_form(world.client, f"{world.url}/apply")
    assert answer.status_code == 422
    errors = parse(answer.text).select(".error-summary li")
    of_person = [one for one in seats_of_plan(world.plan.id) if one.alumnus_id == person.id]
    assert len(errors) == len(of_person)
    assert errors[0].get_text().startswith(f"{person.display_name}: Staff have restricted this person")
    assert errors[0].select_one("a")["href"] == f"{world.url}/seats/{of_person[0].id}"
    assert states() == []
    db.session.refresh(world.plan)
    assert world.plan.state is PlanState.READY


def test_the_batch_is_ticked_and_invites_who_stays_ticked(world: World) -> None:
    applied(world, invited=False)
    page = page_of(world.client, f"{world.url}/invite")
    boxes = page.select("input[name=assignment_id]")
    assert [("checked" in box.attrs) for box in boxes] == [True] * 8
    ids = [box["value"] for box in boxes]
    answer = post_form(world.client, f"{world.url}/invite", {"assignment_id": ids[:3], "held": "y"})
    assert answer.headers["Location"] == world.url
    assert sorted(states()) == sorted([AssignmentState.INVITED] * 3 + [AssignmentState.PROPOSED] * 5)
    assert list(db.session.scalars(sa.select(Mail.state))) == [MailState.HELD] * 3
    board = page_of(world.client, world.url)
    assert [node.get_text() for node in board.select(".primary-action a")] == ["Invite 5 people"]
    rest = post_form(world.client, f"{world.url}/invite", {"assignment_id": ids[3:]})
    assert rest.status_code == 302
    assert states() == [AssignmentState.INVITED] * 8
    assert page_of(world.client, f"{world.url}/invite").select_one(".empty p").get_text() == (
        "Everybody of this plan was invited."
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"assignment_id": []}, "Choose at least one proposal to invite."),
        ({"assignment_id": ["999999"]}, "Some of these are no proposals of this plan any more."),
        ({"assignment_id": ["1", "x"], "answer_by": "soon"}, "Answer by: Write the day as year-month-day,"),
        ({"assignment_id": ["1"], "answer_by": "2020-01-01"}, "Answer by: Choose a day that is still to come."),
    ],
)  # fmt: skip
def test_a_batch_that_cannot_be_sent_asks_nobody(world: World, data: dict[str, object], words: str) -> None:
    applied(world, invited=False)
    answer = post_form(world.client, f"{world.url}/invite", data)
    assert answer.status_code == 422
    page = parse(answer.text)
    errors = [li.get_text() for li in page.select(".error-summary li")]
    assert len(errors) == 1
    assert errors[0].startswith(words)
    ticked = [box["value"] for box in page.select("input[name=assignment_id]") if "checked" in box.attrs]
    assert ticked == [value for value in data["assignment_id"] if value == "1"]  # type: ignore[attr-defined]
    assert states() == [AssignmentState.PROPOSED] * 8


def test_before_it_is_applied_there_is_nobody_to_invite(world: World) -> None:
    page = page_of(world.client, f"{world.url}/invite")
    assert page.select_one(".empty a")["href"] == f"{world.url}/apply"
    assert post_form(world.client, f"{world.url}/invite", {"assignment_id": ["1"]}).status_code == 422


def test_a_lost_seat_stands_out_and_is_refilled(world: World) -> None:
    applied(world)
    lost = lose_one(world)
    refill = f"/staff/plan/slots/{lost.slot_id}/refill"
    board = page_of(world.client, world.url)
    assert board.select_one("section.alert h2").get_text() == "1 seat of this plan was lost"
    card = board.select_one(".is-lost")
    assert card.select_one(".person-name").get_text() == lost.alumnus.display_name
    assert card.select_one(".state").get_text() == "✕Declined"
    assert [link["href"] for link in card.select("a")][-1] == refill
    page = page_of(world.client, refill)
    assert page.select_one(".seat-card p").get_text() == "I am busy then"
    first = page.select_one(".shortlist form")
    assert first["action"] == refill
    before = states()
    taker = first.select_one("input[name=alumnus_id]")["value"]
    answer = post_form(world.client, refill, {"alumnus_id": taker})
    assert answer.headers["Location"] == world.url
    assert states() == [*before, AssignmentState.INVITED]
    board = page_of(world.client, world.url)
    assert board.select("section.alert") == []
    first_slot = board.select(".plan-cards")[0]
    assert sorted(node.get_text() for node in first_slot.select(".state")) == ["…Invited", "…Invited", "✕Declined"]
    assert first_slot.select_one(".is-lost p.small:last-child") is not None
    assert "Somebody else has the seat now." in first_slot.get_text()
    full = page_of(world.client, refill)
    assert full.select_one(".empty p").get_text() == "Every seat of this slot is taken."
    post_form(world.client, refill, {"alumnus_id": world.season.people[0].id})
    assert states() == [*before, AssignmentState.INVITED]


@pytest.mark.parametrize("data", [{}, {"alumnus_id": "x"}, {"alumnus_id": "999999"}])
def test_a_refill_without_a_person_asks_nobody(world: World, data: dict[str, str]) -> None:
    lost = lose_one(applied(world))
    before = states()
    assert post_form(world.client, f"/staff/plan/slots/{lost.slot_id}/refill", data).status_code in (302, 404)
    assert states() == before


def test_slots_without_an_applied_plan_have_no_refill(world: World) -> None:
    slot_id = world.season.events[0].slots[0].id
    for number in (slot_id, 999999):
        assert world.client.get(f"/staff/plan/slots/{number}/refill").status_code == 404
        assert post_form(world.client, f"/staff/plan/slots/{number}/refill", {"alumnus_id": 1}).status_code == 404


def test_the_first_page_and_the_event_lead_to_the_refill(world: World) -> None:
    lost = lose_one(applied(world))
    refill = f"/staff/plan/slots/{lost.slot_id}/refill"
    for path in ("/staff/home", f"/staff/events/{lost.event_id}"):
        assert [link["href"] for link in page_of(world.client, path).select("a") if link["href"] == refill] == [refill]
    other = f"/staff/events/{world.season.events[1].id}"
    assert [link for link in page_of(world.client, other).select("a") if link["href"].endswith("/refill")] == []


def test_a_new_plan_is_offered_and_compared(world: World) -> None:
    lost = lose_one(applied(world))
    answer = post_form(world.client, f"{world.url}/offer")
    anew = db.session.scalars(sa.select(Plan).where(Plan.base_plan_id == world.plan.id)).one()
    assert answer.headers["Location"] == f"/staff/plan/{anew.id}"
    assert work() == 1
    page = page_of(world.client, f"/staff/plan/{anew.id}")
    assert page.select_one(".moves a")["href"] == f"/staff/plan/{anew.id}/compare?with={world.plan.id}"
    compared = page_of(world.client, f"/staff/plan/{anew.id}/compare?with={world.plan.id}")
    gone = [node.get_text() for node in compared.select("section")[1].select(".person-name")]
    assert gone == [lost.alumnus.display_name]
    assert len(states()) == 8


def test_two_plans_side_by_side(world: World) -> None:
    alone = page_of(world.client, f"{world.url}/compare")
    assert alone.select_one(".empty a")["href"] == f"{world.url}/again"
    anew = replan(world.plan, None, "Other")
    db.session.commit()
    # One that is still being made has no figures to compare.
    assert world.client.get(f"{world.url}/compare?with={anew.id}").status_code == 404
    unfinished = world.client.get(f"/staff/plan/{anew.id}/compare")
    assert (unfinished.status_code, unfinished.headers["Location"]) == (302, f"/staff/plan/{anew.id}")
    work()
    page = page_of(world.client, f"{world.url}/compare?with={anew.id}")
    assert page.select_one(".proof").get_text() == "Both have 8 seats in common. 0 seats differ."
    heads = [th.get_text() for th in page.select(".compare thead th")]
    assert heads == ["Spring", "Other"]
    assert world.client.get(f"{world.url}/compare?with=999999").status_code == 404


def test_viewers_see_the_refill_and_change_nothing(world: World, make: Factory, sign_in: SignIn) -> None:
    lost = lose_one(applied(world))
    viewer = sign_in(make.user(Role.VIEWER))
    page = page_of(viewer, f"/staff/plan/slots/{lost.slot_id}/refill")
    assert page.select("main form[method=post]") == []
    before = states()
    for path in (f"{world.url}/apply", f"{world.url}/invite", f"/staff/plan/slots/{lost.slot_id}/refill"):
        assert post_form(viewer, path, {"alumnus_id": "9", "assignment_id": ["1"]}).status_code == 403
    assert states() == before
