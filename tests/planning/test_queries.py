"""Boards, balance, comparison: what they say, to whom, and in how many queries."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.access.viewer import ANONYMOUS, Viewer
from bsm_alumni.accounts.enums import Role
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.service import propose
from bsm_alumni.events.models import Event
from bsm_alumni.extensions import db
from bsm_alumni.planning.enums import CostPart
from bsm_alumni.planning.models import Plan, PlanSeat, PlanShort
from bsm_alumni.planning.queries import (
    event_choices,
    events_to_plan,
    get_plan,
    get_slot_of_plan,
    others_to_compare,
    plans_page,
    proposals_of,
)
from bsm_alumni.planning.queries_balance import balance, compare
from bsm_alumni.planning.queries_board import (
    board_by_person,
    board_by_week,
    board_of_event,
    live_seats,
    weeks_of_plan,
)
from bsm_alumni.planning.service import replan
from bsm_alumni.planning.service_apply import apply_plan
from bsm_alumni.planning.service_marks import lock
from bsm_alumni.planning.service_moves import candidates_for, swap
from bsm_alumni.planning.words import short_words
from bsm_alumni.web.errors import NotThere
from tests.factories import SOON, Factory
from tests.planning.worlds import FIRST, LAST, make_plan, make_season, seats_in, work


def test_the_board_by_week(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    seat = seats_in(plan, season.events[0])[0]
    lock(plan, seat.slot_id, seat.alumnus_id, None)
    weeks = board_by_week(plan, season.viewer)
    assert [week.monday for week in weeks] == weeks_of_plan(plan, season.viewer)
    assert [(week.monday, [one.event.id for one in week.events]) for week in weeks] == [
        (date(2027, 3, 8) + timedelta(days=days), [event.id])
        for days, event in zip((0, 7, 21, 28), season.events, strict=True)
    ]
    first = weeks[0].events[0]
    assert (first.asked, first.filled, first.slots[0].missing) == (2, 2, 0)
    shown = {one.seat.id: one for one in first.slots[0].seats}
    mark = shown[seat.id].mark
    assert mark is not None
    assert (mark.kind.value, [one.mark for one in shown.values() if one.seat.id != seat.id]) == ("lock", [None])
    assert all(one.alumnus is not None and one.assignment is None and not one.lost for one in shown.values())
    last = weeks[-1].events[0]
    assert [(place.slot.language_code, place.missing, place.why) for place in last.slots] == [
        ("en", 0, ()),
        ("zh", 1, ("Nobody may take this slot.", "Does not list the language: 8")),
    ]
    part = board_by_week(plan, season.viewer, since=date(2027, 3, 15), most=2)
    assert [week.monday for week in part] == [date(2027, 3, 15), date(2027, 3, 29)]
    found = board_of_event(plan, season.events[1].id, season.viewer)
    assert found is not None
    assert found.filled == 2
    assert board_of_event(plan, 999, season.viewer) is None


def test_weeks_are_of_the_viewers_clock(app: Flask, make: Factory) -> None:
    make.alumnus()
    # Sunday evening in New York is Monday in Tokyo.
    make.event(seats=1, starts_at=SOON.replace(day=14, hour=22))
    season = make_season(make, events=1)
    plan = make_plan(season)
    here, there = (weeks_of_plan(plan, Viewer(role=Role.OFFICER, zone=zone)) for zone in ("UTC", "Asia/Tokyo"))
    assert (here, there) == ([date(2027, 3, 8)], [date(2027, 3, 8), date(2027, 3, 15)])


def test_the_board_by_person(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    pages, key = [], None
    while True:
        page = board_by_person(plan, season.viewer, after=key, size=3)
        pages.append(page)
        key = page.next_key
        if key is None:
            break
    rows = [row for page in pages for row in page.rows]
    assert [len(page.rows) for page in pages] == [3, 3, 2]
    assert [row.alumnus.id for row in rows] == [person.id for person in season.people]
    assert [(seat.seat.alumnus_id, seat.seat.event is not None) for row in rows for seat in row.seats] == [
        (person.id, True) for person in season.people
    ]


def test_nobody_is_shown_to_those_who_may_not_see_them(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    apply_plan(plan, None)
    db.session.execute(sa.update(Event).values(description="kept"))
    db.session.commit()
    partner = Viewer(role=Role.PARTNER, organisation_id=make.organisation().id)
    for viewer in (ANONYMOUS, partner):
        seats = [s for w in board_by_week(plan, viewer) for e in w.events for p in e.slots for s in p.seats]
        assert [seat.alumnus for seat in seats] == [None] * 8
        assert board_by_person(plan, viewer).rows == []
        assert proposals_of(plan, viewer) == []
        assert live_seats(plan, viewer) == []
    # The twin: an officer sees them all.
    seats = [s for w in board_by_week(plan, season.viewer) for e in w.events for p in e.slots for s in p.seats]
    assert all(seat.alumnus for seat in seats)
    assert len(proposals_of(plan, season.viewer)) == 8


def test_the_balance_before_and_after(app: Flask, make: Factory) -> None:
    season = make_season(make)
    held = propose(season.events[0].slots[0].id, season.people[0].id)
    held.state = AssignmentState.ACCEPTED
    db.session.commit()
    plan = make_plan(season)
    found = balance(plan)
    assert [(share.name, share.before, share.after) for share in found.load] == [
        ("1 seat", 1, 8),
        ("2 seats", 0, 0),
        ("3 seats or more", 0, 0),
    ]
    assert {(share.name, share.before, share.after) for share in found.gender} == {("Men", 1, 4), ("Women", 0, 4)}
    assert (found.women_before, found.women_after) == (0.0, 0.5)
    assert (found.seats_before, found.seats_after) == (1, 8)
    assert [(share.name, share.before, share.after) for share in found.languages] == [("English", 1, 8)]
    regions = {share.name: (share.before, share.after) for share in found.regions}
    assert regions["Western Africa"] == (1, 1)
    assert sum(after for _before, after in regions.values()) == 8


def test_two_plans_side_by_side(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    anew = replan(plan, None)
    db.session.commit()
    work()
    seat = seats_in(anew, season.events[0])[0]
    old = seat.alumnus_id
    best = candidates_for(anew, seat.slot_id, season.viewer, seat.id)[0]
    swap(anew, seat.id, best.alumnus.id)
    db.session.commit()
    found = compare(plan, anew, season.viewer)
    assert [(one.slot.id, one.alumnus.id) for one in found.only_here if one.alumnus] == [(seat.slot_id, old)]
    assert [(one.slot.id, one.alumnus.id) for one in found.only_there if one.alumnus] == [
        (seat.slot_id, best.alumnus.id)
    ]
    # Each plan keeps what it was made from, so what that is worth is not compared.
    assert (found.shared, [p.part for p in found.parts]) == (
        7,
        [part for part in CostPart if part is not CostPart.KEEP],
    )
    assert sum(part.after for part in found.parts) == pytest.approx(anew.objective - anew.parts["keep"])
    assert sum(part.before for part in found.parts) == pytest.approx(plan.objective - plan.parts["keep"])
    assert found.differ == len(found.only_here)
    assert [one.id for one in others_to_compare(anew)] == [plan.id]


def test_what_there_is_to_be_planned(app: Flask, make: Factory) -> None:
    season = make_season(make)
    series = make.series()
    own = make.event("Own", seats=1, series_id=series.id, starts_at=SOON + timedelta(days=2))
    make.event("No slots", starts_at=SOON)
    make.event("Cancelled", seats=1, status="cancelled")
    # Late on the last of February in New York, in March by UTC.
    make.event("Evening before", seats=1, starts_at=SOON.replace(day=1, hour=2))
    make.event("Too late", seats=1, starts_at=SOON + timedelta(days=100))
    expected = [season.events[0].id, own.id, *(event.id for event in season.events[1:])]
    assert events_to_plan(FIRST, LAST) == expected
    assert [event.id for event in event_choices(FIRST, LAST)] == expected
    assert events_to_plan(FIRST, LAST, series.id) == [own.id]


def test_plans_are_found(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan, other = make_plan(season), make_plan(season, title="Other")
    assert [one.id for one in plans_page().rows] == [other.id, plan.id]
    assert get_plan(plan.id) is plan
    with pytest.raises(NotThere):
        get_plan(999)
    assert get_slot_of_plan(plan, season.events[-1].slots[1].id).language_code == "zh"
    with pytest.raises(NotThere):
        get_slot_of_plan(plan, make.event("Alone", seats=1).slots[0].id)


def test_every_board_costs_the_same_queries_for_few_and_for_many(
    app: Flask, make: Factory, count_queries: object
) -> None:
    counts: list[dict[str, int]] = []
    for size in (1, 5):
        season = make_season(make, events=size, people=10)
        plan = make_plan(season, title=f"Of {size}")
        apply_plan(plan, None)
        anew = replan(plan, None)
        db.session.commit()
        work()
        asked = {
            "week": lambda plan=plan, viewer=season.viewer: board_by_week(plan, viewer),
            "person": lambda plan=plan, viewer=season.viewer: board_by_person(plan, viewer),
            "balance": lambda plan=plan: balance(plan),
            "compare": lambda plan=plan, anew=anew, viewer=season.viewer: compare(plan, anew, viewer),
            "live": lambda plan=plan, viewer=season.viewer: live_seats(plan, viewer),
            "proposals": lambda plan=plan, viewer=season.viewer: proposals_of(plan, viewer),
        }
        found = {}
        for name, ask in asked.items():
            db.session.expire_all()
            _ = (plan.id, anew.id)
            with count_queries() as queries:  # type: ignore[operator]
                ask()
            found[name] = len(queries)
        counts.append(found)
        db.session.execute(sa.update(Event).values(status="cancelled"))
        db.session.commit()
    assert counts[0] == counts[1]
    assert max(counts[0].values()) <= 10


def test_a_slot_that_is_removed_leaves_the_plan_with_its_seats(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    slot = season.events[0].slots[0]
    lock(plan, slot.id, seats_in(plan, season.events[0])[0].alumnus_id, None)
    db.session.commit()
    db.session.delete(slot)
    db.session.delete(season.events[-1].slots[1])
    db.session.commit()
    assert seats_in(plan, season.events[0]) == []
    assert db.session.scalars(sa.select(PlanShort)).all() == []
    assert board_by_week(plan, season.viewer)[0].monday == date(2027, 3, 15)


def test_why_a_seat_is_free_is_told_from_most_to_least(app: Flask) -> None:
    with app.test_request_context():
        assert short_words({}) == ()
        assert short_words({"notice": 2, "language": 7, "eligible": 3, "elsewhere": 1, "country": 1, "dear": 1}) == (
            "3 people may take this slot.",
            "1 of them has as many sessions in this plan as they take on, or another one too near.",
            "1 of them is from a country that is on the panel already.",
            "1 of them would cost the plan more than a free seat.",
            "Does not list the language: 7",
            "Needs more notice: 2",
        )


def test_the_database_itself_holds_one_seat_a_person_and_slot(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan: Plan = make_plan(season)
    seat: PlanSeat = seats_in(plan, season.events[0])[0]
    twin = PlanSeat(
        plan_id=plan.id,
        event_id=seat.event_id,
        slot_id=seat.slot_id,
        alumnus_id=seat.alumnus_id,
        score=1.0,
        price=None,
        kind=seat.kind,
    )
    db.session.add(twin)
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Alumnus)) == 8
