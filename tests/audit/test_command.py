"""`audit verify`: exit 0 for a trail that is whole, 1 with the entry for one that is not, 2 for a head that is none."""

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

from bsm_alumni.audit.chain import Change, append
from bsm_alumni.audit.service_heads import find_head, journal_head
from bsm_alumni.cli import main
from bsm_alumni.extensions import db

Verify = Callable[..., Result]


@pytest.fixture
def verify(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Verify:
    """The command on the test's own application, with three entries in its trail."""
    monkeypatch.setattr("bsm_alumni.create_app", lambda: app)
    append([Change("theme.renamed", "themes", number, {}, {}) for number in range(3)], None, "BSM Alumni")
    db.session.commit()

    def _verify(*arguments: str) -> Result:
        db.session.rollback()
        return CliRunner().invoke(main, ["audit", "verify", *arguments])

    return _verify


def change(statement: str) -> None:
    db.session.execute(sa.text(statement))
    db.session.commit()


def test_a_whole_trail(verify: Verify) -> None:
    answer = verify()
    assert (answer.exit_code, answer.output) == (
        0,
        "Every entry follows from the one before it, and nothing is cut off.\n",
    )
    assert json.loads(verify("--json").output) == {"whole": True, "entries": 3, "entry": None, "words": ""}


def test_a_broken_one_says_where(verify: Verify) -> None:
    change("UPDATE audit_entries SET verb = 'theme.added' WHERE id = 2")
    words = "Entry 2 was changed, or does not follow from the one before it."
    answer = verify()
    assert (answer.exit_code, answer.output) == (1, f"Error: The trail is broken at entry 2. {words}\n")
    answer = verify("--json")
    assert answer.exit_code == 1
    assert json.loads(answer.output) == {"whole": False, "entries": 3, "entry": 2, "words": words}


def test_a_head_from_a_mail_is_compared(verify: Verify) -> None:
    head = find_head()
    assert head is not None
    assert verify("--head", f"3:{head.mac}").exit_code == 0
    answer = verify("--head", f"3:{head.mac}", "--head", f"9:{head.mac}")
    words = "The trail ends at entry 3, but a head was kept of entry 9."
    assert (answer.exit_code, answer.output) == (1, f"Error: The trail is broken at entry 4. {words}\n")
    answer = verify("--head", f"3:{'0' * 64}")
    words = "Entry 3 is not the one whose head was kept."
    assert (answer.exit_code, answer.output) == (1, f"Error: The trail is broken at entry 3. {words}\n")
    assert verify("--head", "nonsense").exit_code == 2


def test_the_file_is_compared(verify: Verify) -> None:
    journal_head()
    db.session.rollback()
    change("DELETE FROM audit_entries")
    change("DELETE FROM audit_head")
    answer = verify()
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: The trail is broken at entry 1. The trail ends at entry 0, but a head of ")
