"""`bsm-alumni plan`: the shape of its JSON, applying, and the instance that `solve` plans alike."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

from bsm_alumni.assignments.enums import AssignmentState as State
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.service import invite, propose
from bsm_alumni.cli import main
from bsm_alumni.extensions import db
from bsm_alumni.matching.planner.files import read_instance
from bsm_alumni.matching.planner.programme import Programme, cost_of, violations
from tests.factories import SOON, Factory
from tests.planning.worlds import FIRST, LAST, Season, make_season

Run = Callable[..., Result]
PERIOD = ("--from", FIRST, "--to", LAST)


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command on the test's own application, which lets go of the database between tests."""
    monkeypatch.setattr("bsm_alumni.create_app", lambda: app)

    def _run(*arguments: object) -> Result:
        db.session.rollback()
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return _run


def planned(run: Run, *arguments: object) -> dict:
    answer = run("plan", *PERIOD, "--json", *arguments)
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def held() -> set[tuple[int, int, int, State]]:
    db.session.rollback()
    columns = (Assignment.slot_id, Assignment.seat, Assignment.alumnus_id, Assignment.state)
    return {(row[0], row[1], row[2], row[3]) for row in db.session.execute(sa.select(*columns))}


def seats_of(document: dict) -> set[tuple[int, int, int]]:
    return {(row["slot"], row["seat"], row["alumnus"]) for row in document["assignments"]}


@pytest.fixture
def season(make: Factory) -> Season:
    return make_season(make)


def test_json_has_the_keys_other_programs_read(season: Season, run: Run) -> None:
    document = planned(run)
    assert {"objective", "bound", "gap", "seconds", "seats", "assignments", "unfilled"} <= set(document)
    assert (document["status"], document["gap"], document["seats"]) == ("optimal", 0.0, {"asked": 9, "filled": 8})
    assert document["bound"] == document["objective"]
    assert [set(row) for row in document["assignments"]] == [{"event", "slot", "seat", "alumnus", "name", "score"}] * 8
    events = [event.id for event in season.events]
    assert [row["event"] for row in document["assignments"]] == [event for event in events for _seat in range(2)]
    assert [row["seat"] for row in document["assignments"]] == [1, 2] * 4
    assert all(0 <= row["score"] <= 100 for row in document["assignments"])
    (short,) = document["unfilled"]
    assert (short["event"], short["slot"], short["missing"]) == (events[-1], season.events[-1].slots[1].id, 1)
    assert short["why"] == "Nobody may take this slot; Does not list the language: 8."


def test_nothing_is_written_unless_it_is_asked_for(season: Season, run: Run) -> None:
    document = planned(run)
    assert held() == set()
    assert "applied" not in document


def test_apply_proposes_every_seat_and_the_same_plan_comes_out_again(season: Season, run: Run) -> None:
    document = planned(run, "--apply")
    assert document["applied"] == {"proposed": 8, "kept": 0, "given_up": 0}
    assert held() == {(*seat, State.PROPOSED) for seat in seats_of(document)}
    again = planned(run, "--apply")
    assert (again["applied"], seats_of(again)) == ({"proposed": 0, "kept": 8, "given_up": 0}, seats_of(document))


def test_whoever_accepted_keeps_their_very_seat(season: Season, run: Run) -> None:
    slot, person = season.events[1].slots[0].id, season.people[5].id
    db.session.add(
        Assignment(slot_id=slot, event_id=season.events[1].id, alumnus_id=person, seat=2, state=State.ACCEPTED)
    )
    db.session.commit()
    document = planned(run, "--apply")
    assert (slot, 2, person) in seats_of(document)
    assert (slot, 2, person, State.ACCEPTED) in held()
    assert document["applied"] == {"proposed": 7, "kept": 1, "given_up": 0}


def test_accepted_seats_that_clash_count_as_filled(make: Factory, run: Run) -> None:
    person = make.alumnus().id
    for days in (0, 3):
        event = make.event(seats=1, starts_at=SOON + timedelta(days=days))
        seat = Assignment(slot_id=event.slots[0].id, event_id=event.id, alumnus_id=person, seat=1, state=State.ACCEPTED)
        db.session.add(seat)
    db.session.commit()
    document = planned(run, "--apply")
    assert document["seats"] == {"asked": 2, "filled": 2}
    assert {row["alumnus"] for row in document["assignments"]} == {person}
    assert len({row["score"] for row in document["assignments"]}) == 1
    assert (document["unfilled"], document["applied"]) == ([], {"proposed": 0, "kept": 1, "given_up": 0})


def test_a_plan_that_would_put_an_invitation_aside_is_refused_whole(make: Factory, run: Run) -> None:
    event = make.event(seats=1)
    slot = event.slots[0].id
    asked = make.alumnus("Asked", "Ada")
    invite(propose(slot, asked.id).id)
    asked.restricted = True
    make.alumnus("Other")
    db.session.commit()
    before = held()
    answer = run("plan", *PERIOD, "--apply", "--json")
    assert answer.exit_code == 1
    assert "Ada Asked was invited already" in answer.stderr
    assert held() == before


def test_an_exported_instance_is_solved_to_the_same_plan(season: Season, run: Run, tmp_path: Path) -> None:
    propose(season.events[0].slots[0].id, season.people[6].id)
    db.session.commit()
    instance, output = tmp_path / "spring.npz", tmp_path / "plan.json"
    document = planned(run, "--export", instance)
    assert run("solve", instance, "-o", output).exit_code == 0
    solved = json.loads(output.read_text())
    assert solved["objective"] == pytest.approx(document["objective"], abs=1e-5)
    assert (solved["filled"], solved["asked"]) == (8, 9)
    programme = read_instance(instance)
    assert isinstance(programme, Programme)
    pairs = [programme.find_pair(*row) for row in solved["assignments"]]
    chosen = np.array(sorted(pair for pair in pairs if pair is not None), dtype=np.int64)
    assert len(chosen) == len(pairs)
    assert violations(programme, chosen) == []
    assert cost_of(programme, chosen).total == pytest.approx(document["objective"], abs=1e-5)
    events, people = [event.id for event in season.events], sorted(person.id for person in season.people)
    assert {(events[session], people[person]) for session, _slot, person in solved["assignments"]} == {
        (row["event"], row["alumnus"]) for row in document["assignments"]
    }


def test_without_time_there_is_a_plan_and_no_bound(season: Season, run: Run) -> None:
    document = planned(run, "--seconds", 0)
    assert (document["status"], document["bound"], document["gap"]) == ("stopped", None, None)
    assert document["seats"] == {"asked": 9, "filled": 8}
    assert "nothing is proved yet" in run("plan", *PERIOD, "--seconds", 0).output


def test_a_series_alone_is_planned(season: Season, make: Factory, run: Run) -> None:
    series = make.series()
    event = make.event(seats=1, series_id=series.id)
    document = planned(run, "--series", series.id)
    assert {row["event"] for row in document["assignments"]} == {event.id}


def test_without_json_it_is_told_in_lines(season: Season, run: Run) -> None:
    answer = run("plan", *PERIOD, "--apply")
    lines = answer.output.splitlines()
    assert lines[0] == "8 of 9 seats are filled."
    assert len(lines) == 2 + 4 + 8 + 1 + 1
    assert lines[2] == f"{season.events[0].id}  Session 1"
    names = {person.display_name for person in season.people}
    assert {line.split(": ")[1].split(",")[0] for line in lines[3:5]} <= names
    assert lines[-1].startswith("8 proposed, 0 kept, 0 taken back.")


def test_wrong_usage_and_what_is_not_there_are_told_apart(season: Season, run: Run) -> None:
    assert run("plan", "--from", FIRST).exit_code == 2
    assert run("plan", "--from", "1 March", "--to", LAST).exit_code == 2
    assert run("plan", "--from", LAST, "--to", FIRST).exit_code == 2
    assert run("plan", *PERIOD, "--series", 99).exit_code == 1
    assert run("plan", *PERIOD, "--export", "/nowhere/at/all.npz").exit_code == 1


def test_a_period_of_nothing_is_a_plan_of_nothing(season: Season, run: Run) -> None:
    answer = run("plan", "--from", "2031-01-01", "--to", "2031-02-01", "--json")
    document = json.loads(answer.stdout)
    assert (document["objective"], document["seats"], document["assignments"]) == (0.0, {"asked": 0, "filled": 0}, [])


def test_the_solver_writes_nothing_of_its_own_to_the_output() -> None:
    """HiGHS tells who made it when it is first used; among JSON that would be no JSON any more."""
    program = (
        "from benchmarks.programmes import random_programme\n"
        "from bsm_alumni.matching.planner.solve import plan_programme\n"
        "plan_programme(random_programme(4, 60))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == ""
