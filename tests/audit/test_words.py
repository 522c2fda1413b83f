"""Every verb that is recorded anywhere in the program has words, and every word a verb."""

import ast
import re
from collections.abc import Iterator
from enum import StrEnum

from flask import Flask

from bsm_alumni.approvals.enums import Decision
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.audit.words import SUBJECTS, VERBS, subject_words, verb_words
from bsm_alumni.consent.enums import ProposalDecision
from bsm_alumni.mail.words import KINDS
from config import ROOT

RECORDERS = frozenset({"record", "note", "note_list", "Change"})
VERB = re.compile(r"[a-z_]+\.[a-z_]+")
# Beginnings of verbs that are put together from a state.
MADE: dict[str, type[StrEnum]] = {
    "approval.": Decision,
    "assignment.": AssignmentState,
    "consent.proposal_": ProposalDecision,
}


def calls(tree: ast.AST) -> Iterator[ast.expr]:
    """The first argument of every call that records."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in RECORDERS:
                yield node.args[0]


def strings(tree: ast.AST) -> set[str]:
    """What looks like a verb, anywhere under a node, other than a column that a foreign key names."""
    found = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in found if VERB.fullmatch(text) and not text.endswith((".id", "_", ".csv"))}


def verbs_in(sources: list[str]) -> tuple[set[str], set[str]]:
    """The verbs of these sources, and the beginnings of those that are put together.

    A verb often comes in a variable, so any text counts that begins as a verb does which is recorded in plain sight.
    """
    trees = [ast.parse(source) for source in sources]
    plain: set[str] = set()
    made: set[str] = set()
    for tree in trees:
        for verb in calls(tree):
            plain |= strings(verb)
            for part in ast.walk(verb):
                if isinstance(part, ast.JoinedStr) and isinstance(part.values[0], ast.Constant):
                    made.add(str(part.values[0].value))
    areas = {verb.split(".")[0] for verb in plain | set(VERBS)}
    anywhere = set().union(*(strings(tree) for tree in trees))
    return {text for text in anywhere if text.split(".")[0] in areas}, made


def test_every_verb_has_words(app: Flask) -> None:
    sources = [path.read_text() for path in (ROOT / "bsm_alumni").rglob("*.py") if path.name != "words.py"]
    plain, made = verbs_in(sources)
    assert made == set(MADE)
    # Kinds of mail look like verbs.
    plain -= set(KINDS)
    put_together = {f"{beginning}{state.value}" for beginning, states in MADE.items() for state in states}
    assert sorted((plain | put_together) - set(VERBS)) == []
    assert sorted(set(VERBS) - plain - put_together) == []


def test_every_subject_named_in_plain_sight_has_words() -> None:
    trees = [ast.parse(path.read_text()) for path in (ROOT / "bsm_alumni").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) and len(node.args) > 1]
    named = {
        str(node.args[1].value)
        for node in nodes
        if getattr(node.func, "id", "") in RECORDERS and isinstance(node.args[1], ast.Constant)
    }
    assert sorted(named - set(SUBJECTS)) == []
    assert len(named) > 5


def test_twins_are_caught() -> None:
    assert verbs_in(['record("theme.added", theme)\nverb = "theme.renamed"\nurl_for("theme_staff.page")']) == (
        {"theme.added", "theme.renamed"},
        set(),
    )
    assert verbs_in(['note("a.b" if x else "a.c", "k", 1); ForeignKey("a.id"); record(f"d.{state}", it)']) == (
        {"a.b", "a.c"},
        {"d."},
    )


def test_what_has_no_words_is_readable(app: Flask) -> None:
    with app.test_request_context():
        assert verb_words("theme.added") == "added a theme"
        assert verb_words("thing.never_heard_of") == "thing never heard of"
        assert subject_words("alumni") == "Alumnus"
        assert subject_words("odd_things") == "odd things"
        assert all(str(words) for words in (*VERBS.values(), *SUBJECTS.values()))
