"""The trail: whatever is done to it afterwards shows."""

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.audit.models import AuditEntry, AuditHead
from bsm_alumni.audit.queries import history_of
from bsm_alumni.audit.service import Change, find_first_break, record_many
from bsm_alumni.extensions import db


def fill(count: int = 5) -> None:
    for number in range(1, count + 1):
        record_many([Change("theme.renamed", "themes", number, {"name": f"old {number}"}, {"name": f"new {number}"})])
    db.session.commit()


def test_an_untouched_trail_is_whole(app: Flask) -> None:
    assert find_first_break() is None
    fill()
    assert find_first_break() is None


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE audit_entries SET actor = 'somebody else' WHERE id = 3", 3),
        ("UPDATE audit_entries SET verb = 'theme.archived' WHERE id = 1", 1),
        ('UPDATE audit_entries SET after = \'{"name": "other"}\' WHERE id = 4', 4),
        ("UPDATE audit_entries SET subject_id = '9' WHERE id = 5", 5),
        ("DELETE FROM audit_entries WHERE id = 2", 2),
        ("DELETE FROM audit_entries WHERE id = 5", 5),
        ("DELETE FROM audit_entries", 1),
        ("UPDATE audit_entries SET id = CASE id WHEN 2 THEN -3 WHEN 3 THEN -2 ELSE id END", 1),
        ("UPDATE audit_head SET entry_id = 4", 5),
    ],
)
def test_tampering_shows(app: Flask, statement: str, broken_at: int) -> None:
    fill()
    db.session.execute(sa.text(statement))
    db.session.commit()
    db.session.expire_all()
    assert find_first_break() == broken_at


def test_two_swapped_entries_show(app: Flask) -> None:
    fill()
    for old, new in ((2, 100), (3, 2), (100, 3)):
        db.session.execute(sa.update(AuditEntry).where(AuditEntry.id == old).values(id=new))
    db.session.commit()
    db.session.expire_all()
    assert find_first_break() == 2


def test_many_changes_are_one_run_of_the_chain(app: Flask) -> None:
    count = record_many(Change("import.applied", "alumni", number, {}, {"n": number}) for number in range(250))
    db.session.commit()
    assert count == 250
    assert find_first_break() is None
    assert db.session.get_one(AuditHead, 1).entry_id == 250


def test_a_rolled_back_change_leaves_no_entry(app: Flask) -> None:
    fill(2)
    record_many([Change("theme.renamed", "themes", 1, {}, {})])
    db.session.rollback()
    assert [entry.id for entry in history_of("themes", 1)] == [1]
    assert find_first_break() is None
