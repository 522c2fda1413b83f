"""A person's words go out of the trail, the chain stays whole, and what was shredded stays so."""

import json

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.accounts.enums import Role
from bsm_alumni.audit.chain import append
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.audit.service import Change, find_first_break, record, record_many
from bsm_alumni.audit.service_shred import shred_about
from bsm_alumni.audit.service_verify import find_trail_break
from bsm_alumni.extensions import db
from tests.factories import Factory

WORDS = "Amina Canary"


def words_left() -> str:
    """All that the trail says, as one text."""
    entries = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
    return "\n".join(json.dumps([entry.actor, entry.before, entry.after]) for entry in entries)


@pytest.fixture
def amina(app: Flask, make: Factory) -> int:
    """An alumnus with entries as subject, by account, by enrolment, and as actor about somebody else."""
    alumnus, other = make.alumnus(), make.alumnus()
    user = make.user(Role.ALUMNUS, alumnus_id=alumnus.id, name=WORDS)
    record_many([Change("theme.renamed", "themes", 1, {"name": "old"}, {"name": "kept words"})])
    record("alumnus.edited", alumnus, {"name": "x"}, {"name": WORDS})
    record("user.created", user, after={"email": "canary@example.org"})
    record_many([Change("enrolment.added", "enrolments", 7, {}, {"note": WORDS}, about_id=alumnus.id)])
    record("assignment.accepted", other, after={"kept": "of another"}, actor="Somebody Else")
    record_many([Change("assignment.declined", "assignments", 3, {}, {"reason": WORDS}, alumnus.id)], actor=WORDS)
    db.session.commit()
    return alumnus.id


def test_the_words_go_and_the_chain_stays(app: Flask, amina: int) -> None:
    assert words_left().count(WORDS) == 4
    assert shred_about(amina) == 4
    db.session.commit()
    assert WORDS not in words_left()
    assert "canary@example.org" not in words_left()
    assert "kept words" in words_left()
    assert "Somebody Else" in words_left()
    assert find_first_break() is None
    assert db.session.scalars(sa.select(AuditEntry.verb).where(AuditEntry.shredded)).all() == [
        "alumnus.edited", "user.created", "enrolment.added", "assignment.declined",
    ]  # fmt: skip


def test_shredding_twice_does_nothing_more(app: Flask, amina: int) -> None:
    shred_about(amina)
    assert shred_about(amina) == 0
    assert shred_about(999) == 0
    assert find_first_break() is None


def test_what_comes_after_can_be_shredded_too(app: Flask, amina: int) -> None:
    shred_about(amina)
    record_many([Change("mail.sent_again", "mails", 2, {}, {"to": WORDS}, about_id=amina)])
    assert shred_about(amina) == 1
    assert WORDS not in words_left()
    assert find_first_break() is None


def test_who_acted_on_others_is_forgotten_but_not_what_was_done(app: Flask, make: Factory) -> None:
    alumnus, other = make.alumnus(), make.alumnus()
    user = make.user(Role.ALUMNUS, alumnus_id=alumnus.id, name=WORDS)
    append([Change("alumnus.edited", "alumni", other.id, {}, {"name": "of another"})], user.id, WORDS)
    db.session.commit()
    assert shred_about(alumnus.id) == 1
    assert WORDS not in words_left()
    assert "of another" in words_left()
    assert find_first_break() is None
    # Then the other goes too, and the same entry is shredded a second time.
    assert shred_about(other.id) == 1
    assert "of another" not in words_left()
    assert find_first_break() is None


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE audit_entries SET after = '{}', shredded = true WHERE id = 1",
            "no later entry says why",
        ),
        ("UPDATE audit_entries SET shredded = true WHERE id = 1", "no later entry says why"),
        ("UPDATE audit_entries SET before = '{}', after = '{}' WHERE id = 1", "were changed"),
        ("UPDATE audit_entries SET shredded = false WHERE id = 2", "were changed"),
        ('UPDATE audit_entries SET after = \'{"name": "x"}\' WHERE id = 2', "when it was shredded was changed"),
        ("UPDATE audit_entries SET actor = 'Somebody' WHERE id = 2", "when it was shredded was changed"),
        ("UPDATE audit_entries SET salt = '' WHERE id = 2", "when it was shredded was changed"),
        ("UPDATE audit_entries SET shredded = true WHERE verb = 'audit.shredded'", "no later entry says why"),
    ],
)
def test_unlawful_shredding_is_found(app: Flask, amina: int, statement: str, words: str) -> None:
    shred_about(amina)
    db.session.commit()
    db.session.execute(sa.text(statement))
    db.session.commit()
    found = find_trail_break()
    assert found is not None
    assert words in found.words


def test_old_words_put_back_are_found(app: Flask, amina: int) -> None:
    query = sa.text("SELECT before, after, salt, actor FROM audit_entries WHERE id = 2")
    before, after, salt, actor = db.session.execute(query).one()
    shred_about(amina)
    db.session.commit()
    as_text = {
        "b": before if isinstance(before, str) else json.dumps(before),
        "a": after if isinstance(after, str) else json.dumps(after),
    }
    db.session.execute(
        sa.text("UPDATE audit_entries SET before=:b, after=:a, salt=:s, actor=:w, shredded=FALSE WHERE id=2"),
        {**as_text, "s": salt, "w": actor},
    )
    db.session.commit()
    found = find_trail_break()
    assert found is not None
    assert found.words == "The details of entry 2 were shredded, and are there again."
