"""`bsm-alumni rank` and the shape of its JSON."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from bsm_alumni.cli import main
from bsm_alumni.extensions import db
from tests.factories import Factory

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs the command on the test's own application, which lets go of the database between tests."""
    monkeypatch.setattr("bsm_alumni.create_app", lambda: app)

    def _run(*arguments: object) -> Result:
        db.session.rollback()
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return _run


def test_json_has_the_keys_other_programs_read(make: Factory, run: Run) -> None:
    theme = make.theme("PNR")
    able = make.alumnus("Traoré", "Awa", languages={"fr": 5}, themes=(theme,))
    low = make.alumnus("Ndiaye", "Moussa", languages={"fr": 2}, restricted=True)
    event = make.event(languages=("fr",), seats=1)
    answer = run("rank", event.id, "--why", "moussa", "--json")
    assert answer.exit_code == 0
    document = json.loads(answer.output)
    assert (document["event"], document["slot"]) == (event.id, event.slots[0].id)
    assert [(c["alumnus"], c["name"]) for c in document["candidates"]] == [(able.id, "Awa Traoré")]
    assert set(document["candidates"][0]) == {"alumnus", "name", "rank", "score", "words", "reasons"}
    assert {frozenset(reason) for reason in document["candidates"][0]["reasons"]} == {
        frozenset({"reason", "value", "weight", "words"})
    }
    assert document["excluded"] == [
        {
            "alumnus": low.id,
            "name": "Moussa Ndiaye",
            "rule": "restricted",
            "words": "Staff have restricted this person: they are not to be asked.",
            "also": ["level"],
        }
    ]


def test_why_of_somebody_who_can_be_asked_excludes_nobody(make: Factory, run: Run) -> None:
    able = make.alumnus("Traoré", "Awa")
    event = make.event(seats=1)
    document = json.loads(run("rank", event.id, "--why", able.id, "--json").output)
    assert document["excluded"] == []
    assert [(row["alumnus"], row["rank"]) for row in document["named"]] == [(able.id, 1)]


def test_top_and_slot_narrow_the_answer(make: Factory, run: Run) -> None:
    for number in range(4):
        make.alumnus(f"Name{number}")
    event = make.event(seats=1)
    other = make.slot(event, language_code="fr", position=1)
    document = json.loads(run("rank", event.id, "--top", 2, "--json").output)
    assert [row["rank"] for row in document["candidates"]] == [1, 2]
    document = json.loads(run("rank", event.id, "--slot", other.id, "--json").output)
    assert (document["slot"], document["candidates"]) == (other.id, [])


@pytest.mark.parametrize("arguments", [["rank", "99"], ["rank", "1", "--slot", "77"], ["rank", "1", "--why", "zzz"]])
def test_what_is_not_there_is_refused(make: Factory, run: Run, arguments: list[str]) -> None:
    make.event(seats=1)
    assert run(*arguments).exit_code == 1


def test_wrong_usage_is_told_apart(run: Run) -> None:
    assert run("rank").exit_code == 2
    assert run("rank", "x").exit_code == 2
