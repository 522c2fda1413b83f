"""A seat's page: who sits there and why, the price of each swap before it is made, why not, locks and exclusions."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bsm_alumni.accounts.models import User
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.service import propose
from bsm_alumni.extensions import db
from bsm_alumni.planning.enums import MarkKind
from bsm_alumni.planning.models import Plan, PlanMark, PlanSeat
from bsm_alumni.planning.queries import marks_of, seats_of_plan
from tests.browsing import post_form
from tests.factories import Factory
from tests.matching.dom import Node, page_of
from tests.planning.worlds import Season, make_plan, make_season, outside_of, seats_in

SignIn = Callable[[User], FlaskClient]


@dataclass
class World:
    season: Season
    plan: Plan
    seat: PlanSeat
    client: FlaskClient

    @property
    def url(self) -> str:
        return f"/staff/plan/{self.plan.id}/seats/{self.seat.id}"

    def pairs(self) -> list[tuple[int, int]]:
        """Slot and person of every seat of the plan."""
        db.session.expire_all()
        return [(seat.slot_id, seat.alumnus_id) for seat in seats_of_plan(self.plan.id)]


@pytest.fixture
def world(make: Factory, sign_in: SignIn) -> World:
    """A season with a ninth person whom the plan leaves out, and the first seat of its first session."""
    season = make_season(make, people=9)
    plan = make_plan(season)
    seat = seats_in(plan, season.events[0])[0]
    return World(season, plan, seat, sign_in(season.officer))


def flashes(page: Node) -> list[str]:
    return [node.get_text() for node in page.select("div.alert")]


def test_who_sits_there_and_why(world: World) -> None:
    page = page_of(world.client, world.url)
    person = next(one for one in world.season.people if one.id == world.seat.alumnus_id)
    assert page.select_one("h1").get_text() == f"Seat of {person.display_name}"
    assert page.select_one(".why").get_text().startswith("English C1")
    assert len(page.select("dl.reasons dt")) == 5
    forms = [form["action"].rsplit("/", 1)[1] for form in page.select("main form[method=post]")]
    assert forms == ["lock", "forbid", "forbid"]


def test_the_best_others_have_their_prices(world: World) -> None:
    page = page_of(world.client, world.url)
    rows = page.select("ol.shortlist > li")
    idle = next(one for one in world.season.people if one.id not in {who for _slot, who in world.pairs()})
    assert rows[0].select_one(".person-name").get_text() == idle.display_name
    prices = [row.select_one(".state").get_text() for row in rows]
    assert all(words[0] in "▲▼=" for words in prices)
    assert rows[0].select_one(".shortlist-do a")["href"] == f"{world.url}/swap?to={idle.id}"
    own = {seat.alumnus_id for seat in seats_in(world.plan, world.season.events[0])}
    names = {row.select_one(".person-name").get_text() for row in rows}
    assert names & {one.display_name for one in world.season.people if one.id in own} == set()


def test_the_price_is_shown_before_the_swap_is_made(world: World) -> None:
    before = world.pairs()
    taker = outside_of(world.plan, world.season, world.season.events[0])
    old, new = (world.seat.slot_id, world.seat.alumnus_id), (world.seat.slot_id, taker.id)
    url = world.url
    page = page_of(world.client, f"{url}/swap?to={taker.id}")
    assert page.select_one("h1").get_text() == f"Give the seat to {taker.display_name}"
    assert world.pairs() == before
    form = page.select_one("main form")
    assert (form["action"], form.select_one("input[name=alumnus_id]")["value"]) == (f"{url}/swap", str(taker.id))
    assert [th.get_text() for th in page.select(".costs thead th")] == ["Part", "Now", "Then", "Change"]
    answer = post_form(world.client, form["action"], {"alumnus_id": taker.id})
    assert sorted(world.pairs()) == sorted([new, *[pair for pair in before if pair != old]])
    assert page_of(world.client, answer.headers["Location"]).select_one("h1").get_text() == (
        f"Seat of {taker.display_name}"
    )


@pytest.mark.parametrize("data", [{}, {"alumnus_id": "x"}, {"alumnus_id": "0"}])
def test_a_swap_without_a_person_changes_nothing(world: World, data: dict[str, str]) -> None:
    before = world.pairs()
    assert post_form(world.client, f"{world.url}/swap", data).status_code in (302, 404)
    assert world.pairs() == before


def test_a_swap_that_breaks_a_rule_is_not_offered_and_not_made(world: World, make: Factory) -> None:
    before = world.pairs()
    other = seats_in(world.plan, world.season.events[0])[1]
    rival = next(one for one in world.season.people if one.id == other.alumnus_id)
    twin = make.alumnus("Twin", "Of Country", country_code=rival.country_code, quarter_limit=2)
    page = page_of(world.client, f"{world.url}/swap?to={twin.id}")
    assert page.select("main form") == []
    broken = [li.get_text() for li in page.select(".alert-danger li")]
    assert len(broken) == 1
    assert broken[0].startswith("Somebody else from ")
    post_form(world.client, f"{world.url}/swap", {"alumnus_id": twin.id})
    assert world.pairs() == before


def test_who_a_rule_excludes_leads_back_with_words(world: World, make: Factory) -> None:
    before = world.pairs()
    mute = make.alumnus("Mute", languages={})
    for ask in (
        lambda: world.client.get(f"{world.url}/swap?to={mute.id}"),
        lambda: post_form(world.client, f"{world.url}/swap", {"alumnus_id": mute.id}),
    ):
        assert ask().headers["Location"] == world.url
        assert flashes(page_of(world.client, world.url)) == [
            "A rule excludes this person from the slot. Ask ‘why not?’ to see which."
        ]
    assert world.pairs() == before


def test_why_not_names_the_rule_or_the_price(world: World, make: Factory) -> None:
    make.alumnus("Mute", "Mary", languages={})
    page = page_of(world.client, f"{world.url}?q=mary")
    assert [p.get_text() for p in page.select(".named .excluded")] == ["They do not list English."]
    taker = outside_of(world.plan, world.season, world.season.events[0])
    page = page_of(world.client, f"{world.url}?q={taker.id}")
    words = page.select(".named p")[1].get_text()
    assert words.startswith("Could take the seat of ")
    seated = next(one for one in world.season.people if one.id == world.seat.alumnus_id)
    page = page_of(world.client, f"{world.url}?q={seated.id}")
    assert page.select(".named p")[1].get_text() == "Has a seat in this slot by the plan."
    for unknown in ("zzz", "999999"):
        page = page_of(world.client, f"{world.url}?q={unknown}")
        assert page.select("[role=status] p")[-1].get_text() == (
            "Nobody in the registry has a name that begins like this."
        )


def test_lock_exclude_and_take_it_back(world: World) -> None:
    def marks() -> list[tuple[MarkKind, int | None, int]]:
        db.session.expire_all()
        return [(mark.kind, mark.slot_id, mark.alumnus_id) for mark in marks_of(world.plan)]

    slot_id, who = world.seat.slot_id, world.seat.alumnus_id
    post_form(world.client, f"{world.url}/lock")
    assert marks() == [(MarkKind.LOCK, slot_id, who)]
    page = page_of(world.client, world.url)
    actions = [form["action"] for form in page.select("main form[method=post]")]
    assert actions == [f"/staff/plan/{world.plan.id}/marks/{marks_of(world.plan)[0].id}/remove"]
    before = world.pairs()
    taker = outside_of(world.plan, world.season, world.season.events[0])
    post_form(world.client, f"{world.url}/swap", {"alumnus_id": taker.id})
    assert world.pairs() == before
    answer = post_form(world.client, actions[0], {"seat": world.seat.id})
    assert (answer.headers["Location"], marks()) == (world.url, [])
    post_form(world.client, f"{world.url}/forbid")
    assert marks() == [(MarkKind.FORBID, slot_id, who)]
    post_form(world.client, f"{world.url}/forbid", {"whole": "1"})
    assert marks() == [(MarkKind.FORBID, None, who)]
    board = page_of(world.client, f"/staff/plan/{world.plan.id}")
    assert [node.get_text() for node in board.select(".seat-card .state-waiting")] == ["✕Excluded: not here"]


def test_who_accepted_can_neither_be_excluded_nor_swapped(make: Factory, sign_in: SignIn) -> None:
    season = make_season(make)
    assignment = propose(season.events[0].slots[0].id, season.people[0].id)
    assignment.state = AssignmentState.ACCEPTED
    db.session.commit()
    plan = make_plan(season)
    seat = next(one for one in seats_in(plan, season.events[0]) if one.alumnus_id == season.people[0].id)
    world = World(season, plan, seat, sign_in(season.officer))
    page = page_of(world.client, world.url)
    assert page.select("main form[method=post]") == []
    before = world.pairs()
    taker = outside_of(plan, season, season.events[0])
    post_form(world.client, f"{world.url}/forbid")
    post_form(world.client, f"{world.url}/swap", {"alumnus_id": taker.id})
    assert (world.pairs(), db.session.scalar(sa.select(sa.func.count()).select_from(PlanMark))) == (before, 0)


def test_a_free_seat_says_why_and_is_filled_after_its_price(world: World, make: Factory) -> None:
    short = world.season.events[-1].slots[-1]
    url = f"/staff/plan/{world.plan.id}/slots/{short.id}"
    page = page_of(world.client, url)
    assert page.select_one("h1").get_text() == "Free seat: Session 4"
    assert page.select_one(".why-free li").get_text() == "Nobody may take this slot."
    speaker = make.alumnus("Wang", "Fang", country_code="CN", languages={"zh": 7})
    page = page_of(world.client, url)
    assert page.select_one(".shortlist .person-name").get_text() == "Fang Wang"
    before = world.pairs()
    price = page_of(world.client, page.select_one(".shortlist-do a")["href"])
    assert world.pairs() == before
    assert price.select_one("main .state").get_text().endswith("points better")
    post_form(world.client, price.select_one("main form")["action"], {"alumnus_id": speaker.id})
    assert sorted(world.pairs()) == sorted([*before, (short.id, speaker.id)])
    refused = post_form(world.client, f"{url}/fill", {"alumnus_id": world.season.people[0].id})
    assert refused.headers["Location"] == url


def test_seats_and_slots_of_other_plans_are_not_there(world: World) -> None:
    other = make_plan(world.season, title="Other")
    for path in (
        f"seats/{world.seat.id}", f"seats/{world.seat.id}/swap?to=1", "slots/999999", "slots/999999/fill?to=1",
    ):  # fmt: skip
        assert world.client.get(f"/staff/plan/{other.id}/{path}").status_code == 404
    for path in ("lock", "forbid", "swap"):
        answer = post_form(world.client, f"/staff/plan/{other.id}/seats/{world.seat.id}/{path}", {"alumnus_id": 1})
        assert answer.status_code == 404
    assert world.client.get(f"{world.url}/swap?to=999999").status_code == 404
    assert post_form(world.client, f"/staff/plan/{other.id}/marks/1/remove").status_code == 404


def test_queries_of_a_seat_do_not_grow_with_people(world: World, make: Factory, count_queries: Callable) -> None:
    def count() -> int:
        world.client.get(world.url)
        with count_queries() as queries:
            assert world.client.get(world.url).status_code == 200
        return len(queries)

    one = count()
    for number in range(3):
        make.alumnus(f"More{number}", country_code=("AR", "CL", "UY")[number], quarter_limit=2)
    assert count() == one
