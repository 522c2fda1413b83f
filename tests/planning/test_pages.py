"""The pages of plans through the real client: the list, a season to be planned, progress, the board, a plan anew."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.extensions import db
from bsm_alumni.planning.enums import PlanState
from bsm_alumni.planning.models import Plan, PlanWeight
from bsm_alumni.planning.queries import seats_of_plan
from bsm_alumni.planning.weights import default_plan_weights
from tests.browsing import post_form
from tests.factories import Factory
from tests.matching.dom import Node, page_of, parse
from tests.planning.worlds import FIRST, LAST, ask_plan, make_plan, make_season, work
from tests.seats import hold

SignIn = Callable[[User], FlaskClient]
DAYS = f"first_day={FIRST}&last_day={LAST}"


def plan_data(*event_ids: int, **changes: object) -> dict[str, object]:
    """The form as a browser sends it."""
    return {
        **{name: str(value) for name, value in default_plan_weights().items()},
        "title": "Spring",
        "first_day": str(FIRST),
        "last_day": str(LAST),
        "series_id": "0",
        "event_ids": [str(event_id) for event_id in event_ids],
        **changes,
    }


def count_plans() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Plan)) or 0


def ticked(page: Node) -> list[str]:
    boxes = [node for node in page.select("input[name=event_ids]") if "checked" in node.attrs]
    return [box["value"] for box in boxes]


def test_an_empty_list_names_the_next_step(make: Factory, sign_in: SignIn) -> None:
    for role, links in ((Role.OFFICER, ["/staff/plan/new"]), (Role.ADMIN, ["/staff/plan/new"]), (Role.VIEWER, [])):
        page = page_of(sign_in(make.user(role)), "/staff/plan")
        assert [link["href"] for link in page.select(".empty a")] == links
        assert [link["href"] for link in page.select(".primary-action a")] == links


def test_the_list_says_state_and_figures(make: Factory, sign_in: SignIn) -> None:
    season = make_season(make)
    make_plan(season)
    ask_plan(season, title="Later")
    page = page_of(sign_in(season.officer), "/staff/plan")
    rows = [[cell.get_text() for cell in row.select("th, td")][:5] for row in page.select("tbody tr")]
    assert [row[:2] for row in rows] == [
        ["Later", "1 March 2027 to 30 April 2027"],
        ["Spring", "1 March 2027 to 30 April 2027"],
    ]
    assert [row[2] for row in rows] == ["…Waits for its turn", "✓Ready"]
    assert rows[0][3:] == ["–Not known yet", "–Not known yet"]
    assert rows[1][3:] == ["8 of 9 seats filled", "No plan is better."]


def test_the_form_ticks_sessions_with_free_seats(make: Factory, sign_in: SignIn) -> None:
    season = make_season(make, events=3)
    page = page_of(sign_in(season.officer), f"/staff/plan/new?{DAYS}")
    assert ticked(page) == [str(event.id) for event in season.events]
    assert page.select_one("#title")["value"] == "1 March 2027 to 30 April 2027"
    assert [page.select_one(f"#{name}")["value"] for name in ("unfilled", "load")] == ["300", "3"]
    sliders = page.select("input[type=range]")
    assert [slider["aria-valuetext"] for slider in sliders[:2]] == ["300 points", "3 points"]
    short = page_of(sign_in(season.officer), f"/staff/plan/new?first_day={FIRST}&last_day=2027-03-15")
    assert ticked(short) == [str(season.events[0].id)]
    series = make.series("Other").id
    none = page_of(sign_in(season.officer), f"/staff/plan/new?{DAYS}&series_id={series}")
    assert ticked(none) == []
    assert len(none.select(".empty")) == 1


def test_a_full_session_is_there_and_not_ticked(make: Factory, sign_in: SignIn) -> None:
    season = make_season(make, events=2)
    for seat, person in enumerate(season.people[:2], 1):
        hold(season.events[0].slots[0], person, seat=seat)
    page = page_of(sign_in(season.officer), f"/staff/plan/new?{DAYS}")
    assert ticked(page) == [str(season.events[1].id)]
    assert len(page.select("input[name=event_ids]")) == 2


def test_starting_puts_a_plan_down_for_the_worker(make: Factory, sign_in: SignIn) -> None:
    season = make_season(make)
    client = sign_in(season.officer)
    chosen = [season.events[0].id, season.events[2].id]
    answer = post_form(client, "/staff/plan/new", plan_data(*chosen, load="7.5"))
    plan = db.session.scalars(sa.select(Plan)).one()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/staff/plan/{plan.id}")
    assert (plan.title, plan.event_ids, plan.weights["load"], plan.created_by) == (
        "Spring", chosen, 7.5, season.officer.id,
    )  # fmt: skip
    assert work() == 1
    assert plan.state is PlanState.READY


def test_all_errors_are_told_at_once_and_nothing_is_planned(make: Factory, sign_in: SignIn) -> None:
    season = make_season(make)
    client = sign_in(season.officer)
    wrong = plan_data(title=" ", last_day="soon", load="21", unfilled="many", region="nan")
    answer = post_form(client, "/staff/plan/new", wrong)
    assert answer.status_code == 422
    page = parse(answer.text)
    assert [(link["href"], link.get_text()) for link in page.select(".error-summary a")] == [
        ("#unfilled", "Free seats: Write a number, such as 12.5."),
        ("#load", "Fair load: Write a number from 0 to 20."),
        ("#region", "Mix of sub-regions: Write a number from 0 to 40."),
        ("#title", "Name of the plan: Fill this in."),
        ("#last_day", "Last day: Write the day as year-month-day, such as 2026-07-08."),
        ("#event_ids", "Sessions: Tick at least one session."),
    ]
    for link in page.select(".error-summary a"):
        assert len(page.select(link["href"])) == 1
    assert page.select_one("#load")["value"] == "21"
    assert page.select_one("#unfilled")["value"] == "many"
    assert count_plans() == 0


def test_what_the_service_refuses_is_told_at_its_field(make: Factory, sign_in: SignIn) -> None:
    season = make_season(make)
    client = sign_in(season.officer)
    first = season.events[0].id
    for changes, words in (
        ({"last_day": "2027-02-01"}, "Last day: The last day lies before the first. Choose a later one."),
        ({"first_day": "2027-03-15"}, "Sessions: These sessions cannot be planned in these days: Session 1."),
    ):
        answer = post_form(client, "/staff/plan/new", plan_data(first, **changes))
        assert answer.status_code == 422
        assert [link.get_text() for link in parse(answer.text).select(".error-summary a")] == [words]
    assert count_plans() == 0


def test_weights_are_kept_for_the_series_and_nothing_is_planned(make: Factory, sign_in: SignIn) -> None:
    season = make_season(make)
    series = make.series("Spring talks").id
    client = sign_in(season.officer)
    answer = post_form(client, "/staff/plan/weights", plan_data(series_id=str(series), gender="33", title=""))
    assert answer.status_code == 302
    kept = db.session.execute(sa.select(PlanWeight.series_id, PlanWeight.value).where(PlanWeight.weight == "gender"))
    assert [tuple(row) for row in kept] == [(series, 33.0)]
    page = page_of(client, answer.headers["Location"])
    assert page.select_one("#gender")["value"] == "33"
    assert count_plans() == 0
    wrong = post_form(client, "/staff/plan/weights", plan_data(series_id=str(series), gender="61", title=""))
    assert wrong.status_code == 422
    errors = [link["href"] for link in parse(wrong.text).select(".error-summary a")]
    assert errors == ["#gender"]
    unknown = post_form(client, "/staff/plan/weights", plan_data(series_id="999", gender="20"))
    assert unknown.status_code == 422
    assert db.session.scalar(sa.select(PlanWeight.value).where(PlanWeight.weight == "gender")) == 33.0


def test_progress_is_polled_and_tells_the_gap_in_words(make: Factory, sign_in: SignIn) -> None:
    season = make_season(make)
    plan = ask_plan(season)
    client, url = sign_in(season.officer), f"/staff/plan/{plan.id}"
    assert page_of(client, url).select_one("p[role=status]").get_text().startswith("The worker begins in a moment.")
    plan.state, plan.objective, plan.bound, plan.seconds = PlanState.RUNNING, -8000.0, -8050.0, 3.0
    plan.history = [[1.0, -7000.0, -9000.0], [2.0, -7900.0, -8100.0], [3.0, -8000.0, -8050.0]]
    db.session.commit()
    part = client.get(url, headers={"HX-Request": "true"})
    assert part.text.count("<h1") == 0
    words = [node.get_text() for node in parse(part.text).select("p[role=status]")]
    assert words == [
        "No plan can be more than 0.7% better. The best plan so far is worth 8,000 points. "
        "No plan can be worth more than 8,050 points."
    ]
    assert len(parse(part.text).select("polyline")) == 2
    whole = page_of(client, url)
    assert [form["action"] for form in whole.select("main form")] == [f"{url}/stop"]
    assert whole.select_one("noscript") is not None
    viewer = page_of(sign_in(make.user(Role.VIEWER)), url)
    assert viewer.select("main form") == []


def test_htmx_is_sent_to_the_board_when_the_plan_is_made(make: Factory, sign_in: SignIn) -> None:
    season = make_season(make)
    plan = make_plan(season)
    answer = sign_in(season.officer).get(f"/staff/plan/{plan.id}", headers={"HX-Request": "true"})
    assert (answer.text, answer.headers["HX-Refresh"]) == ("", "true")


def test_stopping_asks_the_worker_once(make: Factory, sign_in: SignIn) -> None:
    season = make_season(make)
    plan = ask_plan(season)
    client, url = sign_in(season.officer), f"/staff/plan/{plan.id}/stop"
    assert post_form(client, url).status_code == 302
    db.session.refresh(plan)
    assert (plan.cancel_asked, plan.state) == (True, PlanState.STOPPED)
    page = page_of(client, f"/staff/plan/{plan.id}")
    assert (
        page.select_one(".alert-warning").get_text() == "It was stopped before there was a plan. Nothing was changed."
    )
    post_form(client, url)
    assert page_of(client, "/staff/plan").select_one(".alert-danger").get_text() == (
        "This plan is not being made any more."
    )


def test_a_plan_that_failed_says_why(make: Factory, sign_in: SignIn) -> None:
    season = make_season(make)
    plan = ask_plan(season)
    plan.state, plan.error = PlanState.FAILED, "rules"
    db.session.commit()
    page = page_of(sign_in(season.officer), f"/staff/plan/{plan.id}")
    assert page.select_one(".alert-danger").get_text().startswith("What was locked and what was accepted do not go")
    assert [link["href"] for link in page.select(".primary-action a")] == [f"/staff/plan/{plan.id}/again"]


def test_the_board_by_week(make: Factory, sign_in: SignIn) -> None:
    season = make_season(make)
    plan = make_plan(season)
    page = page_of(sign_in(season.officer), f"/staff/plan/{plan.id}")
    assert page.select_one(".proof").get_text() == "This plan fills 8 of 9 seats. No plan is better."
    assert [head.get_text() for head in page.select(".plan-event h3")] == [event.title for event in season.events]
    assert page.select("section h2")[0].get_text() == "8 March 2027 to 14 March 2027"
    cards = page.select(".seat-card")
    assert len(cards) == 9
    names = {card.select_one(".person-name").get_text() for card in cards[:-1]}
    seated = {seat.alumnus_id for seat in seats_of_plan(plan.id)}
    assert names == {person.display_name for person in season.people if person.id in seated}
    assert [card.select_one(".state").get_text() for card in cards[:2]] == ["+New", "+New"]
    free = page.select_one(".is-free")
    assert [p.get_text() for p in free.select("p")][:2] == ["1 seat stays free", "Nobody may take this slot."]
    parts = [row.select_one("th").get_text() for row in page.select(".costs tbody tr")]
    assert parts == [
        "Fit", "Fair load", "Free seats", "Women and men together", "Half of the seats to women", "Mix of sub-regions",
        "Keep what was proposed",
    ]  # fmt: skip
    free_seats = page.select(".costs tbody tr")[2]
    assert [cell.get_text() for cell in free_seats.select("td")] == ["1 free seat, 300 points", "300"]
    captions = [caption.get_text() for caption in page.select(".shares caption")]
    assert captions == [
        "People by number of seats", "Seats of women and men", "Seats by language", "Seats by sub-region",
    ]  # fmt: skip
    genders = [
        [cell.get_text() for cell in row.select("th, td")] for row in page.select(".shares")[1].select("tbody tr")
    ]
    assert genders == [["Men", "0", "4", ""], ["Women", "0", "4", ""]]


def test_the_board_by_person(make: Factory, sign_in: SignIn) -> None:
    season = make_season(make)
    plan = make_plan(season)
    page = page_of(sign_in(season.officer), f"/staff/plan/{plan.id}?view=person")
    names = [row.select_one(".person-name").get_text() for row in page.select(".table-cards tbody tr")]
    seated = {seat.alumnus_id for seat in seats_of_plan(plan.id)}
    assert names == sorted(person.display_name for person in season.people if person.id in seated)


def test_a_long_plan_has_pages_of_weeks(make: Factory, sign_in: SignIn) -> None:
    season = make_season(make, events=10, people=12)
    plan = make_plan(season, last_day=LAST.replace(month=7))
    client = sign_in(season.officer)
    page = page_of(client, f"/staff/plan/{plan.id}")
    assert [head.get_text() for head in page.select(".plan-event h3")] == [e.title for e in season.events[:8]]
    later = page_of(client, page.select_one("a[rel=next]")["href"])
    assert [head.get_text() for head in later.select(".plan-event h3")] == [e.title for e in season.events[8:]]


def test_viewers_read_and_are_offered_nothing(make: Factory, sign_in: SignIn) -> None:
    season = make_season(make)
    plan = make_plan(season)
    seat = seats_of_plan(plan.id)[0]
    client = sign_in(make.user(Role.VIEWER))
    for path in (
        f"/staff/plan/{plan.id}",
        f"/staff/plan/{plan.id}?view=person",
        f"/staff/plan/{plan.id}/seats/{seat.id}?q=Given",
        f"/staff/plan/{plan.id}/compare",
    ):
        page = page_of(client, path)
        assert [form for form in page.select("main form") if form.attrs.get("method") == "post"] == []
        assert page.select(".primary-action a, .shortlist-do a") == []


def test_made_anew_with_other_weights(make: Factory, sign_in: SignIn) -> None:
    season = make_season(make)
    plan = make_plan(season)
    client, url = sign_in(season.officer), f"/staff/plan/{plan.id}/again"
    page = page_of(client, url)
    assert page.select_one("#title")["value"] == "Spring (2)"
    data = {name: str(value) for name, value in default_plan_weights().items()}
    wrong = post_form(client, url, {**data, "title": "", "load": "99"})
    assert wrong.status_code == 422
    assert len(parse(wrong.text).select(".error-summary li")) == 2
    assert count_plans() == 1
    answer = post_form(client, url, {**data, "title": "Spring, gentler", "load": "20"})
    anew = db.session.scalars(sa.select(Plan).where(Plan.base_plan_id == plan.id)).one()
    assert answer.headers["Location"] == f"/staff/plan/{anew.id}"
    assert (anew.title, anew.weights["load"]) == ("Spring, gentler", 20.0)


@pytest.mark.parametrize("path", ["", "?view=person", "/compare", "/apply"])
def test_queries_do_not_grow_with_seats(make: Factory, sign_in: SignIn, count_queries: Callable, path: str) -> None:
    season = make_season(make, events=4)
    client = sign_in(season.officer)
    small = make_plan(season, event_ids=(season.events[0].id,))
    large = make_plan(season)
    counts = []
    for plan in (small, large):
        client.get(f"/staff/plan/{plan.id}{path}")
        with count_queries() as queries:
            assert client.get(f"/staff/plan/{plan.id}{path}").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
