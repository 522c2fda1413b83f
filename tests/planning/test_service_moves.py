"""The price of a change is what the plan costs more afterwards; no change breaks a rule; why somebody is not there."""

from datetime import timedelta

import numpy as np
import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.alumni.enums import PeriodKind
from bsm_alumni.alumni.models import AvailabilityPeriod
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.events.models import Event
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.matching.planner.programme import cost_of, violations
from bsm_alumni.planning.enums import SeatKind
from bsm_alumni.planning.instance import build_for
from bsm_alumni.planning.models import Plan, PlanSeat, PlanShort
from bsm_alumni.planning.queries import seats_of_plan
from bsm_alumni.planning.service import replan
from bsm_alumni.planning.service_marks import forbid, lock
from bsm_alumni.planning.service_moves import (
    candidates_for,
    fill,
    price_of_filling,
    price_of_swap,
    swap,
    why_not,
)
from bsm_alumni.web.errors import NotThere, Refused
from tests.factories import SOON, Factory
from tests.planning.worlds import Season, make_plan, make_season, outside_of, people_in, seats_in, work


def whole_cost(plan: Plan) -> float:
    """What the plan's seats cost over everybody, by the text of the model; they keep all rules."""
    planned = build_for(plan, utc_now())
    chosen = planned.find_pairs((seat.slot_id, seat.alumnus_id) for seat in seats_of_plan(plan.id))
    assert len(chosen) == len(seats_of_plan(plan.id))
    assert violations(planned.programme, chosen) == []
    return cost_of(planned.programme, chosen).total


def test_the_price_of_every_swap_is_what_the_whole_plan_costs_more(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    assert whole_cost(plan) == pytest.approx(plan.objective)
    tried = 0
    for event in season.events:
        for seat in seats_in(plan, event):
            for offer in candidates_for(plan, seat.slot_id, season.viewer, seat.id):
                assert offer.price == price_of_swap(plan, seat.id, offer.alumnus.id)
                with db.session.begin_nested() as trial:
                    before = whole_cost(plan)
                    new = swap(plan, seat.id, offer.alumnus.id)
                    assert whole_cost(plan) - before == pytest.approx(offer.price.points)
                    assert whole_cost(plan) == pytest.approx(plan.objective)
                    assert sum(plan.parts.values()) == pytest.approx(plan.objective)
                    assert (new.alumnus_id, new.kind) == (offer.alumnus.id, SeatKind.NEW)
                    trial.rollback()
                db.session.refresh(plan)
                tried += 1
    # Of eight people six are not in a session; nobody of them is too near to another.
    assert tried > 20


def test_candidates_come_cheapest_first_and_each_can_be_taken(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    seat = seats_in(plan, season.events[0])[0]
    offers = candidates_for(plan, seat.slot_id, season.viewer, seat.id)
    points = [offer.price.points for offer in offers]
    assert points == sorted(points)
    # The plan is the best there is: no swap saves anything.
    assert points[0] >= -1e-6
    assert all(offer.price.possible and offer.sentence and 0 <= offer.score <= 100 for offer in offers)
    assert {offer.alumnus.id for offer in offers} & people_in(plan, season.events[0]) == set()


def test_a_swap_is_written_once_and_told(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    seat = seats_in(plan, season.events[0])[0]
    seat_id, old = seat.id, seat.alumnus_id
    best = candidates_for(plan, seat.slot_id, season.viewer, seat.id)[0]
    swap(plan, seat_id, best.alumnus.id)
    db.session.commit()
    assert (plan.filled, plan.edited, plan.optimal) == (8, True, False)
    assert best.alumnus.id in people_in(plan, season.events[0])
    assert old not in people_in(plan, season.events[0])
    with pytest.raises(NotThere):
        swap(plan, seat_id, best.alumnus.id)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "plan.swapped")).one()
    assert entry.subject_id == str(plan.id)


def test_a_free_seat_is_filled(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    slot = season.events[-1].slots[1]
    assert candidates_for(plan, slot.id, season.viewer) == ()
    speaker = make.alumnus("Chen", "Li", languages={"zh": 6, "en": 5}, country_code="CN")
    offer = candidates_for(plan, slot.id, season.viewer)[0]
    assert (offer.alumnus.id, offer.price.points < -200) == (speaker.id, True)
    assert price_of_filling(plan, slot.id, speaker.id) == offer.price
    assert "Free seats" in {part.name for part in offer.price.parts}
    fill(plan, slot.id, speaker.id)
    db.session.commit()
    assert (plan.filled, plan.asked) == (9, 9)
    assert db.session.scalars(sa.select(PlanShort)).all() == []
    assert whole_cost(plan) == pytest.approx(plan.objective)
    with pytest.raises(Refused, match="no free seat"):
        fill(plan, slot.id, season.people[0].id)


def test_what_would_break_a_rule_is_told_and_cannot_be_done(app: Flask, make: Factory) -> None:
    season = make_season(make, people=12)
    # A fifth session three days after the first, and a compatriot of everybody in the first.
    near = make.event("Near", seats=1, starts_at=SOON + timedelta(days=3))
    plan = make_plan(season)
    first = season.events[0]
    seat, other = seats_in(plan, first)
    theirs = seats_in(plan, near)[0].alumnus_id
    too_near = price_of_swap(plan, seat.id, theirs)
    assert too_near.broken == ("They have a session on 13 March 2027. Days needed between two sessions: 7.",)
    with pytest.raises(Refused, match="13 March 2027"):
        swap(plan, seat.id, theirs)
    country = next(person.country_code for person in season.people if person.id == other.alumnus_id)
    compatriot = make.alumnus("Second", "Of", country_code=country)
    broken = price_of_swap(plan, seat.id, compatriot.id).broken
    assert len(broken) == 1
    assert broken[0].startswith("Somebody else from ")
    busy = make.alumnus("Busy", "Very", country_code="IT", quarter_limit=0)
    with pytest.raises(Refused, match="A rule excludes"):
        swap(plan, seat.id, busy.id)
    with pytest.raises(Refused, match="seat in the slot already"):
        swap(plan, seat.id, other.alumnus_id)
    assert people_in(plan, first) == {seat.alumnus_id, other.alumnus_id}


def test_a_swap_is_possible_exactly_where_the_model_finds_nothing_broken(app: Flask, make: Factory) -> None:
    """Crowded on purpose: countries twice, sessions too near, quarters full."""
    season = make_season(make, events=3, people=6)
    for days in (3, 12):
        make.event(seats=2, starts_at=SOON + timedelta(days=days))
    for number in range(4):
        make.alumnus(f"Twin{number}", "A", country_code=("SN", "KE", "FR", "SN")[number], quarter_limit=1 + number % 2)
    plan = make_plan(season)
    planned = build_for(plan, utc_now())
    seats = seats_of_plan(plan.id)
    chosen = planned.find_pairs((seat.slot_id, seat.alumnus_id) for seat in seats)
    found = {True: 0, False: 0}
    for seat in seats:
        for alumnus_id in planned.alumnus_ids.tolist():
            take = planned.find_pair(seat.slot_id, alumnus_id)
            if take is None or take in chosen:
                continue
            leave = planned.find_pair(seat.slot_id, seat.alumnus_id)
            after = np.union1d(np.setdiff1d(chosen, [leave]), [take])
            fine = violations(planned.programme, after) == []
            price = price_of_swap(plan, seat.id, alumnus_id)
            assert (price.possible, price.broken == ()) == (fine, fine)
            found[fine] += 1
    assert min(found.values()) > 10


def test_the_quarter_of_the_plan_counts(app: Flask, make: Factory) -> None:
    season = make_season(make)
    one = make.alumnus("Once", "Only", country_code="IT", quarter_limit=1)
    plan = make_plan(season)
    events = [event for event in season.events if event.starts_at.month == 3]
    seats = [next(s for s in seats_in(plan, event) if s.alumnus_id != one.id) for event in events]
    if not any(one.id in people_in(plan, event) for event in season.events):
        swap(plan, seats.pop(0).id, one.id)
    held = next(event for event in season.events if one.id in people_in(plan, event))
    other = next(seat for seat in seats if seat.event_id != held.id)
    broken = price_of_swap(plan, other.id, one.id).broken
    expected = "They have as many sessions in this quarter as they take on."
    assert (expected in broken) == (held.starts_at.month == 3)
    assert held.starts_at.month == 3


def test_marks_hold_for_swaps(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    event = season.events[0]
    seat, other = seats_in(plan, event)
    stranger = outside_of(plan, season, event)
    lock(plan, seat.slot_id, seat.alumnus_id, None)
    with pytest.raises(Refused, match="locked"):
        swap(plan, seat.id, stranger.id)
    forbid(plan, event.id, None, stranger.id, None)
    with pytest.raises(Refused, match="excluded from the slot by a mark"):
        swap(plan, other.id, stranger.id)
    assert stranger.id not in {o.alumnus.id for o in candidates_for(plan, other.slot_id, season.viewer, other.id)}
    assert why_not(plan, other.slot_id, [stranger.id], season.viewer)[0].barred


def test_why_not_names_the_rule_or_the_price(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    event = season.events[0]
    seats = seats_in(plan, event)
    slot_id = seats[0].slot_id
    seated = why_not(plan, slot_id, [seats[0].alumnus_id], season.viewer)[0]
    assert (seated.seated, seated.price, seated.excluded) == (True, None, ())
    silent = make.alumnus("Silent", "One", languages={"fr": 6}, country_code="IT")
    out = why_not(plan, slot_id, [silent.id], season.viewer)[0]
    assert [exclusion.words for exclusion in out.excluded] == ["They do not list English."]
    assert out.price is None
    stranger = outside_of(plan, season, event)
    possible = why_not(plan, slot_id, [stranger.id], season.viewer)[0]
    assert possible.price is not None
    assert possible.leaves is not None
    cheapest = min(price_of_swap(plan, seat.id, stranger.id).points for seat in seats)
    assert possible.price.points == pytest.approx(cheapest)
    assert possible.leaves.id in people_in(plan, event)
    for seat in seats:
        lock(plan, slot_id, seat.alumnus_id, None)
    stuck = why_not(plan, slot_id, [stranger.id], season.viewer)[0]
    assert (stuck.price, stuck.excluded, stuck.seated, stuck.barred) == (None, (), False, False)
    with pytest.raises(NotThere):
        why_not(plan, slot_id, [999], season.viewer)[0]
    with pytest.raises(NotThere):
        why_not(plan, 999, [stranger.id], season.viewer)[0]


def test_the_seat_of_somebody_who_can_no_longer_come_is_priced_and_swapped(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    event = season.events[0]
    seat = seats_in(plan, event)[0]
    day = event.starts_at.date()
    db.session.add(AvailabilityPeriod(alumnus_id=seat.alumnus_id, kind=PeriodKind.BLACKOUT, starts_on=day, ends_on=day))
    db.session.commit()
    best = candidates_for(plan, seat.slot_id, season.viewer, seat.id)[0]
    # Their seat goes on counting as theirs: nothing is saved by pretending that it is free.
    assert best.price.points > -50
    swap(plan, seat.id, best.alumnus.id)
    assert best.alumnus.id in people_in(plan, event)


def test_a_plan_made_from_another_prices_what_is_kept(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    anew = replan(plan, season.officer.id)
    db.session.commit()
    work()
    seat = seats_in(anew, season.events[0])[0]
    best = candidates_for(anew, seat.slot_id, season.viewer, seat.id)[0]
    parts = {part.part.value: part.points for part in best.price.parts}
    assert parts["keep"] == 25.0


def test_a_session_that_was_moved_out_of_the_plan_is_refused(app: Flask, make: Factory) -> None:
    season = make_season(make)
    plan = make_plan(season)
    event: Event = season.events[0]
    seat = seats_in(plan, event)[0]
    event.starts_at, event.ends_at = SOON + timedelta(days=300), SOON + timedelta(days=300, hours=1)
    db.session.commit()
    with pytest.raises(Refused, match="moved to other days"):
        candidates_for(plan, seat.slot_id, season.viewer, seat.id)


def test_prices_cost_few_queries_however_large_the_plan(app: Flask, make: Factory, count_queries: object) -> None:
    counts = []
    for size in (2, 6):
        season = make_season(make, events=size, people=12)
        plan = make_plan(season)
        seat = seats_in(plan, season.events[0])[0]
        with count_queries() as queries:  # type: ignore[operator]
            candidates_for(plan, seat.slot_id, season.viewer, seat.id)
        counts.append(len(queries))
        db.session.execute(sa.delete(PlanSeat))
        db.session.execute(sa.update(Event).values(status="cancelled"))
        db.session.commit()
    assert counts[0] == counts[1]
    assert counts[0] <= 30


def test_numbers_are_of_the_plan_alone(app: Flask, make: Factory) -> None:
    season: Season = make_season(make)
    plan = make_plan(season)
    other = make_plan(season, title="Other")
    seat = seats_in(other, season.events[0])[0]
    with pytest.raises(NotThere):
        price_of_swap(plan, seat.id, season.people[0].id)
    with pytest.raises(NotThere):
        candidates_for(plan, season.events[1].slots[0].id, season.viewer, seats_in(plan, season.events[0])[0].id)
    assert np.isfinite(other.objective or np.inf)
