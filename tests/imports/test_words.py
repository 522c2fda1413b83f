"""Every problem that the rules can name has words, a heading, and no placeholder left open."""

import re
from pathlib import Path

from flask import Flask

from bsm_alumni.imports.problem_names import PROBLEM_NAMES
from bsm_alumni.imports.problems import NOTE, problem
from bsm_alumni.imports.words import PROBLEMS, REFUSALS, problem_words
from config import ROOT

FILES = [*sorted((ROOT / "bsm_alumni" / "imports").glob("*.py")), ROOT / "bsm_alumni" / "commands" / "imports.py"]
SOURCE = "\n".join(path.read_text() for path in FILES)
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def test_every_kind_of_problem_has_words_and_a_heading() -> None:
    assert set(PROBLEMS) == set(PROBLEM_NAMES)


def test_every_code_in_the_rules_has_words() -> None:
    made = set(re.findall(r'problem\(\s*"(\w+)"', SOURCE))
    refused = set(re.findall(r'(?:UnreadableFile|ImportRefused|AlreadyApplied|NotUndoable)\(\s*"(\w+)"', SOURCE))
    assert len(made) > 50
    assert made <= set(PROBLEMS)
    assert refused == set(REFUSALS)


def test_words_with_all_their_details_leave_nothing_open(app: Flask) -> None:
    for code, words in PROBLEMS.items():
        details = dict.fromkeys(PLACEHOLDER.findall(str(words)), "x")
        details.pop("value", None)
        said = problem_words(problem(code, NOTE, "x", "email", **details))
        assert "%(" not in said
        assert said.endswith((".", "?"))


def test_nothing_near_is_not_suggested(app: Flask) -> None:
    said = problem_words(problem("cohort_not_known", NOTE, "x", "cohort", suggestion=""))
    assert said == "No cohort of this name. Write its code, or add the cohort first."


def test_the_workbook_lies_where_the_demo_and_the_tests_read_it() -> None:
    assert Path(ROOT / "demo" / "staff-workbook.xlsx").stat().st_size == 101_756
