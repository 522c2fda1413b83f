"""`bsm-alumni solve`: its JSON, its exit codes, and that it needs nothing but the file."""

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from bsm_alumni.cli import main
from bsm_alumni.matching.planner.files import read_instance, write_programme
from bsm_alumni.matching.planner.plan import PlanStatus
from bsm_alumni.matching.planner.programme import Programme, cost_of, violations
from bsm_alumni.matching.planner.solve import plan_programme
from tests.matching.planner.random_programmes import small

KEYS = [
    "status", "objective", "bound", "gap", "seconds", "filled", "asked", "min_event_score", "assignments",
]  # fmt: skip
FAIR_PAYS = {
    "scores": np.array([[1.5, 0.75], [0.5, 0.0]]),
    "allowed": np.ones((2, 2), np.bool_),
    "need": np.array([1, 1]),
    "max_load": np.array([1, 1]),
}
"""The largest sum leaves event 1 with nothing."""


def save(folder: Path, **changes: Any) -> Path:
    path = folder / "instance.npz"
    np.savez(path, **(FAIR_PAYS | changes))
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["solve", *map(str, arguments)])


def solved(folder: Path, instance: Path, *options: str, code: int = 0) -> dict[str, Any]:
    answer = run(instance, "-o", folder / "plan.json", *options)
    assert answer.exit_code == code, answer.output
    document = json.loads((folder / "plan.json").read_text())
    assert list(document) == KEYS
    assert list(document["seconds"]) == ["build", "solve", "total"]
    assert 0 <= document["seconds"]["solve"] <= document["seconds"]["total"]
    assert document["assignments"] == sorted(document["assignments"])
    del document["seconds"]
    return document


def test_the_largest_sum_and_the_best_for_the_worst_off(tmp_path: Path) -> None:
    instance = save(tmp_path)
    assert solved(tmp_path, instance) == {
        "status": "optimal", "objective": 1.5, "bound": 1.5, "gap": 0.0, "filled": 2, "asked": 2,
        "min_event_score": 0.0, "assignments": [[0, 0, 0], [1, 0, 1]],
    }  # fmt: skip
    assert solved(tmp_path, instance, "--objective", "fair") == {
        "status": "optimal", "objective": 1.25, "bound": 1.25, "gap": 0.0, "filled": 2, "asked": 2,
        "min_event_score": 0.5, "assignments": [[0, 0, 1], [1, 0, 0]],
    }  # fmt: skip


def test_what_cannot_be_met_is_refused_with_reasons_and_the_nearest_plan(tmp_path: Path) -> None:
    instance = save(tmp_path, need=np.array([2, 1]))
    assert solved(tmp_path, instance, code=1) == {
        "status": "infeasible", "objective": 2.0, "bound": 2.0, "gap": 0.0, "filled": 2, "asked": 3,
        "min_event_score": 0.0, "assignments": [[0, 0, 0], [0, 0, 1]],
    }  # fmt: skip
    answer = run(instance, "-o", tmp_path / "plan.json", "--objective", "fair")
    assert (answer.exit_code, answer.stderr) == (
        1, "Error: Not everything that is asked can be met.\nEvent 1 has 0 of 1 people.\n",
    )  # fmt: skip


def test_many_reasons_are_cut_short(tmp_path: Path) -> None:
    many = save(tmp_path, scores=np.zeros((1, 50)), allowed=np.zeros((1, 50), np.bool_), need=np.ones(50, int),
                max_load=np.array([1]))  # fmt: skip
    answer = run(many, "-o", tmp_path / "plan.json")
    assert answer.stderr.splitlines()[-2:] == ["Event 19 has 0 of 1 people.", "… and 30 more."]


def test_a_file_that_is_no_instance_is_refused_with_everything_that_is_wrong(tmp_path: Path) -> None:
    answer = run(save(tmp_path, need=np.array([1.5]), max_load=np.array([-1, 1])), "-o", tmp_path / "plan.json")
    assert (answer.exit_code, answer.stderr) == (
        1,
        "Error: instance.npz cannot be read.\n`need` should hold whole numbers.\n`max_load` has numbers under 0.\n",
    )
    assert not (tmp_path / "plan.json").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing.npz", "-o", "plan.json"),
        ("instance.npz",),
        ("instance.npz", "-o", "plan.json", "--objective", "best"),
        ("instance.npz", "-o", "plan.json", "--seconds", "0"),
        ("instance.npz", "-o", "plan.json", "--seconds", "nan"),
        ("instance.npz", "-o", "."),
    ],
)
def test_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    save(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert run(*arguments).exit_code == 2
    assert os.listdir(tmp_path) == ["instance.npz"]


def test_a_plan_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    answer = run(save(tmp_path), "-o", tmp_path / "nowhere" / "plan.json")
    assert (answer.exit_code, "cannot be written" in answer.stderr) == (1, True)


@pytest.mark.parametrize("seed", range(6))
def test_a_programme_is_planned_as_the_planner_plans_it(tmp_path: Path, seed: int) -> None:
    programme = small(Random(seed))
    write_programme(tmp_path / "programme.npz", programme)
    expected = plan_programme(programme)
    assert expected.status is PlanStatus.OPTIMAL
    document = solved(tmp_path, tmp_path / "programme.npz")
    again = read_instance(tmp_path / "programme.npz")
    assert isinstance(again, Programme)
    chosen = np.array([again.find_pair(*triple) for triple in document["assignments"]], dtype=np.intp)
    assert violations(again, chosen) == []
    assert cost_of(again, chosen).total == pytest.approx(document["objective"])
    assert (document["objective"], document["bound"]) == (expected.objective, expected.bound)
    assert (document["filled"], document["asked"]) == (len(expected.chosen), programme.asked)
    scores = [again.pair_fit[chosen][again.pair_session[chosen] == s].sum() for s in np.flatnonzero(again.seats_of)]
    assert document["min_event_score"] == pytest.approx(min(scores, default=0.0))


def test_a_programme_has_no_fair_plan(tmp_path: Path) -> None:
    write_programme(tmp_path / "programme.npz", small(Random(0)))
    answer = run(tmp_path / "programme.npz", "-o", tmp_path / "plan.json", "--objective", "fair")
    assert (answer.exit_code, "A programme is planned for the smallest cost" in answer.stderr) == (2, True)


def test_it_needs_no_database_no_settings_and_no_application_and_prints_one_line(tmp_path: Path) -> None:
    """In a process of its own, since the solver's maker's mark is printed once a process, past Python."""
    environment = {"BSM_ENV": "production", "BSM_DATABASE_URL": "nonsense", "PATH": os.environ["PATH"]}
    code = (
        "import sys; from bsm_alumni.cli import main; main(standalone_mode=False); "
        "sys.exit(sum(name in sys.modules for name in ('flask', 'sqlalchemy', 'bsm_alumni.application')))"
    )
    command = [sys.executable, "-c", code, "solve", str(save(tmp_path)), "-o", str(tmp_path / "plan.json")]
    answer = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert (answer.returncode, answer.stderr) == (0, "")
    lines = answer.stdout.splitlines()
    assert (len(lines), lines[0].split(",")[0]) == (1, "optimal: 2 of 2 seats")
